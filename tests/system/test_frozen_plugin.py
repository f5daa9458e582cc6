"""A plugin as a third party wrote it for the interface of November 2026 works on, with deprecation warnings at most."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from importlib.metadata import entry_points
from pathlib import Path

import pytest

FROZEN = Path(__file__).resolve().parents[1] / "frozen_plugin"
WARNINGS = ("-W", "error", "-W", "default::DeprecationWarning")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a copy of the plugin, whose sources have its metadata beside them as an installer leaves it."""
    project = shutil.copytree(FROZEN, tmp_path / "casequality-allotments")
    told = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    metadata = project / "src" / f"casequality_allotments-{told['version']}.dist-info"
    metadata.mkdir()
    requires = "".join(f"Requires-Dist: {each}\n" for each in told["dependencies"])
    text = f"Metadata-Version: 2.1\nName: {told['name']}\nVersion: {told['version']}\n{requires}"
    metadata.joinpath("METADATA").write_text(text, encoding="utf-8")
    [(name, value)] = told["entry-points"]["casequality"].items()
    metadata.joinpath("entry_points.txt").write_text(f"[casequality]\n{name} = {value}\n", encoding="utf-8")
    return project


def run(project: Path, *arguments: str) -> str:
    """Run Python in the project with every warning an error but those of deprecation; return what it printed."""
    path = os.pathsep.join(filter(None, [str(project / "src"), os.environ.get("PYTHONPATH")]))
    done = subprocess.run(
        [sys.executable, *WARNINGS, *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=project,
        env={**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    shown = [line for line in done.stderr.splitlines() if not line.startswith("  ")]  # the line that warns is indented
    assert [line for line in shown if "DeprecationWarning" not in line] == []
    return done.stdout


SAMPLE = """
import casequality as cq
from casequality.host import discover

found = discover(only=["casequality-allotments"], strict=True)
[plugin] = [each for each in found.plugins if each.state == "ready"]
letters = [
    {"letter": 1, "received_on": "2010-03-24", "answered_on": "2010-04-12"},
    {"letter": 2, "received_on": "2010-03-24", "answered_on": "2010-04-13"},
    {"letter": 3, "received_on": "2010-07-29", "answered_on": None},
]
given = {"as_of": "2010-08-01", "period": "2010"}
[figure] = cq.measure("allotments.answered-in-time", letters, plugins=found, **given)
print(plugin, list(found.metrics), figure.value.numerator, figure.value.denominator, figure.outcomes["pending"])
"""


def test_it_is_found_and_measures_as_it_did(project: Path) -> None:
    """Across Easter the tenth working day after 24 March 2010 is 12 April, by the calendar of that year."""
    (project / "sample.py").write_text(SAMPLE, encoding="utf-8")
    assert run(project, "sample.py") == (
        "casequality-allotments 0.1.0 (allotments = casequality_allotments) ['allotments.answered-in-time'] 1 2 1\n"
    )


def test_its_own_tests_pass(project: Path) -> None:
    """Its conformance classes try every law of today, also those that came after it."""
    loaded = {entry_point.value for entry_point in entry_points(group="pytest11")}
    kit = [] if "casequality.testing.pytest_plugin" in loaded else ["-p", "casequality.testing.pytest_plugin"]
    out = run(project, "-m", "pytest", "-q", "-p", "no:cacheprovider", *kit, *WARNINGS, "tests")
    assert re.search(r"^TestLetter: \d+ checks, [1-9]\d* passed, 0 failed", out, re.MULTILINE), out
    assert re.search(r"^TestAnsweredInTime: \d+ checks, [1-9]\d* passed, 0 failed", out, re.MULTILINE), out
