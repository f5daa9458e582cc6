"""The example's reports verified by processes of their own, and one closing day more in the calendar named."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

for needed in ("typer", "jinja2"):
    pytest.importorskip(needed)


PERIOD = ("--period", "2010-H1", "--as-of", "2010-08-01")
MORE = """
import casequality.days.calendars as calendars
from casequality.days.working_calendar import ClosingDay
import datetime

shipped = calendars.closing_days()
more = ClosingDay(datetime.date(2010, 3, 10), "Invented", "Opdigtet", ("dk-statutory", "dk-administrative"))
calendars.closing_days = lambda: tuple(sorted((*shipped, more)))
"""
"""What a process runs before all else: a calendar with one closing day more, which is invented."""


def casequality(folder: Path, *words: str, before: Path | None = None) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([*([str(before)] if before else []), *filter(None, sys.path)])
    return subprocess.run(
        [sys.executable, "-m", "casequality", *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": path},
        check=False,
        capture_output=True,
        encoding="utf-8",
    )


def test_the_reports_of_the_example_verify(tmp_path: Path) -> None:
    """The main one and those to the committees, as the demonstration writes them."""
    example = pytest.importorskip("casequality_copenhagen.example", reason="the example is needed")
    demo = pytest.importorskip("casequality_copenhagen.demo")
    for plugin in ("pyarrow", "python_calamine", "openpyxl"):
        pytest.importorskip(plugin)
    example.write(tmp_path)
    main = ["report", str(tmp_path / "casequality.toml"), *PERIOD, "--out", str(tmp_path / "report.html")]
    for words in (main, *demo.committee_commands(tmp_path)):
        done = casequality(tmp_path, *words, "--format", "json")
        assert done.returncode == 0, done.stderr
        project, page = words[1], words[-1]
        found = casequality(tmp_path, "verify", page, project)
        assert (found.returncode, found.stderr) == (0, ""), found.stdout
    # one changed row of the largest source, of which the manifest has a digest, and no row moved
    calls = tmp_path / "data" / "ydelsessager.csv"
    lines = calls.read_bytes().splitlines(keepends=True)
    calls.write_bytes(b"".join(lines[:-1]))
    found = casequality(tmp_path, "verify", str(tmp_path / "report.html"), main[1], "--format", "json")
    assert found.returncode == 5
    why = {row[-1] for row in json.loads(found.stdout)["rows"]}
    assert why == {"data"}


def test_another_closing_day_is_found_and_named(folder: Path, tmp_path: Path) -> None:
    """Ten working days from 1 March end on 15 March, with the 10th closed on the 16th: letter 2 comes in time."""
    assert casequality(folder, "report", "casequality.toml", *PERIOD, "--out", "report.html").returncode == 0
    before = tmp_path / "before"
    before.mkdir()
    before.joinpath("sitecustomize.py").write_text(MORE, encoding="utf-8")
    found = casequality(folder, "verify", "report.html", "casequality.toml", "--format", "json", before=before)
    assert found.returncode == 5, found.stderr
    rows = json.loads(found.stdout)["rows"]
    assert {row[-1] for row in rows} >= {rows[0][-1]}
    assert all("2010-03-10 open -> closed" in row[-1] and row[-1].startswith("calendar: dk-") for row in rows)
    assert ["g1", "60,0 %"] in [[row[0], row[3]] for row in rows]
    assert casequality(folder, "verify", "report.html", "casequality.toml").returncode == 0
