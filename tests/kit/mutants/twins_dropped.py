# killed by: duplication
# two applications on one day are taken for one that was registered twice

from __future__ import annotations

import attrs
import numpy as np

import casequality as cq
from tests.kit.original import DecidedInTime, Permit


@attrs.frozen
class Mutant(DecidedInTime):
    def contribute(self, permits: Permit, as_of: cq.AsOf, /) -> cq.Contribution:
        given = super().contribute(permits, as_of)
        left_out = np.uint8(self.outcomes.names.index("withdrawn"))
        _, first = np.unique(permits.applied_on, return_index=True)
        again = ~np.isin(np.arange(len(permits)), first) & ~np.isnat(permits.applied_on)
        return attrs.evolve(given, outcome=np.where(again, left_out, given.outcome))
