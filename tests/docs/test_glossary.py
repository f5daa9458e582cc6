"""What the glossary says is in the code is there."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs/pages/glossary.md").read_text(encoding="utf-8")
FILES = sorted(ROOT.glob("src/**/*.py"))
DEFINED = re.compile(r"^ *(?:def|class) (\w+)|^ *(\w+)(?:: .*)? = |^ *(\w+): ", re.MULTILINE)
NAMES = {name for path in FILES for found in DEFINED.findall(path.read_text(encoding="utf-8")) for name in found}
MODULES = {name for path in FILES for name in (path.stem, path.parent.name)}
OWN = TEXT.split("## The code's own words")[1]
ROWS = [line.split("|")[1] for line in OWN.splitlines() if line.startswith("| ") and "| --- " not in line]
WORDS = sorted({name for row in ROWS for name in re.findall(r"`(\w+)`", row)})


def test_there_are_words_to_look_for() -> None:
    assert len(WORDS) > 120


def test_each_word_of_the_code_is_defined_in_it() -> None:
    assert [name for name in WORDS if name not in NAMES | MODULES] == []


def test_the_danish_words_stand_in_order_and_once() -> None:
    rows = [line.split(" | ")[0].removeprefix("| ") for line in TEXT.split("## The code")[0].splitlines()]
    danish = [row for row in rows if row[:1].isalpha() and row != "Danish"][2:]
    order = sorted(danish, key=lambda word: [" abcdefghijklmnopqrstuvwxyzæøå".find(letter) for letter in word.lower()])
    assert danish == order
    assert len(set(danish)) == len(danish) > 40
