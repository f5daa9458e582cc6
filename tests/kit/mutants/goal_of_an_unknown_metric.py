# killed by: judgeable
# the metric is misspelt

from __future__ import annotations

from casequality.testing.goals_and_deadlines import GoalFile
from tests.kit.original import GOALS, find

Mutant = GoalFile(GOALS.replace("permits.decided-in-time", "permits.decided-on-time"), find)
