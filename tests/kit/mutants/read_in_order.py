# killed by: oracle
# the letter that was sent last is taken for the one that was read last

from __future__ import annotations

import attrs
import numpy as np

import casequality as cq
from casequality.days.arrays import MISSING
from tests.kit.original import DaysOfLetters, Errand


@attrs.frozen
class Mutant(DaysOfLetters):
    def contribute(self, errands: Errand, as_of: cq.AsOf, /) -> cq.Contribution:
        given, letters = super().contribute(errands, as_of), errands.letters
        assert given.bins is not None
        sent = as_of.local_days(letters.rows.sent_at)
        last = letters.last(sent, ~np.isnat(letters.rows.read_at))
        days = (last - as_of.local_days(errands.opened_at)).view(np.int64)
        return attrs.evolve(
            given, bins=np.where(np.isnat(last) | np.isnat(given.on), given.bins, np.maximum(days, MISSING))
        )
