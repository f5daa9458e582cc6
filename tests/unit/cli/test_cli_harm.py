"""Plugins by different hands that get in each other's way: what is harmed, and what the user is told to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.factories.command_line import Install, Run
from tests.factories.projects import GOAL, PLUGIN

REPORT = ("report", "casequality.toml", "--period", "2010-H1", "--as-of", "2010-08-01", "--out", "report.html")
MEASURE = ("measure", "letters.answered-in-time", "letters.csv", "--as-of", "2010-08-01")


def other(name: str, code: str = PLUGIN) -> str:
    return code.replace('"letters.', f'"{name}.')


CRASHES = "return 1 // 0 if len(letters) else super().contribute(letters, as_of)"
CRASHING = other("crashing").replace("raise ZeroDivisionError", CRASHES)
"""Its metric `crashing.failing` works while the core finds out what it reads, and crashes on the letters themselves."""


def test_two_plugins_that_claim_one_metric(run: Run, install: Install) -> None:
    install("twice-one", other("twice"))
    install("twice-two", other("twice"))
    done = run("measure", "twice.answered-in-time", "letters.csv", "--as-of", "2010-08-01")
    assert (done.code, done.out) == (4, "")
    assert done.err.splitlines() == [
        "The metric 'twice.answered-in-time' is offered more than once, so none of the offers is used",
        "  where:   twice-one 1.0 (main = twice_one), twice-two 1.0 (main = twice_two)",
        "  remedy:  uninstall all but one of these plugins, or name those to use in CASEQUALITY_PLUGINS",
    ]
    assert run(*MEASURE).code == 0


def test_the_remedy_of_a_clash_works(run: Run, install: Install, monkeypatch: pytest.MonkeyPatch) -> None:
    install("twice-one", other("twice"))
    install("twice-two", other("twice"))
    monkeypatch.setenv("CASEQUALITY_PLUGINS", "twice-two")
    assert run("measure", "twice.answered-in-time", "letters.csv", "--as-of", "2010-08-01").code == 0


def test_a_plugin_for_another_interface(run: Run, install: Install) -> None:
    install("from-tomorrow", other("tomorrow") + "\ncasequality_api = 2\n")
    done = run("measure", "tomorrow.answered-in-time", "letters.csv", "--as-of", "2010-08-01")
    assert (done.code, done.out) == (4, "")
    assert "from-tomorrow 1.0" in done.err
    assert "written for another version of the plugin interface" in done.err
    assert "upgrade casequality, or install an older release of the plugin" in run("plugins").out
    assert run(*MEASURE).code == 0


def test_a_metric_that_crashes_in_the_middle_of_a_report(run: Run, install: Install, folder: Path) -> None:
    install("crashing-plugin", CRASHING)
    crash = GOAL.format(name="crash", metric="crashing.failing", target="at least 30 %")
    sound = folder.joinpath("goals.toml").read_text(encoding="utf-8")
    folder.joinpath("goals.toml").write_text(sound + crash, encoding="utf-8")
    folder.joinpath("report.html").write_text("last half-year's", encoding="utf-8")
    done = run(*REPORT, "--lang", "en")
    assert (done.code, done.out) == (4, "")
    what, where, got, remedy = done.err.splitlines()
    plugin, metric = "crashing-plugin 1.0 (main = crashing_plugin)", "crashing_plugin.Failing, result version 1"
    assert what == "A metric failed while it was calculated"
    assert where == f"  where:   {plugin}, crashing.failing ({metric})"
    assert got == "  got:     ZeroDivisionError on 5 records"
    assert remedy.startswith("  remedy:  report it to the metric's author, with what CASEQUALITY_TRACEBACK=1 ")
    assert remedy.endswith("the figures of other metrics are not affected")
    assert folder.joinpath("report.html").read_text(encoding="utf-8") == "last half-year's"
    folder.joinpath("goals.toml").write_text(sound, encoding="utf-8")
    assert run(*REPORT).code == 0
    assert "Breve til tiden" in folder.joinpath("report.html").read_text(encoding="utf-8")
    assert run("measure", "crashing.answered-in-time", "letters.csv", "--as-of", "2010-08-01").code == 0


def test_where_it_crashed_is_shown_on_request(run: Run, install: Install, monkeypatch: pytest.MonkeyPatch) -> None:
    install("crashing-plugin", CRASHING)
    words = ("measure", "crashing.failing", "letters.csv", "--as-of", "2010-08-01")
    assert "crashing_plugin.py" not in run(*words).err
    monkeypatch.setenv("CASEQUALITY_TRACEBACK", "1")
    done = run(*words)
    assert CRASHES in done.err
    assert "crashing_plugin.py" in done.err


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("outcome=self.outcomes.pick(**states)", "outcome=self.outcomes.pick(**states)[:2]", "different lengths"),
        ('deadline: str = "copenhagen/reply-guarantee"', "deadline: str", "cannot be made from its class alone"),
        (
            'title = {"en": "Letters answered in time"',
            'title = {} and {"en": ""',
            "lacks what a figure cannot do without",
        ),
    ],
)
def test_a_metric_that_misuses_the_core_is_laid_to_its_plugin(
    old: str, new: str, told: str, run: Run, install: Install
) -> None:
    code = other("faulty").replace(old, new)
    assert code != other("faulty")
    install("faulty-plugin", code)
    done = run("measure", "faulty.answered-in-time", "letters.csv", "--as-of", "2010-08-01")
    assert (done.code, done.out) == (4, "")
    assert told in done.err
    assert "faulty-plugin 1.0 (main = faulty_plugin)" in done.err
    assert run(*MEASURE).code == 0


def test_a_metric_built_on_that_of_another_plugin_is_not_laid_to_it(run: Run, install: Install) -> None:
    install("building-plugin", CRASHING)
    install(
        "built-plugin",
        """
import building_plugin
import casequality as cq

class Built(building_plugin.Failing):
    id = "built.failing"

@cq.hookimpl
def casequality_metrics():
    return [Built]
""",
    )
    done = run("measure", "built.failing", "letters.csv", "--as-of", "2010-08-01")
    assert done.code == 4
    assert "built-plugin 1.0 (main = built_plugin), built.failing" in done.err
