"""What is in the files that a release hands out; they are built here as any front end builds them, with no network."""

from __future__ import annotations

import email
import re
import tarfile
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("hatchling", reason="distributions are built with hatchling")

from hatchling.builders.sdist import SdistBuilder
from hatchling.builders.wheel import WheelBuilder

ROOT = Path(__file__).resolve().parents[2]
PLUGINS = sorted(path.parent for path in ROOT.glob("plugins/*/pyproject.toml"))
PROJECTS = [ROOT, *PLUGINS]
NAMES = ["casequality", *(plugin.name for plugin in PLUGINS)]
OF_THE_REPOSITORY = (
    *("tests/benchmark/", "tests/docs/", "tests/golden/", "tests/real/"),
    "tests/system/test_country.py",
)
"""Tests that try the plugins, or the whole repository: the core's own distribution could not run them."""
TEMPLATE = "casequality-example"
"""What `new-plugin` writes: it measures nothing that a municipality has."""


def declared(folder: Path) -> dict[str, Any]:
    project: dict[str, Any] = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return project


def in_sdist(folder: Path, into: Path) -> dict[str, bytes]:
    """Return the files of a source distribution by their place in it."""
    (built,) = SdistBuilder(str(folder)).build(directory=str(into), versions=["standard"])
    with tarfile.open(built) as archive:
        members = {member.name.partition("/")[2]: archive.extractfile(member) for member in archive if member.isfile()}
        return {name: member.read() for name, member in members.items() if member}


def in_wheel(folder: Path, into: Path) -> dict[str, bytes]:
    """Return the files of a wheel by their place in it."""
    (built,) = WheelBuilder(str(folder)).build(directory=str(into), versions=["standard"])
    with zipfile.ZipFile(built) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.parametrize("folder", PROJECTS, ids=NAMES)
def test_a_source_distribution_holds_its_own_files_and_no_others(folder: Path, tmp_path: Path) -> None:
    files = in_sdist(folder, tmp_path)
    tops = {name.partition("/")[0] for name in files}
    needed = {"src", "tests", "README.md", "LICENSE", "pyproject.toml", "PKG-INFO"}
    assert needed <= tops <= needed | {"docs", "CHANGELOG.md", ".gitignore"}
    assert files["LICENSE"] == (folder / "LICENSE").read_bytes()
    there = {
        path.relative_to(folder).as_posix() for part in ("src", "tests") for path in folder.glob(f"{part}/**/*.py")
    }
    kept = {name for name in there if folder != ROOT or not name.startswith(OF_THE_REPOSITORY)}
    assert kept == {name for name in files if name.startswith(("src/", "tests/")) and name.endswith(".py")}
    assert not [name for name in files if re.search(r"__pycache__|\.pyc$|(^|/)\.(hypothesis|nox|venv)/", name)]


@pytest.mark.parametrize("folder", PROJECTS, ids=NAMES)
def test_a_wheel_holds_the_package_its_types_and_its_licence(folder: Path, tmp_path: Path) -> None:
    files = in_wheel(folder, tmp_path)
    package = folder.name.replace("-", "_") if folder != ROOT else "casequality"
    told = f"{package}-{declared(folder)['version']}.dist-info"
    assert {name.partition("/")[0] for name in files} == {package, told}
    assert files[f"{told}/licenses/LICENSE"] == (folder / "LICENSE").read_bytes()
    assert f"{package}/py.typed" in files
    metadata = email.message_from_bytes(files[f"{told}/METADATA"])
    assert (metadata["License-Expression"], metadata.get_all("License-File")) == ("MIT", ["LICENSE"])
    assert metadata["Description-Content-Type"] == "text/markdown"


@pytest.mark.parametrize("folder", PLUGINS, ids=NAMES[1:])
def test_a_plugin_says_of_itself_what_the_core_says(folder: Path) -> None:
    plugin, core = declared(folder), declared(ROOT)
    for key in ("version", "requires-python", "license", "license-files", "classifiers"):
        assert plugin[key] == core[key]
    text = (folder / "LICENSE").read_text(encoding="utf-8")
    holder = f"The {folder.name if folder.name == TEMPLATE else 'casequality'} authors"
    assert text == (ROOT / "LICENSE").read_text(encoding="utf-8").replace("The casequality authors", holder)


@pytest.mark.skipif(not PLUGINS, reason="the plugins are not beside the core")
def test_one_name_brings_every_plugin_and_what_reports_and_commands_need() -> None:
    brought = {
        re.split(r"[<>=]", each)[0] for each in declared(ROOT / "plugins/casequality-copenhagen")["dependencies"]
    }
    assert {name for name in NAMES if name not in {"casequality", "casequality-copenhagen", TEMPLATE}} <= brought
    assert "casequality[all]" in brought
