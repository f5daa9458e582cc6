# killed by: bounds
# a statistic says of every share that it lies between 0 and 1, as though that were found out

from __future__ import annotations

import attrs
import numpy as np

import casequality as cq
from tests.kit.original import DecidedInTime


@attrs.frozen
class Careful(cq.statistics.Share):
    def bounds(self, counts: cq.statistics.Counts, /) -> cq.statistics.Bounds:
        one, all_ = np.ones(counts.size, np.int64), np.ones(counts.size, bool)
        low, high = (cq.statistics.Ends(each, one, all_) for each in (0 * one, one))
        return attrs.evolve(super().bounds(counts), low=low, high=high)


@attrs.frozen
class Mutant(DecidedInTime):
    statistic = Careful()
