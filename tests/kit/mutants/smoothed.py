# killed by: duplication
# one good and one bad case are added, so that few cases make no extreme share

from __future__ import annotations

import attrs

import casequality as cq
from tests.kit.original import DecidedInTime


@attrs.frozen
class Smoothed:
    def conclude(self, counts: cq.statistics.Counts) -> cq.statistics.Value:
        yes, no = counts.cases(cq.YES), counts.cases(cq.NO)
        return cq.statistics.Value(yes + 1, yes + no + 2, None if yes + no else "no data")


@attrs.frozen
class Mutant(DecidedInTime):
    statistic = Smoothed()
