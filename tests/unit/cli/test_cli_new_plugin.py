from __future__ import annotations

import shlex
import tomllib
from pathlib import Path

import pytest

pytest.importorskip("typer", reason="the command line needs casequality[cli]")

from casequality.cli.authoring import write_plugin
from tests.factories.command_line import Run

EXAMPLE = Path(__file__).resolve().parents[3] / "plugins" / "casequality-example"


def content(folder: Path) -> dict[str, str]:
    """Return the files of a plugin, without what tools leave behind."""
    kept = [folder / name for name in ("pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md")]
    kept += [
        path
        for part in ("src", "tests", "docs", ".github")
        for path in folder.joinpath(part).rglob("*")
        if path.is_file()
    ]
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in kept
        if not {"__pycache__", ".hypothesis"}.intersection(path.parts)
    }


@pytest.mark.skipif(not EXAMPLE.exists(), reason="the example plugin is not beside the core")
def test_the_example_plugin_is_what_the_command_writes(tmp_path: Path) -> None:
    assert content(write_plugin("example", tmp_path)) == content(EXAMPLE)


def test_the_command_says_how_to_install_and_test_what_it_wrote(run: Run, folder: Path) -> None:
    done = run("new-plugin", "housing-allocation", "--into", "my plugins")
    assert done.code == 0
    install, test = map(shlex.split, done.out.splitlines())
    assert install == ["python", "-m", "pip", "install", "-e", "my plugins/casequality-housing-allocation[testing]"]
    assert test == ["python", "-m", "pytest", "my plugins/casequality-housing-allocation"]
    written = folder / "my plugins" / "casequality-housing-allocation"
    assert "example" not in "".join(content(written)).lower()
    project = tomllib.loads((written / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["name"] == "casequality-housing-allocation"
    assert "The casequality-housing-allocation authors" in (written / "LICENSE").read_text(encoding="utf-8")
    assert project["entry-points"]["casequality"] == {"housing-allocation": "casequality_housing_allocation"}


@pytest.mark.parametrize("name", ["Housing", "housing_allocation", "1st", "housing-", "../housing", "bolig-på"])
def test_a_name_that_is_none_is_refused(name: str, run: Run, folder: Path) -> None:
    before = sorted(folder.parent.iterdir())
    done = run("new-plugin", name)
    assert (done.code, done.out) == (2, "")
    assert "remedy:" in done.err
    assert sorted(folder.parent.iterdir()) == before


def test_a_folder_that_is_there_is_left_as_it_is(run: Run, folder: Path) -> None:
    folder.joinpath("casequality-housing").mkdir()
    done = run("new-plugin", "housing")
    assert done.code == 2
    assert "choose another name or --into" in done.err
    assert not list(folder.joinpath("casequality-housing").iterdir())


def test_the_records_are_called_as_the_author_says(tmp_path: Path) -> None:
    written = "".join(content(write_plugin("schools", tmp_path, "enrolments")).values())
    assert 'class Enrolment(cq.Records, name="enrolments")' in written
    assert "letter" not in written.lower()
    assert "breve" not in written.lower()


@pytest.mark.parametrize("records", ["Enrolments", "enrolment", "school places", "imports", "s"])
def test_records_that_cannot_be_called_so_are_refused(run: Run, folder: Path, records: str) -> None:
    done = run("new-plugin", "schools", "--records", records)
    assert done.code == 2
    assert "The records cannot be called so" in done.err
    assert "enrolments" in done.err
    assert not list(folder.glob("casequality-*"))
