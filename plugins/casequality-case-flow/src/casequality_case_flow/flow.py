"""The stock and flow of the cases of a register, and how long they take: every figure but the median from one tally."""

from __future__ import annotations

import attrs

import casequality as cq
from casequality_case_flow.cases import FlowCase
from casequality_case_flow.sources import MEASURED_TIMES, STOCK
from casequality_case_flow.stock_and_flow import (
    Clearance,
    Disposition,
    Duration,
    DurationMedian,
    Flow,
    Inflow,
    InflowAgainstYearBefore,
    Outflow,
    Stock,
    StockAge,
    StockAgeMedian,
)

DEALT_WITH = cq.choose(
    usual="closed",
    why={
        "en": "the sources do not say whether a case that ends without a decision has been dealt with",
        "da": "kilderne siger ikke, om en sag, der ender uden en afgørelse, er afviklet",
    },
    says={
        "closed": {
            "en": "a case is dealt with when it is closed, however it ended",
            "da": "en sag er afviklet, når den er afsluttet, uanset hvordan den endte",
        },
        "decided": {
            "en": "only cases that were decided are dealt with; those that ended otherwise are left out altogether, "
            "and of one whose ending is not stated nobody knows which it is",
            "da": "kun afgjorte sager er afviklet; de, der endte på anden måde, holdes helt ude, og om en, hvis udfald "
            "ikke er oplyst, ved ingen, hvad der gælder",
        },
    },
    closed={},
    decided={**dict.fromkeys(("settled", "withdrawn", "dismissed"), cq.OUT), "ending_not_stated": cq.UNKNOWN},
)


@attrs.frozen
class CaseFlow(Flow):
    """The flow of `FlowCase`, which says that a case is dealt with, where other sources say closed."""

    records = FlowCase
    readings = cq.readings(dealt_with=DEALT_WITH)


@attrs.frozen
class Received(CaseFlow, Inflow):
    """Cases received in a period."""

    id = "case-flow.received"
    version = 2
    citation = STOCK


@attrs.frozen
class Closed(CaseFlow, Outflow):
    """Cases dealt with in a period."""

    id = "case-flow.closed"
    title = {"en": "Cases dealt with", "da": "Afviklede sager"}
    citation = STOCK


@attrs.frozen
class ReceivedAgainstYearBefore(CaseFlow, InflowAgainstYearBefore):
    """Cases received in a period for each case received in the same period of the year before."""

    id = "case-flow.received-against-year-before"
    version = 2
    citation = STOCK


@attrs.frozen
class Backlog(CaseFlow, Stock):
    """Cases pending at a period's end."""

    id = "case-flow.backlog"
    version = 2
    citation = STOCK


@attrs.frozen
class ClearanceRate(CaseFlow, Clearance):
    """Cases dealt with in a period for each case received in it."""

    id = "case-flow.clearance-rate"
    version = 2


@attrs.frozen
class DispositionTime(CaseFlow, Disposition):
    """Days that the pending cases would last at the rate at which the period's cases were dealt with; a forecast."""

    id = "case-flow.disposition-time"
    version = 2


@attrs.frozen
class PendingAge(CaseFlow, StockAge):
    """Mean age in days of the cases pending at a period's end."""

    id = "case-flow.pending-age"
    version = 2
    citation = STOCK


@attrs.frozen
class PendingAgeMedian(CaseFlow, StockAgeMedian):
    """Median age in days of the cases pending at a period's end."""

    id = "case-flow.pending-age-median"
    version = 2
    citation = STOCK


@attrs.frozen
class ProcessingTime(CaseFlow, Duration):
    """Mean days from receipt to the end of the cases of a period."""

    id = "case-flow.processing-time"
    citation = MEASURED_TIMES
    readings = cq.readings(dealt_with=DEALT_WITH, cohort=cq.cohort("closed", "received"))


@attrs.frozen
class ProcessingTimeMedian(CaseFlow, DurationMedian):
    """The days within which half of the cases of a period ended."""

    id = "case-flow.processing-time-median"
    citation = MEASURED_TIMES
    readings = ProcessingTime.readings
