from __future__ import annotations

import json

from tests.factories.command_line import Install, Run
from tests.factories.projects import BROKEN, PLUGIN
from tests.unit.reports.html_facts import parse


def test_the_metrics_of_every_plugin_are_listed(run: Run) -> None:
    done = run("metrics", "list", "--format", "json")
    plain = json.loads(done.out)
    assert (done.code, done.err) == (0, "")
    assert plain["headers"] == ["Metric", "Name", "Unit", "Result version", "Records", "Plugin"]
    assert plain["rows"] == [
        ["letters.answered-in-time", "Letters answered in time", "share", "1", "letters", "letters-plugin"],
        ["letters.failing", "Letters answered in time", "share", "1", "letters", "letters-plugin"],
    ]
    assert "Breve besvaret til tiden" in run("metrics", "list", "--lang", "da").out


def test_a_card_is_shown_in_each_form(run: Run) -> None:
    english = run("metrics", "show", "letters.answered-in-time")
    assert (english.code, english.err) == (0, "")
    assert "letters: One letter from a citizen." in english.out
    assert "resultatversion 1" in run("metrics", "show", "letters.answered-in-time", "--lang", "da").out
    plain = json.loads(run("metrics", "show", "letters.answered-in-time", "--format", "json").out)
    assert list(plain["reads"]) == ["received_on", "answered_on"]
    assert parse(run("metrics", "show", "letters.answered-in-time", "--format", "html").out).balanced
    assert "| received\\_on |" in run("metrics", "show", "letters.answered-in-time", "--format", "md").out
    refused = run("metrics", "show", "letters.answered-in-time", "--format", "csv")
    assert refused.code == 2
    assert "text, md, html or json" in refused.err


def test_a_metric_that_fails_says_so_and_harms_no_other(run: Run, install: Install) -> None:
    install("broken-plugin", BROKEN)
    assert run("metrics", "list").code == 0
    assert run("metrics", "show", "letters.answered-in-time").code == 0
    failed = run("metrics", "show", "letters.failing")
    assert failed.code == 4
    assert "letters.failing" in failed.err


def test_a_page_of_an_unknown_plugin_names_those_there_are(run: Run) -> None:
    unknown = run("metrics", "page", "letters")
    assert unknown.code == 3
    assert "letters-plugin" in unknown.err


def test_a_page_holds_the_metrics_of_one_plugin(run: Run, install: Install) -> None:
    code = PLUGIN.replace('"letters.', '"notes.').replace("[AnsweredInTime, Failing]", "[AnsweredInTime]")
    install("notes-plugin", code)
    page = run("metrics", "page", "notes-plugin", "--lang", "da")
    assert (page.code, page.err) == (0, "")
    assert page.out.startswith("# notes-plugin\n")
    assert page.out.count("\n## ") == 1
    assert "\n## Breve besvaret til tiden\n" in page.out
    assert "letters.failing" not in page.out


def test_an_unknown_metric_is_named_with_those_there_are(run: Run) -> None:
    unknown = run("metrics", "show", "letters.answered-in-tim")
    assert unknown.code == 3
    assert "letters.answered-in-time" in unknown.err
