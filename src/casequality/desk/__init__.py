"""What users call."""

from casequality.desk.assessing import Assessed, assess
from casequality.desk.comparing import SideBySide, side_by_side
from casequality.desk.jobs import load_goals
from casequality.desk.measuring import Tallies, load_tally, measure, merge, tally
from casequality.desk.offered import catalogue, find_metric, records_of, rules
from casequality.desk.readings import Readings, readings_of
from casequality.desk.reporting import (
    NextReport,
    assess_project,
    project_comments,
    project_due,
    project_readings,
    project_worklist,
)
from casequality.desk.results import Result

__all__ = [
    "Assessed",
    "NextReport",
    "Readings",
    "Result",
    "SideBySide",
    "Tallies",
    "assess",
    "assess_project",
    "catalogue",
    "find_metric",
    "load_goals",
    "load_tally",
    "measure",
    "merge",
    "project_comments",
    "project_due",
    "project_readings",
    "project_worklist",
    "readings_of",
    "records_of",
    "rules",
    "side_by_side",
    "tally",
]
