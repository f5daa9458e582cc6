"""A choice that a shipped goal makes and that is taken back is a gap that names every way to close it."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

from casequality.desk import load_goals
from casequality.desk.offered import find_metric
from casequality.goals import Goal, check_goal

GOALS = [
    goal
    for name in ("copenhagen-2010", "copenhagen-common", "copenhagen-social-2006")
    for goal in load_goals(name).goals
]
CHOSEN = [(goal, reading) for goal in GOALS for reading in goal.readings]


@pytest.mark.parametrize(("goal", "reading"), CHOSEN, ids=[f"{goal.id}-{reading}" for goal, reading in CHOSEN])
def test_a_gap_names_each_alternative_what_follows_from_it_and_why_the_source_leaves_it_open(
    goal: Goal, reading: str
) -> None:
    left = {name: way for name, way in goal.readings.items() if name != reading}
    metric = find_metric(goal.metric)
    [gap] = check_goal(attrs.evolve(goal, readings=left), metric)
    choice, told = metric.readings[reading], str(gap)
    assert f"goal {goal.id}" in told
    assert len(choice.alternatives) > 1
    for name, way in choice.alternatives.items():
        assert f"{name}: {english(way.says)}" in told
    assert english(choice.why) in told


@pytest.mark.parametrize("goal", GOALS, ids=[goal.id for goal in GOALS])
def test_a_goal_that_chooses_nothing_is_never_completed(goal: Goal) -> None:
    gaps = check_goal(attrs.evolve(goal, readings={}), find_metric(goal.metric))
    assert len(gaps) == len(goal.readings)


def english(said: Any) -> str:
    return said if isinstance(said, str) else str(said["en"])
