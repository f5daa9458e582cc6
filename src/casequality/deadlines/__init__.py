"""Terms, deadlines, opening hours, schedules by type of case, and why a due date is what it is."""

import sys
import warnings
from types import ModuleType

from casequality.days import MONTH_NAMES
from casequality.deadlines.checker import check
from casequality.deadlines.counting import (
    DelayNotice,
    Duty,
    Extended,
    Extension,
    Ledger,
    Opening,
    Pause,
    PausedCounts,
    PauseRule,
    Pauses,
    Row,
    Term,
    calendar_of,
    spoken,
)
from casequality.deadlines.deadline import Deadline
from casequality.deadlines.follow_up import FollowUp, Reaction, clocks, clocks_each
from casequality.deadlines.listing import Deadlines, deadline, shipped
from casequality.deadlines.obligations import obligations
from casequality.deadlines.parsing import (
    Template,
    load_deadlines,
    load_table,
    parse_deadlines,
    template,
    templates,
)
from casequality.deadlines.schedule import Schedule, rule_for, rules_for
from casequality.deadlines.what_if import Comparison, compare, latest_receipt, working_days_left
from casequality.errors import Words


class _Listed(ModuleType):
    """This module, which can be called for the list of deadlines; type checkers know `shipped`, which is the same."""

    def __call__(self) -> Deadlines:
        """Return the shipped deadlines, as `shipped` does."""
        return shipped()


def __getattr__(name: str) -> object:
    if name == "MONTHS":
        _moved("deadlines.MONTHS", "days.MONTH_NAMES")
        return MONTH_NAMES
    if name == "deadlines":
        _moved("deadlines.deadlines", "deadlines.shipped")
        return shipped
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def _moved(name: str, place: str) -> None:
    said = f"casequality.{name} is casequality.{place} from 0.2 on, and goes with 0.3"
    warnings.warn(said, DeprecationWarning, stacklevel=3)


sys.modules[__name__].__class__ = _Listed

__all__ = [
    "Comparison",
    "Deadline",
    "DelayNotice",
    "Duty",
    "Extended",
    "Extension",
    "FollowUp",
    "Ledger",
    "Opening",
    "Pause",
    "PauseRule",
    "PausedCounts",
    "Pauses",
    "Reaction",
    "Row",
    "Schedule",
    "Template",
    "Term",
    "Words",
    "calendar_of",
    "check",
    "clocks",
    "clocks_each",
    "compare",
    "deadline",
    "latest_receipt",
    "load_deadlines",
    "load_table",
    "obligations",
    "parse_deadlines",
    "rule_for",
    "rules_for",
    "shipped",
    "spoken",
    "template",
    "templates",
    "working_days_left",
]
