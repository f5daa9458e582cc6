# killed by: purity
# days are those of the machine's own zone

from __future__ import annotations

import datetime as dt

import attrs
import numpy as np

import casequality as cq
from tests.kit.original import ServedSoon, Visit


@attrs.frozen
class Mutant(ServedSoon):
    def contribute(self, visits: Visit, as_of: cq.AsOf, /) -> cq.Contribution:
        given = super().contribute(visits, as_of)
        stamps = visits.came_at.astype("M8[s]").astype(np.int64)
        there = [dt.datetime.fromtimestamp(max(stamp, 0)) for stamp in stamps.tolist()]  # noqa: DTZ006  the mutation
        days = np.array([time.hour for time in there], np.int64)
        return attrs.evolve(given, amount=days)
