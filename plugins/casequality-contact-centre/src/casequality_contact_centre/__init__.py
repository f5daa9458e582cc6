"""Waits, answered calls, service levels and calls resolved at once, for casequality."""

from __future__ import annotations

import casequality as cq
from casequality_contact_centre.answering import AnsweredShare, Calls
from casequality_contact_centre.calls import Call, CountedCall
from casequality_contact_centre.counted import (
    CountedAnsweredByPerson,
    CountedAnsweredShare,
    CountedCalls,
    CountedImmediatelyResolved,
    CountedMeanWait,
    CountedMedianWait,
    CountedP90Wait,
    CountedP95Wait,
    CountedServiceLevel,
)
from casequality_contact_centre.persons import AnsweredByPerson
from casequality_contact_centre.resolving import ImmediatelyResolved
from casequality_contact_centre.service_level import ServiceLevel
from casequality_contact_centre.waiting import MeanWait, MedianWait, P90Wait, P95Wait

__all__ = [
    "AnsweredByPerson",
    "AnsweredShare",
    "Call",
    "Calls",
    "CountedAnsweredByPerson",
    "CountedAnsweredShare",
    "CountedCall",
    "CountedCalls",
    "CountedImmediatelyResolved",
    "CountedMeanWait",
    "CountedMedianWait",
    "CountedP90Wait",
    "CountedP95Wait",
    "CountedServiceLevel",
    "ImmediatelyResolved",
    "MeanWait",
    "MedianWait",
    "P90Wait",
    "P95Wait",
    "ServiceLevel",
    "casequality_metrics",
]


@cq.hookimpl
def casequality_metrics() -> list[type[cq.Metric]]:
    """Return the metrics of a contact centre."""
    return [
        AnsweredByPerson,
        AnsweredShare,
        Calls,
        CountedAnsweredByPerson,
        CountedAnsweredShare,
        CountedCalls,
        CountedImmediatelyResolved,
        CountedMeanWait,
        CountedMedianWait,
        CountedP90Wait,
        CountedP95Wait,
        CountedServiceLevel,
        ImmediatelyResolved,
        MeanWait,
        MedianWait,
        P90Wait,
        P95Wait,
        ServiceLevel,
    ]
