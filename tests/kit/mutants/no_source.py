# killed by: citation
# nobody can look up where the figure comes from

from __future__ import annotations

import attrs

from tests.kit.original import DecidedInTime


@attrs.frozen
class Mutant(DecidedInTime):
    citation = None  # type: ignore[assignment]
