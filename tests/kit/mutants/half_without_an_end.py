# killed by: oracle
# errands with letters never end: one half of the code forgot it

from __future__ import annotations

import attrs
import numpy as np

import casequality as cq
from tests.kit.original import Errand, PagesSent


@attrs.frozen
class Mutant(PagesSent):
    def contribute(self, errands: Errand, as_of: cq.AsOf, /) -> cq.Contribution:
        given = super().contribute(errands, as_of)
        never = np.array("NaT", "M8[D]")
        return attrs.evolve(given, until=np.where(errands.letters.any(), never, given.until))  # type: ignore[arg-type]
