# killed by: adds-up
# outcomes are numbered by hand, from another list than the declared one

from __future__ import annotations

import attrs
import numpy as np

import casequality as cq
from tests.kit.original import DecidedInTime, Permit


@attrs.frozen
class Mutant(DecidedInTime):
    def contribute(self, permits: Permit, as_of: cq.AsOf, /) -> cq.Contribution:
        given = super().contribute(permits, as_of)
        return attrs.evolve(given, outcome=np.where(np.isnat(permits.applied_on), np.uint8(99), given.outcome))
