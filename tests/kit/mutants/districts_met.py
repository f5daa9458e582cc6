# killed by: purity
# a set beside the class keeps which districts were met before

from __future__ import annotations

import attrs
import numpy as np

import casequality as cq
from tests.kit.original import DecidedInTime, Permit

MET: set[str] = set()


def noted(label: str | None) -> bool:
    if label is not None:
        MET.add(label)
    return len(MET) > 100


@attrs.frozen
class Mutant(DecidedInTime):
    def contribute(self, permits: Permit, as_of: cq.AsOf, /) -> cq.Contribution:
        given = super().contribute(permits, as_of)
        many = np.array([noted(label) for label in permits.district.decode()], bool)
        withdrawn = np.uint8(self.outcomes.names.index("withdrawn"))
        return attrs.evolve(given, outcome=np.where(many, withdrawn, given.outcome))
