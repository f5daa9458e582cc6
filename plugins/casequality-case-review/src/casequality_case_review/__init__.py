"""Single cases reviewed by their managers against formal and service requirements, for casequality."""

from __future__ import annotations

import casequality as cq
from casequality_case_review.requirements import FAILURES, FORMAL, SERVICE
from casequality_case_review.reviews import FormalRequirements, Requirements, ReviewedRequirement, ServiceRequirements

__all__ = [
    "FAILURES",
    "FORMAL",
    "SERVICE",
    "FormalRequirements",
    "Requirements",
    "ReviewedRequirement",
    "ServiceRequirements",
    "casequality_metrics",
]


@cq.hookimpl
def casequality_metrics() -> list[type[cq.Metric]]:
    """Return the metrics of case reviews."""
    return [FormalRequirements, ServiceRequirements]
