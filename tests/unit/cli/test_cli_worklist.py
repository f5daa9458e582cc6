from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tests.factories.command_line import Run
from tests.factories.projects import goal_file

WORKLIST = ("worklist", "casequality.toml", "--as-of", "2010-06-10")


def test_overdue_and_soon_due_cases_are_listed_soonest_first(run: Run) -> None:
    done = run(*WORKLIST, "--within", "3", "--format", "json")
    assert done.code == 0
    assert "letters: rækker, der kan være åbne sager og ikke kan læses: 1" in done.err
    asked = ("key", "row", "due", "working_days_left", "reason")
    told = [tuple(task[name] for name in asked) for task in json.loads(done.out)]
    assert told == [(5, 5, "2010-05-18", -16, "overdue"), (4, 4, "2010-06-15", 3, "due soon")]


def test_what_is_due_later_is_not_listed(run: Run) -> None:
    done = run(*WORKLIST, "--within", "2", "--format", "csv", "--lang", "en")
    assert [line.split(",")[1] for line in done.out.splitlines()] == ["Case", "5"]


def test_what_happened_later_is_not_known_yet(run: Run) -> None:
    done = run("worklist", "casequality.toml", "--as-of", "2010-03-15", "--format", "json")
    assert [(task["key"], task["working_days_left"]) for task in json.loads(done.out)] == [(1, 0), (2, 0)]


def test_the_table_speaks_danish_unless_told_otherwise(run: Run) -> None:
    assert "fristen er overskredet" in run(*WORKLIST).out
    assert "the deadline has passed" in run(*WORKLIST, "--lang", "en").out


def test_a_repeated_row_is_listed_once(run: Run, folder: Path) -> None:
    with folder.joinpath("letters.csv").open("a", encoding="utf-8") as file:
        file.write("5,2010-05-03,,south\n")
    done = run(*WORKLIST, "--within", "0", "--format", "json")
    assert [task["row"] for task in json.loads(done.out)] == [5]


def test_a_case_that_ended_nobody_knows_when_is_not_open(run: Run, folder: Path) -> None:
    project = folder.joinpath("casequality.toml")
    marks = '[sources.letters.marks]\nanswered_on = { "1900-01-01" = "unknown" }\n'
    project.write_text(project.read_text(encoding="utf-8") + marks, encoding="utf-8")
    letters = folder.joinpath("letters.csv")
    letters.write_text(letters.read_text(encoding="utf-8").replace("2010-05-03,,", "2010-05-03,1900-01-01,"))
    assert json.loads(run(*WORKLIST, "--within", "0", "--format", "json").out) == []


def test_a_metric_that_fails_is_exit_code_4_and_named(run: Run, folder: Path) -> None:
    folder.joinpath("goals.toml").write_text(goal_file("at least 30 %", metric="letters.failing"), encoding="utf-8")
    done = run(*WORKLIST)
    assert (done.code, done.out) == (4, "")
    assert "letters.failing" in done.err


def test_what_cannot_be_listed_is_said_on_standard_error(run: Run) -> None:
    done = run("worklist", "nowhere.toml", "--as-of", "2010-06-10")
    assert (done.code, done.out) == (3, "")
    assert "nowhere.toml" in done.err
    done = run(*WORKLIST, "--within", "-1")
    assert (done.code, done.out) == (2, "")
    assert "--within" in done.err


def test_days_are_counted_on_the_calendar_of_the_project(run: Run, folder: Path) -> None:
    """Ten working days from 20 December 2010 end on 3 January, and on the 5th where 24 and 31 December are closed."""
    folder.joinpath("letters.csv").write_text("letter,received_on,answered_on,office\n1,2010-12-20,,north\n")
    project = folder.joinpath("casequality.toml")
    words = ("worklist", "casequality.toml", "--as-of", "2010-12-23", "--within", "20", "--format", "json")
    assert [(task["due"], task["working_days_left"]) for task in json.loads(run(*words).out)] == [("2011-01-03", 7)]
    project.write_text(f'calendar = "dk-administrative"\n{project.read_text(encoding="utf-8")}', encoding="utf-8")
    assert [(task["due"], task["working_days_left"]) for task in json.loads(run(*words).out)] == [("2011-01-05", 7)]


OFFICES = '[sources.letters.worklist]\nunit = "office"\n'


def named_by_office(folder: Path) -> None:
    project = folder.joinpath("casequality.toml")
    project.write_text(project.read_text(encoding="utf-8") + OFFICES, encoding="utf-8")


def test_a_scheduler_is_told_that_a_case_is_overdue(run: Run, folder: Path) -> None:
    assert run(*WORKLIST, "--fail-on", "overdue").code == 1
    assert run("worklist", "casequality.toml", "--as-of", "2010-05-18", "--fail-on", "overdue").code == 0
    named_by_office(folder)
    assert run(*WORKLIST, "--unit", "north", "--fail-on", "overdue").code == 0
    assert run(*WORKLIST, "--unit", "south", "--fail-on", "overdue").code == 1


def test_the_list_of_a_unit(run: Run, folder: Path) -> None:
    named_by_office(folder)
    with folder.joinpath("letters.csv").open("a", encoding="utf-8") as file:
        file.write("7,2010-05-03,,\n")
    done = run(*WORKLIST, "--within", "3", "--unit", "south", "--format", "json")
    assert [(task["key"], task["unit"]) for task in json.loads(done.out)] == [(5, "south")]
    assert "sager uden enhed, som ikke står på nogens liste: 1" in done.err
    assert "Enhed" in run(*WORKLIST).out
    done = run(*WORKLIST, "--unit", "east", "--lang", "en")
    assert (done.code, done.out) == (3, "")
    assert "north, south" in done.err
    done = run(*WORKLIST, "--team", "south")
    assert done.code == 2
    assert 'worklist = { team = "..." }' in done.err


def test_a_code_of_the_list_that_nobody_knows_is_said(run: Run, folder: Path) -> None:
    project = folder.joinpath("casequality.toml")
    plain = project.read_text(encoding="utf-8")
    for given, said in (('unit = "received_on"', "office"), ('office = "office"', "unit, team, kind")):
        project.write_text(f"{plain}[sources.letters.worklist]\n{given}\n", encoding="utf-8")
        done = run(*WORKLIST)
        assert (done.code, done.out) == (3, "")
        assert said in done.err
        assert "worklist" in done.err


def test_one_call_writes_every_form(run: Run, folder: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl", reason="a workbook needs casequality[excel]")
    words = [word for end in ("csv", "xlsx", "json", "ics") for word in ("--out", f"list.{end}")]
    done = run(*WORKLIST, "--within", "3", *words)
    assert done.code == 0
    text = folder.joinpath("list.csv").read_bytes()
    assert text.startswith(b"\xef\xbb\xbfKilde;Sag;")
    book = openpyxl.load_workbook(folder / "list.xlsx")
    assert [row[1].value for row in book.worksheets[0].iter_rows()] == ["Sag", "5", "4"]
    assert [task["key"] for task in json.loads(folder.joinpath("list.json").read_bytes())] == [5, 4]
    assert folder.joinpath("list.ics").read_bytes().count(b"BEGIN:VEVENT\r\n") == 2
    assert all(f"list.{end} skrevet" in done.err for end in ("csv", "xlsx", "json", "ics"))


def test_a_list_in_a_form_that_is_not_written_writes_nothing(run: Run, folder: Path) -> None:
    done = run(*WORKLIST, "--out", "list.csv", "--out", "list.pdf")
    assert (done.code, done.out) == (2, "")
    assert ".csv, .xlsx, .json, .ics" in done.err
    assert not folder.joinpath("list.csv").exists()


def test_without_the_library_a_workbook_is_refused_with_the_way_out(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    done = run(*WORKLIST, "--out", "list.xlsx")
    assert (done.code, done.out) == (3, "")
    assert "pip install 'casequality[excel]'" in done.err
    assert not folder.joinpath("list.xlsx").exists()
