# killed by: row-order
# the same applicant twice in a row, it is thought, is one who corrects the form

from __future__ import annotations

import attrs
import numpy as np

import casequality as cq
from tests.kit.original import DecidedInTime, Permit


@attrs.frozen
class Mutant(DecidedInTime):
    def contribute(self, permits: Permit, as_of: cq.AsOf, /) -> cq.Contribution:
        given = super().contribute(permits, as_of)
        left_out = np.uint8(self.outcomes.names.index("withdrawn"))
        again = np.append(False, permits.applied_on[1:] == permits.applied_on[:-1])
        return attrs.evolve(given, outcome=np.where(again, left_out, given.outcome))
