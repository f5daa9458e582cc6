"""One goal that several administrations measure: the figure of each, and one of all where they count alike."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

import attrs

from casequality.days import Period
from casequality.errors import Words
from casequality.goals.definition import Goal, Reason, Verdict, fields_called, say
from casequality.goals.judge import Judgement, judge, unjudged
from casequality.metrics import Assumed, Reading, Tally, conclude, in_both, plain_parameters
from casequality.metrics import tally as tallies

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
    zone = ZoneInfo(assumed.axis.zone)
    return dt.datetime.fromisoformat(f"{assumed.as_of}Z").astimezone(zone).isoformat(" ", "minutes")


def _named(words: Words, name: str) -> Words:
    return Words(words.en.format(name=name), words.da.format(name=name))


def _plain(text: str) -> Words:
    return Words(text, text)


def _listed(parts: Iterable[str], empty: Words) -> Words:
    return _plain(text) if (text := ", ".join(parts)) else empty


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

    Where the methods differ, or something is missing, `together` has no figure and says why. by: what tells the
    administrations apart. tally: of all that was handed in, told apart by that too; None where the methods differ.
    """

    goal: Goal
    each: Mapping[str, Judgement]
    together: Judgement
    by: str = ""
    reading: Reading | None = attrs.field(default=None, repr=False)
    tally: Tally | None = attrs.field(default=None, repr=False)

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
    whole = None
    if usable and not differing:
        whole = tallies.merge(_told_apart(tally, by, each.who) for each, tally in usable)
    if lacking or whole is None:
        why = (say("some lacking", who=lacking),) if lacking else ()
        verdict = Verdict.NOT_COMPARABLE if differing else Verdict.INCOMPLETE
        together = unjudged(goal, reading, period, verdict, *why, *differing)
    else:
        first = usable[0][0]
        common = attrs.evolve(_apart_by(first.goal, by), target=goal.target, series_breaks=goal.series_breaks)
        together = _judgement(common, first.reading, whole.told_apart_by(whole.assumed.groups[:-1]), period)
    return Compared(
        goal=goal,
        each={each.who: judgement for each, judgement, _ in found},
        together=together,
        by=by,
        reading=usable[0][0].reading if whole else None,
        tally=whole,
    )


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
        return say("not told apart", who=who, fields=fields_called(missing, reading.metric))
    return None


def _lacks(judgement: Judgement, tally: Tally | None) -> bool:
    """Return whether a figure of all would be one of fewer cases without anyone noticing."""
    return tally is None or judgement.verdict is Verdict.INCOMPLETE


def _apart_by(goal: Goal, by: str) -> Goal:
    """Return a goal as it is judged for one contributor, who is what `by` tells apart."""
    each = tuple(name for name in goal.each if name != by)
    where = {field: labels for field, labels in goal.where.items() if field != by}
    return attrs.evolve(goal, each=each, where=where, aggregate=goal.aggregate if each else "pooled")


def _told_apart(tally: Tally, by: str, who: str) -> Tally:
    """Return a tally of which every record is told to be of one contributor."""
    labels = tuple((*label, who) for label in tally.labels)
    return attrs.evolve(tally, labels=labels, assumed=attrs.evolve(tally.assumed, groups=(*tally.assumed.groups, by)))


def _narrowed(tally: Tally, groups: Sequence[str], by: str) -> Tally:
    """Return a tally told apart by these groups only, whoever's records it holds."""
    where = tuple(each for each in tally.assumed.where if each[0] != by)
    return attrs.evolve(narrowed := tally.told_apart_by(groups), assumed=attrs.evolve(narrowed.assumed, where=where))
