"""Terms, deadlines, opening hours, schedules by type of case, and why a due date is what it is."""

from casequality.deadlines.catalogue import deadline, deadlines
from casequality.deadlines.deadline import Deadline, Extension
from casequality.deadlines.ledger import Ledger, Row
from casequality.deadlines.opening import Opening
from casequality.deadlines.parsing import load_deadlines, parse_deadlines
from casequality.deadlines.schedule import Schedule
from casequality.deadlines.term import Term
from casequality.deadlines.words import Words

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
