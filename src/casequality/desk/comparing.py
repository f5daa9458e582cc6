"""Comparing: what several administrations hand in for common goals, and a figure with what was published before."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import attrs
import numpy as np

from casequality.days import Period
from casequality.days import period as parse_period
from casequality.desk.jobs import Job, load_goals, one_goal, only_ready
from casequality.desk.measuring import Tallies, further_edges, load_tally
from casequality.desk.offered import COPENHAGEN, as_names, as_source, catalogue, find_metric, rules, why_not_delivered
from casequality.desk.results import placed, record_facts, record_keys
from casequality.engines import find_engine
from casequality.errors import InputError, UnknownName, UsageError, Words, raise_together
from casequality.evidence.disclosure import INTERNAL, Policy, Publish
from casequality.evidence.scrutiny import Counted, Restatement, restatement
from casequality.goals import Compared, Goal, GoalSet, HandedIn, NotSupplied, check_goals, compare
from casequality.host import Catalogue
from casequality.metrics import NO, YES, AsOf, Axis, Figure, Metric, Question, Reading, Unit, conclude, fields_read
from casequality.records import Block
from casequality.reports import PublishedSideBySide, Table, contributions_page, publish, say, side_by_side_table
from casequality.showing import Showable, TextTable, session_language

KEYS = ("tallies", "goals", "general_work")


@attrs.frozen(kw_only=True, repr=False)
class SideBySide(Showable):
    """What several administrations handed in for each goal; it shows itself as a table."""

    period: Period
    compared: tuple[Compared, ...]
    not_supplied: tuple[NotSupplied, ...] = ()
    general: Mapping[str, str] = attrs.field(factory=dict)

    def __iter__(self) -> Iterator[Compared]:
        return iter(self.compared)

    def __len__(self) -> int:
        return len(self.compared)

    def __getitem__(self, goal: str) -> Compared:
        for each in self.compared:
            if each.goal.id == goal:
                return each
        known = [each.goal.id for each in self.compared]
        raise UnknownName("No goal has this id", got=goal, allowed=known, remedy="use one of these")

    def published(self, policy: Policy | bool = True) -> PublishedSideBySide:
        """Return what may be told under a policy, True for the usual one: of all goals and administrations together."""
        told = publish(self, policy)
        assert isinstance(told, PublishedSideBySide)
        return told

    def table(self, lang: str = "en", *, publish: Publish = None) -> Table:
        """Return a row for each goal and administration in the order given, and one for all together.

        publish: what may be told under a policy.
        """
        return self.published(publish).table(lang) if publish else side_by_side_table(self.compared, self.period, lang)

    def page(self, lang: str = "da", *, publish: Publish = None) -> str:
        """Return one HTML page: what each administration handed in and did not, and its general work.

        publish: as for `table`; the caller records the edition before: `beside.published(policy)`.
        """
        if publish:
            return self.published(publish).page(lang)
        return contributions_page(
            self.compared,
            self.table(lang),
            lang,
            name=say("contributions", lang, period=self.period.title(lang)),
            not_supplied=self.not_supplied,
            general=self.general,
        )

    def to_dict(self, *, publish: Publish = None) -> dict[str, Any]:
        """Return everything as plain data; publish: what may be told under a policy."""
        if publish:
            return self.published(publish).to_dict()
        return {
            "audience": INTERNAL.to_dict(),
            "period": self.period.label,
            "goals": [each.to_dict() for each in self.compared],
            "not_supplied": [each.to_dict() for each in self.not_supplied],
            "general_work": dict(self.general),
        }

    def text_table(self, lang: str) -> TextTable:
        """Return the table of verdicts, as it shows itself."""
        return self.table(lang).text_table()

    def __repr__(self) -> str:
        return self.table(session_language()).text()


@attrs.frozen(kw_only=True)
class _Submission:
    """What one administration handed in: tallies, its own wording of goals, or why there is nothing."""

    who: str
    tallies: tuple[Tallies, ...] = ()
    goals: GoalSet | None = None
    why_none: Words | None = None
    general_work: str = ""

    def for_goal(self, goal: Goal, find: Callable[[str], Metric]) -> HandedIn:
        """Return what there is for a goal; a goal of its own with the same id stands in its place."""
        own = next((each for each in self.goals.goals if each.id == goal.id), goal) if self.goals else goal
        parts = tuple(each.parts[own.metric] for each in self.tallies if own.metric in each.parts)
        return HandedIn(who=self.who, goal=own, reading=_reading(own, find), tallies=parts, why_none=self.why_none)


def side_by_side(
    handed_in: Mapping[str, object],
    goals: GoalSet | str | Path,
    *,
    period: str | Period,
    by: str = "administration",
    metrics: Iterable[Metric | type[Metric]] = (),
    plugins: Catalogue | None = None,
) -> SideBySide:
    """Return the figure of each administration for each goal, and one of all where what they rest on is the same.

    handed_in: by the administration's name, in the order in which they are shown: its `Tallies`, a path or a list of
    them; `{"tallies": ..., "goals": ...}` where it measures a goal in a way of its own, which its goal of the same id
    says; or `{"not_delivered": "the reason"}`. `"general_work": "..."` beside the tallies is what it tells of its work
    on quality in general, for the page.
    by: the field of the records that tells the administrations apart.
    metrics: metrics that no installed plugin offers.
    Nothing is ranked. Methods that differ (metric, result version, settings, readings, records, calendar, zone,
    as-of) leave no figure for all together; neither does an administration of which anything is missing.
    """
    found = plugins or catalogue()
    given = {metric.id: metric for metric in map(find_metric, metrics)}
    common = goals if isinstance(goals, GoalSet) else load_goals(goals, plugins=found)
    submissions = [_submission(who, each, found) for who, each in handed_in.items()]

    def find(metric: str) -> Metric:
        return given.get(metric) or find_metric(metric, found)

    for each in (common, *(submission.goals for submission in submissions if submission.goals)):
        what = Words(f"{each.id}: some goals cannot be judged", f"{each.id}: nogle mål kan ikke bedømmes")
        raise_together(what, check_goals([each], find))
    judged = parse_period(period) if isinstance(period, str) else period
    compared = [
        compare(goal, _reading(goal, find), [each.for_goal(goal, find) for each in submissions], judged, by)
        for goal in common.goals
    ]
    general = {each.who: each.general_work for each in submissions if each.general_work}
    return SideBySide(period=judged, compared=tuple(compared), not_supplied=common.not_supplied, general=general)


def _submission(who: str, given: object, plugins: Catalogue) -> _Submission:
    why = why_not_delivered(given, who)
    if why is not None:
        return _Submission(who=who, why_none=why)
    if not isinstance(given, Mapping):
        return _Submission(who=who, tallies=_tallies(given))
    if set(given) - set(KEYS) or "tallies" not in given:
        raise UsageError(
            "What an administration hands in is tallies, with its own goals where it has any",
            where=who,
            got=", ".join(map(str, given)) or "nothing",
            allowed=KEYS,
            remedy='give {"tallies": ..., "goals": ...}, or say why there is nothing: {"not_delivered": "the reason"}',
        )
    goals = given.get("goals")
    own = goals if isinstance(goals, GoalSet | None) else load_goals(goals, plugins=plugins)
    told = str(given.get("general_work") or "")
    return _Submission(who=who, tallies=_tallies(given["tallies"]), goals=own, general_work=told)


def _tallies(given: Any) -> tuple[Tallies, ...]:
    several = given if isinstance(given, Sequence) and not isinstance(given, str) else [given]
    return tuple(each if isinstance(each, Tallies) else load_tally(each) for each in several)


def _reading(goal: Goal, find: Callable[[str], Metric]) -> Reading:
    return find(goal.metric).under(goal.readings, goal.parameters)


DATA, DEFINITION, CALENDAR, CODE = (
    ("data", "as_of", "mapping"),
    ("readings", "parameters", "where"),
    ("calendar", "deadlines"),
    ("metric",),
)
"""What is said of a figure, by what a change of it is called."""
SETTINGS = (*DATA, *DEFINITION, *CALENDAR, *CODE)


def restate(
    then: Mapping[str, Any],
    now: Mapping[str, Any],
    *,
    period: str | Period,
    facet: str = "",
    zone: str = COPENHAGEN,
    plugins: Catalogue | None = None,
) -> Restatement:
    """Return why a figure that was published is another one today, split exactly by cause, with the cases of each.

    then: the figure as it was published: metric, data, as_of and what else was said to `measure` of readings,
    parameters, where, calendar and deadlines; mapping: how the data are read, as the further arguments of `measure`.
    now: what is another today; the rest is as it was. The records are compared by their keys. What is done one after
    another is data, definition, calendar, code. Rows that are set aside count nothing, as if they were not there.

    Raises `UsageError` for a figure that is no share or number of cases each counted once, and for records without a
    key; keys of cases are for internal use and in no text.
    """
    unknown = [name for name in (*then, *now) if name not in SETTINGS]
    if unknown or not {"metric", "data", "as_of"} <= then.keys():
        raise UsageError(
            "A figure is restated from what was said of it then and what is another now",
            got=", ".join(unknown) or "no metric, data or as_of of then",
            allowed=SETTINGS,
        )
    judged = parse_period(period) if isinstance(period, str) else period
    found, said = plugins or catalogue(), dict(then)
    published, unit = _world(said, judged, facet, zone, found)
    said |= {name: now[name] for name in DATA if name in now}
    extract, _ = _world(said, judged, facet, zone, found)
    changed = {}
    for cause, names in (("definition", DEFINITION), ("calendar", CALENDAR), ("code", CODE)):
        if any(name in now for name in names):
            said |= {name: now[name] for name in names if name in now}
            changed[cause], unit = _world(said, judged, facet, zone, found)
    divided = find_metric(said["metric"], found).statistic.is_share
    return restatement(published, extract, unit=unit, divided=divided, **changed)


def _world(
    said: Mapping[str, Any], period: Period, facet: str, zone: str, plugins: Catalogue
) -> tuple[dict[Any, Counted], Unit]:
    """Return every record by its key with what the figure counts of it; their sum is held against the figure itself."""
    reading = find_metric(said["metric"], plugins).under(said.get("readings"), said.get("parameters"))
    records, statistic = reading.metric.records, reading.metric.statistic
    key = records.key_field()
    if key is None or not statistic.by_case or not (statistic.is_share or statistic.is_count):
        raise UsageError(
            Words(
                "Only a share or a number of cases that have keys is restated case by case",
                "Kun en andel eller et antal af sager med nøgler kan forklares sag for sag",
            ),
            where=reading.metric.id,
            got=f"{type(statistic).__name__}, {records.name}" if key else f"{records.name} without a key",
            remedy="compare the tallies of both, which tell by how much and not why",
        )
    given = AsOf.at(
        said["as_of"], zone=zone, rules=rules(plugins, said.get("deadlines", ())), calendar=said.get("calendar")
    )
    where = tuple(sorted((field, as_names(labels)) for field, labels in (said.get("where") or {}).items()))
    question = Question(reading.metric, (), where, axis=Axis(given.zone, further_edges([period])))
    question = attrs.evolve(question, reads=fields_read(reading.metric, given))
    source = as_source(said["data"], records, {**(said.get("mapping") or {}), "zone": zone})
    [(counted, _)] = find_engine(None).tally([question], source, given)
    figures = conclude(counted, reading, periods=[period], as_of_day=given.day)
    figure = next(each for each in figures if each.facet == facet)
    fields = {*question.reads, key, *(field for field, _ in where)}
    world: dict[Any, Counted] = {}
    for part in source.reading(fields, keys="partitioned").parts:
        for block in part.blocks():
            world |= _counted(block, question, reading, figure, given)
    above, below = (sum(getattr(each, name) for each in world.values()) for name in ("above", "below"))
    told = figure.value.numerator or 0, figure.value.denominator or 0
    if (above, below)[: 1 + statistic.is_share] != told[: 1 + statistic.is_share]:
        raise UsageError(
            Words(
                "The cases of a figure do not add up to it, so no cause of a change can be told",
                "Tallets sager går ikke op i det, så ingen årsag til en ændring kan siges",
            ),
            where=f"{reading.metric.id}, {period.label}",
            remedy="restate a figure of cases that are each counted once",
        )
    return world, reading.metric.unit


def _counted(block: Block, question: Question, reading: Reading, figure: Figure, as_of: AsOf) -> dict[Any, Counted]:
    records, _, outcomes, inside = placed(block, question, reading, figure, as_of)
    every = np.ones(len(records), bool)
    facts = record_facts(records, question.reads, every, as_of.zone)
    played = [reading.roles.get(name) for name in reading.metric.outcomes.names]
    roles = [played[code] if held else None for code, held in zip(outcomes.tolist(), inside.tolist(), strict=True)]
    told = zip(*(facts[name] for name in sorted(facts)), strict=True) if facts else (() for _ in roles)
    return {
        key: Counted(int(role is YES), int(role in (YES, NO)), each)
        for key, role, each in zip(record_keys(records, np.flatnonzero(every)), roles, told, strict=True)
    }


def restated_goal(before: Job | None, now: Job, period: Period) -> Restatement:
    """Return why a job's only goal has another figure than in an earlier job, of which it may be one of several."""
    assert before is not None
    goal = now.goals[0].goals[0].id
    if all(each.id != goal for several in before.goals for each in several.goals):
        raise InputError(
            Words("The earlier edition has no such goal", "Den tidligere udgave har ikke dette mål"), got=goal
        )
    then = one_goal(before, goal)
    said, facet = _said(then)
    other, _ = _said(now)
    changed = {name: other[name] for name in other if name in ("data", "as_of") or other[name] != said[name]}
    return restate(said, changed, period=period, facet=facet, zone=then.as_of.zone, plugins=then.plugins)


def _said(job: Job) -> tuple[dict[str, Any], str]:
    """Return what is said of the figure of a job's only goal, in the words of `restate`, and its facet."""
    ready = only_ready(job)
    goal, offered = ready.goal, rules(job.plugins)
    own = tuple(rule for name, rule in job.as_of.rules.items() if offered.get(name) != rule)
    said = {
        "metric": job.find(goal.metric),
        "data": job.sources[ready.source](ready.reading.metric.records),
        "as_of": f"{job.as_of.instant.astype('M8[s]')}+00:00",
        "readings": dict(goal.readings),
        "parameters": dict(goal.parameters),
        "where": dict(goal.where),
        "calendar": job.as_of.calendar,
        "deadlines": own,
    }
    return said, goal.facet
