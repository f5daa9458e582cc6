from __future__ import annotations

from importlib.metadata import entry_points

import casequality as cq


def test_the_plugin_is_found_by_its_entry_point() -> None:
    (entry_point,) = entry_points(group="casequality", name="copenhagen")
    assert entry_point.value == "casequality_copenhagen"


def test_the_goal_set_is_offered_by_its_name() -> None:
    assert cq.load_goals("copenhagen-2010").id == "copenhagen-2010"
