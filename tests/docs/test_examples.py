"""Every example that a reader sees is run: in the README, in the pages, and in the docstrings."""

from __future__ import annotations

import doctest
import importlib
import shutil
from pathlib import Path

import pytest

from tests.docs.pages import FLAGS, examples

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src"
PAGES = [ROOT / "README.md", *sorted(ROOT.glob("plugins/*/README.md")), *sorted(ROOT.glob("docs/pages/**/*.md"))]
MODULES = [path for path in sorted(SOURCE.rglob("*.py")) if ">>> " in path.read_text(encoding="utf-8")]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give each page, and each module, a folder of its own that begins as a copy of docs/examples."""
    examples_folder = ROOT / "docs" / "examples"
    if examples_folder.exists():
        shutil.copytree(examples_folder, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("page", PAGES, ids=[str(page.relative_to(ROOT)) for page in PAGES])
def test_page(page: Path) -> None:
    for example in examples(page):
        example.evaluate()


@pytest.mark.parametrize("path", MODULES, ids=[str(path.relative_to(SOURCE)) for path in MODULES])
def test_docstrings(path: Path) -> None:
    parts = path.relative_to(SOURCE).with_suffix("").parts
    module = importlib.import_module(".".join(part for part in parts if part != "__init__"))
    result = doctest.testmod(module, optionflags=FLAGS)
    assert result.attempted
    assert not result.failed
