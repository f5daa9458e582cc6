# killed by: purity
# summer is told by the month's name, which is another one in another language

from __future__ import annotations

import attrs
import numpy as np

import casequality as cq
from tests.kit.original import DecidedInTime, Permit

SUMMER = ("June", "July", "August")


@attrs.frozen
class Mutant(DecidedInTime):
    def contribute(self, permits: Permit, as_of: cq.AsOf, /) -> cq.Contribution:
        given = super().contribute(permits, as_of)
        said = [day is not None and f"{day:%B}" in SUMMER for day in permits.applied_on.tolist()]
        left_out = np.uint8(self.outcomes.names.index("withdrawn"))
        return attrs.evolve(given, outcome=np.where(np.array(said, bool), left_out, given.outcome))
