"""Laws of what a plugin ships as files: goal sets that can be judged, deadlines that can be counted again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Final

import attrs

from casequality.deadlines import Deadline, Schedule
from casequality.deadlines.checker import check as faults_of_ledger
from casequality.goals import check_goals, parse_goals
from casequality.metrics import Metric
from casequality.testing.law import Law, broken
from casequality.testing.report import Report, tried

FindMetric = Callable[[str], Metric | type[Metric]]
AROUND = dt.date(2010, 8, 1)
RECEIVED = 40
"""How many days of receipt a deadline is tried on: every weekday, and days on both sides of a year's end."""


@attrs.frozen
class GoalFile:
    """A goal set's file, and the metrics that its goals may name."""

    path: Path
    find: FindMetric


def judgeable(file: GoalFile) -> None:
    """Refuse a goal set with a goal that does not say enough."""
    if faults := check_goals([parse_goals(file.path)], file.find):
        broken("\n".join(map(str, faults)), way_out="mend the goals; `casequality goals check` tells the same")


def sourced(file: GoalFile) -> None:
    """Refuse a goal that no source stands behind."""
    if without := [goal.id for goal in parse_goals(file.path).goals if goal.basis is None]:
        broken(f"Without a basis: {', '.join(without)}", way_out="name the decision under [basis] or in the goal")


def counted_again(rule: Deadline) -> None:
    """Refuse a deadline of which the plain checker does not confirm every due date, in either language."""
    days = [AROUND + dt.timedelta(days=11 * step) for step in range(RECEIVED)]
    for received in days:
        ledger = rule.explain(received)
        if faults := faults_of_ledger(ledger.to_dict()):
            broken(f"Received on {received}: {'; '.join(faults)}", way_out="report it with the deadline's file")
        if ledger.due != rule.due(received):
            broken(f"Received on {received}, it is explained otherwise than counted", way_out="report it")


def cited(rule: Deadline) -> None:
    """Refuse a deadline that does not say by which source it is what it is."""
    if not all(entry.citation for entry in rule.terms):
        broken("A term has no source", way_out="name the law or the decision as its source")


goal_set_laws: Final[tuple[Law[GoalFile], ...]] = (
    Law("judgeable", "every goal can be judged by an installed metric", judgeable, conclusive=True),
    Law("citation", "every goal names its basis", sourced, conclusive=True),
)
deadline_laws: Final[tuple[Law[Deadline], ...]] = (
    Law("counted-again", "a second count confirms every due date", counted_again),
    Law("citation", "every term names its source", cited, conclusive=True),
)


def check_goal_set(path: Path, find: FindMetric) -> Report:
    """Return what every law finds of a goal set's file; `find` returns a metric from its id."""
    return Report(path.stem, tuple(tried(law, GoalFile(path, find)) for law in goal_set_laws))


def check_deadline(rule: Deadline | Schedule) -> Report:
    """Return what every law finds of a deadline, or of each deadline of a schedule."""
    each = {"": rule} if isinstance(rule, Deadline) else {f" {kind}": rule.deadline(kind) for kind in rule.by_kind}
    checks = [
        attrs.evolve(tried(law, deadline), law=f"{law.name}{kind}")
        for kind, deadline in each.items()
        for law in deadline_laws
    ]
    return Report(rule.id, tuple(checks))
