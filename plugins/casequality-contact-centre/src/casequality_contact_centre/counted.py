"""The contact centre's figures of counted rows: rows that each stand for several calls."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

import casequality as cq
from casequality_contact_centre.answering import AnsweredShare, Calls
from casequality_contact_centre.calls import CountedCall
from casequality_contact_centre.persons import AnsweredByPerson
from casequality_contact_centre.resolving import ImmediatelyResolved
from casequality_contact_centre.service_level import ServiceLevel
from casequality_contact_centre.waiting import MeanWait, MedianWait, P90Wait, P95Wait
from casequality_contact_centre.waits import Mask, OfCalls
from casequality_contact_centre.words import NO_CALL


def counted(metric: type[cq.Metric]) -> cq.Outcomes:
    """Return the outcomes of a metric, and before them that a row stands for no call, whatever it says of calls."""
    return cq.outcomes(no_call=cq.OUT, **metric.outcomes.roles)


@attrs.frozen
class Counted(OfCalls):
    """What makes a metric of calls one of counted rows: it stands before that metric among the bases.

    A figure is that of as many single calls as the rows say; a row whose count is blank or unreadable leaves it in
    doubt. Each metric has a result version of its own, to be raised with that of the metric it counts like.
    """

    version = 1
    records = CountedCall

    def before_others(self, calls: CountedCall) -> Mapping[str, Mask]:
        """Return which rows stand for no call: left out, where one that nobody answered yet would be in doubt."""
        return {"no_call": calls.times == 0}

    def contribute(self, calls: Any, as_of: cq.AsOf, /) -> cq.Contribution:
        """Return what the metric says of each row taken as one call, and how many calls the row stands for."""
        one: Any = super().contribute(calls, as_of)
        several: cq.Contribution = attrs.evolve(one, times=calls.times)
        return several


@attrs.frozen
class CountedAnsweredByPerson(Counted, AnsweredByPerson):
    """Share of all calls coming in that a person answered, of counted rows."""

    id = "contact-centre.counted-answered-by-person"
    title = {
        "en": "Calls answered by a person, counted rows",
        "da": "Opkald besvaret af en medarbejder, optalte rækker",
    }
    outcomes = counted(AnsweredByPerson)
    words = {**AnsweredByPerson.words, **NO_CALL}


@attrs.frozen
class CountedAnsweredShare(Counted, AnsweredShare):
    """Share of the calls that were answered, of counted rows."""

    id = "contact-centre.counted-answered-share"
    title = {"en": "Answered calls, counted rows", "da": "Besvarede opkald, optalte rækker"}
    outcomes = counted(AnsweredShare)
    words = {**AnsweredShare.words, **NO_CALL}


@attrs.frozen
class CountedCalls(Counted, Calls):
    """How many calls reached the number, of counted rows."""

    id = "contact-centre.counted-calls"
    title = {"en": "Calls, counted rows", "da": "Antal opkald, optalte rækker"}
    outcomes = counted(Calls)
    words = {**Calls.words, **NO_CALL}


@attrs.frozen
class CountedImmediatelyResolved(Counted, ImmediatelyResolved):
    """Share of the calls that the contact centre resolved at once and itself, of counted rows."""

    id = "contact-centre.counted-immediately-resolved"
    title = {"en": "Calls resolved at once, counted rows", "da": "Straksafklarede kald, optalte rækker"}
    outcomes = counted(ImmediatelyResolved)
    words = {**ImmediatelyResolved.words, **NO_CALL}


@attrs.frozen
class CountedMeanWait(Counted, MeanWait):
    """The mean wait of all calls of a period together, of counted rows."""

    id = "contact-centre.counted-mean-wait"
    title = {"en": "Mean wait, counted rows", "da": "Gennemsnitlig ventetid, optalte rækker"}
    outcomes = counted(MeanWait)
    words = {**MeanWait.words, **NO_CALL}


@attrs.frozen
class CountedMedianWait(Counted, MedianWait):
    """The wait in whole seconds that half of the callers did not exceed, of counted rows."""

    id = "contact-centre.counted-median-wait"
    title = {"en": "Median wait, counted rows", "da": "Ventetid, median, optalte rækker"}
    outcomes = counted(MedianWait)
    words = {**MedianWait.words, **NO_CALL}


@attrs.frozen
class CountedP90Wait(Counted, P90Wait):
    """The wait in whole seconds that nine in ten callers did not exceed, of counted rows."""

    id = "contact-centre.counted-p90-wait"
    title = {"en": "Wait, 90th percentile, counted rows", "da": "Ventetid, 90 %-fraktil, optalte rækker"}
    outcomes = counted(P90Wait)
    words = {**P90Wait.words, **NO_CALL}


@attrs.frozen
class CountedP95Wait(Counted, P95Wait):
    """The wait in whole seconds that nineteen in twenty callers did not exceed, of counted rows."""

    id = "contact-centre.counted-p95-wait"
    title = {"en": "Wait, 95th percentile, counted rows", "da": "Ventetid, 95 %-fraktil, optalte rækker"}
    outcomes = counted(P95Wait)
    words = {**P95Wait.words, **NO_CALL}


@attrs.frozen
class CountedServiceLevel(Counted, ServiceLevel):
    """Share of the calls answered within `within_seconds`, of counted rows."""

    id = "contact-centre.counted-service-level"
    title = {
        "en": "Answered within the set seconds, counted rows",
        "da": "Besvaret inden for det fastsatte antal sekunder, optalte rækker",
    }
    outcomes = counted(ServiceLevel)
    words = {**ServiceLevel.words, **NO_CALL}
