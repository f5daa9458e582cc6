"""What users call."""

from casequality.desk.assessing import Assessed, assess
from casequality.desk.comparing import SideBySide, side_by_side
from casequality.desk.deliveries import Entry
from casequality.desk.jobs import load_goals
from casequality.desk.measuring import Tallies, load_tally, measure, merge, tally
from casequality.desk.offered import catalogue, find_metric, records_of, rules
from casequality.desk.reporting import NextReport, assess_project, project_comments, project_due, project_worklist
from casequality.desk.results import Result
from casequality.desk.store import Store, store

__all__ = [
    "Assessed",
    "Entry",
    "NextReport",
    "Result",
    "SideBySide",
    "Store",
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
    "project_worklist",
    "records_of",
    "rules",
    "side_by_side",
    "store",
    "tally",
]
