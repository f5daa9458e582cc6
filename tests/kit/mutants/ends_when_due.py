# killed by: hidden-future
# a record is said to end on its due day, which may lie ahead

from __future__ import annotations

import attrs

import casequality as cq
from tests.kit.original import DecidedInTime, Permit


@attrs.frozen
class Mutant(DecidedInTime):
    def contribute(self, permits: Permit, as_of: cq.AsOf, /) -> cq.Contribution:
        given = super().contribute(permits, as_of)
        return attrs.evolve(given, until=as_of.due(self.deadline, permits.applied_on).at)
