"""What an author writes: a metric, its statistic and readings, and what it may ask of deadlines and of the as-of."""

from casequality.metrics.bounds import (
    BEFORE_SERIES,
    NO_DATA,
    NO_YEAR_BEFORE,
    NOT_DUE,
    NOT_REACHED,
    ONLY_DOUBT,
    WHYS,
    Value,
    Values,
)
from casequality.metrics.declaring.as_of import AnyDeadline, AsOf, Remarks
from casequality.metrics.declaring.due import Due, Owed, Rule, Settled
from casequality.metrics.declaring.metric import Metric, Reading, as_metric, limits_in
from casequality.metrics.declaring.readings import COHORTS, Alternative, Choice, Text, choose, cohort, in_both
from casequality.metrics.declaring.statistic import Statistic
from casequality.metrics.declaring.units import CASES, DAYS, SECONDS, SHARE, Unit

__all__ = [
    "BEFORE_SERIES",
    "CASES",
    "COHORTS",
    "DAYS",
    "NOT_DUE",
    "NOT_REACHED",
    "NO_DATA",
    "NO_YEAR_BEFORE",
    "ONLY_DOUBT",
    "SECONDS",
    "SHARE",
    "WHYS",
    "Alternative",
    "AnyDeadline",
    "AsOf",
    "Choice",
    "Due",
    "Metric",
    "Owed",
    "Reading",
    "Remarks",
    "Rule",
    "Settled",
    "Statistic",
    "Text",
    "Unit",
    "Value",
    "Values",
    "as_metric",
    "choose",
    "cohort",
    "in_both",
    "limits_in",
]
