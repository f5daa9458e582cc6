# killed by: exact
# the author's own share is cut to whole per cent, and so are its bounds

from __future__ import annotations

import attrs
import numpy as np

import casequality as cq
from tests.kit.original import DecidedInTime


@attrs.frozen
class WholePerCent(cq.statistics.Share):
    def value(self, counts: cq.statistics.Counts, /) -> cq.statistics.Values:
        found = super().value(counts)
        hundredths = 100 * found.numerator // np.maximum(found.denominator, 1)
        return attrs.evolve(found, numerator=hundredths, denominator=100 * np.minimum(found.denominator, 1))

    def bounds(self, counts: cq.statistics.Counts, /) -> cq.statistics.Bounds:
        found = super().bounds(counts)
        low, high = (
            attrs.evolve(end, numerator=100 * end.numerator // end.denominator, denominator=0 * end.denominator + 100)
            for end in (found.low, found.high)
        )
        return attrs.evolve(found, low=low, high=high)


@attrs.frozen
class Mutant(DecidedInTime):
    statistic = WholePerCent()
