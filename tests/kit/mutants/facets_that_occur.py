# killed by: splitting
# a facet for each district, but only for those that occur in the block

from __future__ import annotations

import attrs
import numpy as np

import casequality as cq
from tests.kit.original import DecidedInTime, Permit


@attrs.frozen
class Mutant(DecidedInTime):
    def contribute(self, permits: Permit, as_of: cq.AsOf, /) -> dict[str, cq.Contribution]:  # type: ignore[override]
        given = super().contribute(permits, as_of)
        left_out = np.uint8(self.outcomes.names.index("withdrawn"))
        found = {name: permits.district == name for name in set(permits.district.decode()) if name}
        return {"all": given} | {
            name: attrs.evolve(given, outcome=np.where(rows, given.outcome, left_out)) for name, rows in found.items()
        }
