# killed by: oracle
# two letters that were sent on one day are counted once

from __future__ import annotations

import attrs
import numpy as np

import casequality as cq
from tests.kit.original import DaysOfLetters, Errand


@attrs.frozen
class Mutant(DaysOfLetters):
    def contribute(self, errands: Errand, as_of: cq.AsOf, /) -> cq.Contribution:
        given, letters = super().contribute(errands, as_of), errands.letters
        days = as_of.local_days(letters.rows.sent_at).view(np.int64)
        another = np.append(True, (days[1:] != days[:-1]) | (np.diff(letters.parents) != 0))[: len(days)]
        return attrs.evolve(given, amount=letters.count(another))
