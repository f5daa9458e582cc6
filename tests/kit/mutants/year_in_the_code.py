# killed by: whole-weeks
# the goal began in 2010, and the metric says so instead of the goal

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
        return attrs.evolve(
            given, outcome=np.where(permits.applied_on < np.datetime64("2010-01-01"), left_out, given.outcome)
        )
