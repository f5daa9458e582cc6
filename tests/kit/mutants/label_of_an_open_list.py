# killed by: unknown-codes
# an open list of districts is compared with a label, which a source may spell otherwise

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
        return attrs.evolve(given, outcome=np.where(permits.district == "Outskirts", left_out, given.outcome))
