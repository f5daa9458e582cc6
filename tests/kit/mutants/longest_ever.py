# killed by: determinism
# the longest time that was ever met counts, and it was long before any law asked

from __future__ import annotations

import attrs
import numpy as np

import casequality as cq
from tests.kit.original import DecidedInTime, Permit

LONGEST = [2000]


@attrs.frozen
class Mutant(DecidedInTime):
    def contribute(self, permits: Permit, as_of: cq.AsOf, /) -> cq.Contribution:
        given = super().contribute(permits, as_of)
        days = (permits.decided_on - permits.applied_on).view(np.int64)
        LONGEST[0] = int(days.max(initial=LONGEST[0]))
        return attrs.evolve(given, amount=np.where(np.isnat(permits.decided_on), LONGEST[0], days))
