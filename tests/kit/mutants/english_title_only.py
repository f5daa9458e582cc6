# killed by: titles
# the title is not said in Danish

from __future__ import annotations

import attrs

from tests.kit.original import DecidedInTime


@attrs.frozen
class Mutant(DecidedInTime):
    title = {"en": "Decided in time"}
