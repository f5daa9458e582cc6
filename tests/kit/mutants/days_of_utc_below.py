# killed by: naive-times
# days are cut off the instants of a child table, which gives those of UTC

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
        last = errands.letters.worst(errands.letters.rows.sent_at.astype("M8[D]"))
        days = (last - as_of.local_days(errands.opened_at)).view(np.int64)
        return attrs.evolve(given, bins=np.where(given.bins >= 0, np.maximum(days, 0), given.bins))
