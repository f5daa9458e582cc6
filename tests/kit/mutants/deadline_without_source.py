# killed by: citation
# nobody can look up who set the term

from __future__ import annotations

from casequality.testing.goals_and_deadlines import Rules
from tests.kit.original import FOUR_WEEKS

Mutant = Rules.of([FOUR_WEEKS])
