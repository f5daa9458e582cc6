"""Every row of the register of the source documents is covered by something that exists, and by a test that exists."""

from __future__ import annotations

import ast
import importlib
import re
import runpy
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

import casequality as cq
from casequality_copenhagen import GOAL_SETS
from casequality_copenhagen.organisation import organisation, reports
from casequality_copenhagen.summary import summary
from tests.shared import shared

ROOT = Path(__file__).resolve().parents[2]
WRITER = runpy.run_path(str(ROOT / "docs/seed_register.py"))
REGISTER: dict[str, Any] = WRITER["register"]()
ROWS: dict[str, dict[str, Any]] = REGISTER["rows"]
STATES = {"not in the source", "not built", "nothing to compute"}
SETS = [cq.load_goals(name) for name in GOAL_SETS]
KNOWN = {
    "goal": {goal.id for each in SETS for goal in each.goals},
    "set": set(GOAL_SETS),
    "change": {each.id for each in organisation().changes},
    "due": {to for each in reports() for to in each.to},
    "command": {"worklist", "goals list", "report --to", "due"},
}


def test_every_row_of_the_register_is_on_the_page_and_no_other() -> None:
    """A row is named for its document and lines; the second of two rows on the same lines ends in "b"."""
    listed: list[str] = []
    document = ""
    for line in shared("seed_register.md").read_text(encoding="utf-8").splitlines():
        if heading := re.match(r"## Seed (\d{3})", line):
            document = heading[1]
        elif document and line.startswith("| ") and not line.startswith(("| lines", "| ---")):
            lines = f"{document}:{line.split('|')[1].strip()}"
            listed.append(f"{lines}b" if lines in listed else lines)
    assert len(listed) > 100
    assert sorted(listed) == sorted(ROWS)


@pytest.mark.parametrize("row", ROWS)
def test_no_row_is_empty(row: str) -> None:
    said = ROWS[row]
    assert said["asks"]
    assert said.get("state") in {*STATES, None}
    assert bool(said.get("by")) is bool(said.get("test"))
    if not said.get("by"):
        assert said["state"] in ("not built", "nothing to compute")
    assert said.get("state") is None or said["note"]


@pytest.mark.parametrize("row", [row for row in ROWS if ROWS[row].get("by")])
def test_what_a_row_names_exists(row: str) -> None:
    for reference in ROWS[row]["by"]:
        kind, _, name = reference.partition(":")
        if kind == "metric":
            assert cq.records_of(name)
        elif kind == "code":
            assert exists(name), reference
        else:
            assert name in KNOWN[kind], reference


def exists(dotted: str) -> bool:
    """Return whether a dotted name is a module, or a name in one."""
    module, _, name = dotted.rpartition(".")
    try:
        importlib.import_module(dotted)
    except ModuleNotFoundError:
        return hasattr(importlib.import_module(module), name)
    return True


@pytest.mark.parametrize("row", [row for row in ROWS if ROWS[row].get("test")])
def test_the_tests_that_a_row_names_exist(row: str) -> None:
    for each in WRITER["tests_of"](ROWS[row]):
        alias, _, name = each.partition("::")
        assert name in names_in(REGISTER["tests"][alias])


def names_in(file: str) -> set[str]:
    """Return the test functions and classes of the one test file of this name."""
    [path] = [*ROOT.glob(f"tests/**/{file}"), *ROOT.glob(f"plugins/*/tests/{file}")]
    body = ast.parse(path.read_text(encoding="utf-8")).body
    return {each.name for each in body if isinstance(each, ast.FunctionDef | ast.ClassDef)}


def test_every_goal_of_copenhagen_is_in_some_row() -> None:
    named = {name for row in ROWS.values() for name in row.get("by", ())}
    assert [goal for goal in sorted(KNOWN["goal"]) if f"goal:{goal}" not in named] == []


def test_the_page_is_what_the_register_says() -> None:
    text = (ROOT / "docs/pages/reference/seed-register.md").read_text(encoding="utf-8")
    assert text == WRITER["page"](), "write it again: python docs/seed_register.py > seed-register.md"
    rows = Counter(line.startswith("| ") and not line.startswith(("| Lines", "| ---")) for line in text.splitlines())
    assert rows[True] == len(ROWS)


def test_the_page_of_copenhagen_is_what_its_files_say() -> None:
    text = (ROOT / "docs/pages/reference/copenhagen.md").read_text(encoding="utf-8")
    assert text == summary(), "write it again: python -m casequality_copenhagen.summary > copenhagen.md"


@pytest.mark.parametrize("page", ["seed-register", "copenhagen"])
def test_the_pages_are_in_the_contents(page: str) -> None:
    assert f"- reference/{page}.md\n" in (ROOT / "docs/mkdocs.yml").read_text(encoding="utf-8")
