"""Cases that come in, are dealt with and remain, and how long they take: every figure from one tally."""

from __future__ import annotations

from fractions import Fraction
from typing import ClassVar

import attrs
import numpy as np

import casequality as cq
from casequality_case_flow.cases import FlowCase
from casequality_case_flow.sources import CEPEJ, MEASURED_TIMES, STOCK

ENDINGS = ("decided", "settled", "withdrawn", "dismissed")
ENDED = {
    "decided": {"en": "decided", "da": "afgjort"},
    "settled": {"en": "settled", "da": "forlig"},
    "withdrawn": {"en": "withdrawn", "da": "trukket tilbage"},
    "dismissed": {"en": "dismissed", "da": "afvist"},
    "ending_not_stated": {"en": "closed, ending not stated", "da": "afsluttet, udfald ikke oplyst"},
    "pending": {"en": "pending", "da": "verserende"},
}
ALL_ENDINGS = ("settled", "withdrawn", "dismissed", "ending_not_stated")
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
            "en": "only cases that were decided are dealt with; those that ended otherwise are left out altogether",
            "da": "kun afgjorte sager er afviklet; de, der endte på anden måde, holdes helt ude",
        },
    },
    closed={},
    decided=dict.fromkeys(ALL_ENDINGS, cq.OUT),
)
ENDED_ONLY = {
    "en": "Of cases that have ended: while a backlog grows, those that take longest are not in it yet.",
    "da": "Kun for sager, der er afsluttet: Mens sagsbunken vokser, er de sager, der tager længst tid, endnu ikke med.",
}


@attrs.frozen
class Flow(cq.Metric):
    """Every case with its beginning, its end and how it ended."""

    records = FlowCase
    words = ENDED
    outcomes = cq.outcomes(**dict.fromkeys((*ENDINGS, "ending_not_stated"), cq.YES), pending=cq.OPEN)
    readings = cq.readings(dealt_with=DEALT_WITH)

    def contribute(self, cases: FlowCase, as_of: cq.AsOf, /) -> cq.Contribution:
        """Return how each case ended, how many days it took or has lasted, and when it began and ended."""
        endings = {ending: cases.ending == ending for ending in ENDINGS}
        return cq.Contribution(
            on=cases.received_on,
            until=cases.closed_on,
            outcome=self.outcomes.pick(**endings, ending_not_stated=~np.isnat(cases.closed_on)),
            amount=as_of.lasted(cases.received_on, cases.closed_on),
            aged=True,
        )


@attrs.frozen
class Received(Flow):
    """Cases received in a period."""

    id = "case-flow.received"
    title = {"en": "Cases received", "da": "Indkomne sager"}
    unit = cq.CASES
    statistic = cq.statistics.Flow("inflow")
    citation = STOCK


@attrs.frozen
class Closed(Flow):
    """Cases dealt with in a period."""

    id = "case-flow.closed"
    title = {"en": "Cases dealt with", "da": "Afviklede sager"}
    unit = cq.CASES
    statistic = cq.statistics.Flow("outflow")
    citation = STOCK


@attrs.frozen
class ReceivedAgainstYearBefore(Flow):
    """Cases received in a period for each case received in the same period of the year before."""

    id = "case-flow.received-against-year-before"
    title = {"en": "Cases received, against the year before", "da": "Indkomne sager i forhold til året før"}
    statistic = cq.statistics.Flow("against year before")
    citation = STOCK


@attrs.frozen
class Backlog(Flow):
    """Cases pending at a period's end."""

    id = "case-flow.backlog"
    title = {"en": "Cases pending at the end", "da": "Verserende sager ved periodens slutning"}
    unit = cq.CASES
    statistic = cq.statistics.Flow("stock")
    citation = STOCK
    higher_is_better = False


@attrs.frozen
class ClearanceRate(Flow):
    """Cases dealt with in a period for each case received in it."""

    id = "case-flow.clearance-rate"
    title = {"en": "Clearance rate", "da": "Afviklingsgrad"}
    statistic = cq.statistics.Flow("clearance")
    citation = CEPEJ
    higher_is_better = True


@attrs.frozen
class DispositionTime(Flow):
    """Days that the pending cases would last at the rate at which the period's cases were dealt with; a forecast."""

    id = "case-flow.disposition-time"
    title = {"en": "Disposition time", "da": "Beregnet afviklingstid"}
    unit = cq.DAYS
    statistic = cq.statistics.Flow("disposition time")
    citation = CEPEJ
    higher_is_better = False
    limits = {
        "en": "Calculated from counts; it is not the mean time that cases took.",
        "da": "Beregnet ud fra antal sager; det er ikke den tid, sagerne i gennemsnit har taget.",
    }


@attrs.frozen
class PendingAge(Flow):
    """Mean age in days of the cases pending at a period's end."""

    id = "case-flow.pending-age"
    title = {"en": "Mean age of pending cases", "da": "Verserende sagers gennemsnitlige alder"}
    unit = cq.DAYS
    statistic = cq.statistics.PendingAge()
    citation = STOCK
    higher_is_better = False


@attrs.frozen
class PendingAgeMedian(Flow):
    """Median age in days of the cases pending at a period's end."""

    id = "case-flow.pending-age-median"
    title = {"en": "Median age of pending cases", "da": "Verserende sagers medianalder"}
    unit = cq.DAYS
    statistic = cq.statistics.PendingAge(Fraction(1, 2))
    citation = STOCK
    higher_is_better = False


@attrs.frozen
class ProcessingTime(Flow):
    """Mean days from receipt to the end of the cases of a period."""

    id = "case-flow.processing-time"
    title = {"en": "Mean processing time", "da": "Gennemsnitlig sagsbehandlingstid"}
    unit = cq.DAYS
    statistic: ClassVar[cq.statistics.Statistic] = cq.statistics.Mean()
    citation = MEASURED_TIMES
    higher_is_better = False
    readings = cq.readings(dealt_with=DEALT_WITH, cohort=cq.cohort("closed", "received"))
    limits = ENDED_ONLY


@attrs.frozen
class ProcessingTimeMedian(ProcessingTime):
    """The days within which half of the cases of a period ended."""

    id = "case-flow.processing-time-median"
    title = {"en": "Median processing time", "da": "Sagsbehandlingstid, median"}
    statistic = cq.statistics.Quantile(Fraction(1, 2))

    def contribute(self, cases: FlowCase, as_of: cq.AsOf, /) -> cq.Contribution:
        """Return how each case ended and how many days it took, in bins of a day."""
        flow = super().contribute(cases, as_of)
        return attrs.evolve(flow, aged=False, amount=None, bins=flow.amount)
