"""Complaints: how many, of what, how they are handled, and what an appeal changed."""

from __future__ import annotations

import casequality as cq
from casequality_complaints.code_lists import LISTS, CodeList
from casequality_complaints.handling import Handled, Pending, StoppedAfterContact, TimeToEnd
from casequality_complaints.rates import PerThousandDecisions, ReversalRate
from casequality_complaints.records import Appeal, AppealPart, Complaint, ComplaintCount, ComplaintPoint
from casequality_complaints.registered import Complaints, Points
from casequality_complaints.sources import CLAIMS, Claim

__all__ = [
    "CLAIMS",
    "LISTS",
    "Appeal",
    "AppealPart",
    "Claim",
    "CodeList",
    "Complaint",
    "ComplaintCount",
    "ComplaintPoint",
    "Complaints",
    "Handled",
    "Pending",
    "PerThousandDecisions",
    "Points",
    "ReversalRate",
    "StoppedAfterContact",
    "TimeToEnd",
    "casequality_metrics",
]


@cq.hookimpl
def casequality_metrics() -> list[type[cq.Metric]]:
    """Return the metrics of complaints."""
    return [Complaints, Handled, Pending, PerThousandDecisions, Points, ReversalRate, StoppedAfterContact, TimeToEnd]
