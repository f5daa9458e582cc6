"""How sure is a figure and what it shows: samples, open cases, change over time, what is still attainable, mixes."""

from casequality.evidence.budget import Budget, budget
from casequality.evidence.changes import (
    Change,
    CountChange,
    Detectable,
    FigureChange,
    count_change,
    detectable_change,
    difference,
    figure_change,
)
from casequality.evidence.cohorts import Cohorts, cohorts_of
from casequality.evidence.control_limits import Kind
from casequality.evidence.courses import Course, Share, course_of, in_terms
from casequality.evidence.intervals import (
    Interval,
    binomial_tail,
    effective_size,
    figure_interval,
    hypergeometric_tail,
    interval,
    poisson_interval,
    size_that_shows,
    wilson,
)
from casequality.evidence.mix import Effect, Mix, Together, parts_of, take_apart, together
from casequality.evidence.queues import Backlog, Pace, backlog, pace
from casequality.evidence.said import DECIMALS, Finding, decimals_apart, decimals_of_share, number, say
from casequality.evidence.sampling import Audited, Draw, SamplePlan, audit, draw_sample, plan_sample
from casequality.evidence.survival import SCALES, Ended, Ends, Reached, Waiting, aalen_johansen, kaplan_meier
from casequality.evidence.variation import KINDS, RULES, Chart, FalseAlarms, Point, chart, false_alarms

__all__ = [
    "DECIMALS",
    "KINDS",
    "RULES",
    "SCALES",
    "Audited",
    "Backlog",
    "Budget",
    "Change",
    "Chart",
    "Cohorts",
    "CountChange",
    "Course",
    "Detectable",
    "Draw",
    "Effect",
    "Ended",
    "Ends",
    "FalseAlarms",
    "FigureChange",
    "Finding",
    "Interval",
    "Kind",
    "Mix",
    "Pace",
    "Point",
    "Reached",
    "SamplePlan",
    "Share",
    "Together",
    "Waiting",
    "aalen_johansen",
    "audit",
    "backlog",
    "binomial_tail",
    "budget",
    "chart",
    "cohorts_of",
    "count_change",
    "course_of",
    "decimals_apart",
    "decimals_of_share",
    "detectable_change",
    "difference",
    "draw_sample",
    "effective_size",
    "false_alarms",
    "figure_change",
    "figure_interval",
    "hypergeometric_tail",
    "in_terms",
    "interval",
    "kaplan_meier",
    "number",
    "pace",
    "parts_of",
    "plan_sample",
    "poisson_interval",
    "say",
    "size_that_shows",
    "take_apart",
    "together",
    "wilson",
]
