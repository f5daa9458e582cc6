# killed by: round-trip
# a field holds an object that equals only itself and prints its address

from __future__ import annotations

import attrs
import numpy as np

import casequality as cq
from tests.kit.original import DecidedInTime, Permit


class Most:
    def __init__(self, days: int) -> None:
        self.days = days


@attrs.frozen
class Mutant(DecidedInTime):
    most: Most = attrs.field(factory=lambda: Most(1000))

    def contribute(self, permits: Permit, as_of: cq.AsOf, /) -> cq.Contribution:
        days = (permits.decided_on - permits.applied_on).view(np.int64)
        return attrs.evolve(super().contribute(permits, as_of), amount=np.minimum(days, self.most.days))
