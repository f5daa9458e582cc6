# killed by: splitting
# late is what took longer than the median of the block that was read

from __future__ import annotations

import attrs
import numpy as np

import casequality as cq
from tests.kit.original import DecidedInTime, Permit


@attrs.frozen
class Mutant(DecidedInTime):
    outcomes = cq.outcomes(quick=cq.YES, slow=cq.NO, withdrawn=cq.OUT, undecided=cq.OPEN)

    def contribute(self, permits: Permit, as_of: cq.AsOf, /) -> cq.Contribution:
        days = (as_of.due(self.deadline, permits.applied_on).at - permits.decided_on).view(np.int64)
        ended = ~np.isnat(permits.decided_on) & ~np.isnat(permits.applied_on)
        withdrawn = permits.result == "withdrawn"
        quick = ended & ~withdrawn & (days >= np.median(days[ended])) if ended.any() else ended
        outcome = self.outcomes.pick(quick=quick, slow=ended & ~withdrawn, withdrawn=withdrawn)
        return cq.Contribution(on=permits.applied_on, outcome=outcome)
