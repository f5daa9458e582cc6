"""`casequality init`: a project to play with, whose commands work as they are printed."""

from __future__ import annotations

import csv
import datetime as dt
import shlex
from pathlib import Path

import pytest
from dateutil.relativedelta import relativedelta

from tests.factories.command_line import Run

pytest.importorskip("casequality_rent_tribunal")


def closed_in_time(path: Path) -> tuple[int, int]:
    """Return how many cases of the first quarter were closed within four months, and how many came, by a plain walk."""
    rows = {row["Sagsnr"]: row for row in csv.DictReader(path.open(encoding="latin-1"), delimiter=";")}
    days = [
        [dt.datetime.strptime(row[name] or "31-12-9999", "%d-%m-%Y").date() for name in ("Modtaget", "Afsluttet")]
        for row in rows.values()
        if row["Udfald"] in ("Afgjort", "Forlig", "Hævet", "Afvist", "")
    ]
    quarter = [(came, ended) for came, ended in days if dt.date(2010, 1, 1) <= came < dt.date(2010, 4, 1)]
    known = [(came, ended) for came, ended in quarter if ended >= came]
    return sum(ended <= came + relativedelta(months=4) for came, ended in known), len(known)


def test_the_commands_that_it_prints_work(run: Run, folder: Path) -> None:
    made = run("init", "played")
    into, *commands = made.out.splitlines()
    assert into == "cd played"
    placed = [
        [f"played/{word}" if word in ("casequality.toml", "report.html") else word for word in shlex.split(command)[1:]]
        for command in commands
    ]
    report, worklist = (run(*words) for words in placed)
    yes, came = closed_in_time(folder / "played/huslejesager.csv")
    share = f"{100 * yes / came:.1f} %".replace(".", ",")
    assert share in report.out
    assert share in folder.joinpath("played/report.html").read_text(encoding="utf-8").replace("\N{NO-BREAK SPACE}", " ")
    assert "HN-0108" in worklist.out
    readme = folder.joinpath("played/README.md").read_text(encoding="utf-8")
    assert all(command.removesuffix(" --lang da") in readme for command in commands)


def test_what_is_there_is_left_alone(run: Run, folder: Path) -> None:
    before = folder.joinpath("goals.toml").read_bytes()
    again = run("init", ".")
    assert (again.code, folder.joinpath("goals.toml").read_bytes()) == (2, before)
    assert "goals.toml" in again.err
    assert not folder.joinpath("README.md").exists()
