from __future__ import annotations

import json
import platform
from importlib.metadata import version

import pytest

from tests.factories.command_line import Install, Run
from tests.factories.projects import BROKEN, PLUGIN


def test_where_all_is_well_the_doctor_says_so(run: Run) -> None:
    done = run("doctor")
    assert (done.code, done.err) == (0, "")
    assert done.out.endswith("Nothing is wrong.\n")
    assert "letters-plugin" in done.out
    assert run("doctor", "--lang", "da").out.endswith("Der er ingen fejl.\n")


def test_versions_are_those_that_are_installed_with_what_needs_them(run: Run) -> None:
    plain = json.loads(run("doctor", "--format", "json").out)
    versions = plain["versions"]
    assert versions["Python"]["version"] == platform.python_version()
    assert versions["casequality"]["version"] == version("casequality")
    assert versions["numpy"] == {"version": version("numpy"), "needed_for": ""}
    assert versions["typer"] == {"version": version("typer"), "needed_for": "casequality[cli]"}
    assert plain["environment"]["CASEQUALITY_PLUGINS"] == "letters-plugin"
    assert plain["problems"] == []


def test_with_every_plugin_broken_it_works_and_shows_tracebacks_on_request(
    run: Run, install: Install, monkeypatch: pytest.MonkeyPatch
) -> None:
    install("broken-plugin", BROKEN)
    install("exiting-plugin", "raise SystemExit(0)\n")
    monkeypatch.setenv("CASEQUALITY_PLUGINS", "broken-plugin,exiting-plugin")
    done = run("doctor")
    assert (done.code, done.err) == (4, "")
    assert "this plugin is broken" in done.out
    assert "SystemExit" in done.out
    assert "Traceback" not in done.out
    assert run("doctor", "--traceback").out.count("Traceback") == 2


def test_a_name_that_is_claimed_twice_is_a_problem(run: Run, install: Install) -> None:
    install("other-letters", PLUGIN)
    done = run("doctor")
    assert done.code == 4
    assert "The metric 'letters.answered-in-time' is offered more than once" in done.out


def test_a_misspelt_variable_is_a_problem(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASEQUALITY_PLUGIN", "letters-plugin")
    done = run("doctor")
    assert done.code == 4
    assert "got:     CASEQUALITY_PLUGIN\n" in done.out
