# killed by: unchanged-input
# days of decision that are missing are filled in, in the column itself

from __future__ import annotations

import attrs
import numpy as np

import casequality as cq
from tests.kit.original import DecidedInTime, Permit


@attrs.frozen
class Mutant(DecidedInTime):
    def contribute(self, permits: Permit, as_of: cq.AsOf, /) -> cq.Contribution:
        given = super().contribute(permits, as_of)
        days = permits.decided_on
        if days.flags.writeable:
            days[np.isnat(days)] = as_of.day
        return attrs.evolve(given, amount=days - permits.applied_on)
