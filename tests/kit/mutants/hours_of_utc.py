# killed by: naive-times
# visitors who came before eight in the morning, in UTC, are taken to have come at eight

from __future__ import annotations

import attrs
import numpy as np

import casequality as cq
from tests.kit.original import ServedSoon, Visit


@attrs.frozen
class Mutant(ServedSoon):
    def contribute(self, visits: Visit, as_of: cq.AsOf, /) -> cq.Contribution:
        given = super().contribute(visits, as_of)
        hour = (visits.came_at - visits.came_at.astype("M8[D]")).astype("m8[h]").astype(np.int64)
        undated = np.uint8(self.outcomes.names.index("undated"))
        return attrs.evolve(given, outcome=np.where((hour >= 0) & (hour < 8), undated, given.outcome))
