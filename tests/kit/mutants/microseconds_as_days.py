# killed by: unit-and-range
# spans in microseconds are shown as days

from __future__ import annotations

import attrs

import casequality as cq
from tests.kit.original import MeanDays, Permit


@attrs.frozen
class Mutant(MeanDays):
    def contribute(self, permits: Permit, as_of: cq.AsOf, /) -> cq.Contribution:
        given = super().contribute(permits, as_of)
        return attrs.evolve(given, amount=(permits.decided_on - permits.applied_on).astype("m8[us]"))
