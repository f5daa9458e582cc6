"""The example project, assessed by the library and counted again fact by fact: every figure and verdict the same."""

from __future__ import annotations

import contextlib
import csv
import datetime as dt
import json
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from casequality_copenhagen.example import Example, made, write
from casequality_copenhagen.example.days import closed, days, office_closed
from casequality_copenhagen.example.truth import Truth, findings, tasks, truths

GOALS = (
    "okf.contact-centre.wait",
    "okf.contact-centre.answered",
    "okf.contact-centre.resolved",
    "okf.benefits.decided-in-time",
    "okf.benefits.notified",
    "okf.benefits.answered-by-person",
    "okf.rent-tribunal.closed-in-time",
    "okf.rent-tribunal.decided-against-received",
    "okf.rent-tribunal.backlog",
    "okf.rent-tribunal.processing-time",
    "okf.rent-tribunal.shorter-processing-time",
    "okf.citizen-service.satisfaction",
    "okf.citizen-service.passport-errors",
    "okf.citizen-service.licence-errors",
    "local.contact-centre.service-level",
    "local.contact-centre.wait",
    "local.contact-centre.calls",
    "local.rent-tribunal.closed-in-time-of-closed",
)
FAULTS = {
    "forkert antal kolonner": "wrong number of columns",
    "ulæselig værdi": "unreadable value",
    "manglende værdi": "missing value",
    "ukendt kode": "unknown code",
    "før 1900": "before 1900",
    "efter kalenderens slutning": "after the horizon",
    "sprunget over ved sommertid": "skipped by the clock",
    "afsluttet før den begyndte": "ended before it began",
    "modstridende nøgle": "conflicting key",
    "gentaget række": "repeated row",
    "uden for kalenderen": "outside the calendar",
    "underordnet række uden sag": "child without a parent",
}
"""Every fault that intake can find in records without a number of their own, which may be below zero."""

VERDICTS = {
    *("met", "missed", "undecided", "not due yet", "no data", "incomplete", "not comparable", "baseline"),
    "not in the source",
}
"""Every verdict but the one on a sample."""


def command(*words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "casequality", *words], capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("example")


@pytest.fixture(scope="module")
def example(folder: Path) -> Example:
    return write(folder)


@pytest.fixture(scope="module")
def truth(example: Example) -> dict[str, Truth]:
    return truths(example)


@pytest.fixture(scope="module")
def assessment(example: Example, folder: Path) -> dict[str, Any]:
    assert example.files
    period = ("--period", "2010-H1", "--as-of", "2010-08-01")
    files = ("--out", str(folder / "report.html"), "--findings", str(folder / "findings.csv"))
    plain: dict[str, Any] = json.loads(
        command("report", str(folder / "casequality.toml"), *period, *files, "--format", "json")
    )
    return plain


def written(number: Fraction | None) -> str | None:
    return None if number is None else str(number)


def assert_same(said: dict[str, Any], true: Truth) -> None:
    figure = true.figure
    exact = {name: said["exact"][name] for name in ("value", "low", "high")}
    assert (said["numerator"], said["denominator"]) == (figure.numerator, figure.denominator)
    assert exact == {name: written(getattr(figure, name)) for name in exact}
    assert said["verdict"] == true.verdict


@pytest.mark.parametrize("name", GOALS)
def test_every_figure_and_verdict_is_true(name: str, assessment: dict[str, Any], truth: dict[str, Truth]) -> None:
    said = next(goal for goal in assessment["goals"] if goal["goal"] == name)
    assert_same(said, truth[name])
    parts = {next(iter(part["groups"].values()), part["period"]): part for part in said["parts"]}
    assert parts.keys() == truth[name].parts.keys()
    for label, part in parts.items():
        assert_same(part, truth[name].parts[label])


def test_no_goal_is_left_out(assessment: dict[str, Any], truth: dict[str, Truth]) -> None:
    assert {goal["goal"] for goal in assessment["goals"]} == set(GOALS) == truth.keys()


def test_the_example_shows_every_verdict(assessment: dict[str, Any]) -> None:
    said = {each["verdict"] for each in (*assessment["goals"], *assessment["not_supplied"])}
    assert said == VERDICTS


def test_every_row_is_accounted_for(assessment: dict[str, Any], example: Example) -> None:
    rows = dict.fromkeys(assessment["sources"], 0)
    for file in example.files:
        rows[file.source] += 0 if file.child else len(file.rows)
    for goal in assessment["goals"]:
        accounts = assessment["measurements"][goal["goal"]]["accounts"]
        assert accounts.pop("read") == rows[goal["source"]] == sum(accounts.values())


def test_exactly_the_planted_faults_are_found(assessment: dict[str, Any], example: Example, folder: Path) -> None:
    assert assessment
    with (folder / "findings.csv").open(encoding="utf-8-sig", newline="") as file:
        header, *lines = csv.reader(file, delimiter=";")
    assert header[:5] == ["kilde", "fil", "række", "kolonne", "fejl"]
    found = sorted((*line[:2], int(line[2]), line[3], FAULTS[line[4]]) for line in lines)
    assert found == findings(example)
    assert {fault for *_, fault in found} == set(FAULTS.values())


def test_a_passport_case_with_two_errors_is_among_those_that_count_once(example: Example) -> None:
    assert max(len(case.errors) for case in example.passport_cases if case.handled < dt.date(2010, 7, 1)) == 2


@pytest.mark.parametrize(("day", "within"), [("2010-06-15", 5), ("2010-03-01", 0), ("2010-07-31", 10)])
def test_the_worklist_holds_every_case_to_take_up(day: str, within: int, example: Example, folder: Path) -> None:
    words = ("--as-of", day, "--within", str(within), "--format", "json")
    said = json.loads(command("worklist", str(folder / "casequality.toml"), *words))
    true = tasks(example, dt.date.fromisoformat(day), within)
    assert true
    names = ("source", "row", "key", "working_days_left", "reason", "promised")
    listed = [(task["due"], *(task[name] for name in names), sorted(task["breaches"])) for task in said]
    assert listed == [
        (
            str(task.due),
            *(getattr(task, name) for name in names[:-1]),
            task.promised and str(task.promised),
            sorted(task.breaches),
        )
        for task in true
    ]


def test_the_worklist_of_june_holds_every_reason(example: Example) -> None:
    reasons = {task.reason for task in tasks(example, dt.date(2010, 6, 15), 5)}
    assert reasons >= {"overdue without notice", "overdue, told in time", "due soon"}


def test_the_page_stands_alone_and_names_every_goal(assessment: dict[str, Any], folder: Path) -> None:
    page = (folder / "report.html").read_text(encoding="utf-8")
    for measurement in assessment["not_supplied"]:
        assert measurement["what"] in page
    assert page.count("<svg") >= 8
    assert page.count("<script") == page.count('<script type="application/json" id="manifest">') == 1  # data, no code
    assert "https://" not in page


def test_the_example_is_the_same_each_time(example: Example, folder: Path, tmp_path: Path) -> None:
    assert made() == example
    write(tmp_path)
    for file in sorted((folder / "data").iterdir()):
        again = tmp_path / "data" / file.name
        if file.suffix != ".xlsx":
            assert again.read_bytes() == file.read_bytes()
        else:
            assert sheet_of(again) == sheet_of(file)


def sheet_of(path: Path) -> list[tuple[Any, ...]]:
    """Return the cells of the sheet of cases."""
    with contextlib.closing(openpyxl.load_workbook(path, read_only=True)) as book:
        return list(book["Sager"].iter_rows(values_only=True))


def test_every_key_says_that_it_is_invented(example: Example) -> None:
    keys = [row.cells[0] for file in example.files for row in file.rows]
    assert len(keys) > 10_000
    assert all(key is None or key.startswith("DEMO-") for key in keys)


def test_the_examples_own_working_days_are_those_of_published_calendars() -> None:
    """2009 has 253 days that are neither weekend nor holiday, 2010 has 254; offices close on three and two more."""
    for year, working, in_offices in ((2009, 253, 250), (2010, 254, 252)):
        whole = list(days(dt.date(year, 1, 1), dt.date(year + 1, 1, 1)))
        assert sum(not closed(day) for day in whole) == working
        assert sum(not office_closed(day) for day in whole) == in_offices
    moving = [day for day in days(dt.date(2010, 2, 1), dt.date(2010, 6, 1)) if closed(day) and day.weekday() < 5]
    assert [f"{day:%m-%d}" for day in moving] == ["04-01", "04-02", "04-05", "04-30", "05-13", "05-24"]
