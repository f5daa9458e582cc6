"""How sure is a figure and what it shows: samples, open cases, change over time, what is still attainable, mixes."""

from casequality.evidence.intervals import (
    Change,
    Detectable,
    Interval,
    binomial_tail,
    detectable_change,
    difference,
    effective_size,
    figure_interval,
    hypergeometric_tail,
    interval,
    size_that_shows,
    wilson,
)
from casequality.evidence.said import DECIMALS, Finding, decimals_apart, number
from casequality.evidence.survival import SCALES, Ended, Ends, Reached, Waiting, aalen_johansen, kaplan_meier

__all__ = [
    "DECIMALS",
    "SCALES",
    "Change",
    "Detectable",
    "Ended",
    "Ends",
    "Finding",
    "Interval",
    "Reached",
    "Waiting",
    "aalen_johansen",
    "binomial_tail",
    "decimals_apart",
    "detectable_change",
    "difference",
    "effective_size",
    "figure_interval",
    "hypergeometric_tail",
    "interval",
    "kaplan_meier",
    "number",
    "size_that_shows",
    "wilson",
]
