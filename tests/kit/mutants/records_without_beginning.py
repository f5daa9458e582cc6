# killed by: declared-columns
# every date may be blank, so nothing says when a record begins

from __future__ import annotations

import casequality as cq


class Mutant(cq.Records, name="permits"):
    """One application."""

    permit = cq.key()
    applied_on = cq.day(missing="not known")
