"""What the glossary says is in the code is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs/pages/glossary.md").read_text(encoding="utf-8")
CODE = "\n".join(path.read_text(encoding="utf-8") for path in sorted(ROOT.glob("src/**/*.py")))
OWN = TEXT.split("## The code's own words")[1]
ROWS = [line.split("|")[1] for line in OWN.splitlines() if line.startswith("| ") and "| --- " not in line]
WORDS = sorted({name for row in ROWS for name in re.findall(r"`(\w+)`", row)})


def test_there_are_words_to_look_for() -> None:
    assert len(WORDS) > 120


@pytest.mark.parametrize("name", WORDS)
def test_a_word_of_the_code_is_one(name: str) -> None:
    defined = rf"^ *(?:def|class) {name}\b|^ *{name}\b(?:: .*)? =|^ *{name}: |^{name} = |\b{name}\.py"
    module = any(path.stem == name or path.name == name for path in ROOT.glob("src/**/*"))
    assert module or re.search(defined, CODE, re.MULTILINE), f"{name} is defined nowhere"


def test_the_danish_words_stand_in_order_and_once() -> None:
    rows = [line.split(" | ")[0].removeprefix("| ") for line in TEXT.split("## The code")[0].splitlines()]
    danish = [row for row in rows if row[:1].isalpha() and row != "Danish"][2:]
    order = sorted(danish, key=lambda word: [" abcdefghijklmnopqrstuvwxyzæøå".find(letter) for letter in word.lower()])
    assert danish == order
    assert len(set(danish)) == len(danish) > 40
