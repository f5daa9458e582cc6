# killed by: citation
# the source is uncertain, and nobody says of what

from __future__ import annotations

import attrs

import casequality as cq
from tests.kit.original import DecidedInTime


@attrs.frozen
class Mutant(DecidedInTime):
    citation = cq.Citation(title="An invented council's goals", certain=False)
