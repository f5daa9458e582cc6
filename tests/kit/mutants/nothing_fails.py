# killed by: empty
# a statistic divides by the number of cases, also by none

from __future__ import annotations

import attrs
import numpy as np

import casequality as cq
from tests.kit.original import DecidedInTime


@attrs.frozen
class Rounded(cq.statistics.Share):
    def value(self, counts: cq.statistics.Counts, /) -> cq.statistics.Values:
        yes, no = counts.cases(cq.YES), counts.cases(cq.NO)
        pairs = zip(yes.tolist(), no.tolist(), strict=True)
        permille = [1000 * each // (each + other) for each, other in pairs]
        return cq.statistics.Values.of(np.array(permille), 0 * yes + 1000, yes + no == 0)


@attrs.frozen
class Mutant(DecidedInTime):
    statistic = Rounded()
