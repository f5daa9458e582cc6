# killed by: parameters-matter
# a field is declared and nothing asks for it

from __future__ import annotations

import attrs

from tests.kit.original import DecidedInTime


@attrs.frozen
class Mutant(DecidedInTime):
    grace_days: int = 0
