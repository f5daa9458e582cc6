# killed by: duplication
# one good and one bad case are added, so that few cases make no extreme share

from __future__ import annotations

import attrs

import casequality as cq
from tests.kit.original import DecidedInTime


@attrs.frozen
class Smoothed(cq.statistics.Share):
    def value(self, counts: cq.statistics.Counts, /) -> cq.statistics.Values:
        yes, no = counts.cases(cq.YES), counts.cases(cq.NO)
        return cq.statistics.Values.of(yes + 1, yes + no + 2, yes + no == 0)


@attrs.frozen
class Mutant(DecidedInTime):
    statistic = Smoothed()
