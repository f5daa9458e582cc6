# killed by: bounds
# days past the deadline, which are below zero for what came early; the metric says that no amount is

from __future__ import annotations

import attrs
import numpy as np

import casequality as cq
from casequality.days.arrays import MISSING
from tests.kit.original import MeanDays, Permit


@attrs.frozen
class Mutant(MeanDays):
    def contribute(self, permits: Permit, as_of: cq.AsOf, /) -> cq.Contribution:
        given = super().contribute(permits, as_of)
        late = (permits.decided_on - as_of.due(self.deadline, permits.applied_on).at).view(np.int64)
        known = ~np.isnat(permits.decided_on) & ~np.isnat(permits.applied_on)
        return attrs.evolve(given, amount=np.where(known, late, MISSING))
