# killed by: bounds
# of all records in doubt a statistic looks at those that are open

from __future__ import annotations

import attrs
import numpy as np

import casequality as cq
from tests.kit.original import DecidedInTime


@attrs.frozen
class Hopeful(cq.statistics.Share):
    def bounds(self, counts: cq.statistics.Counts, /) -> cq.statistics.Bounds:
        yes, no, waiting = counts.cases(cq.YES), counts.cases(cq.NO), counts.cases(cq.OPEN)
        every, all_ = yes + no + waiting, np.ones(counts.size, bool)
        some = np.maximum(every, 1)
        low, high = (cq.statistics.Ends(each, some, all_) for each in (yes, yes + waiting))
        return attrs.evolve(super().bounds(counts), low=low, high=high, possible=every > 0)


@attrs.frozen
class Mutant(DecidedInTime):
    statistic = Hopeful()
