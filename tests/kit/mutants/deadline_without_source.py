# killed by: citation
# nobody can look up who set the term

from __future__ import annotations

from casequality.testing.report import Rules
from tests.kit.original import FOUR_WEEKS

Mutant = Rules.of([FOUR_WEEKS])
