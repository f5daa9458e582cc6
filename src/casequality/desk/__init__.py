"""What users call."""

from casequality.desk.assessing import Assessed, assess
from casequality.desk.comparing import SideBySide, restate, side_by_side
from casequality.desk.jobs import load_goals
from casequality.desk.keeping import Entry, Moment, Store, open_store, read_moment, store
from casequality.desk.looking import Look, look
from casequality.desk.measuring import Tallies, load_tally, measure, merge, tally
from casequality.desk.offered import catalogue, find_metric, records_of, rules
from casequality.desk.projects import project_policy, source_options, value_of
from casequality.desk.published import OwnDeadlines, Touched, dialect_of, kept_deadlines, read_own_deadlines, touched
from casequality.desk.readings import Readings, readings_of
from casequality.desk.reporting import (
    NextReport,
    Verified,
    assess_project,
    deliver_project,
    goal_history,
    project_comments,
    project_due,
    project_readings,
    project_worklist,
    verify_report,
)
from casequality.desk.results import Result
from casequality.evidence.disclosure import Policy
from casequality.reports import Published, PublishedReport, publish

__all__ = [
    "Assessed",
    "Entry",
    "Look",
    "Moment",
    "NextReport",
    "OwnDeadlines",
    "Policy",
    "Published",
    "PublishedReport",
    "Readings",
    "Result",
    "SideBySide",
    "Store",
    "Tallies",
    "Touched",
    "Verified",
    "assess",
    "assess_project",
    "catalogue",
    "deliver_project",
    "dialect_of",
    "find_metric",
    "goal_history",
    "kept_deadlines",
    "load_goals",
    "load_tally",
    "look",
    "measure",
    "merge",
    "open_store",
    "project_comments",
    "project_due",
    "project_policy",
    "project_readings",
    "project_worklist",
    "publish",
    "read_moment",
    "read_own_deadlines",
    "readings_of",
    "records_of",
    "restate",
    "rules",
    "side_by_side",
    "source_options",
    "store",
    "tally",
    "touched",
    "value_of",
    "verify_report",
]
