"""Cases that come in, are dealt with and remain: every figure from one tally."""

from fractions import Fraction

import attrs
import numpy as np

import casequality as cq
from casequality_rent_tribunal.records import TribunalCase
from casequality_rent_tribunal.sources import CEPEJ, GOALS

DECIDED = cq.choose(
    literal="decided",
    why={
        "en": "the goal says that as many cases are decided as come in, and elsewhere that cases are closed",
        "da": "målet siger, at der afgøres lige så mange sager, som der kommer ind, og andetsteds, at sager afsluttes",
    },
    decided={},
    decided_or_settled={"settled": cq.YES},
    closed={"settled": cq.YES, "withdrawn": cq.YES, "dismissed": cq.YES, "ending_not_stated": cq.YES},
    without_withdrawn={"withdrawn": cq.OUT},
    says={
        "decided": {
            "en": "only decisions count against the cases received; settled, withdrawn and dismissed ones do not",
            "da": "kun afgørelser tæller over for de indkomne sager; forlig, tilbagetrukne og afviste sager gør ikke",
        },
        "decided_or_settled": {
            "en": "decisions and settlements count against the cases received",
            "da": "afgørelser og forlig tæller over for de indkomne sager",
        },
        "closed": {
            "en": "every closed case counts against the cases received, however it ended",
            "da": "alle afsluttede sager tæller over for de indkomne sager, uanset hvordan de endte",
        },
        "without_withdrawn": {
            "en": "only decisions count, and withdrawn cases are left out of the cases received too",
            "da": "kun afgørelser tæller, og tilbagetrukne sager holdes også ude af de indkomne sager",
        },
    },
)


@attrs.frozen
class CaseFlow(cq.Metric):
    """Every case with its beginning, its end and how it ended."""

    records = TribunalCase
    outcomes = cq.outcomes(
        decided=cq.YES,
        settled=cq.NO,
        withdrawn=cq.NO,
        dismissed=cq.NO,
        ending_not_stated=cq.UNKNOWN,
        pending=cq.OPEN,
    )
    words = {
        "decided": {"en": "decided", "da": "afgjort"},
        "settled": {"en": "settled", "da": "forlig"},
        "withdrawn": {"en": "withdrawn", "da": "trukket tilbage"},
        "dismissed": {"en": "dismissed", "da": "afvist"},
        "ending_not_stated": {"en": "closed, ending not stated", "da": "afsluttet, udfald ikke oplyst"},
        "pending": {"en": "pending", "da": "verserende"},
    }

    def contribute(self, cases: TribunalCase, as_of: cq.AsOf) -> cq.Contribution:
        """Return how each case ended, how many days it took, and when it began and ended."""
        endings = {ending: cases.ending == ending for ending in ("decided", "settled", "withdrawn", "dismissed")}
        return cq.Contribution(
            on=cases.received_on,
            until=cases.closed_on,
            outcome=self.outcomes.pick(**endings, ending_not_stated=~np.isnat(cases.closed_on)),
            amount=cases.closed_on - cases.received_on,
            aged=True,
        )


class _Closing(CaseFlow):
    """A flow in which every way of closing a case counts."""

    outcomes = cq.outcomes(
        decided=cq.YES,
        settled=cq.YES,
        withdrawn=cq.YES,
        dismissed=cq.YES,
        ending_not_stated=cq.YES,
        pending=cq.OPEN,
    )


@attrs.frozen
class DecidedAgainstReceived(CaseFlow):
    """Cases decided in a period for each case received in it; the goal is at least one for one over a year."""

    id = "rent-tribunal.decided-against-received"
    title = {"en": "Decided against received", "da": "Afgjorte i forhold til indkomne sager"}
    statistic = cq.statistics.Flow("clearance")
    citation = GOALS
    higher_is_better = True
    readings = cq.readings(decided=DECIDED)
    limits = {
        "en": "Cases received before the period and decided in it count as decided.",
        "da": "Sager, der er modtaget før perioden og afgjort i den, tæller som afgjort.",
    }


@attrs.frozen
class ClearanceRate(_Closing):
    """Cases closed in a period, however they ended, for each case received in it."""

    id = "rent-tribunal.clearance-rate"
    title = {"en": "Clearance rate", "da": "Afviklingsgrad"}
    statistic = cq.statistics.Flow("clearance")
    citation = CEPEJ
    higher_is_better = True


@attrs.frozen
class Received(CaseFlow):
    """Cases received in a period."""

    id = "rent-tribunal.received"
    title = {"en": "Cases received", "da": "Indkomne sager"}
    unit = cq.CASES
    statistic = cq.statistics.Flow("inflow")


@attrs.frozen
class Closed(_Closing):
    """Cases closed in a period, however they ended."""

    id = "rent-tribunal.closed"
    title = {"en": "Cases closed", "da": "Afsluttede sager"}
    unit = cq.CASES
    statistic = cq.statistics.Flow("outflow")


@attrs.frozen
class ReceivedAgainstYearBefore(CaseFlow):
    """Cases received in a period for each case received in the same period of the year before."""

    id = "rent-tribunal.received-against-year-before"
    title = {"en": "Cases received, against the year before", "da": "Indkomne sager i forhold til året før"}
    statistic = cq.statistics.Flow("against year before")
    citation = GOALS


@attrs.frozen
class Backlog(_Closing):
    """Cases pending at a period's end."""

    id = "rent-tribunal.backlog"
    title = {"en": "Cases pending at the end", "da": "Verserende sager ved periodens slutning"}
    unit = cq.CASES
    statistic = cq.statistics.Flow("stock")
    citation = GOALS
    higher_is_better = False


@attrs.frozen
class DispositionTime(_Closing):
    """Days that the pending cases would last at the rate at which the period's cases were closed; a forecast."""

    id = "rent-tribunal.disposition-time"
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
class PendingAge(_Closing):
    """Mean age in days of the cases pending at a period's end."""

    id = "rent-tribunal.pending-age"
    title = {"en": "Mean age of pending cases", "da": "Verserende sagers gennemsnitlige alder"}
    unit = cq.DAYS
    statistic = cq.statistics.PendingAge()
    higher_is_better = False


@attrs.frozen
class PendingAgeMedian(_Closing):
    """Median age in days of the cases pending at a period's end."""

    id = "rent-tribunal.pending-age-median"
    title = {"en": "Median age of pending cases", "da": "Verserende sagers medianalder"}
    unit = cq.DAYS
    statistic = cq.statistics.PendingAge(Fraction(1, 2))
    higher_is_better = False


@attrs.frozen
class ProcessingTime(_Closing):
    """Mean days from receipt to closing of the cases closed in a period."""

    id = "rent-tribunal.processing-time"
    title = {"en": "Mean processing time", "da": "Gennemsnitlig sagsbehandlingstid"}
    unit = cq.DAYS
    statistic = cq.statistics.Mean()
    citation = GOALS
    higher_is_better = False
    readings = cq.readings(
        cohort=cq.cohort(
            "closed",
            "received",
            why={
                "en": "the goal says that the processing time must not grow, and not of which cases",
                "da": "målet siger, at sagsbehandlingstiden ikke må øges, men ikke for hvilke sager",
            },
        )
    )
    limits = {
        "en": "Of cases that have ended: while a backlog grows, those that take longest are not in it yet.",
        "da": "Kun for sager, der er afsluttet: Mens sagsbunken vokser, er de sager, der tager længst tid, endnu ikke "
        "med.",
    }
