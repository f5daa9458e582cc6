# killed by: numbers
# pages go through small floats, of which two neighbours are one when they are great

from __future__ import annotations

import attrs
import numpy as np

import casequality as cq
from tests.kit.original import Errand, PagesSent


@attrs.frozen
class Mutant(PagesSent):
    def contribute(self, errands: Errand, as_of: cq.AsOf, /) -> cq.Contribution:
        given = super().contribute(errands, as_of)
        pages = errands.letters.rows.pages.astype(np.float32).astype(np.int64)
        return attrs.evolve(given, amount=errands.letters.sum(pages))
