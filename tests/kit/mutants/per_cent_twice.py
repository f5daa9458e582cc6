# killed by: unit-and-range
# the statistic gives per cent, and so does the unit

from __future__ import annotations

import attrs

import casequality as cq
from tests.kit.original import DecidedInTime


@attrs.frozen
class PerCent:
    def conclude(self, counts: cq.statistics.Counts) -> cq.statistics.Value:
        yes, no = counts.cases(cq.YES), counts.cases(cq.NO)
        return cq.statistics.Value(100 * yes, yes + no, None if yes + no else "no data")


@attrs.frozen
class Mutant(DecidedInTime):
    statistic = PerCent()
