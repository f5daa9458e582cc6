# killed by: oracle
# the day of the last letter counts, too, so that each wait is a day longer

from __future__ import annotations

import attrs
import numpy as np

import casequality as cq
from tests.kit.original import DaysOfLetters, Errand


@attrs.frozen
class Mutant(DaysOfLetters):
    def contribute(self, errands: Errand, as_of: cq.AsOf, /) -> cq.Contribution:
        given = super().contribute(errands, as_of)
        assert given.bins is not None
        return attrs.evolve(given, bins=np.where(given.bins > 3, given.bins + 1, given.bins))
