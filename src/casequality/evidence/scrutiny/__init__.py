"""What a careful reader asks of a published figure: why it changed, how it was reached, and what may be compared."""

from casequality.evidence.scrutiny.funnel import Funnel, funnel
from casequality.evidence.scrutiny.groups import ENDS, LASTED, Allocation, Apart, Comparison, Stratum, compare_groups
from casequality.evidence.scrutiny.handling import Handled, Signals, signals_in
from casequality.evidence.scrutiny.restatement import CAUSES, SAID, Cause, Counted, Moved, Restatement, restatement
from casequality.evidence.scrutiny.signals import (
    GRADES,
    NAMES,
    SIGNALS,
    Grade,
    Signal,
    before_the_deadline,
    closed_undecided,
    late_pauses,
    newest_first,
    registered_anew,
)

__all__ = [
    "CAUSES",
    "ENDS",
    "GRADES",
    "LASTED",
    "NAMES",
    "SAID",
    "SIGNALS",
    "Allocation",
    "Apart",
    "Cause",
    "Comparison",
    "Counted",
    "Funnel",
    "Grade",
    "Handled",
    "Moved",
    "Restatement",
    "Signal",
    "Signals",
    "Stratum",
    "before_the_deadline",
    "closed_undecided",
    "compare_groups",
    "funnel",
    "late_pauses",
    "newest_first",
    "registered_anew",
    "restatement",
    "signals_in",
]
