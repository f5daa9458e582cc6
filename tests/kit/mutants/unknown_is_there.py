# killed by: bounds
# a record of which nothing is known is taken to count, though a reading may leave it out

from __future__ import annotations

import attrs
import numpy as np

import casequality as cq
from tests.kit.original import DecidedInTime


@attrs.frozen
class There(cq.statistics.Flow):
    def bounds(self, counts: cq.statistics.Counts, /) -> cq.statistics.Bounds:
        found, there = super().bounds(counts), counts.began(cq.YES, cq.NO, cq.OPEN, cq.UNKNOWN)
        least = attrs.evolve(found.low, numerator=np.maximum(found.low.numerator, there))
        return attrs.evolve(found, low=least)


@attrs.frozen
class Mutant(DecidedInTime):
    unit = cq.units.CASES
    statistic = There("inflow")
