from __future__ import annotations

from importlib.metadata import entry_points

import pytest

import casequality as cq


def test_the_plugin_is_found_by_its_entry_point() -> None:
    (entry_point,) = entry_points(group="casequality", name="copenhagen")
    assert entry_point.value == "casequality_copenhagen"


@pytest.mark.parametrize("name", ["copenhagen-2010", "copenhagen-common", "copenhagen-social-2006"])
def test_each_goal_set_is_offered_by_its_name(name: str) -> None:
    assert cq.load_goals(name).id == name
