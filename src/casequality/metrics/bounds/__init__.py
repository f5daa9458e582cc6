"""Between what a figure lies while records are in doubt: what each may be, and the least and greatest of each."""

from casequality.metrics.bounds.counts import CellTable, Counts
from casequality.metrics.bounds.ends import (
    BEFORE_SERIES,
    NO_DATA,
    NO_YEAR_BEFORE,
    NOT_DEFINED,
    NOT_DUE,
    NOT_REACHED,
    NOTHING_SETTLED,
    ONLY_DOUBT,
    WHYS,
    Bounds,
    Ends,
    Value,
    Values,
)
from casequality.metrics.bounds.extremes import Numbers, exact_sum
from casequality.metrics.bounds.quantiles import rank_bounds, time_to_end
from casequality.metrics.bounds.quotients import quotient_bounds, sum_of
from casequality.metrics.bounds.states import Term

__all__ = [
    "BEFORE_SERIES",
    "NOTHING_SETTLED",
    "NOT_DEFINED",
    "NOT_DUE",
    "NOT_REACHED",
    "NO_DATA",
    "NO_YEAR_BEFORE",
    "ONLY_DOUBT",
    "WHYS",
    "Bounds",
    "CellTable",
    "Counts",
    "Ends",
    "Numbers",
    "Term",
    "Value",
    "Values",
    "exact_sum",
    "quotient_bounds",
    "rank_bounds",
    "sum_of",
    "time_to_end",
]
