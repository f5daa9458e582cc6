"""Floors that load what is asked of them: every name that they offer has one home, and is what stands there."""

from __future__ import annotations

import ast
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

FLOORS = (
    "casequality.desk",
    "casequality.desk.judging",
    "casequality.evidence",
    "casequality.evidence.disclosure",
    "casequality.goals",
    "casequality.records",
    "casequality.reports",
)


@pytest.mark.parametrize("name", FLOORS)
def test_every_name_of_a_floor_is_there(name: str) -> None:
    floor: Any = import_module(name)
    homes = {each: home for home, names in floor.HOMES.items() for each in names}
    for each in floor.__all__:
        value = getattr(floor, each)
        if each in homes:
            assert value is getattr(import_module(homes[each]), each)
    assert set(homes) <= set(floor.__all__)
    with pytest.raises(AttributeError, match="no attribute 'nowhere'"):
        floor.nowhere  # noqa: B018


@pytest.mark.parametrize("name", FLOORS)
def test_type_checkers_are_told_the_same_homes(name: str) -> None:
    floor: Any = import_module(name)
    tree = ast.parse(Path(floor.__file__).read_text(encoding="utf-8"))
    [block] = [each for each in tree.body if isinstance(each, ast.If)]
    told = {
        node.module: tuple(each.name for each in node.names) for node in block.body if isinstance(node, ast.ImportFrom)
    }
    assert told == dict(floor.HOMES)
