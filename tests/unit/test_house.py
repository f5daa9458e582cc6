"""What no other tool checks of the rules of the house."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted([*ROOT.glob("src/**/*.py"), *ROOT.glob("plugins/*/src/**/*.py")])
PLUGINS = sorted(path.parent for path in ROOT.glob("plugins/*/pyproject.toml"))


@pytest.mark.parametrize("path", MODULES, ids=[str(path.relative_to(ROOT)) for path in MODULES])
def test_a_module_is_read_in_one_sitting(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    functions = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    long = [node.name for node in functions if (node.end_lineno or 0) - node.lineno >= 60]
    assert text.count("\n") <= 400
    assert not long


def test_the_import_contracts_know_every_plugin() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    packages = {path.parent.name for path in ROOT.glob("plugins/*/src/*/__init__.py")}
    _, core, outer = contracts["contracts"]
    assert set(contracts["root_packages"]) == {"casequality", *packages}
    assert set(core["forbidden_modules"]) == packages
    assert set(outer["source_modules"]) == packages


@pytest.mark.parametrize("folder", PLUGINS, ids=[folder.name for folder in PLUGINS])
def test_a_plugin_is_a_distribution_of_its_own(folder: Path) -> None:
    project = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["name"] == folder.name
    assert project["project"]["entry-points"]["casequality"]
    assert any(dependency.startswith("casequality>=") for dependency in project["project"]["dependencies"])
    assert "tests" in project["tool"]["hatch"]["build"]["targets"]["sdist"]["include"]
    assert (folder / "README.md").exists()
    assert (folder / "src" / folder.name.replace("-", "_") / "py.typed").exists()
