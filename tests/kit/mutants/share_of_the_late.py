# killed by: monotone
# the share is that of the late, and more of it is said to be better

from __future__ import annotations

import attrs

import casequality as cq
from tests.kit.original import DecidedInTime


@attrs.frozen
class Late:
    def conclude(self, counts: cq.statistics.Counts) -> cq.statistics.Value:
        yes, no = counts.cases(cq.YES), counts.cases(cq.NO)
        return cq.statistics.Value(no, yes + no, None if yes + no else "no data")


@attrs.frozen
class Mutant(DecidedInTime):
    statistic = Late()
