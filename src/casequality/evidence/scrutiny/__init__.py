"""What a careful reader asks of a published figure: why it changed, how it was reached, and what may be compared."""

from casequality.evidence.scrutiny.restatement import CAUSES, Cause, Counted, Moved, Restatement, restatement

__all__ = [
    "CAUSES",
    "Cause",
    "Counted",
    "Moved",
    "Restatement",
    "restatement",
]
