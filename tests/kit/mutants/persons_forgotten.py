# killed by: oracle
# every errand weighs the same, however many persons it is for

from __future__ import annotations

import attrs

import casequality as cq
from tests.kit.original import Errand, PagesSent


@attrs.frozen
class Mutant(PagesSent):
    def contribute(self, errands: Errand, as_of: cq.AsOf, /) -> cq.Contribution:
        return attrs.evolve(super().contribute(errands, as_of), times=None)
