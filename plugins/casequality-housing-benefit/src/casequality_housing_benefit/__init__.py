"""Benefits: decided within the set deadlines, and the citizen notified where they are not kept, for casequality."""

from __future__ import annotations

import casequality as cq
from casequality_housing_benefit.decided_in_time import DecidedInTime
from casequality_housing_benefit.notified import Notified
from casequality_housing_benefit.records import BenefitCase, Notice

__all__ = ["BenefitCase", "DecidedInTime", "Notice", "Notified", "casequality_metrics"]


@cq.hookimpl
def casequality_metrics() -> list[type[cq.Metric]]:
    """Return the metrics of the benefits area."""
    return [DecidedInTime, Notified]
