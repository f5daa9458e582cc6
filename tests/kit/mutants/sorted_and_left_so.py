# killed by: row-order
# the waits are sorted for a cap and never put back in place

from __future__ import annotations

import attrs
import numpy as np

import casequality as cq
from tests.kit.original import DecidedInTime, Permit


@attrs.frozen
class Mutant(DecidedInTime):
    def contribute(self, permits: Permit, as_of: cq.AsOf, /) -> cq.Contribution:
        given = super().contribute(permits, as_of)
        return attrs.evolve(given, amount=np.sort(permits.decided_on - permits.applied_on))
