from __future__ import annotations

from importlib.metadata import entry_points


def test_the_plugin_is_found_by_its_entry_point() -> None:
    (entry_point,) = entry_points(group="casequality", name="allotments")
    assert entry_point.value == "casequality_allotments"
