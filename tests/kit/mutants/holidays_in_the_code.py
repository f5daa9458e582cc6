# killed by: whole-weeks
# the holidays of one year are listed in the metric

from __future__ import annotations

import attrs
import numpy as np

import casequality as cq
from tests.kit.original import DecidedInTime, Permit


@attrs.frozen
class Mutant(DecidedInTime):
    def contribute(self, permits: Permit, as_of: cq.AsOf, /) -> cq.Contribution:
        given = super().contribute(permits, as_of)
        closed = np.array(["2010-04-01", "2010-04-02", "2010-04-05", "2010-04-30", "2010-05-13", "2010-05-24"], "M8[D]")
        ended = ~np.isnat(permits.applied_on) & ~np.isnat(permits.decided_on)
        days = np.full(len(permits), np.iinfo(np.int64).min)
        days[ended] = np.busday_count(permits.applied_on[ended], permits.decided_on[ended], holidays=closed)
        return attrs.evolve(given, amount=days)
