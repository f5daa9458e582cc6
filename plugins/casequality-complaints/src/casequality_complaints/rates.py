"""Complaints for each thousand decisions, and the share of appealed decisions that did not stand."""

from __future__ import annotations

import attrs
import numpy as np

import casequality as cq
from casequality_complaints.records import Appeal, ComplaintCount
from casequality_complaints.sources import BOARD, REDUCTION

NOT_KNOWN = np.iinfo(np.int64).min


@attrs.frozen
class PerThousandDecisions(cq.Metric):
    """Complaints for each 1,000 decisions, of the units and months whose number of decisions is known."""

    id = "complaints.per-1000-decisions"
    version = 1
    title = {"en": "Complaints per 1,000 decisions", "da": "Klager pr. 1.000 afgørelser"}
    unit = cq.units.RATE
    statistic = cq.statistics.Ratio()
    records = ComplaintCount
    citation = REDUCTION
    higher_is_better = False
    limits = {
        "en": "Where decisions are not known there is no rate, and the complaints of that unit and month are in none.",
        "da": "Hvor antallet af afgørelser ikke er kendt, er der ingen rate, og enhedens klager den måned indgår ikke.",
    }
    outcomes = cq.outcomes(decisions_not_known=cq.UNKNOWN, complaints=cq.YES, decisions=cq.NO)
    words = {
        "decisions_not_known": {"en": "decisions not known", "da": "antal afgørelser ikke kendt"},
        "complaints": {"en": "complaints", "da": "klager"},
        "decisions": {"en": "decisions", "da": "afgørelser"},
    }

    def contribute(self, counts: ComplaintCount, as_of: cq.AsOf, /) -> dict[str, cq.Contribution]:
        """Return the complaints and the decisions of each unit and month, each a facet of one ratio."""
        unknown = counts.decisions == NOT_KNOWN
        known = np.where(unknown, 0, counts.decisions)
        return {
            facet: cq.Contribution(
                on=counts.month,
                outcome=self.outcomes.pick(
                    decisions_not_known=unknown, complaints=np.full(len(unknown), facet == "complaints")
                ),
                times=times,
            )
            for facet, times in (("complaints", counts.complaints), ("decisions", known))
        }


@attrs.frozen
class ReversalRate(cq.Metric):
    """Share of the appeals decided on their merits in which a decision was changed, revoked or sent back.

    An appeal of several decisions counts once, by what went furthest: changed, remitted, upheld, rejected.
    """

    id = "complaints.reversal-rate"
    version = 1
    title = {"en": "Reversal rate", "da": "Omgørelsesprocent"}
    unit = cq.units.SHARE
    records = Appeal
    citation = BOARD
    higher_is_better = False
    limits = {
        "en": "Only decisions that were appealed are in it: it is no error rate of all decisions. Late registration "
        "changes figures of past periods.",
        "da": "Kun påklagede afgørelser indgår: det er ikke en fejlprocent for alle afgørelser. Sen registrering "
        "ændrer tal for tidligere perioder.",
    }
    outcomes = cq.outcomes(
        pending=cq.OPEN, changed=cq.YES, remitted=cq.YES, upheld=cq.NO, rejected=cq.OUT, outcome_not_stated=cq.UNKNOWN
    )
    words = {
        "pending": {"en": "pending", "da": "verserende"},
        "changed": {"en": "changed or revoked", "da": "ændret eller ophævet"},
        "remitted": {"en": "remitted", "da": "hjemvist"},
        "upheld": {"en": "upheld", "da": "stadfæstet"},
        "rejected": {"en": "rejected or passed on", "da": "afvist eller henvist"},
        "outcome_not_stated": {"en": "decided, how is not stated", "da": "afgjort, hvordan er ikke oplyst"},
    }
    readings = cq.readings(
        rejected=cq.choose(
            literal="left_out",
            why={
                "en": "the board divides by what it changed, remitted and upheld",
                "da": "Ankestyrelsen dividerer med det, der er ændret, hjemvist og stadfæstet",
            },
            says={
                "left_out": {
                    "en": "rejected appeals are left out",
                    "da": "afviste klager holdes ude",
                },
                "counted": {
                    "en": "rejected appeals count as appeals in which the decision stood",
                    "da": "afviste klager tæller som klager, hvor afgørelsen stod ved magt",
                },
            },
            left_out={},
            counted={"rejected": cq.NO},
        ),
        cohort=cq.cohort(
            "closed",
            "received",
            why={
                "en": "the definition speaks of decided appeals, not of whether a period holds those received in it",
                "da": "definitionen taler om afgjorte klager og ikke om, hvorvidt en periode omfatter de modtagne",
            },
        ),
    )

    def contribute(self, appeals: Appeal, as_of: cq.AsOf, /) -> cq.Contribution:
        """Return the most far-reaching outcome of each appeal whose decisions are all settled."""
        parts = appeals.parts
        pending = ~parts.any() | parts.any(np.isnat(parts.rows.decided_on))
        furthest = {
            name: parts.any(parts.rows.outcome == name) for name in ("changed", "remitted", "upheld", "rejected")
        }
        decided = np.where(pending, np.datetime64("NaT", "D"), parts.worst(parts.rows.decided_on))
        return cq.Contribution(
            on=appeals.received_on, until=decided, outcome=self.outcomes.pick(pending=pending, **furthest)
        )
