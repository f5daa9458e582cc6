# killed by: empty
# the first record is looked at to tell days from instants

from __future__ import annotations

import attrs
import numpy as np

import casequality as cq
from tests.kit.original import DecidedInTime, Permit


@attrs.frozen
class Mutant(DecidedInTime):
    def contribute(self, permits: Permit, as_of: cq.AsOf, /) -> cq.Contribution:
        given = super().contribute(permits, as_of)
        if np.isnat(permits.applied_on[0]):
            return given
        return attrs.evolve(given, on=permits.applied_on)
