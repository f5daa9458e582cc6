"""Jobs: goals with their metrics, readings and sources, made ready or refused with all that is missing."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

import attrs

from casequality.days import Period
from casequality.desk.keeping import UNITS, StoredCounts, key_of
from casequality.desk.measuring import Tallies, declared_labels, further_edges
from casequality.desk.offered import catalogue, find_metric
from casequality.engines import Engine, Progress
from casequality.errors import CaseQualityError, InputError, UnknownName, Words, raise_together
from casequality.goals import Goal, GoalSet, Judgement, Promised, Recipient, check_goals, judge_undelivered, parse_goals
from casequality.host import Catalogue
from casequality.metrics import AsOf, Axis, Measurement, Metric, Question, Reading, Tally, conclude, plain_parameters
from casequality.records import Findings, Records, Source, source

Opener = Callable[[type[Records]], Source]


@attrs.frozen
class ReadyGoal:
    """One goal made ready: its metric under the goal's readings, and the source of its records."""

    goal: Goal
    reading: Reading
    source: str


EDITIONS: Final = 5
"""So many earlier periods go with a figure, the oldest only to tell whether the data reach back before the next."""
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
    kept: the deliveries of a store that answer in place of records, None where sources are read.
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
    kept: StoredCounts | None = None

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
        known = (*self.sources, *self.not_delivered, *(self.kept.sources if self.kept else ()))
        for goal in (goal for each in self.goals for goal in each.goals):
            reading = self.find(goal.metric).under(goal.readings, goal.parameters)
            name = goal.source if goal.source in known else reading.metric.records.name
            if name not in known and self.kept is None:
                faults.append(_no_source(goal, reading.metric, known))
            found.setdefault(name, []).append(ReadyGoal(goal, reading, name))
        raise_together(NOT_JUDGED, faults)
        return found

    def source(self, name: str, records: type[Records]) -> Source:
        """Return a source by its name; where a store answers, nothing is in it."""
        opened = self.sources.get(name)
        return opened(records) if opened else source([], records, name=name, zone=self.as_of.zone)

    def answered(
        self, asked: Sequence[ReadyGoal], period: Period
    ) -> tuple[list[ReadyGoal], dict[str, Judgement], Words | None]:
        """Return the goals of a source that can be judged, and what can be said of the others with why one of them is.

        None can whose source is not delivered, and none that a store does not answer.
        """
        name, day, expects = asked[0].source, self.as_of.day, self.expects.get(asked[0].source, "")
        why = self.not_delivered.get(name)
        if why is not None:
            told = {each.goal.id: judge_undelivered(each.goal, each.reading, period, day, why) for each in asked}
            return [], told, why
        if self.kept is None:
            return list(asked), {}, None
        questions, of_units = self._questions(asked, self.source(name, asked[0].reading.metric.records), period)
        answered, lacking = [], {}
        for each, question in zip(asked, questions, strict=True):
            periods, found = tuple(dict.fromkeys((period, *each.goal.periods(period)))), None
            for one, spans in ((question, periods), *([(of_units, ())] if of_units else [])):
                found = found or self.kept.why_not(name, one, self.as_of, spans, expects)
            if found is None:
                answered.append(each)
            else:
                why, said = found, "not in the store"
                lacking[each.goal.id] = judge_undelivered(each.goal, each.reading, period, day, found, said=said)
        return answered, lacking, why

    def figures(self, asked: ReadyGoal, tally: Tally, period: Period) -> Measurement:
        """Return what a goal's reader is shown: figures of each part of the period, and of it where groups cross."""
        goal = asked.goal
        shown = period.parts(goal.grain or "month") or (period,)
        crossed = bool(goal.grain and goal.groups)
        apart = goal.groups if crossed or goal.aggregate == "each" else ()
        shown = tuple(dict.fromkeys((*shown, period))) if crossed else shown
        return conclude(tally, asked.reading, by=apart, periods=shown, as_of_day=self.as_of.day)

    def editions(self, source: str, period: Period) -> tuple[Period, ...]:
        """Return a period and the five of its kind before it that are shown beside it, oldest first, to whom gets them.

        None where a month is cut. Of a store's deliveries, none from the last one on that lacks any.
        """
        if self.recipient is None or not period.first.day == period.end.day == 1:
            return ()
        found = [period]
        while len(found) <= EDITIONS:
            found.append(found[-1].previous())
        if self.kept is not None:
            found = [*itertools.takewhile(partial(self.kept.holds, source, self.as_of.day), found)]
        return tuple(reversed(found))

    def tally(
        self, asked: Sequence[ReadyGoal], source: Source, period: Period, engine: Engine, progress: Progress | None
    ) -> tuple[list[tuple[Tally, Findings]], Promised | None]:
        """Return the tally that each of these goals is judged by, from one read of their source, and its promises."""
        name = asked[0].source
        questions, of_units = self._questions(asked, source, period)
        asking = [*questions, of_units] if of_units else questions
        expects = self.expects.get(name, "")
        counted = engine.tally(asking, source, self.as_of, expects=expects, progress=progress)
        promised = Promised(self.units[name], counted[-1][0]) if of_units else None
        return counted[: len(asked)], promised

    def delivery(
        self, asked: Sequence[ReadyGoal], source: Source, period: Period, engine: Engine, progress: Progress | None
    ) -> Tallies:
        """Return what a store keeps of a source for its goals, as `StoredCounts` looks for it."""
        counted, promised = self.tally(asked, source, period, engine, progress)
        name = asked[0].source
        parts = {key_of(name, each.goal.id): part for each, (part, _) in zip(asked, counted, strict=True)}
        if promised is not None:
            parts[key_of(name, UNITS)] = promised.tally
        return Tallies({name: parts[name] for name in sorted(parts)})

    def _questions(
        self, asked: Sequence[ReadyGoal], source: Source, period: Period
    ) -> tuple[list[Question], Question | None]:
        """Return what each goal asks, and what the units ask from which the source promises records, None for none."""
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
        return questions, Question(metric, tuple(units), axis=axis, named=named) if units else None


def load_goals(name: str | Path, *, plugins: Catalogue | None = None) -> GoalSet:
    """Return a goal set: a TOML file's, that of TOML text of several lines, or by its name one that a plugin ships."""
    if isinstance(name, Path) or name.endswith(".toml") or "\n" in name:
        return parse_goals(name)
    return parse_goals((plugins or catalogue()).goal_set(name))


def only(goals: GoalSet, name: str | None) -> GoalSet:
    """Return a goal set with one of its goals; raise `UnknownName` where nobody says which, or it has no such."""
    fitting = [goal for goal in goals.goals if name in (None, goal.id)]
    if len(fitting) != 1:
        several = Words("One goal is asked about at a time", "Der spørges om ét mål ad gangen")
        raise UnknownName(
            Words("No goal has this id", "Intet mål har dette id") if name and not fitting else several,
            got=name or f"{len(goals.goals)} goals",
            allowed=[goal.id for goal in goals.goals],
            remedy=Words("name one of these", "nævn et af dem"),
        )
    return attrs.evolve(goals, goals=tuple(fitting))


def one_goal(job: Job, goal: str) -> Job:
    """Return a job with one of its goals; raise `UnknownName` for one that it does not have."""
    every = GoalSet(id=goal, goals=tuple(one for each in job.goals for one in each.goals))
    return attrs.evolve(job, goals=(only(every, goal),))


def only_ready(job: Job) -> ReadyGoal:
    """Return a job's only goal; raise `InputError` where its source is not delivered."""
    [[ready]] = job.by_source().values()
    if why := job.not_delivered.get(ready.source):
        what = Words("The source of the goal is not delivered", "Målets kilde er ikke leveret")
        raise InputError(what, where=ready.source, got=why)
    return ready


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
