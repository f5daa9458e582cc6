"""Complaints: how many, of what, how they are handled, and what an appeal changed."""

from __future__ import annotations

import casequality as cq
from casequality_complaints.code_lists import LISTS, CodeList
from casequality_complaints.handling import Handled, Pending, StoppedAfterContact, TimeToEnd
from casequality_complaints.learning import ActedOn, Lessons, Satisfied, Spread
from casequality_complaints.rates import PerThousandDecisions, ReversalRate
from casequality_complaints.records import Appeal, AppealPart, Complaint, ComplaintCount, ComplaintPoint, Lesson
from casequality_complaints.registered import Complaints, Points
from casequality_complaints.sources import CLAIMS, Claim

__all__ = [
    "CLAIMS",
    "LISTS",
    "ActedOn",
    "Appeal",
    "AppealPart",
    "Claim",
    "CodeList",
    "Complaint",
    "ComplaintCount",
    "ComplaintPoint",
    "Complaints",
    "Handled",
    "Lesson",
    "Lessons",
    "Pending",
    "PerThousandDecisions",
    "Points",
    "ReversalRate",
    "Satisfied",
    "Spread",
    "StoppedAfterContact",
    "TimeToEnd",
    "casequality_metrics",
]


@cq.hookimpl
def casequality_metrics() -> list[type[cq.Metric]]:
    """Return the metrics of complaints."""
    return [
        ActedOn,
        Complaints,
        Handled,
        Lessons,
        Pending,
        PerThousandDecisions,
        Points,
        ReversalRate,
        Satisfied,
        Spread,
        StoppedAfterContact,
        TimeToEnd,
    ]
