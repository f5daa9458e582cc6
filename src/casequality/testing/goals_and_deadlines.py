"""The laws of goal sets and deadlines: goals can be judged, ledgers are found right again, and all have sources."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final

import attrs

from casequality.deadlines import Deadline, Schedule
from casequality.deadlines import check as faults_of_ledger
from casequality.goals import check_goals, parse_goals
from casequality.metrics import Metric
from casequality.testing.invented import AROUND, Law, broken
from casequality.testing.report import Report, tried

FindMetric = Callable[[str], Metric | type[Metric]]
RECEIVED: Final = tuple(dt.timedelta(days=11 * step) for step in range(40))
"""How long after its first day a deadline is tried: on every weekday, and on both sides of a year's end."""


@attrs.frozen
class GoalFile:
    """A goal set, as the path of its file or as its text, and what finds the metrics that its goals name."""

    source: Path | str
    find: FindMetric


@attrs.frozen
class Rules:
    """Deadlines put to the test, each kind of a schedule as one of its own."""

    deadlines: tuple[Deadline, ...]

    @classmethod
    def of(cls, rules: Iterable[Deadline | Schedule]) -> Rules:
        """Return the deadlines, and those of schedules."""
        return cls(tuple(each for rule in rules for each in _each(rule)))


def _each(rule: Deadline | Schedule) -> Iterator[Deadline]:
    if isinstance(rule, Deadline):
        yield rule
    else:
        yield from (attrs.evolve(rule.deadline(kind), id=f"{rule.id}, {kind}") for kind in rule.by_kind)


def judgeable(file: GoalFile) -> None:
    """Refuse a goal set with a goal that does not say enough."""
    if faults := check_goals([parse_goals(file.source)], file.find):
        broken("\n".join(map(str, faults)), way_out="mend the goals; `casequality goals check` tells the same")


def sourced(file: GoalFile) -> None:
    """Refuse a goal that no source stands behind."""
    if without := [goal.id for goal in parse_goals(file.source).goals if goal.basis is None]:
        broken(f"Without a basis: {', '.join(without)}", way_out="name the decision under [basis] or in the goal")


def counted_again(rules: Rules) -> None:
    """Refuse a deadline of which the plain checker does not confirm every due date, in either language."""
    for rule in rules.deadlines:
        first = max(AROUND, *(day for deadline in filter(None, (rule, rule.after)) for day in _begun(deadline)))
        for received in (first + later for later in RECEIVED):
            ledger = rule.explain(received)
            if faults := faults_of_ledger(ledger.to_dict()):
                broken(
                    f"{rule.id}, received on {received}: {'; '.join(faults)}",
                    way_out="report it with the deadline's file",
                )
            if ledger.due != rule.due(received):
                broken(f"{rule.id}, received on {received}, is explained otherwise than counted", way_out="report it")


def _begun(rule: Deadline) -> Iterator[dt.date]:
    """Yield the days since which a term is in force, but not where the next entry ends it."""
    return (entry.since for entry in rule.terms if entry.value is not None)


def cited(rules: Rules) -> None:
    """Refuse a deadline that does not say by which source it is what it is."""
    without = [rule.id for rule in rules.deadlines for entry in rule.terms if entry.value and not entry.citation]
    if without:
        broken(f"A term has no source: {', '.join(without)}", way_out="name the law or the decision under source")


goal_set_laws: Final[tuple[Law[GoalFile], ...]] = (
    Law("judgeable", "every goal can be judged by an installed metric", judgeable, conclusive=True),
    Law("citation", "every goal names its basis", sourced, conclusive=True),
)
"""All laws of a goal set."""
deadline_laws: Final[tuple[Law[Rules], ...]] = (
    Law("counted-again", "a second count confirms every due date", counted_again),
    Law("citation", "every term names its source", cited, conclusive=True),
)
"""All laws of deadlines and schedules."""


def check_goal_set(path: Path, find: FindMetric) -> Report:
    """Return what every law finds of a goal set's file; `find` returns a metric from its id."""
    return Report(path.stem, tuple(tried(law, GoalFile(path, find)) for law in goal_set_laws))


def check_deadline(rule: Deadline | Schedule) -> Report:
    """Return what every law finds of a deadline, or of every deadline of a schedule."""
    return Report(rule.id, tuple(tried(law, Rules.of([rule])) for law in deadline_laws))
