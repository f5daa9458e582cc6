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


@attrs.frozen
class Counted(OfCalls):
    """What makes a metric of calls one of counted rows: it stands before that metric among the bases.

    A figure is that of as many single calls as the rows say; a row whose count is blank or unreadable leaves it in
    doubt. Each metric has a result version of its own, to be raised with that of the metric it counts like. It says its
    id; its title, outcomes and words are that metric's, with what counted rows add.
    """

    version = 1
    records = CountedCall

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if Counted not in cls.__bases__:
            return  # built on a metric below, whose rows are counted already
        [single] = (base for base in cls.__bases__ if issubclass(base, OfCalls) and base is not Counted)
        cls.title = {"en": f"{single.title['en']}, counted rows", "da": f"{single.title['da']}, optalte rækker"}
        # first, since a row that stands for no call is left out, whatever it says of calls
        cls.outcomes = cq.outcomes(no_call=cq.OUT, **single.outcomes.roles)
        cls.words = {**single.words, **NO_CALL}

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


@attrs.frozen
class CountedAnsweredShare(Counted, AnsweredShare):
    """Share of the calls that were answered, of counted rows."""

    id = "contact-centre.counted-answered-share"


@attrs.frozen
class CountedCalls(Counted, Calls):
    """How many calls reached the number, of counted rows."""

    id = "contact-centre.counted-calls"


@attrs.frozen
class CountedImmediatelyResolved(Counted, ImmediatelyResolved):
    """Share of the calls that the contact centre resolved at once and itself, of counted rows."""

    id = "contact-centre.counted-immediately-resolved"


@attrs.frozen
class CountedMeanWait(Counted, MeanWait):
    """The mean wait of all calls of a period together, of counted rows."""

    id = "contact-centre.counted-mean-wait"


@attrs.frozen
class CountedMedianWait(Counted, MedianWait):
    """The wait in whole seconds that half of the callers did not exceed, of counted rows."""

    id = "contact-centre.counted-median-wait"


@attrs.frozen
class CountedP90Wait(Counted, P90Wait):
    """The wait in whole seconds that nine in ten callers did not exceed, of counted rows."""

    id = "contact-centre.counted-p90-wait"


@attrs.frozen
class CountedP95Wait(Counted, P95Wait):
    """The wait in whole seconds that nineteen in twenty callers did not exceed, of counted rows."""

    id = "contact-centre.counted-p95-wait"


@attrs.frozen
class CountedServiceLevel(Counted, ServiceLevel):
    """Share of the calls answered within `within_seconds`, of counted rows."""

    id = "contact-centre.counted-service-level"
