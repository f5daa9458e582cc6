# killed by: purity
# a tenth of the cases is drawn for a closer look

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
            given, outcome=np.where(np.random.default_rng(1).random(len(permits)) < 0.1, left_out, given.outcome)
        )
