"""Dead periods: how long a case stands still without an outside cause, and what that costs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import attrs
import numpy as np
import numpy.typing as npt

import casequality as cq
from casequality_case_flow.holding import CLASSES, IDLE, UNEXPLAINED, Spans, Stretches, stretches
from casequality_case_flow.logs import LoggedCase
from casequality_case_flow.sources import DEAD_PERIODS
from casequality_case_flow.standstill_words import HOLDERS, OPEN_CASES, STATES, WITHOUT, unexplained_time

PERIODS = cq.units.Unit("periods", "perioder", "periods", decimals=0)


@attrs.frozen
class Logged(cq.Metric):
    """A measure of cases from the log of their events.

    threshold: from how long on a standstill counts, such as "14 calendar days" or "10 working days".
    """

    records = LoggedCase
    citation = DEAD_PERIODS
    higher_is_better: ClassVar[bool | None] = False
    words = STATES
    limits = {
        "en": "The log says who holds a case only from one event to the next; what it does not hold is unexplained.",
        "da": "Loggen viser kun, hos hvem en sag ligger, fra én hændelse til den næste; resten er uforklaret.",
    }
    threshold: str = "14 calendar days"

    def __attrs_post_init__(self) -> None:
        cq.deadlines.Term.parse(self.threshold, where=f"{self.id}, threshold")

    def stretches(self, cases: LoggedCase, as_of: cq.AsOf) -> Stretches:
        """Return the stretches of cases between their events."""
        return stretches(cases, as_of, cq.deadlines.Term.parse(self.threshold))


@attrs.frozen
class TimeByHolder(Logged):
    """Mean time that a case spends in each class of who holds it; the classes add up to decision minus receipt."""

    id = "case-flow.time-by-holder"
    version = 1
    title = {"en": "Time by who holds the case", "da": "Tid efter, hos hvem sagen ligger"}
    unit = cq.units.Unit("days", "dage", "days", cq.units.SECONDS.scale / 86_400)
    statistic = cq.statistics.Mean()
    higher_is_better: ClassVar[bool | None] = None
    outcomes = cq.outcomes(undated=cq.UNKNOWN, decided=cq.YES, open=cq.OUT)
    words = {**STATES, **HOLDERS}
    readings = cq.readings(cohort=cq.cohort("closed", "received"), open_cases=OPEN_CASES)

    def contribute(self, cases: LoggedCase, as_of: cq.AsOf, /) -> dict[str, cq.Contribution]:
        """Return each case's microseconds by class, a facet each."""
        found = self.stretches(cases, as_of)
        return self.facets(cases, found, found.in_class())

    def facets(self, cases: LoggedCase, found: Stretches, spans: Mapping[str, Spans]) -> dict[str, cq.Contribution]:
        """Return a facet for each named span, (cases,), counted once the case is decided."""
        outcome = self.outcomes.pick(undated=found.undated, decided=~np.isnat(cases.decided_at))
        return {
            name: cq.Contribution(on=cases.received_at, until=cases.decided_at, outcome=outcome, amount=span)
            for name, span in spans.items()
        }


@attrs.frozen
class DeadTimeShare(Logged):
    """Share of the processing time of decided cases in which the case stood still without an outside cause."""

    id = "case-flow.dead-time-share"
    version = 1
    title = {"en": "Dead time of the processing time", "da": "Død tid af sagsbehandlingstiden"}
    unit = cq.units.SHARE
    statistic = cq.statistics.Ratio()
    outcomes = cq.outcomes(undated=cq.UNKNOWN, open=cq.OUT, internal_idle=cq.YES, unexplained=cq.OUT, elapsed=cq.NO)
    words = {**STATES, **HOLDERS, "elapsed": {"en": "processing time", "da": "sagsbehandlingstid"}}
    readings = cq.readings(
        cohort=cq.cohort("closed", "received"),
        unexplained=unexplained_time({"not_dead": {}, "dead": {"unexplained": cq.YES}}),
    )

    def contribute(self, cases: LoggedCase, as_of: cq.AsOf, /) -> dict[str, cq.Contribution]:
        """Return, a facet each, the microseconds of standstill and all those of the case."""
        found = self.stretches(cases, as_of)
        spans = found.in_class()
        times = {"internal_idle": spans["internal_idle"], "unexplained": spans["unexplained"], "elapsed": found.lasting}
        undecided = np.isnat(cases.decided_at)
        given = {}
        for name, span in times.items():
            is_it = {each: np.full(len(cases), each == name) for each in ("internal_idle", "unexplained")}
            outcome = self.outcomes.pick(undated=found.undated, open=undecided, **is_it)
            times_counted = span.view(np.int64)
            given[name] = cq.Contribution(
                on=cases.received_at, until=cases.decided_at, outcome=outcome, times=times_counted
            )
        return given


@attrs.frozen
class DeadPeriods(Logged):
    """Number of standstills longer than the threshold that no outside cause explains, of open and decided cases."""

    id = "case-flow.dead-periods"
    version = 1
    title = {"en": "Dead periods", "da": "Døde perioder"}
    unit = PERIODS
    statistic = cq.statistics.Count()
    limits = {
        "en": f"{Logged.limits['en']} Of an open case the standstills so far are counted; it may stand still again.",
        "da": f"{Logged.limits['da']} For en åben sag tælles stilstandene indtil nu; den kan gå i stå igen.",
    }
    outcomes = cq.outcomes(undated=cq.UNKNOWN, standstill=cq.YES, without=cq.NO, open_without=cq.OPEN)
    words = {**STATES, **HOLDERS, **WITHOUT, "standstill": {"en": "standstill", "da": "stilstand"}}
    readings = cq.readings(cohort=cq.cohort("received", "closed"))

    def contribute(self, cases: LoggedCase, as_of: cq.AsOf, /) -> dict[str, cq.Contribution]:
        """Return how many standstills each case has: with the administration, and unexplained."""
        found = self.stretches(cases, as_of)
        return {CLASSES[held]: self._of(cases, found, found.number(held)) for held in (IDLE, UNEXPLAINED)}

    def _of(self, cases: LoggedCase, found: Stretches, number: npt.NDArray[Any]) -> cq.Contribution:
        outcome = self.outcomes.pick(undated=found.undated, standstill=number > 0, without=~np.isnat(cases.decided_at))
        times = np.where(found.undated, 0, np.maximum(number, 1))  # how often those stood still nobody knows
        return cq.Contribution(on=cases.received_at, until=cases.decided_at, outcome=outcome, times=times)


@attrs.frozen
class WithDeadPeriod(Logged):
    """Share of cases that stood still for longer than the threshold without an outside cause."""

    id = "case-flow.with-dead-period"
    version = 1
    title = {"en": "Cases with a dead period", "da": "Sager med en død periode"}
    unit = cq.units.SHARE
    outcomes = cq.outcomes(
        undated=cq.UNKNOWN, internal_idle=cq.YES, unexplained=cq.UNKNOWN, without=cq.NO, open_without=cq.OPEN
    )
    words = {**STATES, **HOLDERS, **WITHOUT}
    readings = cq.readings(
        cohort=cq.cohort("closed", "received"),
        unexplained=unexplained_time(
            {"unsettled": {}, "dead": {"unexplained": cq.YES}, "not_dead": {"unexplained": cq.NO}}
        ),
    )

    def contribute(self, cases: LoggedCase, as_of: cq.AsOf, /) -> cq.Contribution:
        """Return whether each case had a standstill, and whether anybody is recorded as holding it then."""
        found = self.stretches(cases, as_of)
        outcome = self.outcomes.pick(
            undated=found.undated,
            internal_idle=found.number(IDLE) > 0,
            unexplained=found.number(UNEXPLAINED) > 0,
            without=~np.isnat(cases.decided_at),
        )
        return cq.Contribution(on=cases.received_at, until=cases.decided_at, outcome=outcome)
