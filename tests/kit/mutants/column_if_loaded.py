# killed by: declared-columns
# a column is used where it happens to be loaded

from __future__ import annotations

import attrs
import numpy as np

import casequality as cq
from tests.kit.original import DecidedInTime, Permit


@attrs.frozen
class Mutant(DecidedInTime):
    def contribute(self, permits: Permit, as_of: cq.AsOf, /) -> cq.Contribution:
        given = super().contribute(permits, as_of)
        if len(permits) and "district" in permits.loaded:
            abroad = permits.district.missing
            given = attrs.evolve(given, outcome=np.where(abroad, np.uint8(len(self.outcomes) - 1), given.outcome))
        return given
