"""The page of Danish deadlines is the catalogue's own, and leaves nothing out."""

from __future__ import annotations

import runpy
from pathlib import Path

from casequality.deadlines import shipped, templates

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/pages/reference/danish-deadlines.md"
summary = runpy.run_path(str(ROOT / "docs/danish_deadlines.py"))["summary"]


def test_the_page_is_what_the_catalogue_says() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert text == summary(), "write it again: python docs/danish_deadlines.py > " + PAGE.name


def test_every_rule_has_its_source_the_day_it_was_checked_and_its_question() -> None:
    text = PAGE.read_text(encoding="utf-8")
    lines = {name: [line for line in text.splitlines() if f"<br>`{name}` |" in line] for name in ids()}
    for rule in shipped():
        cited = [held.citation for held in rule.terms if held.citation]
        assert len(lines[rule.id]) == len(cited) > 0
        for line, source in zip(lines[rule.id], cited, strict=True):
            assert rule.title.da in line
            assert str(source.section or source.document) in line
            assert str(source.checked_on or "not read") in line
            assert ("[^" in line) is not source.certain
            assert source.question is None or f": {source.question}.\n" in text
    for shape in templates():
        (line,) = lines[shape.id]
        assert "set by the municipality" in line
        assert f"from {shape.since}" in line
        assert str(shape.source.section) in line


def ids() -> list[str]:
    return [*(rule.id for rule in shipped()), *(shape.id for shape in templates())]
