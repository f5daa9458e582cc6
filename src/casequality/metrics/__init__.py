"""Outcomes, contributions, cells, tallies, measurements."""

from casequality.metrics.declaring.as_of import AsOf
from casequality.metrics.declaring.due import Due, Settled
from casequality.metrics.declaring.metric import Metric, Owed, Reading, as_metric
from casequality.metrics.declaring.readings import Choice, choose, cohort, readings
from casequality.metrics.declaring.units import CASES, DAYS, SECONDS, SHARE, Unit
from casequality.metrics.tallies.outcomes import (
    NO,
    OPEN,
    OUT,
    SETTLED,
    UNKNOWN,
    YES,
    Contribution,
    Outcomes,
    Role,
    outcomes,
)

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
