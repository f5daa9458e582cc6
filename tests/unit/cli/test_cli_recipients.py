"""A report to one recipient, what is due to whom, and the comments on missed goals."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.factories.command_line import Run
from tests.factories.projects import GOAL, PROJECT

PERIOD = ("--period", "2010-H1", "--as-of", "2010-08-01")
REPORT = ("report", "casequality.toml", *PERIOD)
COMMENTS = ("comments", "casequality.toml", *PERIOD, "--quiet")
TO = 'report   = {{ to = "{to}", every = "{every}" }}\n'


@pytest.fixture(autouse=True)
def project(folder: Path) -> None:
    """Three goals for two recipients, one of them for nobody; a project that keeps comments."""
    made = [
        GOAL.format(name="g1", metric="letters.answered-in-time", target="at least 60 %"),
        TO.format(to="Udvalget", every="half-year"),
        GOAL.format(name="g2", metric="letters.answered-in-time", target="at least 30 %"),
        TO.format(to="Kontoret", every="month"),
        GOAL.format(name="g3", metric="letters.answered-in-time", target="at least 70 %"),
    ]
    folder.joinpath("goals.toml").write_text("".join(made), encoding="utf-8")
    text = PROJECT.replace("[sources", 'comments = "kommentarer.toml"\n\n[sources', 1)
    folder.joinpath("casequality.toml").write_text(text, encoding="utf-8")
    folder.joinpath("kommentarer.toml").write_text("", encoding="utf-8")


def goals_of(run: Run, *words: str) -> list[str]:
    return [goal["goal"] for goal in json.loads(run(*REPORT, *words, "--format", "json").out)["goals"]]


def test_a_report_to_one_recipient_holds_its_goals_only(run: Run) -> None:
    assert goals_of(run, "--to", "Udvalget") == ["g1"]
    assert goals_of(run) == ["g1", "g2", "g3"]


def test_an_unknown_recipient_is_refused_with_those_there_are(run: Run) -> None:
    done = run(*REPORT, "--to", "Udvalg")
    assert done.code == 3
    assert "Udvalget, Kontoret" in done.err


def test_a_period_of_another_length_is_said(run: Run) -> None:
    assert (
        "Kontoret får disse tal hver måned; denne rapport dækker 1. halvår 2010" in run(*REPORT, "--to", "Kontoret").out
    )
    assert "får disse tal" not in run(*REPORT, "--to", "Udvalget").out


def test_a_missed_goal_without_a_comment_says_so_and_one_that_is_met_does_not(run: Run) -> None:
    said = run(*REPORT).out
    assert said.count("Kommentar: mangler") == 2
    assert said.count("Tiltag: mangler") == 2


def test_empty_comments_are_added_once_and_what_is_written_stays(run: Run, folder: Path) -> None:
    file = folder / "kommentarer.toml"
    done = run(*COMMENTS, "--to", "Udvalget")
    assert (done.code, done.out) == (0, "")
    assert "tilføjede kommentarer, der skal skrives: 1" in done.err
    own = file.read_text(encoding="utf-8").replace('comment    = ""', 'comment    = "<b>for få</b>"  # mit', 1)
    file.write_text(own, encoding="utf-8")
    assert "tilføjede kommentarer, der skal skrives: 1" in run(*COMMENTS).err
    added = file.read_text(encoding="utf-8")
    assert added.startswith(own)
    assert added.count("[[comment]]") == 2
    assert "entries added: 0" in run(*COMMENTS, "--lang", "en").err
    assert file.read_text(encoding="utf-8") == added
    assert "Kommentar: <b>for få</b>" in run(*REPORT).out
    page = run(*REPORT, "--format", "html").out
    assert "<dd>&lt;b&gt;for få&lt;/b&gt;</dd>" in page
    assert "<b>" not in page


def test_a_file_of_comments_is_begun_where_there_is_none(run: Run, folder: Path) -> None:
    file = folder / "kommentarer.toml"
    file.unlink()
    assert "casequality comments" in run(*REPORT).err
    assert run(*COMMENTS).code == 0
    assert file.read_text(encoding="utf-8").count("[[comment]]") == 2


def test_a_project_that_keeps_no_comments_says_nothing_of_them(run: Run, folder: Path) -> None:
    folder.joinpath("casequality.toml").write_text(PROJECT, encoding="utf-8")
    assert "Kommentar" not in run(*REPORT).out
    done = run(*COMMENTS)
    assert done.code == 3
    assert 'comments = "kommentarer.toml"' in done.err


def test_a_comment_on_an_unknown_goal_is_told_and_one_on_any_verdict_is_shown(run: Run, folder: Path) -> None:
    text = '[[comment]]\ngoal = "{}"\nperiod = "2010-H1"\ncomment = "forkert"\n'
    folder.joinpath("kommentarer.toml").write_text(text.format("g2") + text.format("g9"), encoding="utf-8")
    said = run(*REPORT).out
    assert "kommentar til g9, men intet mål har dette id" in said
    assert said.count("Kommentar: forkert") == 1


def test_what_is_due_is_listed_with_the_command_that_makes_it(run: Run) -> None:
    done = run("due", "casequality.toml", "--on", "2010-08-05", "--format", "json")
    rows = json.loads(done.out)["rows"]
    text = json.dumps(rows, ensure_ascii=False)
    assert "casequality report casequality.toml --to Udvalget --period 2010-H1 --as-of 2010-08-05" in text
    assert "casequality report casequality.toml --to Kontoret --period 2010-07 --as-of 2010-08-05" in text
    assert "fremgår ikke af kilden" in text
