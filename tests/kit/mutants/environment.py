# killed by: purity
# the days allowed are set in an environment variable

from __future__ import annotations

import os

import attrs
import numpy as np

import casequality as cq
from tests.kit.original import DecidedInTime, Permit


@attrs.frozen
class Mutant(DecidedInTime):
    def contribute(self, permits: Permit, as_of: cq.AsOf, /) -> cq.Contribution:
        given = super().contribute(permits, as_of)
        most = int(os.environ.get("PERMIT_DAYS", "1000"))
        days = (permits.decided_on - permits.applied_on).view(np.int64)
        return attrs.evolve(given, amount=np.minimum(days, most))
