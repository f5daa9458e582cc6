"""Goal files, their check, exact verdicts, assessments."""

from typing import TYPE_CHECKING, Final

from casequality.doors import door
from casequality.goals.assessment import HEAD, Assessment, Comment, Comments, EditionText, SourceNote, parse_comments
from casequality.goals.check import check_goal, check_goals
from casequality.goals.definition import (
    AIMS,
    STANDINGS,
    TONES,
    Baseline,
    Dropped,
    Due,
    Goal,
    GoalSet,
    NotSupplied,
    Reason,
    ReportTo,
    Ruling,
    SeriesBreak,
    Target,
    Unstated,
    Verdict,
    called,
    decimals_apart,
    decimals_of,
    number,
    parse_target,
    plain_number,
    spoken,
)
from casequality.goals.files import Recipient, goals_for, next_due, parse_goals, recipients
from casequality.goals.judge import Judgement, judge, judge_undelivered
from casequality.goals.preconditions import Promised, part_of_series

if TYPE_CHECKING:
    from casequality.goals.benchmarking import Compared, HandedIn, compare
    from casequality.goals.published import (
        PublishedAssessment,
        PublishedComparison,
        publish_assessment,
        publish_comparison,
    )

HOMES: Final = {
    "casequality.goals.benchmarking": (
        "Compared",
        "HandedIn",
        "compare",
    ),
    "casequality.goals.published": (
        "PublishedAssessment",
        "PublishedComparison",
        "publish_assessment",
        "publish_comparison",
    ),
}
"""Names that are loaded when they are first used, by the module that has them."""

__getattr__ = door(__name__, HOMES)

__all__ = [
    "AIMS",
    "HEAD",
    "STANDINGS",
    "TONES",
    "Assessment",
    "Baseline",
    "Comment",
    "Comments",
    "Compared",
    "Dropped",
    "Due",
    "EditionText",
    "Goal",
    "GoalSet",
    "HandedIn",
    "Judgement",
    "NotSupplied",
    "Promised",
    "PublishedAssessment",
    "PublishedComparison",
    "Reason",
    "Recipient",
    "ReportTo",
    "Ruling",
    "SeriesBreak",
    "SourceNote",
    "Target",
    "Unstated",
    "Verdict",
    "called",
    "check_goal",
    "check_goals",
    "compare",
    "decimals_apart",
    "decimals_of",
    "goals_for",
    "judge",
    "judge_undelivered",
    "next_due",
    "number",
    "parse_comments",
    "parse_goals",
    "parse_target",
    "part_of_series",
    "plain_number",
    "publish_assessment",
    "publish_comparison",
    "recipients",
    "spoken",
]
