# killed by: empty
# where there is nothing to count the share is said to be 0

from __future__ import annotations

import attrs

import casequality as cq
from tests.kit.original import DecidedInTime


@attrs.frozen
class ZeroForNone:
    def conclude(self, counts: cq.statistics.Counts) -> cq.statistics.Value:
        yes, no = counts.cases(cq.YES), counts.cases(cq.NO)
        return cq.statistics.Value(yes, yes + no or 1)


@attrs.frozen
class Mutant(DecidedInTime):
    statistic = ZeroForNone()
