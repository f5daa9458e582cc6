"""`casequality store`: each command, with what it prints and its exit code."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

import casequality as cq
from tests.factories.command_line import Run
from tests.factories.tallies import Told, entry

LETTERS = "letters.answered-in-time"


@pytest.fixture(autouse=True)
def tally(folder: Path) -> None:
    """Save the tally of the letters of the folder, of which two of five were answered in time."""
    cq.tally([LETTERS], folder / "letters.csv", as_of="2010-08-01").save(folder / "letters.tally")


def put(run: Run, *more: str, period: str = "2010-06", what: str = "put") -> tuple[int, str, str]:
    words = ("--who", "101", "--period", period, "--extract", "2010-08-01", *more)
    done = run("store", what, "store", "letters.tally", *words)
    return done.code, done.out, done.err


def test_a_delivery_is_put_and_its_figures_are_those_of_the_file(run: Run) -> None:
    code, out, err = put(run)
    assert (code, out.split()[0]) == (0, "1")
    assert "know them again" in err
    assert put(run)[:2] == (0, out)  # the same again is not taken twice
    figures = run("store", "figures", "store", LETTERS, "--by", "who", "--period", "2010", "--format", "csv").out
    assert ",101," in figures.splitlines()[1]
    assert ",2,5," in figures.splitlines()[1]


def test_changes_are_listed_and_known_as_they_were(run: Run) -> None:
    put(run)
    assert run("store", "withdraw", "store", "--who", "101", "--period", "2010-06", "--note", "wrong unit").code == 0
    assert put(run, "--note", "late", what="replace")[0] == 2
    assert [each["kind"] for each in json.loads(run("store", "log", "store", "--format", "json").out)] == [
        "put",
        "withdrawn",
    ]
    assert json.loads(run("store", "list", "store", "--format", "json").out) == []
    assert len(json.loads(run("store", "list", "store", "--at", "1", "--format", "json").out)) == 1
    assert json.loads(run("store", "show", "store", "2").out)["note"] == "wrong unit"
    assert "trukket tilbage" in run("store", "log", "store", "--lang", "da").out
    assert run("store", "check", "store").out == "1 tallies are as they were put\n"


@pytest.mark.parametrize(
    ("words", "code", "what"),
    [
        (("store", "list", "nowhere"), 2, "There is no store here"),
        (("store", "show", "store", "7"), 3, "There is no such entry"),
        (("store", "list", "store", "--at", "yesterday"), 2, "A moment cannot be read"),
        (("store", "figures", "store", "letters.other"), 3, "The store holds no such metric"),
        (("store", "figures", "store", LETTERS, "--who", "9"), 3, "The store holds no such delivery"),
    ],
)
def test_what_is_not_there_is_said(run: Run, words: tuple[str, ...], code: int, what: str) -> None:
    put(run)
    done = run(*words)
    assert (done.code, done.out) == (code, "")
    assert what in done.err
    assert not Path("nowhere").exists()


def test_what_is_in_a_saved_tally_is_shown_without_a_label(run: Run, folder: Path) -> None:
    rows = [dict(entry(f"2010-06-0{day}", what="yes", office="Zebedeus")) for day in range(1, 6)]
    cq.tally([Told], rows, as_of="2012-01-01", by="office").save(folder / "one.tally")
    done = run("tally", "show", "one.tally", "--format", "csv")
    assert done.code == 0
    assert done.out.splitlines()[1].split(",")[5:] == ["office", "1", "1", "5", "0"]
    assert "Zebedeus" not in run("tally", "show", "one.tally", "--format", "json").out
    damaged = bytearray((folder / "one.tally").read_bytes())
    damaged[-1] ^= 1
    (folder / "two.tally").write_bytes(damaged)
    assert run("tally", "show", "two.tally").code == 3


def test_a_project_is_delivered_reported_released_and_its_history_told(run: Run, folder: Path) -> None:
    asked = ("--who", "101", "--period", "2010-H1", "--extract", "2010-08-01", "--as-of", "2010-08-01", "--quiet")
    assert run("store", "deliver", "store", "casequality.toml", *asked).out.startswith("1 ")
    assert run("store", "deliver", "store", "casequality.toml", *asked).out.startswith("1 ")
    words = (
        "report",
        "casequality.toml",
        "--period",
        "2010-H1",
        "--as-of",
        "2010-08-01",
        "--quiet",
        "--format",
        "json",
    )
    goals = json.loads(run(*words).out)["goals"]
    kept = (*words, "--store", "store", "--out", "r.html")
    assert json.loads(run(*kept).out)["goals"] == goals
    assert run("store", "release", "store", "--note", "As published", "--file", "r.html").out.startswith("2 ")
    # the letter that was not answered by 15 June was answered in time after all
    letters = (folder / "letters.csv").read_text("utf-8").replace("4,2010-06-01,,", "4,2010-06-01,2010-06-02,")
    (folder / "letters.csv").write_text(letters, encoding="utf-8")
    done = run("store", "deliver", "store", "casequality.toml", *asked)
    assert (done.code, "replace it and say why" in done.err) == (2, True)
    assert run("store", "deliver", "store", "casequality.toml", *asked, "--note", "came late").code == 0
    (folder / "letters.csv").unlink()
    history = ("store", "history", "store", "casequality.toml", "g1", "--period", "2010-H1", "--format", "csv")
    told = list(csv.DictReader(run(*history, "--by", "quarter").out.splitlines()))
    names = ("Edition", "Numerator", "Denominator")
    assert [tuple(row[name] for name in names) for row in told if row["Period"] == "1st half of 2010"] == [
        ("As published", "2", "5"),
        ("as held", "3", "5"),
    ]
    assert len(told) == 2 * 3
    assert "101 for 1. halvår 2010 erstattet (came late)" in run(*history[:-2], "--lang", "da").out
    assert [each["number"] for each in json.loads(run(*history[:-1], "json", "--at", "1", "--at", "3").out)] == [1, 3]
    assert json.loads(run(*words, "--store", "store", "--known-at", "2").out)["goals"] == goals
    assert json.loads(run(*words, "--store", "store").out)["goals"] != goals
    assert run("verify", "r.html", "casequality.toml", "--store", "store", "--quiet").code == 0
    assert run("verify", "r.html", "casequality.toml", "--quiet").code == 2
    assert (
        run("store", "withdraw", "store", "--who", "101", "--period", "2010-H1", "--of", "other", "--note", "x").code
        == 2
    )
    assert (
        run("store", "withdraw", "store", "--who", "101", "--period", "2010-H1", "--of", "letters", "--note", "x").code
        == 0
    )
