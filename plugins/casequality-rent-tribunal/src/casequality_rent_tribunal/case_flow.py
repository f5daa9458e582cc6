"""The tribunal's stock and flow: the metrics of the case-flow plugin, of the tribunal's records and by its goals."""

from typing import Any

import attrs

import casequality as cq
import casequality_case_flow as case_flow
from casequality_rent_tribunal.records import TribunalCase
from casequality_rent_tribunal.sources import GOALS

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


ONLY_DECIDED = cq.outcomes(
    decided=cq.YES,
    settled=cq.NO,
    withdrawn=cq.NO,
    dismissed=cq.NO,
    ending_not_stated=cq.UNKNOWN,
    pending=cq.OPEN,
)


@attrs.frozen
class TribunalFlow(case_flow.Flow):
    """The flow of the tribunal's cases."""

    records = TribunalCase

    def days(self, cases: TribunalCase, as_of: cq.AsOf, /) -> Any:
        """Return how many days each case took, and of a case that is open none.

        Result version 1 leaves open how long such a case has lasted; to say it would narrow published bounds.
        """
        return cases.closed_on - cases.received_on


@attrs.frozen
class DecidedAgainstReceived(TribunalFlow, case_flow.Clearance):
    """Cases decided in a period for each case received in it; the goal is at least one for one over a year."""

    id = "rent-tribunal.decided-against-received"
    title = {"en": "Decided against received", "da": "Afgjorte i forhold til indkomne sager"}
    outcomes = ONLY_DECIDED
    citation = GOALS
    readings = cq.readings(decided=DECIDED)
    limits = {
        "en": "Cases received before the period and decided in it count as decided.",
        "da": "Sager, der er modtaget før perioden og afgjort i den, tæller som afgjort.",
    }


@attrs.frozen
class ClearanceRate(TribunalFlow, case_flow.Clearance):
    """Cases closed in a period, however they ended, for each case received in it."""

    id = "rent-tribunal.clearance-rate"


@attrs.frozen
class Received(TribunalFlow, case_flow.Inflow):
    """Cases received in a period."""

    id = "rent-tribunal.received"
    outcomes = ONLY_DECIDED


@attrs.frozen
class Closed(TribunalFlow, case_flow.Outflow):
    """Cases closed in a period, however they ended."""

    id = "rent-tribunal.closed"


@attrs.frozen
class ReceivedAgainstYearBefore(TribunalFlow, case_flow.InflowAgainstYearBefore):
    """Cases received in a period for each case received in the same period of the year before."""

    id = "rent-tribunal.received-against-year-before"
    outcomes = ONLY_DECIDED
    citation = GOALS


@attrs.frozen
class Backlog(TribunalFlow, case_flow.Stock):
    """Cases pending at a period's end."""

    id = "rent-tribunal.backlog"
    citation = GOALS


@attrs.frozen
class DispositionTime(TribunalFlow, case_flow.Disposition):
    """Days that the pending cases would last at the rate at which the period's cases were closed; a forecast."""

    id = "rent-tribunal.disposition-time"


@attrs.frozen
class PendingAge(TribunalFlow, case_flow.StockAge):
    """Mean age in days of the cases pending at a period's end."""

    id = "rent-tribunal.pending-age"


@attrs.frozen
class PendingAgeMedian(TribunalFlow, case_flow.StockAgeMedian):
    """Median age in days of the cases pending at a period's end."""

    id = "rent-tribunal.pending-age-median"


@attrs.frozen
class ProcessingTime(TribunalFlow, case_flow.Duration):
    """Mean days from receipt to closing of the cases closed in a period."""

    id = "rent-tribunal.processing-time"
    citation = GOALS
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
