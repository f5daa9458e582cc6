"""What no other tool checks of the rules of the house."""

from __future__ import annotations

import ast
import re
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


PACKAGES = {folder.name.replace("-", "_"): folder for folder in PLUGINS}


def declared(folder: Path) -> set[str]:
    """Return the packages of the plugins that one declares as dependencies, without conditions."""
    project = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    names = {re.split(r"[^a-z0-9-]", each)[0] for each in project["dependencies"] if ";" not in each}
    return {name.replace("-", "_") for name in names} & set(PACKAGES)


def public(package: str) -> set[str]:
    """Return the names in the `__all__` of a plugin's root."""
    tree = ast.parse((PACKAGES[package] / "src" / package / "__init__.py").read_text(encoding="utf-8"))
    found = [
        node.value for node in tree.body if isinstance(node, ast.Assign) and ast.unparse(node).startswith("__all__")
    ]
    return set(ast.literal_eval(found[0])) if found else set()


def breaches(text: str, own: str, allowed: set[str]) -> list[str]:
    """Return what a module takes of other plugins that is not a public name of one that its own declares."""
    tree = ast.parse(text)
    roots: dict[str, str] = {}
    taken: list[tuple[str, str | None]] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            taken += [(each.name, None) for each in node.names]
            roots |= {each.asname or each.name: each.name for each in node.names if each.name in PACKAGES}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            taken += [(node.module, each.name) for each in node.names]
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in roots:
            taken.append((roots[node.value.id], node.attr))
    return [
        f"{module}.{name}" if name else module
        for module, name in taken
        if module.partition(".")[0] in PACKAGES.keys() - {own}
        and (module not in allowed or (name is not None and name not in public(module)))
    ]


@pytest.mark.skipif(not PLUGINS, reason="the plugins are not beside the core")
def test_the_import_contracts_know_every_plugin() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    packages = set(PACKAGES)
    _, core, outer, between = contracts["contracts"]
    assert set(contracts["root_packages"]) == {"casequality", *packages}
    assert set(core["forbidden_modules"]) == packages
    assert set(outer["source_modules"]) == packages
    assert set(between["modules"]) == packages
    for pair in between["ignore_imports"]:
        importing, imported = pair.split(" -> ")
        assert imported in declared(PACKAGES[importing.removesuffix(".**")]), f"{pair}: not in its pyproject.toml"


@pytest.mark.parametrize("package", PACKAGES)
def test_a_plugin_takes_of_others_the_public_names_of_those_that_it_declares(package: str) -> None:
    """Its tests too: they run from its source distribution, with what it declares and no more."""
    folder = PACKAGES[package]
    found = {
        str(path.relative_to(folder)): breaches(path.read_text(encoding="utf-8"), package, declared(folder))
        for path in [*folder.glob("src/**/*.py"), *folder.glob("tests/**/*.py")]
    }
    assert {path: taken for path, taken in found.items() if taken} == {}


@pytest.mark.skipif(not PLUGINS, reason="the plugins are not beside the core")
@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("import casequality_case_flow as flow\nflow.Stock", []),
        ("from casequality_case_flow import Stock", []),
        ("from casequality_case_flow import stock_and_flow", ["casequality_case_flow.stock_and_flow"]),
        ("import casequality_case_flow as flow\nflow.causes", ["casequality_case_flow.causes"]),
        ("from casequality_case_flow.flow import Backlog", ["casequality_case_flow.flow.Backlog"]),
        ("import casequality_case_flow.flow", ["casequality_case_flow.flow"]),
        ("import casequality_complaints", ["casequality_complaints"]),
        ("def late():\n    from casequality_complaints import rates", ["casequality_complaints.rates"]),
        ("import casequality_rent_tribunal.records, casequality.errors, attrs\nfrom . import flow", []),
    ],
)
def test_what_a_plugin_may_not_take_of_another_is_seen(text: str, taken: list[str]) -> None:
    assert breaches(text, "casequality_rent_tribunal", {"casequality_case_flow"}) == taken


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
