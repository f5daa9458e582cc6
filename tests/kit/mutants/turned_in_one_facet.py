# killed by: monotone
# the share is turned around where a case is left out, which happens in the second facet only

from __future__ import annotations

import attrs
import numpy as np

import casequality as cq
from tests.kit.original import DecidedInTime, Permit


@attrs.frozen
class Turned(cq.statistics.Share):
    def value(self, counts: cq.statistics.Counts, /) -> cq.statistics.Values:
        yes, no = counts.cases(cq.YES), counts.cases(cq.NO)
        better = np.where(counts.cases(cq.OUT) > 0, no, yes)
        return cq.statistics.Values.of(better, yes + no, yes + no == 0)


@attrs.frozen
class Mutant(DecidedInTime):
    statistic = Turned()

    def contribute(self, permits: Permit, as_of: cq.AsOf, /) -> dict[str, cq.Contribution]:  # type: ignore[override]
        given = super().contribute(permits, as_of)
        late, left_out = (np.uint8(self.outcomes.names.index(name)) for name in ("late", "withdrawn"))
        everything = attrs.evolve(given, outcome=np.where(given.outcome == left_out, late, given.outcome))
        return {"all": everything, "without the withdrawn": given}
