"""The share of decisions made within the deadline that is set for their type."""

from __future__ import annotations

import attrs
import numpy as np

import casequality as cq
from casequality_housing_benefit.applications import BenefitMetric
from casequality_housing_benefit.records import BenefitCase


@attrs.frozen
class DecidedInTime(BenefitMetric):
    """Share of applications decided within the deadline of their type, counted from receipt."""

    id = "housing-benefit.decided-in-time"
    version = 1
    title = {"en": "Decided within the set deadline", "da": "Afgjort inden for sagsbehandlingsfristen"}
    limits = (
        "The deadlines are the municipality's own and not in the source; the one in force on the day of receipt is "
        "taken. The time that a case waits for the applicant is not left out."
    )
    outcomes = cq.outcomes(
        no_deadline=cq.OUT,
        withdrawn_late=cq.OUT,
        withdrawn=cq.OUT,
        **cq.SETTLED,
    )
    readings = cq.readings(
        cohort=cq.cohort(
            "closed",
            "received",
            "matured",
            literal="closed",
            why="the goal counts 'sagsafgørelserne', the decisions; open applications are then in no figure",
        ),
        withdrawn=cq.choose(
            literal="left_out",
            why="the goal counts decisions, and an application that is withdrawn gets none",
            says={
                "left_out": "an application that was withdrawn undecided is left out",
                "late_counted": "an application that was withdrawn undecided after its deadline was not decided in "
                "time; decisions alone hold none of these",
            },
            left_out={},
            late_counted={"withdrawn_late": cq.NO},
        ),
    )

    def contribute(self, cases: BenefitCase, as_of: cq.AsOf, /) -> cq.Contribution:
        """Return each application's state against its deadline; it ends with its decision."""
        waiting = self.waiting(cases, as_of)
        states = as_of.settle(waiting.due, waiting.done)
        no_deadline = waiting.due.none & ~np.isnat(cases.received_on)
        withdrawn = np.isnat(cases.decided_on) & ~np.isnat(cases.withdrawn_on)
        outcome = self.outcomes.pick(
            no_deadline=no_deadline,
            withdrawn_late=withdrawn & states["late"],
            withdrawn=withdrawn & ~states["undated"],
            **states,
        )
        return cq.Contribution(on=cases.received_on, until=cases.decided_on, outcome=outcome, certain=no_deadline)
