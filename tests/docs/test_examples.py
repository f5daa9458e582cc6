"""Every example that a reader sees is run: in the README, in the pages, and in the docstrings."""

from __future__ import annotations

import doctest
import importlib
import re
import shutil
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
from packaging.version import Version

from tests.docs.pages import FLAGS, examples

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src"
PAGES = [ROOT / "README.md", *sorted(ROOT.glob("plugins/*/README.md")), *sorted(ROOT.glob("docs/pages/**/*.md"))]
MODULES = [path for path in sorted(SOURCE.rglob("*.py")) if ">>> " in path.read_text(encoding="utf-8")]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """Give each page, and each module, a folder of its own, with the tutorial's data where it does not make them."""
    page = request.node.callspec.params.get("page") if hasattr(request.node, "callspec") else None
    if page is None or "$ casequality init" not in page.read_text(encoding="utf-8"):
        shutil.copy(SOURCE / "casequality/cli/project_template/huslejesager.csv", tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", sys.path[:])
    sys.path_importer_cache.pop(".", None)  # made for the folder of the page before, which put "." on the path as well


def peers_of(text: str) -> dict[str, Version]:
    """Return the libraries, and their versions, whose answers a page says it was written by."""
    said = re.search(r"The blocks below are run with([^:]+?)\.\n", text)
    return {name.lower(): Version(number) for name, number in re.findall(r"(\w+) (\d+\.\d+)", said[1] if said else "")}


@pytest.mark.parametrize("page", PAGES, ids=[str(page.relative_to(ROOT)) for page in PAGES])
def test_page(page: Path) -> None:
    for name, written_by in peers_of(page.read_text(encoding="utf-8")).items():
        if Version(version(name)) < written_by:
            pytest.skip(f"the page says what {name} {written_by} answers, and {name} {version(name)} is installed")
    for example in examples(page):
        example.evaluate()


def test_the_page_of_deviations_names_its_peers() -> None:
    text = (ROOT / "docs/pages/deviations.md").read_text(encoding="utf-8")
    assert list(peers_of(text)) == ["numpy", "pandas", "polars", "holidays", "duckdb"]


@pytest.mark.parametrize("path", MODULES, ids=[str(path.relative_to(SOURCE)) for path in MODULES])
def test_docstrings(path: Path) -> None:
    parts = path.relative_to(SOURCE).with_suffix("").parts
    module = importlib.import_module(".".join(part for part in parts if part != "__init__"))
    result = doctest.testmod(module, optionflags=FLAGS)
    assert result.attempted
    assert not result.failed
