# killed by: empty
# a statistic divides by the number of cases, also by none

from __future__ import annotations

import attrs

import casequality as cq
from tests.kit.original import DecidedInTime


@attrs.frozen
class Rounded:
    def conclude(self, counts: cq.statistics.Counts) -> cq.statistics.Value:
        yes, no = counts.cases(cq.YES), counts.cases(cq.NO)
        return cq.statistics.Value(1000 * yes // (yes + no), 1000)


@attrs.frozen
class Mutant(DecidedInTime):
    statistic = Rounded()
