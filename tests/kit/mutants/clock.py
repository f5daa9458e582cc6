# killed by: purity
# what is open is aged by the clock of the machine

from __future__ import annotations

import datetime as dt

import attrs
import numpy as np

import casequality as cq
from tests.kit.original import DecidedInTime, Permit


@attrs.frozen
class Mutant(DecidedInTime):
    def contribute(self, permits: Permit, as_of: cq.AsOf, /) -> cq.Contribution:
        given = super().contribute(permits, as_of)
        today = np.datetime64(dt.date.today())  # noqa: DTZ011  the mutation
        days = np.where(np.isnat(permits.decided_on), today, permits.decided_on) - permits.applied_on
        return attrs.evolve(given, amount=days)
