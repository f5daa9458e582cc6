# killed by: exact
# the author's own mean is rounded down to whole days, and so are its bounds

from __future__ import annotations

import attrs
import numpy as np

import casequality as cq
from tests.kit.original import MeanDays


@attrs.frozen
class WholeDays(cq.statistics.Mean):
    def value(self, counts: cq.statistics.Counts, /) -> cq.statistics.Values:
        found = super().value(counts)
        known = np.maximum(found.denominator, 1)
        return attrs.evolve(found, numerator=found.numerator // known, denominator=np.minimum(found.denominator, 1))

    def bounds(self, counts: cq.statistics.Counts, /) -> cq.statistics.Bounds:
        found = super().bounds(counts)
        low, high = (
            attrs.evolve(end, numerator=end.numerator // end.denominator, denominator=0 * end.denominator + 1)
            for end in (found.low, found.high)
        )
        return attrs.evolve(found, low=low, high=high)


@attrs.frozen
class Mutant(MeanDays):
    statistic = WholeDays()
