# killed by: determinism
# blocks are counted, and every other one is taken for a copy

from __future__ import annotations

import attrs
import numpy as np

import casequality as cq
from tests.kit.original import DecidedInTime, Permit

SEEN: list[int] = []


@attrs.frozen
class Mutant(DecidedInTime):
    def contribute(self, permits: Permit, as_of: cq.AsOf, /) -> cq.Contribution:
        given = super().contribute(permits, as_of)
        SEEN.append(len(permits))
        left_out = np.full(len(permits), self.outcomes.names.index("withdrawn"), np.uint8)
        return attrs.evolve(given, outcome=left_out) if len(SEEN) % 2 else given
