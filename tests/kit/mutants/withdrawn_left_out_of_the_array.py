# killed by: adds-up
# withdrawn applications are taken out instead of having an outcome

from __future__ import annotations

import attrs

import casequality as cq
from tests.kit.original import DecidedInTime, Permit


@attrs.frozen
class Mutant(DecidedInTime):
    def contribute(self, permits: Permit, as_of: cq.AsOf, /) -> cq.Contribution:
        return super().contribute(permits[permits.result != "withdrawn"], as_of)
