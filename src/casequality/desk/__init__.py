"""What users call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from casequality.doors import door

if TYPE_CHECKING:
    from casequality.desk.comparing import SideBySide, restate, side_by_side
    from casequality.desk.jobs import load_goals
    from casequality.desk.judging import (
        Assessed,
        Readings,
        Verified,
        assess,
        goal_comparison,
        goal_funnel,
        goal_signals,
        readings_of,
    )
    from casequality.desk.keeping import Entry, Moment, Store, open_store, read_moment, store
    from casequality.desk.looking import Look, look
    from casequality.desk.measuring import Tallies, load_tally, measure, merge, tally
    from casequality.desk.offered import catalogue, find_metric, records_of, rules
    from casequality.desk.projects import project_policy, source_options
    from casequality.desk.published import (
        OwnDeadlines,
        Touched,
        dialect_of,
        kept_deadlines,
        read_own_deadlines,
        touched,
    )
    from casequality.desk.reporting import (
        NextReport,
        assess_project,
        deliver_project,
        goal_history,
        project_comments,
        project_due,
        project_goal,
        project_readings,
        project_restatement,
        project_worklist,
        verify_report,
    )
    from casequality.desk.results import Result
    from casequality.evidence.disclosure import Policy
    from casequality.reports import Published, PublishedReport, PublishedSideBySide, publish

HOMES: Final = {
    "casequality.desk.comparing": ("SideBySide", "restate", "side_by_side"),
    "casequality.desk.jobs": ("load_goals",),
    "casequality.desk.judging": (
        "Assessed",
        "Readings",
        "Verified",
        "assess",
        "goal_comparison",
        "goal_funnel",
        "goal_signals",
        "readings_of",
    ),
    "casequality.desk.keeping": ("Entry", "Moment", "Store", "open_store", "read_moment", "store"),
    "casequality.desk.looking": ("Look", "look"),
    "casequality.desk.measuring": ("Tallies", "load_tally", "measure", "merge", "tally"),
    "casequality.desk.offered": ("catalogue", "find_metric", "records_of", "rules"),
    "casequality.desk.projects": ("project_policy", "source_options"),
    "casequality.desk.published": (
        "OwnDeadlines",
        "Touched",
        "dialect_of",
        "kept_deadlines",
        "read_own_deadlines",
        "touched",
    ),
    "casequality.desk.reporting": (
        "NextReport",
        "assess_project",
        "deliver_project",
        "goal_history",
        "project_comments",
        "project_due",
        "project_goal",
        "project_readings",
        "project_restatement",
        "project_worklist",
        "verify_report",
    ),
    "casequality.desk.results": ("Result",),
    "casequality.evidence.disclosure": ("Policy",),
    "casequality.reports": ("Published", "PublishedReport", "PublishedSideBySide", "publish"),
}
"""The names of this floor by the module that has them; each is loaded when it is first used."""

__getattr__ = door(__name__, HOMES)


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
    "PublishedSideBySide",
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
    "goal_comparison",
    "goal_funnel",
    "goal_history",
    "goal_signals",
    "kept_deadlines",
    "load_goals",
    "load_tally",
    "look",
    "measure",
    "merge",
    "open_store",
    "project_comments",
    "project_due",
    "project_goal",
    "project_policy",
    "project_readings",
    "project_restatement",
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
    "verify_report",
]
