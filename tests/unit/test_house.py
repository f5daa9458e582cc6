"""What no other tool checks of the rules of the house."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from statistics import fmean, median

import pytest

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = sorted([*ROOT.glob("src/**/*.py"), *ROOT.glob("plugins/*/src/**/*.py")])
SOURCES = [*SHIPPED, *sorted([*ROOT.glob("tests/**/*.py"), *ROOT.glob("plugins/*/tests/**/*.py")])]
CORE = ROOT / "src" / "casequality"
PLUGINS = sorted(path.parent for path in ROOT.glob("plugins/*/pyproject.toml"))


@pytest.mark.parametrize("path", SHIPPED, ids=[str(path.relative_to(ROOT)) for path in SHIPPED])
def test_a_module_is_read_in_one_sitting(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    functions = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    long = [node.name for node in functions if (node.end_lineno or 0) - node.lineno >= 60]
    assert text.count("\n") <= 400
    assert not long


# A module that holds a sliver of an idea costs every reader a door, and one more import wherever it is needed. The
# slivers were joined to 160 modules; what was added since is rooms of its own, and full rooms of two ideas were split
# into two. The median and the width hold: a room that is full is split where the fewest names cross.
MODULES = 276
WIDTH = 14
MEDIAN = range(120, 221)
OWN_IMPORTS = 5.0


def rooms(core: Path) -> dict[str, Path]:
    """Return every module by its dotted name; a package has that of its folder."""
    found = {path.relative_to(core.parent).with_suffix("").parts: path for path in core.rglob("*.py")}
    return {".".join(parts[:-1] if parts[-1] == "__init__" else parts): path for parts, path in found.items()}


def offered(door: Path) -> set[str]:
    """Return the names that a package's door takes from elsewhere; one of them may be that of a module within."""
    nodes = ast.walk(ast.parse(door.read_text(encoding="utf-8")))
    package = ".".join(door.parent.parts)
    taken = [each for each in nodes if isinstance(each, ast.ImportFrom) and not package.endswith(f".{each.module}")]
    return {each.asname or each.name for node in taken for each in node.names}


def own_imports(core: Path) -> dict[str, set[str]]:
    """Return what each module imports of its own distribution, within functions, for types alone, and by a name too."""
    modules = rooms(core)
    doors = {module: offered(path) for module, path in modules.items() if path.name == "__init__.py"}
    found: dict[str, set[str]] = {}
    for module, path in modules.items():
        package = module if path.name == "__init__.py" else module.rpartition(".")[0]
        taken: set[str] = set()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                taken |= {each.name for each in node.names}
            elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module"):
                taken |= {str(each.value) for each in node.args if isinstance(each, ast.Constant)}
            elif isinstance(node, ast.ImportFrom):
                above = package.split(".")[: len(package.split(".")) + 1 - node.level] if node.level else []
                base = ".".join([*above, *filter(None, [node.module])])
                # `from package import name` takes what the package itself offers, else a module where there is one
                inner = {each.name for each in node.names} - doors.get(base, set())
                within = {f"{base}.{name}" for name in inner} & modules.keys()
                taken |= within | ({base} if len(within) < len(node.names) else set())
        found[module] = (taken & modules.keys()) - {module}
    return found


def circle(imports: Mapping[str, Iterable[str]]) -> list[str]:
    """Return the modules of an import circle, if there is one."""
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def test_the_core_has_few_and_whole_modules() -> None:
    lines = [path.read_text(encoding="utf-8").count("\n") for path in rooms(CORE).values()]
    assert len(lines) <= MODULES
    assert int(median(lines)) in MEDIAN


def test_no_folder_is_wide() -> None:
    """The outermost alone may be: it has the floors, which the layers contract lists one by one."""
    inner = [path for path in CORE.rglob("*") if path.is_dir() and list(path.glob("*.py"))]
    wide = {path: len([*path.glob("*/__init__.py"), *path.glob("*.py")]) - 1 for path in inner}
    assert {path: width for path, width in wide.items() if width > WIDTH} == {}


def test_modules_import_few_others_and_never_in_a_circle() -> None:
    """The import contract lets a floor import within itself, and leaves out what is imported for types alone."""
    imports = own_imports(CORE)
    assert circle(imports) == []
    assert fmean(map(len, imports.values())) <= OWN_IMPORTS


def test_a_circle_is_seen(tmp_path: Path) -> None:
    """Through a function, through a package's door, through an import for types alone, and through a name."""
    files = {
        "__init__.py": "",
        "named.py": 'importlib.import_module("house.open")',
        "open.py": "def late():\n    from .inner import shut",
        "inner/__init__.py": "from house.inner.shut import Door",
        "inner/shut.py": "if TYPE_CHECKING:\n    import house.named",
    }
    (tmp_path / "house" / "inner").mkdir(parents=True)
    for name, text in files.items():
        (tmp_path / "house" / name).write_text(text, encoding="utf-8")
    imports = own_imports(tmp_path / "house")
    assert imports == {
        "house": set(),
        "house.named": {"house.open"},
        "house.open": {"house.inner.shut"},
        "house.inner": {"house.inner.shut"},
        "house.inner.shut": {"house.named"},
    }
    assert set(circle(imports)) == {"house.named", "house.open", "house.inner.shut"}
    assert circle({**imports, "house.inner.shut": set()}) == []


# One name, one thing. These have two, nearly all in floors apart, and many are words of users or of their field: a
# column of counts and a statistic are both a `Count`, a deadline and a quotient's sum both have a `Term`.
TWO_THINGS = {
    *("Cases", "Cell", "ChildTable", "Choice", "Code", "Columns", "Comparison", "Count", "Dates", "Due"),
    *("Ends", "Entry", "FailOn", "Finding", "Ledger", "Point", "Quotient", "Report", "Row", "Search", "Share"),
    *("Stretches", "Sum", "Sums", "Table", "Term", "Unsaid", "WorkingDays"),
}


def test_no_further_name_of_a_class_means_two_things() -> None:
    places: dict[str, set[str]] = {}
    for module, path in rooms(CORE).items():
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef):
                places.setdefault(node.name.lstrip("_"), set()).add(module)
    assert {name for name, modules in places.items() if len(modules) > 1} == TWO_THINGS


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


@pytest.mark.parametrize("path", sorted(ROOT.glob("tests/unit/**/*.py")), ids=lambda path: path.name)
def test_a_unit_test_starts_no_process(path: Path) -> None:
    """Such tests are in `tests/system`: they are slower, and fail for reasons of their own."""
    imported = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Import)]
    assert not {"subprocess", "multiprocessing"} & {each.name for node in imported for each in node.names}


@pytest.mark.parametrize("folder", PLUGINS, ids=[folder.name for folder in PLUGINS])
def test_drawn_examples_of_a_plugin_are_under_no_time_limit(folder: Path) -> None:
    """They also run from its source distribution alone, where no profile of the repository lifts Hypothesis' limit."""
    tests = [node for path in folder.glob("tests/**/*.py") for node in ast.walk(ast.parse(path.read_text("utf-8")))]
    said = {
        node.name: [ast.unparse(each) for each in node.decorator_list]
        for node in tests
        if isinstance(node, ast.FunctionDef)
    }
    drawn = {name: marks for name, marks in said.items() if any(mark.startswith("given(") for mark in marks)}
    assert [name for name, marks in drawn.items() if not any("deadline=None" in mark for mark in marks)] == []
