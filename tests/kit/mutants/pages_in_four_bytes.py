# killed by: numbers
# pages are added up in four bytes

from __future__ import annotations

import attrs
import numpy as np

import casequality as cq
from tests.kit.original import Errand, PagesSent


@attrs.frozen
class Mutant(PagesSent):
    def contribute(self, errands: Errand, as_of: cq.AsOf, /) -> cq.Contribution:
        given, letters = super().contribute(errands, as_of), errands.letters
        total = np.concatenate([np.zeros(1, np.int32), np.cumsum(letters.rows.pages.astype(np.int32), dtype=np.int32)])
        return attrs.evolve(given, amount=np.diff(total[letters.starts]))
