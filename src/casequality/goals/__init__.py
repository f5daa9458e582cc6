"""Goal files, their check, exact verdicts, assessments."""

from casequality.goals.assessment import Assessment, Comment, Comments, SourceNote, parse_comments
from casequality.goals.check import check_goal, check_goals
from casequality.goals.definition.goal import Due, Goal, GoalSet, NotSupplied, ReportTo, SeriesBreak
from casequality.goals.definition.reasons import Reason
from casequality.goals.definition.target import Baseline, Target, Unstated, parse_target
from casequality.goals.definition.verdict import Ruling, Verdict
from casequality.goals.files import Recipient, goals_for, next_due, parse_goals, recipients
from casequality.goals.judge import Judgement, judge, judge_undelivered

__all__ = [
    "Assessment",
    "Baseline",
    "Comment",
    "Comments",
    "Due",
    "Goal",
    "GoalSet",
    "Judgement",
    "NotSupplied",
    "Reason",
    "Recipient",
    "ReportTo",
    "Ruling",
    "SeriesBreak",
    "SourceNote",
    "Target",
    "Unstated",
    "Verdict",
    "check_goal",
    "check_goals",
    "goals_for",
    "judge",
    "judge_undelivered",
    "next_due",
    "parse_comments",
    "parse_goals",
    "parse_target",
    "recipients",
]
