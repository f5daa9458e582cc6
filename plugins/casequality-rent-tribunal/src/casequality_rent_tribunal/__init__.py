"""The rent tribunal's goals: closed within four months, and as many decided as received."""

import casequality as cq
from casequality_rent_tribunal.case_flow import (
    Backlog,
    ClearanceRate,
    Closed,
    DecidedAgainstReceived,
    DispositionTime,
    PendingAge,
    PendingAgeMedian,
    ProcessingTime,
    Received,
    ReceivedAgainstYearBefore,
)
from casequality_rent_tribunal.closed_in_time import ClosedInTime
from casequality_rent_tribunal.records import TribunalCase

__all__ = ["ClosedInTime", "TribunalCase", "casequality_metrics"]


@cq.hookimpl
def casequality_metrics() -> list[type[cq.Metric]]:
    """Offer the rent tribunal's metrics."""
    return [
        Backlog,
        ClearanceRate,
        Closed,
        ClosedInTime,
        DecidedAgainstReceived,
        DispositionTime,
        PendingAge,
        PendingAgeMedian,
        ProcessingTime,
        Received,
        ReceivedAgainstYearBefore,
    ]
