# killed by: bounds
# what became of a decided application may not be stated, and it is taken for one that a reading does not leave out

from __future__ import annotations

import attrs

import casequality as cq
from tests.kit.original import DecidedInTime, Permit


class Unstated(Permit, name="permits"):
    result = cq.code("granted", "refused", "withdrawn", known_with="decided_on")


@attrs.frozen
class Mutant(DecidedInTime):
    records = Unstated
