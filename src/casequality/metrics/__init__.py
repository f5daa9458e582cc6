"""Outcomes, contributions, cells, tallies, measurements."""

from casequality.metrics.as_of import AsOf
from casequality.metrics.due import Due, Settled
from casequality.metrics.metric import Metric, Owed, Reading, as_metric
from casequality.metrics.outcomes import NO, OPEN, OUT, SETTLED, UNKNOWN, YES, Contribution, Outcomes, Role, outcomes
from casequality.metrics.readings import Choice, choose, cohort, readings
from casequality.metrics.units import CASES, DAYS, SECONDS, SHARE, Unit

__all__ = [
    "CASES",
    "DAYS",
    "NO",
    "OPEN",
    "OUT",
    "SECONDS",
    "SETTLED",
    "SHARE",
    "UNKNOWN",
    "YES",
    "AsOf",
    "Choice",
    "Contribution",
    "Due",
    "Metric",
    "Outcomes",
    "Owed",
    "Reading",
    "Role",
    "Settled",
    "Unit",
    "as_metric",
    "choose",
    "cohort",
    "outcomes",
    "readings",
]
