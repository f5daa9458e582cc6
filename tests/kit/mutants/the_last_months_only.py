# killed by: later-as-of
# only decisions of the last ninety days before the as-of count

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
            given, outcome=np.where(permits.decided_on < as_of.day - np.timedelta64(90, "D"), left_out, given.outcome)
        )
