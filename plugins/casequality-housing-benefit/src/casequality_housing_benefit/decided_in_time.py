"""The share of decisions made within the deadline that is set for their type."""

from __future__ import annotations

import attrs
import numpy as np

import casequality as cq
from casequality_housing_benefit.applications import GOALS, WORDS, waiting
from casequality_housing_benefit.records import BenefitCase


@attrs.frozen
class DecidedInTime(cq.Metric):
    """Share of applications decided within the deadline of their type, counted from receipt.

    deadlines: the schedule of deadlines by case type, or its id in the project file ([deadlines.benefits]).
    """

    id = "housing-benefit.decided-in-time"
    version = 2
    title = {"en": "Decided within the set deadline", "da": "Afgjort inden for sagsbehandlingsfristen"}
    unit = cq.units.SHARE
    records = BenefitCase
    citation = GOALS
    higher_is_better = True
    limits = {
        "en": "The deadlines are the municipality's own and not in the source; the one in force on the day of receipt "
        "is taken. The time that a case waits for the applicant is not left out.",
        "da": "Fristerne er kommunens egne og står ikke i kilden; den frist, der gælder på modtagelsesdagen, er brugt. "
        "Den tid, hvor sagen venter på ansøgeren, er ikke trukket fra.",
    }
    outcomes = cq.outcomes(
        no_deadline=cq.OUT,
        withdrawn_undated=cq.OUT,
        withdrawn_late=cq.OUT,
        withdrawn=cq.OUT,
        **cq.SETTLED,
    )
    words = {
        **WORDS,
        "no_deadline": {"en": "type without a deadline", "da": "sagstype uden frist"},
        "withdrawn_undated": {"en": "withdrawn, undated", "da": "trukket tilbage, uden dato"},
        "withdrawn_late": {"en": "withdrawn after the deadline", "da": "trukket tilbage efter fristen"},
    }
    readings = cq.readings(
        cohort=cq.cohort(
            "closed",
            "received",
            "matured",
            literal="closed",
            why={
                "en": "the goal counts 'sagsafgørelserne', the decisions; open applications are then in no figure",
                "da": "målet tæller sagsafgørelserne; åbne ansøgninger indgår da ikke",
            },
        ),
        withdrawn=cq.choose(
            literal="left_out",
            why={
                "en": "the goal counts decisions, and an application that is withdrawn gets none",
                "da": "målet tæller afgørelser, og en ansøgning, der trækkes tilbage, får ingen",
            },
            says={
                "left_out": {
                    "en": "an application that was withdrawn undecided is left out",
                    "da": "en ansøgning, der er trukket tilbage uden afgørelse, holdes ude",
                },
                "late_counted": {
                    "en": "an application that was withdrawn undecided after its deadline was not decided in time; "
                    "decisions alone hold none of these",
                    "da": "en ansøgning, der er trukket tilbage uden afgørelse efter fristen, er ikke afgjort i tide; "
                    "blandt afgørelserne alene er der ingen af dem",
                },
            },
            left_out={},
            late_counted={"withdrawn_undated": cq.UNKNOWN, "withdrawn_late": cq.NO},
        ),
    )

    deadlines: str | cq.deadlines.Schedule = "benefits"

    def owed(self, cases: BenefitCase, as_of: cq.AsOf, /) -> cq.Owed:
        """Return when each application is due, for worklists."""
        return waiting(self.deadlines, cases, as_of)

    def contribute(self, cases: BenefitCase, as_of: cq.AsOf, /) -> cq.Contribution:
        """Return each application's state against its deadline; it ends with its decision."""
        owed = self.owed(cases, as_of)
        states = as_of.settle(owed.due, owed.done)
        no_deadline = owed.due.none & ~np.isnat(cases.received_on)
        withdrawn = np.isnat(cases.decided_on) & ~np.isnat(cases.withdrawn_on)
        outcome = self.outcomes.pick(
            no_deadline=no_deadline,
            withdrawn_undated=withdrawn & states["undated"],
            withdrawn_late=withdrawn & states["late"],
            withdrawn=withdrawn,
            **states,
        )
        return cq.Contribution(on=cases.received_on, until=cases.decided_on, outcome=outcome, certain=no_deadline)
