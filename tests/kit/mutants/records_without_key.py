# killed by: declared-columns
# a row that is delivered twice counts twice

from __future__ import annotations

import casequality as cq


class Mutant(cq.Records, name="permits"):
    """One application."""

    applied_on = cq.day()
    decided_on = cq.day(missing="not decided")
