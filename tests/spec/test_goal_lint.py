"""A choice that a shipped goal makes and that is taken back is a gap that names every way to close it."""

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("casequality_copenhagen")

import attrs

from casequality.desk import load_goals
from casequality.desk.offered import find_metric
from casequality.errors import CaseQualityError, raise_together
from casequality.goals import Goal, GoalSet, check_goal, check_goals, parse_goals, parse_target
from casequality.goals.gaps import told

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


GOAL = """
[[goal]]
id        = "calls.answered"
metric    = "contact-centre.answered-share"
source    = "calls"
target    = "at least 80 %"
each      = "month"
aggregate = "each"
readings  = { short_abandons = "counted", voice_menu = "left_out" }
basis     = { title = "Et notat", question = { en = "per month or in total", da = "pr. måned eller i alt" } }
"""

LEFT_OPEN = {
    "population": ('source    = "calls"', "", "source mangler", "nævn den datakilde i projektet"),
    "start and stop event": ('metric    = "contact-centre.answered-share"', "", "metric mangler", "nævn en måling"),
    "clock and unit": (
        '"at least 80 %"',
        '"at least 80 calls"',
        "Måltallet er ikke i målingens enhed",
        "skriv tallet i %",
    ),
    "comparison": ('target    = "at least 80 %"', "", "target mangler", "at most 90 % of 2009"),
    "aggregation": ('aggregate = "each"', "", "bedømmes under ét", "mean: gennemsnittet af delenes tal"),
    "words of the source": ('aggregate = "each"', "", "bedømmes under ét", "kilden er åben: pr. måned eller i alt"),
}
"""What a goal must fix beside its readings: what is left out of it, what is said of that in Danish, and the way out."""


def test_a_goal_that_leaves_nothing_open_is_judged() -> None:
    check(parse_goals(GOAL))


@pytest.mark.parametrize("name", LEFT_OPEN)
def test_what_is_left_open_is_said_in_both_languages(name: str) -> None:
    out, put, what, way = LEFT_OPEN[name]
    assert out in GOAL
    with pytest.raises(CaseQualityError) as raised:
        check(parse_goals(GOAL.replace(out, put)))
    danish = told(raised.value, "da")
    assert what in danish
    assert way in danish
    assert "mangler" not in str(raised.value)
    assert "mål calls.answered" in danish or "goal calls.answered" in danish


@pytest.mark.parametrize(
    ("metric", "target", "wanted"),
    [
        ("contact-centre.calls", "at most 500 calls", "month: antallet gælder for en måned"),
        ("complaints.points", "at most 90 % of the year before", "legal_guarantees: "),
    ],
    ids=["window", "which of several figures"],
)
def test_a_window_and_one_of_several_figures_are_never_chosen_for_the_user(
    metric: str, target: str, wanted: str
) -> None:
    made = find_metric(metric)
    readings = {name: choice.default for name, choice in made.readings.items()}
    goal = Goal(id="g", metric=metric, source="s", target=parse_target(target), readings=readings)
    [gap] = check_goal(goal, made)
    assert wanted in told(gap, "da")


def check(goals: GoalSet) -> None:
    raise_together("gaps", check_goals([goals], find_metric))


def english(said: Any) -> str:
    return said if isinstance(said, str) else str(said["en"])
