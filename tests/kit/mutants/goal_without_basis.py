# killed by: citation
# nobody can look up who decided the goal

from __future__ import annotations

from casequality.testing.goals_and_deadlines import GoalFile
from tests.kit.original import GOALS, find

Mutant = GoalFile(GOALS.replace('[basis]\ntitle = "An invented council\'s goals"\n', ""), find)
