# killed by: splitting
# a row stands for its part of the block, so that blocks weigh the same

from __future__ import annotations

import attrs
import numpy as np

import casequality as cq
from tests.kit.original import DecidedInTime, Permit


@attrs.frozen
class Mutant(DecidedInTime):
    def contribute(self, permits: Permit, as_of: cq.AsOf, /) -> cq.Contribution:
        given = super().contribute(permits, as_of)
        return attrs.evolve(given, times=np.full(len(permits), 5040 // max(1, len(permits))))
