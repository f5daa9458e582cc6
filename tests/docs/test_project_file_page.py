"""The page of the project file has every key, and none that is refused."""

from __future__ import annotations

import re
from pathlib import Path

import attrs
import pytest

from casequality.desk.projects import ENGINE_KEYS, PROJECT_KEYS, SOURCE_KEYS
from casequality.records import Dialect

PAGE = Path(__file__).resolve().parents[2] / "docs/pages/reference/project-file.md"
SECTIONS = {"At the top": PROJECT_KEYS, "`[sources.NAME]`": SOURCE_KEYS, "`[engine]`": ENGINE_KEYS}


@pytest.mark.parametrize("heading", SECTIONS)
def test_every_key_is_on_the_page(heading: str) -> None:
    text = PAGE.read_text(encoding="utf-8").split(f"## {heading}\n")[1].split("\n## ")[0]
    firsts = [line.split("|")[1] for line in text.splitlines() if line.startswith("| `")]
    assert sorted(key for first in firsts for key in re.findall(r"`(\w+)`", first)) == sorted(SECTIONS[heading])


def test_every_part_of_a_dialect_is_on_the_page() -> None:
    line = next(line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| `dialect`"))
    assert {field.name for field in attrs.fields(Dialect)} <= set(re.findall(r"`(\w+)`", line))
