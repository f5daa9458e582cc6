# killed by: naive-times
# days are cut off instants, which gives those of UTC

from __future__ import annotations

import attrs

import casequality as cq
from tests.kit.original import ServedSoon, Visit


@attrs.frozen
class Mutant(ServedSoon):
    def contribute(self, visits: Visit, as_of: cq.AsOf, /) -> cq.Contribution:
        given = super().contribute(visits, as_of)
        return attrs.evolve(given, on=visits.came_at.astype("M8[D]"))
