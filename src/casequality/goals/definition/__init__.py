"""What a goal is: its target, who decided it, and the verdicts and reasons that are said of it."""

from casequality.evidence import decimals_apart, number, plain_number
from casequality.goals.definition.goal import (
    AGGREGATES,
    AIMS,
    RHYTHMS,
    Due,
    Goal,
    GoalSet,
    HowOften,
    NotSupplied,
    ReportTo,
    SeriesBreak,
    so_far,
)
from casequality.goals.definition.reasons import (
    Quantity,
    Reason,
    called,
    decimals_of,
    fields_called,
    marks_called,
    say,
    spoken,
)
from casequality.goals.definition.target import EXAMPLES, Baseline, Bound, Bounds, Target, Unstated, parse_target
from casequality.goals.definition.verdict import TONES, Ruling, Verdict

__all__ = [
    "AGGREGATES",
    "AIMS",
    "EXAMPLES",
    "RHYTHMS",
    "TONES",
    "Baseline",
    "Bound",
    "Bounds",
    "Due",
    "Goal",
    "GoalSet",
    "HowOften",
    "NotSupplied",
    "Quantity",
    "Reason",
    "ReportTo",
    "Ruling",
    "SeriesBreak",
    "Target",
    "Unstated",
    "Verdict",
    "called",
    "decimals_apart",
    "decimals_of",
    "fields_called",
    "marks_called",
    "number",
    "parse_target",
    "plain_number",
    "say",
    "so_far",
    "spoken",
]
