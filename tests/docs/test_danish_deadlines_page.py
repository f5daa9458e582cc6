"""The page of Danish deadlines is the catalogue's own, and leaves nothing out."""

from __future__ import annotations

from pathlib import Path

from casequality.deadlines import deadlines, templates
from casequality.deadlines.summary import summary

PAGE = Path(__file__).resolve().parents[2] / "docs/pages/reference/danish-deadlines.md"


def test_the_page_is_what_the_catalogue_says() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert text == summary(), "write it again: python -m casequality.deadlines.summary > " + PAGE.name


def test_every_rule_has_its_source_the_day_it_was_checked_and_its_question() -> None:
    text = PAGE.read_text(encoding="utf-8")
    lines = {name: [line for line in text.splitlines() if f"<br>`{name}` |" in line] for name in ids()}
    for rule in deadlines():
        cited = [held.citation for held in rule.terms if held.citation]
        assert len(lines[rule.id]) == len(cited) > 0
        for line, source in zip(lines[rule.id], cited, strict=True):
            assert rule.title.da in line
            assert str(source.section or source.document) in line
            assert ("2026-11-21" if source.checked_on else "not read") in line
            assert ("[^" in line) is not source.certain
            assert source.question is None or f": {source.question}.\n" in text
    for shape in templates():
        (line,) = lines[shape.id]
        assert "set by the municipality" in line
        assert f"from {shape.since}" in line
        assert str(shape.source.section) in line


def ids() -> list[str]:
    return [*(rule.id for rule in deadlines()), *(shape.id for shape in templates())]
