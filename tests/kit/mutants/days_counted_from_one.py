# killed by: oracle
# the day of application counts as a day of its own

from __future__ import annotations

import attrs
import numpy as np

import casequality as cq
from tests.kit.original import DecidedInTime, Permit


@attrs.frozen
class Mutant(DecidedInTime):
    def contribute(self, permits: Permit, as_of: cq.AsOf, /) -> cq.Contribution:
        given = super().contribute(permits, as_of)
        return attrs.evolve(given, amount=permits.decided_on - permits.applied_on + np.timedelta64(1, "D"))
