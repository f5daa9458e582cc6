"""Jobs: goals with their metrics, readings and sources, made ready or refused with all that is missing."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import attrs

from casequality.days import Period
from casequality.desk.measuring import declared_labels, further_edges
from casequality.desk.offered import catalogue, find_metric
from casequality.engines import Engine, Progress
from casequality.errors import CaseQualityError, InputError, UnknownName, Words, raise_together
from casequality.goals import Goal, GoalSet, Promised, Recipient, check_goals, parse_goals
from casequality.host import Catalogue
from casequality.metrics import AsOf, Axis, Metric, Question, Reading, Tally, plain_parameters
from casequality.records import Findings, Records, Source

Opener = Callable[[type[Records]], Source]


@attrs.frozen
class ReadyGoal:
    """One goal made ready: its metric under the goal's readings, and the source of its records."""

    goal: Goal
    reading: Reading
    source: str


NOT_JUDGED: Final = Words("Some goals cannot be judged", "Nogle mål kan ikke bedømmes")


@attrs.frozen(kw_only=True)
class Job:
    """Goal sets with what they are judged by; a source is opened once the record type of its goals is known.

    sources: by name. not_delivered: why there is no source of a name. expects: the rhythm that a source promises, by
    name. units: the labels of each code from which it promises records in every period, by name. metrics: those that
    no plugin offers, by id.
    worklist: the codes that say the unit, the team and the kind of a case, by name. scrutiny: what more is said of
    them (`Scrutiny`), by name.
    recipient: whom the figures are for; one who gets them again and again also sees the periods before.
    """

    goals: tuple[GoalSet, ...]
    sources: Mapping[str, Opener]
    as_of: AsOf
    plugins: Catalogue
    not_delivered: Mapping[str, Words] = attrs.field(factory=dict)
    metrics: Mapping[str, Metric] = attrs.field(factory=dict)
    expects: Mapping[str, str] = attrs.field(factory=dict)
    recipient: Recipient | None = None
    units: Mapping[str, Mapping[str, Sequence[str]]] = attrs.field(factory=dict)
    worklist: Mapping[str, Mapping[str, str]] = attrs.field(factory=dict)
    scrutiny: Mapping[str, Any] = attrs.field(factory=dict)

    @property
    def title(self) -> str:
        """The goal sets' titles in Danish."""
        return ", ".join(each.title.da if each.title else each.id for each in self.goals)

    def find(self, metric: str) -> Metric:
        """Return a metric by its id."""
        return self.metrics.get(metric) or find_metric(metric, self.plugins)

    def by_source(self) -> dict[str, list[ReadyGoal]]:
        """Return the goals by their source, delivered or not; raise together all that keeps any from being judged."""
        raise_together(NOT_JUDGED, check_goals(self.goals, self.find))
        faults: list[CaseQualityError] = []
        found: dict[str, list[ReadyGoal]] = {}
        known = (*self.sources, *self.not_delivered)
        for goal in (goal for each in self.goals for goal in each.goals):
            reading = self.find(goal.metric).under(goal.readings, goal.parameters)
            name = goal.source if goal.source in known else reading.metric.records.name
            if name not in known:
                faults.append(_no_source(goal, reading.metric, known))
            found.setdefault(name, []).append(ReadyGoal(goal, reading, name))
        raise_together(NOT_JUDGED, faults)
        return found

    def tally(
        self, asked: Sequence[ReadyGoal], source: Source, period: Period, engine: Engine, progress: Progress | None
    ) -> tuple[list[tuple[Tally, Findings]], Promised | None]:
        """Return the tally that each of these goals is judged by, from one read of their source, and its promises."""
        axis = Axis(self.as_of.zone, further_edges(edge for each in asked for edge in each.goal.periods(period)))
        name, metric = asked[0].source, asked[0].reading.metric
        units = self.units.get(name, {})
        named = declared_labels(source, self.as_of, units, *(each.goal.where for each in asked))
        questions = [
            Question(
                each.reading.metric, each.goal.groups, tuple(sorted(each.goal.where.items())), axis=axis, named=named
            )
            for each in asked
        ]
        if units:
            _check_units(units, metric, name)
            questions.append(Question(metric, tuple(units), axis=axis, named=named))
        expects = self.expects.get(name, "")
        counted = engine.tally(questions, source, self.as_of, expects=expects, progress=progress)
        promised = Promised(units, counted[-1][0]) if units else None
        return counted[: len(asked)], promised


def load_goals(name: str | Path, *, plugins: Catalogue | None = None) -> GoalSet:
    """Return a goal set: a TOML file's, that of TOML text of several lines, or by its name one that a plugin ships."""
    if isinstance(name, Path) or name.endswith(".toml") or "\n" in name:
        return parse_goals(name)
    return parse_goals((plugins or catalogue()).goal_set(name))


def read_otherwise(asked: ReadyGoal) -> Iterator[Reading]:
    """Yield the metric under each reading that makes one choice otherwise and counts the same records."""
    goal, own = asked.goal, asked.reading
    for name, choice in own.metric.readings.items():
        for alternative in choice.alternatives:
            if alternative != own.chosen[name]:
                other = own.metric.under({**own.chosen, name: alternative}, goal.parameters)
                if other.metric == own.metric:
                    yield other


def alike(asked: Iterable[ReadyGoal]) -> list[list[ReadyGoal]]:
    """Return the goals together whose metrics say the same of every record, and of what is owed in it."""
    found: dict[Hashable, list[ReadyGoal]] = {}
    for each in asked:
        metric = each.reading.metric
        same = metric.counted_alike, type(metric).owed, str(plain_parameters(metric.parameters()))
        found.setdefault(same, []).append(each)
    return list(found.values())


def _no_source(goal: Goal, metric: Metric, known: Sequence[str]) -> InputError:
    return InputError(
        "A goal's source is not there",
        where=f"goal {goal.id}",
        got=goal.source,
        allowed=known or "none",
        remedy=f"give a source of {metric.records.name} by this name, or say why there is none: not_delivered = "
        '"the reason" under it in the project file, {"not_delivered": "the reason"} in place of its data',
    )


def _check_units(units: Mapping[str, Sequence[str]], metric: Metric, source: str) -> None:
    codes = [name for name, field in metric.records.fields.items() if field.column_type.is_code]
    unknown = [field for field in units if field not in codes]
    if unknown:
        raise UnknownName(
            "A source promises records by a code that its record type does not have",
            where=f"sources.{source}.expect.units",
            got=", ".join(unknown),
            allowed=codes or "none",
            remedy="use one of these",
        )
