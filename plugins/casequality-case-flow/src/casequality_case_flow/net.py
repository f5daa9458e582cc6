"""Times net of waiting: what is left of a case when the days in which it waited or was closed are taken out."""

from __future__ import annotations

from fractions import Fraction
from typing import ClassVar

import attrs
import numpy as np
import numpy.typing as npt

import casequality as cq
from casequality_case_flow.cases import FlowCase
from casequality_case_flow.deadlines import DecidedInTime
from casequality_case_flow.flow import CaseFlow, ProcessingTime


@attrs.frozen
class DecidedInTimeNet(DecidedInTime):
    """Share of cases decided within the deadline of their type, the clock standing still where that deadline allows."""

    id = "case-flow.decided-in-time-net"
    version = 3
    title = {
        "en": "Decided within the deadline of its type, net of waiting",
        "da": "Afgjort inden for sagstypens frist, ventetid fraregnet",
    }

    def owed(self, cases: FlowCase, as_of: cq.AsOf, /) -> cq.Owed:
        """Return when each case is due with its waits, and when it was closed."""
        waits = cases.waits.rows
        pauses = as_of.pauses(cases.waits, since=waits.since, until=waits.until, reason=waits.reason)
        due = as_of.due(self.deadlines, cases.received_on, kind=cases.kind, pauses=pauses)
        return cq.Owed(due=due, done=cases.closed_on)


@attrs.frozen
class NetProcessingTime(CaseFlow):
    """Mean days from receipt to the end of the cases of a period, less the days in which they waited."""

    id = "case-flow.net-processing-time"
    version = 1
    title = {
        "en": "Mean processing time, net of waiting",
        "da": "Gennemsnitlig sagsbehandlingstid, ventetid fraregnet",
    }
    unit = cq.units.DAYS
    statistic: ClassVar[cq.statistics.Statistic] = cq.statistics.Mean()
    higher_is_better = False
    citation = ProcessingTime.citation
    readings = ProcessingTime.readings
    limits = {
        "en": "Every registered wait is taken out, whatever its reason. Only cases that have ended are in it.",
        "da": "Al registreret ventetid er trukket fra, uanset årsag. Kun sager, der er afsluttet, indgår.",
    }

    def contribute(self, cases: FlowCase, as_of: cq.AsOf, /) -> cq.Contribution:
        """Return how each case ended and how many days it took, without those in which it waited."""
        flow = super().contribute(cases, as_of)
        net = cases.closed_on - cases.received_on - waited(cases)
        # nobody knows how long an open case has still to wait, so it has lasted nothing for certain
        amount = np.where(np.isnat(cases.closed_on), np.timedelta64(0, "D"), net)
        return attrs.evolve(flow, aged=False, amount=amount)


@attrs.frozen
class NetProcessingTimeMedian(NetProcessingTime):
    """The days, less those of waiting, within which half of the cases of a period ended."""

    id = "case-flow.net-processing-time-median"
    title = {"en": "Median processing time, net of waiting", "da": "Sagsbehandlingstid, median, ventetid fraregnet"}
    statistic = cq.statistics.Quantile(Fraction(1, 2))

    def contribute(self, cases: FlowCase, as_of: cq.AsOf, /) -> cq.Contribution:
        """Return how each case ended and how many days it took, in bins of a day."""
        flow = super().contribute(cases, as_of)
        return attrs.evolve(flow, amount=None, bins=flow.amount)


def waited(cases: FlowCase) -> npt.NDArray[np.timedelta64]:
    """Return how many days each closed case waited between receipt and end, shape (cases,); days that overlap once."""
    waits, far = cases.waits, (cases.waits.parents.astype(np.int64) + 1) << 32
    received, closed = waits.of_parent(cases.received_on), waits.of_parent(cases.closed_on)
    begin = np.fmax(waits.rows.since, received)
    end = np.fmin(np.where(np.isnat(waits.rows.until), closed, waits.rows.until), closed)
    known = ~(np.isnat(waits.rows.since) | np.isnat(received) | np.isnat(closed))
    # day numbers with each case far beyond the one before it, so that the latest end so far is never another case's
    first, last = (far + np.where(known, day.view(np.int64), -(1 << 31)) for day in (begin, end))
    latest = np.maximum.accumulate(np.append(np.int64(0), last))[:-1]
    days = np.maximum(last - np.maximum(first, latest), 0)
    found: npt.NDArray[np.timedelta64] = waits.sum(days, known).view("m8[D]")
    return found
