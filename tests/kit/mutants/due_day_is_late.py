# killed by: oracle
# a decision on the due day itself counts as late

from __future__ import annotations

import attrs
import numpy as np

import casequality as cq
from tests.kit.original import DecidedInTime, Permit


@attrs.frozen
class Mutant(DecidedInTime):
    def contribute(self, permits: Permit, as_of: cq.AsOf, /) -> cq.Contribution:
        due = as_of.due(self.deadline, permits.applied_on).at - np.timedelta64(1, "D")
        states = as_of.settle(due, permits.decided_on)
        outcome = self.outcomes.pick(withdrawn=permits.result == "withdrawn", **states)
        return attrs.evolve(super().contribute(permits, as_of), outcome=outcome)
