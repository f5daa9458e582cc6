# killed by: reachable
# an outcome stands behind one that covers it

from __future__ import annotations

import attrs
import numpy as np

import casequality as cq
from tests.kit.original import DecidedInTime, Permit


@attrs.frozen
class Mutant(DecidedInTime):
    outcomes = cq.outcomes(withdrawn=cq.OUT, decided=cq.YES, **cq.SETTLED)

    def contribute(self, permits: Permit, as_of: cq.AsOf, /) -> cq.Contribution:
        states = as_of.settle(as_of.due(self.deadline, permits.applied_on), permits.decided_on)
        ended = ~np.isnat(permits.decided_on)
        withdrawn = permits.result == "withdrawn"
        return cq.Contribution(
            on=permits.applied_on, outcome=self.outcomes.pick(withdrawn=withdrawn, decided=ended, **states)
        )
