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
from casequality.deadlines.counting.ledger import CountedOn, Ledger, Row, spoken
from casequality.deadlines.counting.office_hours import (
    Opening,
    arrives_at_an_instant,
    check_hours,
    is_clock,
    opening_of,
    run_out,
    shown_at,
    within,
)
from casequality.deadlines.counting.pauses import Pause, PauseRule, Pauses, beyond, day_in, several
from casequality.deadlines.counting.terms import (
    InForce,
    Term,
    calendar_of,
    check_terms,
    due_table,
    in_force,
    not_in_force,
    rolled,
)
from casequality.deadlines.counting.units import MONTHS

__all__ = [
    "CHANNELS",
    "CONTENTS",
    "MONTHS",
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
    "arrives_at_an_instant",
    "beyond",
    "calendar_of",
    "check_hours",
    "check_terms",
    "day_in",
    "due_table",
    "in_force",
    "is_clock",
    "not_in_force",
    "opening_of",
    "rolled",
    "run_out",
    "several",
    "shown_at",
    "spoken",
    "within",
]
