# killed by: parameters-matter
# the deadline is a field, and the code names the deadline itself

from __future__ import annotations

import attrs

import casequality as cq
from tests.kit.original import DecidedInTime, Permit


@attrs.frozen
class Mutant(DecidedInTime):
    def contribute(self, permits: Permit, as_of: cq.AsOf, /) -> cq.Contribution:
        states = as_of.settle(as_of.due("permits", permits.applied_on), permits.decided_on)
        outcome = self.outcomes.pick(withdrawn=permits.result == "withdrawn", **states)
        return cq.Contribution(on=permits.applied_on, outcome=outcome)
