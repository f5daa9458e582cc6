# killed by: hidden-future
# the day of decision is declared as planned, so that later decisions are seen

from __future__ import annotations

import attrs

import casequality as cq
from tests.kit.original import DecidedInTime


class Hasty(cq.Records, name="permits"):
    permit = cq.key()
    applied_on = cq.day()
    decided_on = cq.day(missing="not decided", planned=True)
    result = cq.code("granted", "refused", "withdrawn", known_with="decided_on")


@attrs.frozen
class Mutant(DecidedInTime):
    records = Hasty  # type: ignore[assignment]
