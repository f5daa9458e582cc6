"""Satisfaction, passport and driving licence cases with errors, and surveys by target group, for casequality."""

from __future__ import annotations

import casequality as cq
from casequality_citizen_service.errors import CasesWithErrors, LicenceErrors, PassportErrors
from casequality_citizen_service.records import (
    TARGET_GROUPS,
    CheckedCase,
    FoundError,
    LicenceCase,
    PassportCase,
    PassportError,
    Sample,
    SurveyAnswer,
)
from casequality_citizen_service.samples import SampleShare
from casequality_citizen_service.surveys import Experience, Satisfaction

__all__ = [
    "TARGET_GROUPS",
    "CasesWithErrors",
    "CheckedCase",
    "Experience",
    "FoundError",
    "LicenceCase",
    "LicenceErrors",
    "PassportCase",
    "PassportError",
    "PassportErrors",
    "Sample",
    "SampleShare",
    "Satisfaction",
    "SurveyAnswer",
    "casequality_metrics",
]


@cq.hookimpl
def casequality_metrics() -> list[type[cq.Metric]]:
    """Return the metrics of citizen service."""
    return [Experience, LicenceErrors, PassportErrors, SampleShare, Satisfaction]
