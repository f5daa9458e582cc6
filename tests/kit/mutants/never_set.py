# killed by: reachable
# an outcome is declared for what nobody registers

from __future__ import annotations

import attrs
import numpy as np

import casequality as cq
from tests.kit.original import DecidedInTime, Permit


@attrs.frozen
class Mutant(DecidedInTime):
    outcomes = cq.outcomes(appealed=cq.OUT, withdrawn=cq.OUT, **cq.SETTLED)

    def contribute(self, permits: Permit, as_of: cq.AsOf, /) -> cq.Contribution:
        states = as_of.settle(as_of.due(self.deadline, permits.applied_on), permits.decided_on)
        return cq.Contribution(
            on=permits.applied_on,
            outcome=self.outcomes.pick(
                appealed=np.zeros(len(permits), bool), withdrawn=permits.result == "withdrawn", **states
            ),
        )
