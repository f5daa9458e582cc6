"""Goal files, their check, exact verdicts, assessments."""

from casequality.goals.assessment import HEAD, Assessment, SourceNote
from casequality.goals.benchmarking import Compared, HandedIn, compare
from casequality.goals.check import check_goal, check_goals
from casequality.goals.comments import Comment, Comments, GeneralWork, parse_comments
from casequality.goals.definition import (
    AIMS,
    TONES,
    Baseline,
    Due,
    Goal,
    GoalSet,
    NotSupplied,
    Reason,
    ReportTo,
    Ruling,
    SeriesBreak,
    Target,
    Tone,
    Unstated,
    Verdict,
    called,
    decimals_apart,
    number,
    parse_target,
    plain_number,
    spoken,
)
from casequality.goals.files import Recipient, goals_for, next_due, parse_goals, recipients
from casequality.goals.gaps import told
from casequality.goals.judge import Judgement, judge, judge_undelivered
from casequality.goals.preconditions import Promised

__all__ = [
    "AIMS",
    "HEAD",
    "TONES",
    "Assessment",
    "Baseline",
    "Comment",
    "Comments",
    "Compared",
    "Due",
    "GeneralWork",
    "Goal",
    "GoalSet",
    "HandedIn",
    "Judgement",
    "NotSupplied",
    "Promised",
    "Reason",
    "Recipient",
    "ReportTo",
    "Ruling",
    "SeriesBreak",
    "SourceNote",
    "Target",
    "Tone",
    "Unstated",
    "Verdict",
    "called",
    "check_goal",
    "check_goals",
    "compare",
    "decimals_apart",
    "goals_for",
    "judge",
    "judge_undelivered",
    "next_due",
    "number",
    "parse_comments",
    "parse_goals",
    "parse_target",
    "plain_number",
    "recipients",
    "spoken",
    "told",
]
