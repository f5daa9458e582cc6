# killed by: round-trip
# a field holds a function that has no name

from __future__ import annotations

from collections.abc import Callable

import attrs

import casequality as cq
from tests.kit.original import DecidedInTime, Permit


@attrs.frozen
class Mutant(DecidedInTime):
    counted: Callable[[Permit], object] = attrs.field(default=lambda permits: permits.decided_on)

    def contribute(self, permits: Permit, as_of: cq.AsOf, /) -> cq.Contribution:
        self.counted(permits)
        return super().contribute(permits, as_of)
