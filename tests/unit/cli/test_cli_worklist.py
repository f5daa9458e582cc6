from __future__ import annotations

import json
from pathlib import Path

from tests.factories.command_line import Run
from tests.factories.projects import goal_file

WORKLIST = ("worklist", "casequality.toml", "--as-of", "2010-06-10")


def test_overdue_and_soon_due_cases_are_listed_soonest_first(run: Run) -> None:
    done = run(*WORKLIST, "--within", "3", "--format", "json")
    assert (done.code, done.err) == (0, "")
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
