"""`casequality init`: a project to play with, whose commands work as they are printed, in processes of their own."""

from __future__ import annotations

import csv
import datetime as dt
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from dateutil.relativedelta import relativedelta

pytest.importorskip("casequality_rent_tribunal")


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a command of the library in a folder."""
    command = [sys.executable, "-m", "casequality", *words]
    return subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", check=False)


def day(text: str) -> dt.date:
    """Return a day of the export; no day is far off."""
    return dt.date(*map(int, reversed((text or "31-12-9999").split("-"))))


def closed_in_time(path: Path) -> tuple[int, int]:
    """Return how many cases of the first quarter were closed within four months, and how many came, by a plain walk."""
    lines = path.read_text(encoding="latin-1").splitlines()
    rows = {row["Sagsnr"]: row for row in csv.DictReader(lines, delimiter=";")}
    days = [
        (day(row["Modtaget"]), day(row["Afsluttet"]))
        for row in rows.values()
        if row["Udfald"] in ("Afgjort", "Forlig", "Hævet", "Afvist", "")
    ]
    quarter = [(came, ended) for came, ended in days if dt.date(2010, 1, 1) <= came < dt.date(2010, 4, 1)]
    known = [(came, ended) for came, ended in quarter if ended >= came]
    return sum(ended <= came + relativedelta(months=4) for came, ended in known), len(known)


def test_the_commands_that_it_prints_work(tmp_path: Path) -> None:
    into, *commands = run(tmp_path, "init", "played").stdout.splitlines()
    assert into == "cd played"
    folder = tmp_path / "played"
    report, worklist = (run(folder, *shlex.split(command)[1:]) for command in commands)
    yes, came = closed_in_time(folder / "huslejesager.csv")
    share = f"{100 * yes / came:.1f} %".replace(".", ",")
    assert share in report.stdout
    assert share in folder.joinpath("report.html").read_text(encoding="utf-8").replace("\N{NO-BREAK SPACE}", " ")
    assert "HN-0108" in worklist.stdout
    readme = folder.joinpath("README.md").read_text(encoding="utf-8")
    assert all(command.removesuffix(" --lang da") in readme for command in commands)


def test_what_is_there_is_left_alone(tmp_path: Path) -> None:
    tmp_path.joinpath("goals.toml").write_text("mine", encoding="utf-8")
    again = run(tmp_path, "init", ".")
    assert (again.returncode, [path.name for path in tmp_path.iterdir()]) == (2, ["goals.toml"])
    assert tmp_path.joinpath("goals.toml").read_text(encoding="utf-8") == "mine"
    assert "goals.toml" in again.stderr
