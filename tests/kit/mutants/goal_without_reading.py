# killed by: judgeable
# the goal leaves open whether withdrawn applications count

from __future__ import annotations

from casequality.testing.goals_and_deadlines import GoalFile
from tests.kit.original import GOALS, find

Mutant = GoalFile(GOALS.replace('readings = { withdrawn = "left_out" }', "readings = {}"), find)
