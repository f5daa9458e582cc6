"""How to test a plugin names every law and every class of the kit."""

from __future__ import annotations

from pathlib import Path

import pytest

PAGE = Path(__file__).resolve().parents[2] / "docs/pages/how-to/test-a-plugin.md"


def test_every_law_and_every_class_is_on_the_page() -> None:
    kit = pytest.importorskip("casequality.testing")
    text = PAGE.read_text(encoding="utf-8")
    laws = (*kit.laws, *kit.record_laws, *kit.goal_set_laws, *kit.deadline_laws)
    rows = [f"| `{law.name}` | {law.says} |" for law in laws]
    classes = [name for name in kit.__all__ if name.endswith("Conformance")]
    assert [row for row in rows if row not in text.splitlines()] == []
    assert [name for name in classes if f"kit.{name}" not in text] == []
