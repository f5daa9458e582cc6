# killed by: bounds
# every outcome is said to stand, whatever rows of the child table cannot be read

from __future__ import annotations

import attrs
import numpy as np

import casequality as cq
from tests.kit.original import DaysOfLetters, Errand


@attrs.frozen
class Mutant(DaysOfLetters):
    def contribute(self, errands: Errand, as_of: cq.AsOf, /) -> cq.Contribution:
        given = super().contribute(errands, as_of)
        return attrs.evolve(given, certain=np.ones(len(given), bool))
