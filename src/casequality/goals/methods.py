"""How a figure was counted, put so that two ways of counting can be held against each other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from casequality.goals.goal import Goal
from casequality.goals.reasons import Reason, say
from casequality.metrics.metric import Reading
from casequality.metrics.readings import in_both
from casequality.metrics.tally import Assumed, Tally, plain_parameters
from casequality.words import Words

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
