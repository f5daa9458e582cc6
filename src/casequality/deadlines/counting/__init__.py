"""How days are counted: terms, office hours, pauses, duties, the rules of counting, and the ledger of every day."""

from casequality.deadlines.counting.counting_rules import CountingRules, PausedCounts
from casequality.deadlines.counting.duty import (
    CHANNELS,
    CONTENTS,
    NOTHING_SAID,
    Content,
    DelayNotice,
    Duty,
    Event,
    Extended,
    Extension,
)
from casequality.deadlines.counting.ledger import CountedOn, Ledger, Row, answer, spoken
from casequality.deadlines.counting.office_hours import Opening, opening_of, within
from casequality.deadlines.counting.pauses import Pause, PauseRule, Pauses, beyond, day_in, several
from casequality.deadlines.counting.terms import InForce, Term, calendar_of, check_terms, due_table, in_force, rolled
from casequality.deadlines.counting.timeline import Timeline, arrival, case_timeline, day_of, receipt

__all__ = [
    "CHANNELS",
    "CONTENTS",
    "NOTHING_SAID",
    "Content",
    "CountedOn",
    "CountingRules",
    "DelayNotice",
    "Duty",
    "Event",
    "Extended",
    "Extension",
    "InForce",
    "Ledger",
    "Opening",
    "Pause",
    "PauseRule",
    "PausedCounts",
    "Pauses",
    "Row",
    "Term",
    "Timeline",
    "answer",
    "arrival",
    "beyond",
    "calendar_of",
    "case_timeline",
    "check_terms",
    "day_in",
    "day_of",
    "due_table",
    "in_force",
    "opening_of",
    "receipt",
    "rolled",
    "several",
    "spoken",
    "within",
]
