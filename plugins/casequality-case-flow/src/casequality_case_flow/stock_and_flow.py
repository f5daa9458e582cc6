"""Cases that come in, are dealt with and remain, and how long they take: the metrics, of whatever record type."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, ClassVar

import attrs
import numpy as np

import casequality as cq
from casequality_case_flow.sources import CEPEJ

ENDINGS = ("decided", "settled", "withdrawn", "dismissed")


@attrs.frozen
class Flow(cq.Metric):
    """Every case with its beginning, its end and how it ended; a subclass binds `records`.

    The record type has the days `received_on` and `closed_on` and the code `ending` with the labels decided, settled,
    withdrawn and dismissed. Write one class that binds it, `class OurFlow(Flow): records = OurCase`, and each metric as
    `class Received(OurFlow, Inflow)` with an id of its own: metrics that share the first are counted in one go.
    """

    words = {
        "decided": {"en": "decided", "da": "afgjort"},
        "settled": {"en": "settled", "da": "forlig"},
        "withdrawn": {"en": "withdrawn", "da": "trukket tilbage"},
        "dismissed": {"en": "dismissed", "da": "afvist"},
        "ending_not_stated": {"en": "closed, ending not stated", "da": "afsluttet, udfald ikke oplyst"},
        "pending": {"en": "pending", "da": "verserende"},
    }
    outcomes = cq.outcomes(**dict.fromkeys((*ENDINGS, "ending_not_stated"), cq.YES), pending=cq.OPEN)

    def contribute(self, cases: Any, as_of: cq.AsOf, /) -> cq.Contribution:
        """Return how each case ended, how many days it took or has lasted, and when it began and ended."""
        endings = {ending: cases.ending == ending for ending in ENDINGS}
        return cq.Contribution(
            on=cases.received_on,
            until=cases.closed_on,
            outcome=self.outcomes.pick(**endings, ending_not_stated=~np.isnat(cases.closed_on)),
            amount=self.days(cases, as_of),
            aged=True,
        )

    def days(self, cases: Any, as_of: cq.AsOf, /) -> Any:
        """Return how many days each case took, or has lasted; an area that leaves the latter open says so here."""
        return as_of.lasted(cases.received_on, cases.closed_on)


@attrs.frozen
class Inflow(Flow):
    """Cases received in a period."""

    title = {"en": "Cases received", "da": "Indkomne sager"}
    unit = cq.units.CASES
    statistic = cq.statistics.Flow("inflow")


@attrs.frozen
class Outflow(Flow):
    """Cases closed in a period, however they ended."""

    title = {"en": "Cases closed", "da": "Afsluttede sager"}
    unit = cq.units.CASES
    statistic = cq.statistics.Flow("outflow")


@attrs.frozen
class InflowAgainstYearBefore(Flow):
    """Cases received in a period for each case received in the same period of the year before."""

    title = {"en": "Cases received, against the year before", "da": "Indkomne sager i forhold til året før"}
    statistic = cq.statistics.Flow("against year before")


@attrs.frozen
class Stock(Flow):
    """Cases pending at a period's end."""

    title = {"en": "Cases pending at the end", "da": "Verserende sager ved periodens slutning"}
    unit = cq.units.CASES
    statistic = cq.statistics.Flow("stock")
    higher_is_better = False


@attrs.frozen
class Clearance(Flow):
    """Cases closed in a period, however they ended, for each case received in it."""

    title = {"en": "Clearance rate", "da": "Afviklingsgrad"}
    statistic = cq.statistics.Flow("clearance")
    citation = CEPEJ
    higher_is_better = True


@attrs.frozen
class Disposition(Flow):
    """Days that the pending cases would last at the rate at which the period's cases were closed; a forecast."""

    title = {"en": "Disposition time", "da": "Beregnet afviklingstid"}
    unit = cq.units.DAYS
    statistic = cq.statistics.Flow("disposition time")
    citation = CEPEJ
    higher_is_better = False
    limits = {
        "en": "Calculated from counts; it is not the mean time that cases took. It counts the days that the period "
        "has, so a leap year has 366; the European measure takes 365 for every year.",
        "da": "Beregnet ud fra antal sager; det er ikke den tid, sagerne i gennemsnit har taget. Der regnes med de "
        "dage, perioden har, så et skudår har 366; det europæiske mål regner med 365 for hvert år.",
    }


@attrs.frozen
class StockAge(Flow):
    """Mean age in days of the cases pending at a period's end."""

    title = {"en": "Mean age of pending cases", "da": "Verserende sagers gennemsnitlige alder"}
    unit = cq.units.DAYS
    statistic = cq.statistics.PendingAge()
    higher_is_better = False


@attrs.frozen
class StockAgeMedian(Flow):
    """Median age in days of the cases pending at a period's end."""

    title = {"en": "Median age of pending cases", "da": "Verserende sagers medianalder"}
    unit = cq.units.DAYS
    statistic = cq.statistics.PendingAge(Fraction(1, 2))
    higher_is_better = False


@attrs.frozen
class Duration(Flow):
    """Mean days from receipt to the end of the cases of a period."""

    title = {"en": "Mean processing time", "da": "Gennemsnitlig sagsbehandlingstid"}
    unit = cq.units.DAYS
    statistic: ClassVar[cq.statistics.Statistic] = cq.statistics.Mean()
    higher_is_better = False
    limits = {
        "en": "Of cases that have ended: while a backlog grows, those that take longest are not in it yet.",
        "da": "Kun for sager, der er afsluttet: Mens sagsbunken vokser, er de sager, der tager længst tid, endnu ikke "
        "med.",
    }


@attrs.frozen
class DurationMedian(Duration):
    """The days within which half of the cases of a period ended."""

    title = {"en": "Median processing time", "da": "Sagsbehandlingstid, median"}
    statistic = cq.statistics.Quantile(Fraction(1, 2))

    def contribute(self, cases: Any, as_of: cq.AsOf, /) -> cq.Contribution:
        """Return how each case ended and how many days it took, in bins of a day."""
        flow = super().contribute(cases, as_of)
        return attrs.evolve(flow, aged=False, amount=None, bins=flow.amount)
