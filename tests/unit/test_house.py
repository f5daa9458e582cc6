"""What no other tool checks of the rules of the house."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted([*ROOT.glob("src/**/*.py"), *ROOT.glob("plugins/*/src/**/*.py")])
SOURCES = [*MODULES, *sorted([*ROOT.glob("tests/**/*.py"), *ROOT.glob("plugins/*/tests/**/*.py")])]
PLUGINS = sorted(path.parent for path in ROOT.glob("plugins/*/pyproject.toml"))


@pytest.mark.parametrize("path", MODULES, ids=[str(path.relative_to(ROOT)) for path in MODULES])
def test_a_module_is_read_in_one_sitting(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    functions = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    long = [node.name for node in functions if (node.end_lineno or 0) - node.lineno >= 60]
    assert text.count("\n") <= 400
    assert not long


def units_left_out(text: str) -> list[int]:
    """Return the lines on which NumPy is asked for a day or a length of time and not told its unit."""
    calls = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call) and len(node.args) == 1]
    named = [call for call in calls if ast.unparse(call.func) in {"np.datetime64", "np.timedelta64"}]
    return [
        call.lineno
        for call in named
        if isinstance(call.args[0], ast.Constant) and (call.args[0].value == "NaT" or type(call.args[0].value) is int)
    ]


@pytest.mark.parametrize("path", SOURCES, ids=[str(path.relative_to(ROOT)) for path in SOURCES])
def test_a_day_or_a_span_says_its_unit(path: Path) -> None:
    """NumPy warns of the others from 2.5 and will refuse them; on an older one nothing else would tell."""
    assert not units_left_out(path.read_text(encoding="utf-8"))


def test_a_unit_left_out_is_seen() -> None:
    given = [
        'np.datetime64("NaT")',
        'np.datetime64("NaT", "D")',
        "np.timedelta64(0)",
        'np.timedelta64(0, "us")',
        "np.datetime64(day)",
    ]
    assert units_left_out("\n".join(given)) == [1, 3]


@pytest.mark.skipif(not PLUGINS, reason="the plugins are not beside the core")
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
    assert any(
        dependency.startswith(("casequality>=", "casequality[all]>="))
        for dependency in project["project"]["dependencies"]
    )
    assert "/tests" in project["tool"]["hatch"]["build"]["targets"]["sdist"]["include"]
    assert (folder / "README.md").exists()
    assert (folder / "src" / folder.name.replace("-", "_") / "py.typed").exists()
