# killed by: declared-columns
# a column is read only where some record has ended

from __future__ import annotations

import attrs
import numpy as np

import casequality as cq
from tests.kit.original import DecidedInTime, Permit


@attrs.frozen
class Mutant(DecidedInTime):
    def contribute(self, permits: Permit, as_of: cq.AsOf, /) -> cq.Contribution:
        given = super().contribute(permits, as_of)
        days = permits.decided_on - permits.applied_on
        if (~np.isnat(permits.decided_on)).any():
            days = np.where(permits.reminders.any(), days, days)
        return attrs.evolve(given, amount=days)
