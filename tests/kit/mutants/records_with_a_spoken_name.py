# killed by: titles
# the name of the record type cannot stand in a project file

from __future__ import annotations

import casequality as cq


class Mutant(cq.Records, name="Applications for permission"):
    """One application."""

    permit = cq.key()
    applied_on = cq.day()
