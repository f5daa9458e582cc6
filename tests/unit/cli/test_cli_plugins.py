from __future__ import annotations

import json

import pytest

from tests.factories.command_line import Install, Run
from tests.factories.projects import BROKEN


def test_plugins_are_listed_with_what_they_offer(run: Run) -> None:
    done = run("plugins", "--format", "json")
    plain = json.loads(done.out)
    assert (done.code, done.err, plain["problems"]) == (0, "", [])
    mine = next(each for each in plain["plugins"] if each["distribution"] == "letters-plugin")
    assert mine == {
        "distribution": "letters-plugin",
        "version": "1.0",
        "entry_point": "main = letters_plugin",
        "state": "ready",
        "hooks": ["casequality_metrics"],
        "offers": ["letters.answered-in-time", "letters.failing"],
        "deprecated": [],
        "failure": None,
    }
    assert "Tilstand" in run("plugins", "--lang", "da").out


def test_a_broken_plugin_is_shown_with_its_reason_and_breaks_nothing_else(run: Run, install: Install) -> None:
    install("broken-plugin", BROKEN)
    done = run("plugins")
    assert done.code == 0
    assert "this plugin is broken" in done.out
    assert "Traceback" not in done.out
    assert "Traceback" in run("plugins", "--traceback").out
    assert run("measure", "letters.answered-in-time", "letters.csv", "--as-of", "2010-08-01").code == 0


def test_a_plugin_that_fails_in_a_hook_is_listed_with_the_hook_and_its_traceback(run: Run, install: Install) -> None:
    install("crashing-plugin", "import casequality as cq\n@cq.hookimpl\ndef casequality_goals():\n    return 1 / 0\n")
    listed = json.loads(run("plugins", "--format", "json").out)["plugins"]
    crashing = next(each for each in listed if each["distribution"] == "crashing-plugin")
    assert (crashing["version"], crashing["state"], crashing["hooks"]) == ("1.0", "broken", ["casequality_goals"])
    assert (crashing["failure"]["stage"], crashing["failure"]["hook"]) == ("hook call", "casequality_goals")
    assert "return 1 / 0" in crashing["failure"]["traceback"]


@pytest.mark.parametrize("command", ["plugins", "doctor"])
def test_what_stops_every_other_command_is_told_by_these(
    command: str, run: Run, install: Install, monkeypatch: pytest.MonkeyPatch
) -> None:
    install("broken-plugin", BROKEN)
    monkeypatch.setenv("CASEQUALITY_STRICT", "1")
    monkeypatch.setenv("CASEQUALITY_PLUGINS", "letters-plugin,broken-plugin,gone-plugin")
    done = run(command)
    assert done.code == {"plugins": 0, "doctor": 4}[command]
    assert "this plugin is broken" in done.out
    assert "gone-plugin" in done.out
    assert "letters.answered-in-time" in done.out
    assert done.err == ""
    assert run("measure", "letters.answered-in-time", "letters.csv", "--as-of", "2010-08-01").code == 3
