# killed by: later-as-of
# what is not late yet counts as in time

from __future__ import annotations

import attrs

import casequality as cq
from tests.kit.original import DecidedInTime


@attrs.frozen
class Mutant(DecidedInTime):
    outcomes = cq.outcomes(withdrawn=cq.OUT, **{**cq.SETTLED, "pending": cq.YES})
