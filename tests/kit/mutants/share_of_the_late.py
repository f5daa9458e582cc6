# killed by: monotone
# the share is that of the late, and more of it is said to be better

from __future__ import annotations

import attrs

import casequality as cq
from tests.kit.original import DecidedInTime


@attrs.frozen
class Late(cq.statistics.Share):
    def value(self, counts: cq.statistics.Counts, /) -> cq.statistics.Values:
        yes, no = counts.cases(cq.YES), counts.cases(cq.NO)
        return cq.statistics.Values.of(no, yes + no, yes + no == 0)


@attrs.frozen
class Mutant(DecidedInTime):
    statistic = Late()
