from __future__ import annotations

import json

from tests.unit.cli.conftest import Install, Run
from tests.unit.cli.material import BROKEN


def test_plugins_are_listed_with_what_they_offer(run: Run) -> None:
    done = run("plugins", "--format", "json")
    plain = json.loads(done.out)
    assert (done.code, done.err, plain["problems"]) == (0, "", [])
    mine = next(each for each in plain["plugins"] if each["distribution"] == "letters-plugin")
    assert mine == {
        "distribution": "letters-plugin",
        "version": "1.0",
        "state": "ready",
        "offers": "letters.answered-in-time, letters.failing",
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
