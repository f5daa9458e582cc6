# killed by: unknown-codes
# a label ends with a space, which intake strips, so that no row ever has it

from __future__ import annotations

import casequality as cq


class Mutant(cq.Records, name="permits"):
    """One application."""

    permit = cq.key()
    applied_on = cq.day()
    result = cq.code("granted", "refused ", missing="not decided")
