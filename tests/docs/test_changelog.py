"""The changelog is what the change notes of the releases say, and taking in new ones loses none."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parents[2] / "docs"
WRITER = runpy.run_path(str(DOCS / "changelog.py"))


def test_the_page_is_what_the_notes_say() -> None:
    assert (DOCS / "pages/changelog.md").read_text(encoding="utf-8") == WRITER["page"]()


def test_a_release_takes_in_the_new_notes_and_comes_first(tmp_path: Path) -> None:
    (tmp_path / "0.9").mkdir()
    (tmp_path / "0.9" / "a.md").write_text("# Old\n\nOne.\n", encoding="utf-8")
    (tmp_path / "README.md").write_text("# How\n", encoding="utf-8")
    (tmp_path / "b.md").write_text("# New\n\nTwo.\n", encoding="utf-8")
    WRITER["release"]("0.10", tmp_path)
    assert sorted(path.name for path in tmp_path.rglob("*.md")) == ["README.md", "a.md", "b.md"]
    page = WRITER["page"](tmp_path)
    assert page.endswith("## 0.10\n\n### New\n\nTwo.\n\n## 0.9\n\n### Old\n\nOne.\n")


@pytest.mark.parametrize("version", ["", "next", "1", "../0.2"])
def test_what_is_no_version_moves_nothing(version: str, tmp_path: Path) -> None:
    (tmp_path / "b.md").write_text("# New\n", encoding="utf-8")
    with pytest.raises(SystemExit):
        WRITER["release"](version, tmp_path)
    assert (tmp_path / "b.md").exists()
