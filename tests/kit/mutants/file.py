# killed by: purity
# the districts that count are read from a file beside the code

from __future__ import annotations

from pathlib import Path

import attrs

import casequality as cq
from tests.kit.original import DecidedInTime, Permit


@attrs.frozen
class Mutant(DecidedInTime):
    def contribute(self, permits: Permit, as_of: cq.AsOf, /) -> cq.Contribution:
        given = super().contribute(permits, as_of)
        Path(__file__).read_text(encoding="utf-8")
        return attrs.evolve(given, amount=given.amount)
