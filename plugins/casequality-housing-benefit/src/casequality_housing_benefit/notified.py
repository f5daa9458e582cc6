"""The share of overdue applications whose applicant was told, in writing and in time, when to expect a decision."""

from __future__ import annotations

import attrs
import numpy as np
import numpy.typing as npt

import casequality as cq
import casequality_case_flow as case_flow
from casequality_housing_benefit.applications import GOALS, WORDS, waiting
from casequality_housing_benefit.records import BenefitCase


@attrs.frozen
class Notified(case_flow.NoticeShare):
    """Share, of the cases whose deadline passed without a decision, in which the applicant was notified.

    The cases are open and closed ones. A notice on the due date itself is in time. A case with several notices
    has the best that they show together: `in_time_date_later` is one in time without a date and a later one with it.
    counted_by: the day that places a case in a period, "due" or "received"; see the reading `cohort`.
    """

    id = "housing-benefit.notified"
    version = 2
    records = BenefitCase
    citation = GOALS
    outcomes = cq.outcomes(
        no_deadline=cq.OUT,
        decided_in_time=cq.OUT,
        withdrawn_in_time=cq.OUT,
        **case_flow.DUTY,
    )
    words = {
        **WORDS,
        **case_flow.NoticeShare.words,
        "decided_in_time": {"en": "decided in time", "da": "afgjort rettidigt"},
        "withdrawn_in_time": {"en": "withdrawn in time", "da": "trukket tilbage inden fristen"},
    }
    readings = cq.readings(
        notice=case_flow.notices_that_count(
            "in_time_with_date",
            why={
                "en": "the goal refers to retssikkerhedsloven § 3, stk. 2, which wants the applicant told in writing "
                "when a decision can be expected, by practice before the deadline has passed; the memo of 2006 counts "
                "any notice that says when",
                "da": "målet henviser til retssikkerhedsloven § 3, stk. 2: skriftlig besked om, hvornår afgørelsen kan "
                "ventes, i praksis inden fristen er udløbet; notatet fra 2006 tæller enhver underretning, der siger "
                "hvornår",
            },
        ),
        cohort=case_flow.PLACED_BY,
    )
    deadlines: str | cq.deadlines.Schedule = "benefits"

    def waiting(self, cases: BenefitCase, as_of: cq.AsOf) -> cq.Owed:
        """Return when each application is due, and when it was decided or else withdrawn."""
        return waiting(self.deadlines, cases, as_of)

    def ended_in_time(self, cases: BenefitCase, in_time: npt.NDArray[np.bool_]) -> dict[str, npt.NDArray[np.bool_]]:
        """Return which applications were decided or withdrawn in time."""
        decided = ~np.isnat(cases.decided_on)
        return {"decided_in_time": in_time & decided, "withdrawn_in_time": in_time & ~decided}
