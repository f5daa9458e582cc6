"""The conformance classes and the pytest plugin, in runs of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import pytest

import casequality as cq
import casequality.testing as kit
from tests.kit.offering import Offering
from tests.kit.original import FOUR_WEEKS, DecidedInTime

ROOT = Path(__file__).resolve().parents[2]
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


WHOLE = """
from pathlib import Path

import casequality.testing as kit
from tests.kit.offering import Offering, Visit
from tests.kit.original import FOUR_WEEKS, DecidedInTime, decided_in_time

class Decided(kit.MetricConformance):
    metric = DecidedInTime

    def oracle(self, case, as_of):
        return decided_in_time(case, as_of)

TestPlugin = kit.every_law(
    Offering(Path(__file__).parent),
    Decided,
    deadlines=[FOUR_WEEKS],
    examples=2,
    plugins=kit.catalogue(metrics=[DecidedInTime]),
    danish=False,
    skips={"permits.decided-in-time:bounds": "at night"},
)
"""


def test_one_call_tries_every_law_on_all_that_a_plugin_offers(tmp_path: Path) -> None:
    """A law of a thing is a test; a class of one's own has the settings of the call that it does not say itself."""
    code, out = run(tmp_path, WHOLE, "--verbose", "--verbose")
    assert code == 0, out
    names = [line.partition("TestPlugin::test_law[")[2].partition("]")[0] for line in out.splitlines()]
    things: dict[str, Sequence[kit.Law[Any]]] = {
        DecidedInTime.id: kit.laws,
        "permits": kit.record_laws,
        "visits": kit.record_laws,
        "permits-2010": kit.goal_set_laws,
        "permits/reply": kit.deadline_laws,
    }
    assert set(filter(None, names)) == {f"{name}-{law.name}" for name, laws in things.items() for law in laws}
    assert f"{DecidedInTime.id}: 26 checks, 22 passed, 0 failed, 4 skipped (bounds: at night; exact: " in out
    assert "permits/reply: 2 checks, 2 passed, 0 failed, 0 skipped" in out


def test_what_is_added_to_a_plugin_is_tried_without_a_word_in_its_tests(tmp_path: Path) -> None:
    whole = kit.every_law(Offering(tmp_path))
    assert list(whole.tried) == [DecidedInTime.id, "permits", "visits", "permits-2010", "permits/reply"]
    assert [kind.id for kind in whole.metrics] == [DecidedInTime.id]
    assert issubclass(whole, kit.DanishReading)
    assert not issubclass(kit.every_law(Offering(tmp_path), danish=False), kit.DanishReading)


def test_what_a_call_or_a_class_sets_reaches_what_it_is_for(tmp_path: Path) -> None:
    """A class keeps what it says itself; the plugin's deadlines are there for its metrics in any case."""

    class Decided(kit.MetricConformance):
        metric = DecidedInTime
        examples = 7

    given: dict[str, Any] = {
        "examples": 3,
        "as_of": "2011-01-01",
        "others": {"deadline": "permits/reply", "no such": 1},
    }
    tried = kit.every_law(Offering(tmp_path), Decided, deadlines=[FOUR_WEEKS], **given).tried
    of_metric, of_records = tried[DecidedInTime.id], tried["visits"]
    assert (of_metric.examples, of_records.examples) == (7, 3)
    subject = of_metric().subject()
    assert (subject.as_of, subject.others) == ("2011-01-01", {"deadline": "permits/reply"})
    assert {"permits/reply", FOUR_WEEKS.id} <= set(subject.rules)
    assert Decided().subject().rules.keys() != subject.rules.keys()


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"example": 3}, "a setting is for what is not offered: example; there is as_of"),
        ({"skips": {"permits.decided:bounds": "at night"}}, "a skip is for what is not offered: permits.decided;"),
        ({"skips": {f"{DecidedInTime.id}:bound": "at night"}}, "there is no law bound"),
        ({"skips": {"bound": "at night"}}, "there is no law bound"),
    ],
)
def test_what_a_call_says_of_nothing_that_is_there_is_refused(
    tmp_path: Path, changed: dict[str, Any], told: str
) -> None:
    with pytest.raises(ValueError, match=told):
        kit.every_law(Offering(tmp_path), **changed)


def test_a_class_for_what_the_plugin_does_not_offer_is_refused_and_a_faulty_hook_too(tmp_path: Path) -> None:
    class Other(kit.DeadlineConformance):
        deadline = cq.deadline("copenhagen/reply-guarantee")

    with pytest.raises(ValueError, match="a class is for what is not offered: copenhagen/reply-guarantee"):
        kit.every_law(Offering(tmp_path), Other)
    faulty = Offering(tmp_path)
    faulty.goals.unlink()
    with pytest.raises(cq.errors.PluginError, match="not the path of a TOML file that exists"):
        kit.every_law(faulty)
