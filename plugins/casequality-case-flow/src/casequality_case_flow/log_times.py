"""How long cases take by their logs: gross and net, the longest gap, and standstill in hours and minutes."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, ClassVar, Final

import attrs
import numpy as np

import casequality as cq
from casequality_case_flow.dead_periods import Logged, TimeByHolder
from casequality_case_flow.holding import (
    CITIZEN,
    CLASSES,
    IDLE,
    STATUTORY,
    THIRD_PARTY,
    UNEXPLAINED,
    Stretches,
    stretches,
)
from casequality_case_flow.logs import LoggedCase
from casequality_case_flow.sources import DEAD_PERIODS
from casequality_case_flow.standstill_words import OPEN_CASES, STATES

HOUR: Final = 3_600_000_000
"""The microseconds of an hour, in whole ones of which a median is found."""
OUTSIDE: Final = tuple(CLASSES[held] for held in (CITIZEN, THIRD_PARTY, STATUTORY))
"""With whom a case lies in the time that is taken out of net times."""
IN_DAYS, IN_HOURS, IN_MINUTES = (
    cq.units.Unit(en, da, en, cq.units.SECONDS.scale / seconds)
    for en, da, seconds in (("days", "dage", 86_400), ("hours", "timer", 3_600), ("minutes", "minutter", 60))
)
ANY: Final = cq.deadlines.Term.parse("1 calendar day")
"""A threshold, where none matters."""
IN_WHOLE_HOURS: Final = {
    "en": "Found among whole hours: up to an hour more than is said.",
    "da": "Fundet blandt hele timer: op til en time mere end angivet.",
}


@attrs.frozen
class IdleHours(TimeByHolder):
    """Mean hours that a case stands still, with the administration and where the log does not explain it."""

    id = "case-flow.idle-hours"
    version = 1
    title = {"en": "Standstill in hours", "da": "Stilstand i timer"}
    unit = IN_HOURS
    higher_is_better: ClassVar[bool | None] = False

    def contribute(self, cases: LoggedCase, as_of: cq.AsOf, /) -> dict[str, cq.Contribution]:
        """Return each case's microseconds of standstill, a facet each."""
        found = self.stretches(cases, as_of)
        spans = found.in_class()
        return self.facets(cases, found, {CLASSES[held]: spans[CLASSES[held]] for held in (IDLE, UNEXPLAINED)})


@attrs.frozen
class IdleMinutes(IdleHours):
    """Mean minutes that a case stands still, with the administration and where the log does not explain it."""

    id = "case-flow.idle-minutes"
    title = {"en": "Standstill in minutes", "da": "Stilstand i minutter"}
    unit = IN_MINUTES


@attrs.frozen
class LogTime(cq.Metric):
    """A length of time of each case from its log, whatever stands still in it; decided cases count."""

    unit = IN_DAYS
    records = LoggedCase
    citation = DEAD_PERIODS
    higher_is_better: ClassVar[bool | None] = False
    limits: ClassVar[Any] = Logged.limits
    outcomes = cq.outcomes(undated=cq.UNKNOWN, decided=cq.YES, open=cq.OUT)
    words = STATES
    readings = cq.readings(cohort=cq.cohort("closed", "received"), open_cases=OPEN_CASES)

    def lasting(self, cases: LoggedCase, found: Stretches) -> Any:
        """Return the length of each case; shape (cases,)."""
        raise NotImplementedError

    def counted(self, spans: Any) -> dict[str, Any]:
        """Return the lengths as a mean or a quantile takes them."""
        return {"amount": spans}

    def contribute(self, cases: LoggedCase, as_of: cq.AsOf, /) -> cq.Contribution:
        """Return the length of each case."""
        found = stretches(cases, as_of, ANY)
        outcome = self.outcomes.pick(undated=found.undated, decided=~np.isnat(cases.decided_at))
        times = self.counted(self.lasting(cases, found))
        return cq.Contribution(on=cases.received_at, until=cases.decided_at, outcome=outcome, **times)


@attrs.frozen
class Ranked(LogTime):
    """A quantile of lengths of time, in whole hours."""

    statistic: ClassVar[cq.statistics.Statistic] = cq.statistics.Quantile(Fraction(1, 2), bin=HOUR)
    limits = IN_WHOLE_HOURS

    def counted(self, spans: Any) -> dict[str, Any]:
        """Return the whole hours."""
        return {"bins": spans.view(np.int64) // HOUR}


@attrs.frozen
class GrossTimeMedian(Ranked):
    """The time within which half of the cases of a period were decided, from receipt on."""

    id = "case-flow.gross-time-median"
    version = 1
    title = {"en": "Median time from receipt to decision", "da": "Bruttosagsbehandlingstid, median"}

    def lasting(self, cases: LoggedCase, found: Stretches) -> Any:
        """Return how long each case lasted."""
        return found.lasting


@attrs.frozen
class NetTimeMedian(Ranked):
    """The same, less the time in which a case lay with the citizen, a third party or in a statutory step."""

    id = "case-flow.net-time-median"
    version = 1
    title = {"en": "Median time with the administration", "da": "Nettosagsbehandlingstid, median"}

    def lasting(self, cases: LoggedCase, found: Stretches) -> Any:
        """Return how long each case lay with the administration, or nobody knows with whom."""
        spans = found.in_class()
        return found.lasting - sum((spans[held] for held in OUTSIDE), np.timedelta64(0, "us"))


@attrs.frozen
class LongestGap(LogTime):
    """Mean of the longest time in which nothing was recorded in a case, whoever held it."""

    id = "case-flow.longest-gap"
    version = 1
    title = {"en": "Longest gap of a case", "da": "Længste ophold i en sag"}
    statistic: ClassVar[cq.statistics.Statistic] = cq.statistics.Mean()

    def lasting(self, cases: LoggedCase, found: Stretches) -> Any:
        """Return the longest stretch of each case."""
        longest = np.zeros(len(cases), "m8[us]")
        np.maximum.at(longest, found.case, found.span)
        return longest


@attrs.frozen
class LongestGapOfAll(Ranked):
    """The longest time in which nothing was recorded in any case of a period."""

    id = "case-flow.longest-gap-of-all"
    version = 1
    title = {"en": "Longest gap of all cases", "da": "Længste ophold i nogen sag"}
    statistic: ClassVar[cq.statistics.Statistic] = cq.statistics.Quantile(Fraction(1), bin=HOUR)

    lasting = LongestGap.lasting
