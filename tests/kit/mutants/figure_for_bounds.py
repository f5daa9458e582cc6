# killed by: bounds
# a statistic says that the figure itself is the least and the greatest

from __future__ import annotations

import attrs
import numpy as np

import casequality as cq
from tests.kit.original import DecidedInTime


@attrs.frozen
class Sure(cq.statistics.Share):
    def bounds(self, counts: cq.statistics.Counts, /) -> cq.statistics.Bounds:
        found, own = super().bounds(counts), self.value(counts)
        ends = cq.statistics.Ends(own.numerator, np.maximum(own.denominator, 1), own.denominator > 0)
        return attrs.evolve(found, low=ends, high=ends)


@attrs.frozen
class Mutant(DecidedInTime):
    statistic = Sure()
