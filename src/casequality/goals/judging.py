"""Judging a goal by its figures and those of its parts; and side by side, where several administrations measure it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

import attrs
import numpy as np

from casequality.days import Period
from casequality.errors import GoalError, UsageError, Words
from casequality.goals.definition import Baseline, Goal, Reason, Ruling, Verdict, called, say
from casequality.goals.evaluate import combine, cut_unjudged, evaluate
from casequality.goals.preconditions import Promised, hindrance
from casequality.metrics import (
    Assumed,
    Figure,
    Measurement,
    Reading,
    Tally,
    Unit,
    conclude,
    in_both,
    limits_in,
    plain_parameters,
)
from casequality.metrics import tally as tallies


@attrs.frozen(kw_only=True)
class Judgement(Ruling):
    """The verdict on a goal over a period.

    parts: the ruling on each month, or whatever the goal is judged for. readings: how the goal's words were read;
    assumed: those of them that nobody chose.
    """

    goal: Goal
    unit: Unit
    parts: tuple[Ruling, ...] = ()
    readings: dict[str, str] = attrs.field(factory=dict)
    assumed: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the judgement as plain data, its parts too."""
        return {
            "goal": self.goal.id,
            "metric": self.goal.metric,
            "source": self.goal.source,
            "unit": self.unit.name,
            **Ruling.to_dict(self),
            "target": "baseline" if self.goal.target is None else str(self.goal.target),
            "aggregate": self.goal.aggregate,
            "parts": [part.to_dict() for part in self.parts],
            "readings": dict(self.readings),
            "assumed_readings": list(self.assumed),
        }


def judge(goal: Goal, measured: Measurement, period: Period, promised: Promised | None = None) -> Judgement:
    """Return the verdict on a goal over a period.

    measured: figures of the goal's metric under its readings; their tally must tell apart `goal.groups`, have an edge
    at both ends of all `goal.periods(period)`, and hold the records of an earlier period that the goal names.
    promised: the units from which the source promises records in every period; without one, nothing is judged.
    """
    _check_tally(goal, measured)
    [whole] = _rulings(goal, measured, period, ())
    parts = cut_unjudged(goal, measured, _rulings(goal, measured, period, goal.each)) if goal.each else ()
    parts = tuple(_complete(goal, part, promised) for part in parts)
    ruling = combine(goal, measured, _complete(goal, whole, promised), parts)
    # a part that is complete and has missed decides, whatever a unit that lacks would add
    if ruling.verdict is not Verdict.MISSED:
        ruling = _complete(goal, ruling, promised)
    return Judgement(
        **attrs.asdict(ruling, recurse=False),
        goal=goal,
        unit=measured.unit,
        parts=parts,
        readings=dict(measured.reading.chosen),
        assumed=measured.reading.assumed,
    )


def _complete(goal: Goal, ruling: Ruling, promised: Promised | None) -> Ruling:
    """Return a ruling as incomplete where a unit lacks: its figure is one of fewer cases."""
    asked = {**goal.where, **{field: (label,) for field, label in ruling.groups.items()}}
    missing = promised.missing(ruling.period, asked) if promised else ()
    if not missing or ruling.verdict is Verdict.NOT_DUE_YET:
        return ruling
    why = say("missing units", units=missing, period=ruling.period)
    return attrs.evolve(ruling, verdict=Verdict.INCOMPLETE, reasons=(why,), could_flip=())


def judge_undelivered(goal: Goal, reading: Reading, period: Period, as_of_day: np.datetime64, why: Words) -> Judgement:
    """Return what can be said of a goal whose source nobody handed over: that it is missing, and why."""
    lacking = say("not delivered", source=goal.source, why=why)
    if np.datetime64(period.end, "D") <= as_of_day:
        return unjudged(goal, reading, period, Verdict.INCOMPLETE, lacking)
    return unjudged(goal, reading, period, Verdict.NOT_DUE_YET, say("not over", last=period.last), lacking)


def unjudged(goal: Goal, reading: Reading, period: Period, verdict: Verdict, *reasons: Reason) -> Judgement:
    """Return a judgement without a figure, and why there is none."""
    return Judgement(
        period=period,
        verdict=verdict,
        reasons=reasons,
        goal=goal,
        unit=reading.metric.unit,
        readings=dict(reading.chosen),
        assumed=reading.assumed,
    )


def _rulings(goal: Goal, measured: Measurement, period: Period, by: Sequence[str]) -> tuple[Ruling, ...]:
    # records without a label are no part of their own that could be held against a target
    named = [each for each in _figures(goal, measured, [period], by) if None not in each.groups.values()]
    earlier = _earlier(goal, measured, named)
    rulings = [evaluate(goal, measured, figure, before) for figure, before in zip(named, earlier, strict=True)]
    return (*rulings, *_absent(goal, measured, period, by, named))


def _earlier(goal: Goal, measured: Measurement, figures: Sequence[Figure]) -> Sequence[Ruling | None]:
    """Return the ruling on the figure that each is held against or, a first sample, set beside; None for none."""
    compared = isinstance(goal.target, Baseline) or (goal.target is None and measured.reading.sampled)
    if not compared or not figures:
        return [None] * len(figures)
    periods = [goal.period_before(figure.period) for figure in figures]
    found = _figures(goal, measured, list(dict.fromkeys(periods)), tuple(figures[0].groups))
    first_measurement = attrs.evolve(goal, target=None)
    rulings = [evaluate(first_measurement, measured, figure) for figure in found]
    return [
        next((each for each in rulings if each.period == period and each.groups == figure.groups), None)
        for period, figure in zip(periods, figures, strict=True)
    ]


def _figures(goal: Goal, measured: Measurement, periods: Sequence[Period], by: Sequence[str]) -> list[Figure]:
    metric = measured.reading.metric
    most, heaviest = (
        getattr(metric if getattr(goal, name) is None else goal, name) for name in ("at_most", "heaviest")
    )
    limits = limits_in(metric.unit, metric.at_least, most, heaviest)
    found = conclude(
        measured.tally, measured.reading, by=by, periods=periods, as_of_day=measured.as_of_day, limits=limits
    )
    return [figure for figure in found if figure.facet == goal.facet]


def _absent(
    goal: Goal, measured: Measurement, period: Period, by: Sequence[str], found: Sequence[Figure]
) -> list[Ruling]:
    """Return a ruling for each part that no record belongs to."""
    absent = []
    for field in goal.groups if by else ():
        for label in goal.where.get(field, ()):
            if label not in {figure.groups[field] for figure in found}:
                named = called(label, measured.reading.metric, "en"), called(label, measured.reading.metric, "da")
                why = say("label absent", field=field, label=Words(*named), period=period)
                absent.append(Ruling(period=period, groups={field: label}, verdict=Verdict.NO_DATA, reasons=(why,)))
    if found or absent or (goal.groups and by):
        return absent
    grain = goal.grain if by else None
    for each in period.parts(grain) if grain else (period,):
        hindered = hindrance(measured, each, None)
        assert hindered is not None
        absent.append(Ruling(period=each, verdict=hindered[0], reasons=(hindered[1],)))
    return absent


def _check_tally(goal: Goal, measured: Measurement) -> None:
    tally = measured.tally
    lacking = [name for name in goal.groups if name not in tally.assumed.groups]
    if lacking:
        raise UsageError(
            "A goal is judged for groups that its tally does not tell apart",
            where=f"goal {goal.id}",
            got=", ".join(lacking),
            allowed=tally.assumed.groups or "none",
            remedy="tally by goal.groups",
        )
    if measured.facets and goal.facet not in measured.facets:
        raise GoalError(
            "The metric gives several figures, and the goal does not name one of them",
            where=f"goal {goal.id}",
            got=goal.facet or "no facet",
            allowed=measured.facets,
            remedy='add facet = "..." with one of these',
        )


Method: TypeAlias = Mapping[str, tuple[Words, Words]]
"""What was decided, in words, and how, by a name that two methods share."""

METRIC = Words("the metric", "målingen")
VERSION = Words("the result version", "resultatversionen")
SETTING = Words("the setting {name}", "indstillingen {name}")
READING = Words("the reading {name}", "læsningen {name}")
RECORDS = Words("which records count", "hvilke registreringer der tæller med")
FACET = Words("the part of the figure", "delen af tallet")
CALENDAR = Words("the calendar of working days", "kalenderen for arbejdsdage")
ZONE = Words("the time zone", "tidszonen")
AS_OF = Words("when it was made up", "opgørelsestidspunktet")
JUDGED = Words("what it is judged for", "det, målet bedømmes for")
EDGES = Words("the days kept apart inside a month", "de dage, der holdes adskilt inden for en måned")
DOUBTS = Words("what is known of records in doubt", "hvad der vides om tvivlsomme registreringer")
KEPT = Words("kept", "gemt")
NOT_KEPT = Words("not kept by an older version", "ikke gemt af en ældre version")
EVERY = Words("all", "alle")
NONE = Words("none", "ingen")


def asked(goal: Goal, reading: Reading, by: str) -> Method:
    """Return what a goal says of the counting of its records; `by` is the field that tells the contributors apart."""
    metric = reading.metric
    return _counting(metric.tallied_as, metric.version, plain_parameters(metric.parameters()), goal.where.items(), by)


def counted(tally: Tally, by: str) -> Method:
    """Return the same of a tally."""
    assumed = tally.assumed
    return _counting(assumed.metric, assumed.version, assumed.parameters, assumed.where, by)


def method(goal: Goal, reading: Reading, tally: Tally, by: str) -> Method:
    """Return everything that must be the same in two figures that are to be added up."""
    assumed = tally.assumed
    readings = {
        f"reading {name}": (
            _named(READING, name),
            in_both(reading.metric.readings[name].alternative(chosen, name).says),
        )
        for name, chosen in reading.chosen.items()
    }
    return {
        "measure": (METRIC, _plain(reading.metric.id)),
        **counted(tally, by),
        **readings,
        "judged": (JUDGED, _listed((*(name for name in goal.each if name != by), goal.aggregate), NONE)),
        "facet": (FACET, _plain(goal.facet) if goal.facet else EVERY),
        "calendar": (CALENDAR, _plain(assumed.calendar) if assumed.calendar else NONE),
        "zone": (ZONE, _plain(assumed.axis.zone)),
        "as of": (AS_OF, _plain(_moment(assumed))),
        "doubts": (DOUBTS, KEPT if assumed.doubts_kept else NOT_KEPT),
        "edges": (EDGES, _listed(map(str, assumed.axis.further), NONE)),
    }


def differences(methods: Mapping[str, Method]) -> tuple[Reason, ...]:
    """Return a sentence for each thing that the methods, by contributor, decide in different ways."""
    found = []
    for name in dict.fromkeys(name for each in methods.values() for name in each):
        ways: dict[Words, list[str]] = {}
        for who, each in methods.items():
            ways.setdefault(each[name][1] if name in each else NONE, []).append(who)
        if len(ways) > 1:
            what = next(each[name][0] for each in methods.values() if name in each)
            said = ((way, ", ".join(who)) for way, who in ways.items())
            listed = tuple(Words(f"{way.en} ({who})", f"{way.da} ({who})") for way, who in said)
            found.append(say("methods differ", what=what, ways=listed))
    return tuple(found)


def _counting(metric: str, version: int, parameters: Mapping[str, str], where: Iterable[Any], by: str) -> Method:
    only = (f"{field} {' or '.join(sorted(labels))}" for field, labels in sorted(where) if field != by)
    return {
        "metric": (METRIC, _plain(metric)),
        "version": (VERSION, _plain(str(version))),
        **{f"setting {name}": (_named(SETTING, name), _plain(value)) for name, value in parameters.items()},
        "records": (RECORDS, _listed(only, EVERY)),
    }


def _moment(assumed: Assumed) -> str:
    instant = dt.datetime.fromisoformat(f"{assumed.as_of}Z")
    return instant.astimezone(ZoneInfo(assumed.axis.zone)).isoformat(" ", "minutes")


def _named(words: Words, name: str) -> Words:
    return Words(words.en.format(name=name), words.da.format(name=name))


def _plain(text: str) -> Words:
    return Words(text, text)


def _listed(parts: Iterable[str], empty: Words) -> Words:
    text = ", ".join(parts)
    return _plain(text) if text else empty


@attrs.frozen(kw_only=True)
class HandedIn:
    """What one administration handed in for a goal: its tallies, and why there are none where it could say.

    goal, reading: its own, or those that all have in common.
    """

    who: str
    goal: Goal
    reading: Reading
    tallies: tuple[Tally, ...] = ()
    why_none: Words | None = None


@attrs.frozen(kw_only=True)
class Compared:
    """The judgement on each administration's figure in the order given, never ranked, and on that of all together.

    Where the methods differ, or something is missing, `together` has no figure and says why.
    """

    goal: Goal
    each: Mapping[str, Judgement]
    together: Judgement

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain data."""
        return {
            "goal": self.goal.id,
            "each": [{"who": who, **judgement.to_dict()} for who, judgement in self.each.items()],
            "together": self.together.to_dict(),
        }


def compare(goal: Goal, reading: Reading, handed_in: Sequence[HandedIn], period: Period, by: str) -> Compared:
    """Return the figures for one goal side by side.

    reading: the metric under the goal's readings. by: the field of the records that tells the administrations apart;
    the goal may be judged for each of its labels, which are then those who hand in.
    """
    found = [(each, *_judged(each, period, by)) for each in handed_in]
    usable = [(each, tally) for each, _, tally in found if tally is not None]
    lacking = tuple(each.who for each, judgement, tally in found if _lacks(judgement, tally))
    differing = differences({each.who: method(each.goal, each.reading, tally, by) for each, tally in usable})
    if lacking or differing or not usable:
        why = (say("some lacking", who=lacking),) if lacking else ()
        verdict = Verdict.NOT_COMPARABLE if differing else Verdict.INCOMPLETE
        together = unjudged(goal, reading, period, verdict, *why, *differing)
    else:
        first = usable[0][0]
        whole = attrs.evolve(_apart_by(first.goal, by), target=goal.target, series_breaks=goal.series_breaks)
        together = _judgement(whole, first.reading, tallies.merge(tally for _, tally in usable), period)
    return Compared(goal=goal, each={each.who: judgement for each, judgement, _ in found}, together=together)


def _judged(handed_in: HandedIn, period: Period, by: str) -> tuple[Judgement, Tally | None]:
    """Return the judgement on one administration's figure, and the tally that it can be added up from."""
    who, reading = handed_in.who, handed_in.reading
    goal = _apart_by(handed_in.goal, by)
    own = tuple(each for each in goal.series_breaks if each.touches({by: who}))
    goal = attrs.evolve(goal, series_breaks=own)
    if not handed_in.tallies:
        told = say("nothing handed in", who=who, why=handed_in.why_none) if handed_in.why_none else None
        why = told or say("no tally", who=who, metric=goal.metric)
        return unjudged(goal, reading, period, Verdict.INCOMPLETE, why), None
    refused = [_refusal(who, goal, reading, tally, by) for tally in handed_in.tallies]
    if None not in refused:
        return unjudged(goal, reading, period, Verdict.NOT_COMPARABLE, *filter(None, refused[:1])), None
    tally = _narrowed(handed_in.tallies[refused.index(None)], goal.groups, by)
    return _judgement(goal, reading, tally, period), tally


def _judgement(goal: Goal, reading: Reading, tally: Tally, period: Period) -> Judgement:
    return judge(goal, conclude(tally, reading, periods=[period], as_of_day=tally.assumed.as_of_day), period)


def _refusal(who: str, goal: Goal, reading: Reading, tally: Tally, by: str) -> Reason | None:
    """Return why a tally is not one that its goal can be judged by."""
    is_counted = counted(tally, by)
    for name, (what, wanted) in asked(goal, reading, by).items():
        got = is_counted[name][1] if name in is_counted else Words("not stated", "ikke oplyst")
        if got != wanted:
            return say("counted otherwise", who=who, what=what, got=got, wanted=wanted)
    if missing := tuple(field for field in goal.groups if field not in tally.assumed.groups):
        return say("not told apart", who=who, fields=missing)
    return None


def _lacks(judgement: Judgement, tally: Tally | None) -> bool:
    """Return whether a figure of all would be one of fewer cases without anyone noticing."""
    return tally is None or judgement.verdict is Verdict.INCOMPLETE


def _apart_by(goal: Goal, by: str) -> Goal:
    """Return a goal as it is judged for one contributor, who is what `by` tells apart."""
    each = tuple(name for name in goal.each if name != by)
    where = {field: labels for field, labels in goal.where.items() if field != by}
    return attrs.evolve(goal, each=each, where=where, aggregate=goal.aggregate if each else "pooled")


def _narrowed(tally: Tally, groups: Sequence[str], by: str) -> Tally:
    """Return a tally told apart by these groups only, whoever's records it holds."""
    where = tuple(each for each in tally.assumed.where if each[0] != by)
    return attrs.evolve(narrowed := tally.told_apart_by(groups), assumed=attrs.evolve(narrowed.assumed, where=where))
