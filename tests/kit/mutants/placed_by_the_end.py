# killed by: oracle
# an errand counts in the period in which it was closed, not in that in which it was opened

from __future__ import annotations

import attrs
import numpy as np

import casequality as cq
from tests.kit.original import Errand, PagesSent


@attrs.frozen
class Mutant(PagesSent):
    def contribute(self, errands: Errand, as_of: cq.AsOf, /) -> cq.Contribution:
        given = super().contribute(errands, as_of)
        closed = as_of.local_days(errands.closed_at)
        return attrs.evolve(given, on=np.where(np.isnat(closed), given.on, closed))
