"""The conformance classes and the pytest plugin, in runs of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

import pytest

import casequality.testing as kit

ROOT = Path(__file__).resolve().parents[3]
HEAD = """
import casequality.testing as kit
from tests.kit.original import FOUR_WEEKS, DecidedInTime, Permit, decided_in_time

class TestDecided(kit.MetricConformance):
    metric = DecidedInTime
    deadlines = (FOUR_WEEKS,)
    examples = 3
"""


def run(folder: Path, code: str, *options: str) -> tuple[int, str]:
    (folder / "test_it.py").write_text(code, encoding="utf-8")
    base = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(folder), *options]
    plugin = [] if "casequality.testing.pytest_plugin" in _loaded() else ["-p", "casequality.testing.pytest_plugin"]
    done = subprocess.run(
        [*base, *plugin, str(folder)], capture_output=True, text=True, check=False, cwd=folder, env=_environment()
    )
    return done.returncode, done.stdout


def _loaded() -> set[str]:
    return {entry_point.value for entry_point in entry_points(group="pytest11")}


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))}


def test_a_class_has_a_test_for_each_law() -> None:
    tests = {name for name in dir(kit.MetricConformance) if name.startswith("test_")}
    assert tests == {f"test_{law.name.replace('-', '_')}" for law in kit.laws}


def test_a_line_says_how_many_checks_ran_passed_and_were_skipped(tmp_path: Path) -> None:
    oracle = "    def oracle(self, case, as_of):\n        return decided_in_time(case, as_of)\n"
    code, out = run(tmp_path, HEAD + oracle + "\nclass TestPermit(kit.RecordsConformance):\n    records = Permit\n")
    assert code == 0, out
    assert "TestDecided: 26 checks, 23 passed, 0 failed, 3 skipped (exact: " in out
    assert "naive-times: the records have days only)" in out
    assert "TestPermit: 6 checks, 5 passed, 0 failed, 1 skipped (naive-times: the records have days only)" in out


def test_a_broken_law_fails_with_its_message_and_no_traceback(tmp_path: Path) -> None:
    code, out = run(tmp_path, HEAD.replace("metric = DecidedInTime", "metric = DecidedInTime(deadline='no such')"))
    assert code == 1
    assert "law adds-up: every row that is read has one outcome or is set aside" in out
    assert "A metric counts a deadline that nobody offers" in out
    assert "Traceback" not in out


def test_a_class_that_skips_everything_fails(tmp_path: Path) -> None:
    code, out = run(tmp_path, HEAD + "    laws = kit.laws[-1:]\n", "-k", "test_oracle")
    assert code == 1
    assert "TestDecided: every check is skipped, so nothing was tested" in out


def test_one_skipped_check_run_by_itself_is_not_everything(tmp_path: Path) -> None:
    code, out = run(tmp_path, HEAD, "-k", "test_oracle")
    assert code == 0
    assert "TestDecided: 1 checks, 0 passed, 0 failed, 1 skipped (oracle: the author gives no oracle)" in out


def test_a_skip_of_no_law_is_refused() -> None:
    with pytest.raises(ValueError, match="there is no law roworder"):
        type("TestIt", (kit.MetricConformance,), {"skips": {"roworder": "misspelt"}})
