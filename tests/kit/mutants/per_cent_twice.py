# killed by: unit-and-range
# the statistic gives per cent, and so does the unit

from __future__ import annotations

import attrs

import casequality as cq
from tests.kit.original import DecidedInTime


@attrs.frozen
class PerCent(cq.statistics.Share):
    def value(self, counts: cq.statistics.Counts, /) -> cq.statistics.Values:
        yes, no = counts.cases(cq.YES), counts.cases(cq.NO)
        return cq.statistics.Values.of(100 * yes, yes + no, yes + no == 0)


@attrs.frozen
class Mutant(DecidedInTime):
    statistic = PerCent()
