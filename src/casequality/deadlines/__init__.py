"""Terms, deadlines, opening hours, schedules by type of case, and why a due date is what it is."""

import sys
from types import ModuleType

from casequality.deadlines.catalogue import deadline, deadlines
from casequality.deadlines.deadline import Deadline, Extension
from casequality.deadlines.ledger import Ledger, Row
from casequality.deadlines.opening import Opening
from casequality.deadlines.parsing import load_deadlines, parse_deadlines
from casequality.deadlines.schedule import Schedule
from casequality.deadlines.term import Term
from casequality.deadlines.words import Words


class _Listed(ModuleType):
    """This module, which can be called: Python gives `casequality.deadlines` to a module rather than to a function."""

    def __call__(self) -> tuple[Deadline, ...]:
        """Return the shipped deadlines, as `deadlines` of this module does."""
        return deadlines()


sys.modules[__name__].__class__ = _Listed

__all__ = [
    "Deadline",
    "Extension",
    "Ledger",
    "Opening",
    "Row",
    "Schedule",
    "Term",
    "Words",
    "deadline",
    "deadlines",
    "load_deadlines",
    "parse_deadlines",
]
