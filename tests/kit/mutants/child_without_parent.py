# killed by: declared-columns
# the rows of a child table do not name their parent

from __future__ import annotations

import casequality as cq


class Letter(cq.Records, name="letters"):
    """One letter."""

    letter = cq.key()
    sent_on = cq.day()


class Mutant(cq.Records, name="permits"):
    """One application."""

    permit = cq.key()
    applied_on = cq.day()
    letters = cq.many(Letter)
