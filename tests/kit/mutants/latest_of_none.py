# killed by: empty
# the latest decision is asked for where there may be none

from __future__ import annotations

import attrs
import numpy as np

import casequality as cq
from tests.kit.original import DecidedInTime, Permit


@attrs.frozen
class Mutant(DecidedInTime):
    def contribute(self, permits: Permit, as_of: cq.AsOf, /) -> cq.Contribution:
        given = super().contribute(permits, as_of)
        days = (permits.decided_on - permits.applied_on).view(np.int64)
        longest = days.max()
        return attrs.evolve(given, amount=np.minimum(days, longest))
