# killed by: purity
# the same, with the clock that hides in a word

from __future__ import annotations

import attrs
import numpy as np

import casequality as cq
from tests.kit.original import DecidedInTime, Permit


@attrs.frozen
class Mutant(DecidedInTime):
    def contribute(self, permits: Permit, as_of: cq.AsOf, /) -> cq.Contribution:
        given = super().contribute(permits, as_of)
        until = np.where(np.isnat(permits.decided_on), np.datetime64("today"), permits.decided_on)
        days = until - permits.applied_on
        return attrs.evolve(given, amount=days)
