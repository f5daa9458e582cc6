# killed by: empty
# where there is nothing to count the share is said to be 0

from __future__ import annotations

import attrs
import numpy as np

import casequality as cq
from tests.kit.original import DecidedInTime


@attrs.frozen
class ZeroForNone(cq.statistics.Share):
    def value(self, counts: cq.statistics.Counts, /) -> cq.statistics.Values:
        yes, no = counts.cases(cq.YES), counts.cases(cq.NO)
        return cq.statistics.Values.of(yes, np.maximum(yes + no, 1), yes < 0)


@attrs.frozen
class Mutant(DecidedInTime):
    statistic = ZeroForNone()
