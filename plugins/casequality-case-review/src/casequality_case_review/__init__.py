"""Single cases reviewed by their managers against formal and service requirements, for casequality."""

from __future__ import annotations

import casequality as cq
from casequality_case_review.procedures import ProcedureFollowed, Step, SupervisedCase
from casequality_case_review.requirements import FAILURES, FORMAL, SERVICE
from casequality_case_review.reviews import FormalRequirements, Requirements, ReviewedRequirement, ServiceRequirements

__all__ = [
    "FAILURES",
    "FORMAL",
    "SERVICE",
    "FormalRequirements",
    "ProcedureFollowed",
    "Requirements",
    "ReviewedRequirement",
    "ServiceRequirements",
    "Step",
    "SupervisedCase",
    "casequality_metrics",
]


@cq.hookimpl
def casequality_metrics() -> list[type[cq.Metric]]:
    """Return the metrics of case reviews."""
    return [FormalRequirements, ProcedureFollowed, ServiceRequirements]
