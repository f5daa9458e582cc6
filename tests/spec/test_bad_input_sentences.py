"""What bad input gets: each sentence of `front_door.md` E, with the message that a user sees.

The sentences are quoted where they are tested; how keys are checked in bounded memory is in
`tests/property/test_records_duplicates.py`.
"""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import Any, ClassVar

import attrs
import pytest

import casequality as cq
from casequality.errors import CaseQualityError, InputError, MissingColumn, NaiveTime, OutsideCalendar, UnknownName
from casequality.goals import Verdict, parse_goals

SECRET = "Agnes Ordrup"
AS_OF = "2010-08-01"


class Letter(cq.Records, name="letters"):
    """One letter from a citizen."""

    letter = cq.key()
    received_on = cq.day()
    answered_on = cq.day(missing="not answered")
    office = cq.code("north", "south", missing="no office")


class Call(cq.Records, name="calls"):
    """One call."""

    call = cq.key()
    queued_at = cq.instant()


@attrs.frozen
class InTime(cq.Metric):
    """Share of letters answered within ten working days."""

    id: ClassVar[str] = "letters.in-time"
    title = {"en": "Answered in time", "da": "Besvaret til tiden"}
    records = Letter
    outcomes = cq.outcomes(**cq.SETTLED)
    readings = cq.readings(
        cohort=cq.cohort("received", "closed"),
        offices=cq.choose(usual="all", why="the goal names no office", all={}, timely={"late": cq.OUT}),
    )

    def contribute(self, letters: Letter, as_of: cq.AsOf, /) -> cq.Contribution:
        states = as_of.settle(as_of.due("copenhagen/reply-guarantee", letters.received_on), letters.answered_on)
        _ = letters.office
        return cq.Contribution(on=letters.received_on, until=letters.answered_on, outcome=self.outcomes.pick(**states))


@attrs.frozen
class Calls(cq.Metric):
    """How many calls came in."""

    id: ClassVar[str] = "calls.number"
    title = {"en": "Calls", "da": "Opkald"}
    unit = cq.units.CASES
    statistic = cq.statistics.Count()
    records = Call
    outcomes = cq.outcomes(came=cq.YES)

    def contribute(self, calls: Call, as_of: cq.AsOf, /) -> cq.Contribution:
        return cq.Contribution(on=calls.queued_at, outcome=self.outcomes.pick(came=calls.queued_at > calls.queued_at))


def letter(number: int, **changed: Any) -> dict[str, Any]:
    row = {"letter": number, "received_on": "2010-03-01", "answered_on": "2010-03-10", "office": "north"}
    return {**row, **changed}


def measured(rows: Any, **given: Any) -> Any:
    return cq.measure(InTime, rows, as_of=AS_OF, **given)


FAULTS = [
    ("a row that cannot be read", {"received_on": SECRET}, "received_on", "unreadable value", "dialect"),
    ("ended before it began", {"answered_on": "2010-02-28"}, "answered_on", "ended before it began", "checks_off"),
    ("an unknown code", {"office": SECRET}, "office", "unknown code", "codes="),
    ("a record dated before 1900", {"received_on": "1899-12-31"}, "received_on", "before 1900", "marks="),
    ("after the calendar's horizon", {"received_on": "2061-01-01"}, "received_on", "after the horizon", "marks="),
]


@pytest.mark.parametrize(
    ("changed", "column", "fault", "remedy"), [each[1:] for each in FAULTS], ids=[each[0] for each in FAULTS]
)
def test_it_is_set_aside_as_a_finding_with_row_number_column_reason_and_remedy_and_counted_in_every_result(
    changed: dict[str, Any], column: str, fault: str, remedy: str, tmp_path: Path
) -> None:
    result = measured([letter(1), letter(2, **changed), letter(3)])
    [found] = result.findings.items
    assert (found.rows.tolist(), found.column, found.fault) == ([2], column, fault)
    assert remedy in found.remedy
    assert result.findings.set_aside == 1
    assert "set aside 1" in str(result)
    assert f"Finding: {column}, {fault}: 1" in str(result)
    result.findings.write_csv(tmp_path / "findings.csv")
    written = (tmp_path / "findings.csv").read_text(encoding="utf-8")
    assert f",2,{column},{fault}," in written
    assert SECRET not in str(result) + written + str(result.to_dict())


def test_read_is_the_sum_of_all_outcomes_undated_outside_the_periods_and_set_aside() -> None:
    faulty = [letter(10 + at, **changed) for at, (_, changed, *_) in enumerate(FAULTS)]
    rows = [letter(1), letter(2, answered_on=None), letter(3, received_on=None), letter(4, received_on="2009-03-02")]
    result = measured([*rows, *faulty], period="2010-H1")
    [figure] = result.measurement
    accounts = result.measurement.accounts
    assert accounts == {
        "read": 9,
        "in the periods": 2,
        "outside the periods": 1,
        "undated": 1,
        "not yet begun": 0,
        "elsewhere": 0,
        "set aside": 5,
    }
    assert sum(figure.outcomes.values()) == accounts["in the periods"]
    assert accounts["read"] == sum(rows for name, rows in accounts.items() if name != "read")


@pytest.mark.parametrize("first", [1, 9])
def test_identical_rows_count_once_conflicting_ones_are_all_set_aside(first: int) -> None:
    """Also where keys do not rise: `first` is the key of the row before the others."""
    rows = [letter(first), letter(5), letter(5), letter(6), letter(6, office="south"), letter(7)]
    result = measured(rows)
    assert {(item.fault, *item.rows.tolist()) for item in result.findings.items} == {
        ("repeated row", 3),
        ("conflicting key", 4, 5),
    }
    assert result.findings.set_aside == 3
    [figure] = result.measurement
    assert figure.rows == 3
    assert "keep one row a key" in next(item.remedy for item in result.findings.items if item.count == 2)


def test_a_case_split_over_files_counts_once_and_one_told_in_two_ways_not_at_all(tmp_path: Path) -> None:
    head = "letter,received_on,answered_on,office"
    same, other = "2,2010-03-01,2010-03-10,north", "3,2010-03-01,2010-03-10,north"
    first, second = ["1,2010-03-01,,south", same, other], [same, other.replace("north", "south")]
    for name, lines in {"a": first, "b": second}.items():
        tmp_path.joinpath(f"{name}.csv").write_text("\n".join([head, *lines, ""]), encoding="utf-8")
    result = measured(str(tmp_path / "*.csv"))
    [figure] = result.measurement
    assert (figure.value.numerator, figure.value.denominator) == (1, 2)
    assert {item.fault for item in result.findings.items} == {"repeated row", "conflicting key"}
    assert result.accounts["set aside"] == 3


def test_marks_for_no_date_and_codes_are_declared_in_the_mapping() -> None:
    rows = [letter(1, answered_on="9999-12-31"), letter(2, answered_on="1900-01-01"), letter(3, office="N")]
    declared = measured(
        rows,
        marks={"answered_on": {"9999-12-31": "not answered", "1900-01-01": "unknown"}},
        codes={"office": {"N": "north"}},
    )
    [figure] = declared.measurement
    assert not declared.findings.items
    assert {name: rows for name, rows in figure.outcomes.items() if rows} == {
        "in_time": 1,
        "open_overdue": 1,
        "unknown": 1,
    }


GOAL = """
[[goal]]
id       = "g"
metric   = "letters.in-time"
source   = "letters"
target   = "at least 90 %"
readings = { cohort = "received", offices = "all" }
"""


def test_undeclared_marks_that_could_turn_a_verdict_leave_it_undecided_and_it_says_so() -> None:
    rows = [letter(number) for number in range(1, 10)]
    half: dict[str, Any] = {"period": "2010-H1", "as_of": "2051-01-01", "metrics": [InTime]}
    assert cq.assess(parse_goals(GOAL), {"letters": rows}, **half)["g"].verdict is Verdict.MET
    marked = [*rows, letter(10, answered_on="2049-12-31"), letter(11, answered_on="2049-12-31")]
    assessed = cq.assess(parse_goals(GOAL), {"letters": marked}, **half)
    assert assessed["g"].verdict is Verdict.UNDECIDED
    [said] = [reason.en for reason in assessed["g"].could_flip if reason.code == "marks"]
    assert "answered_on: 31 December 2049" in said
    assert "2" in said
    # on a day before it, a letter answered then is not answered yet, whatever the date stands for
    assert cq.assess(parse_goals(GOAL), {"letters": marked}, **{**half, "as_of": AS_OF})["g"].verdict is Verdict.MISSED


def fault(make: Any, kind: type[CaseQualityError]) -> str:
    """Return the one message that stops a call; its parts say where, and the way out."""
    with pytest.raises(kind) as caught:
        make()
    assert caught.value.exit_code in (3, 4)
    message = str(caught.value)
    assert "remedy:" in message or "allowed:" in message
    return message


def test_a_file_that_cannot_be_understood(tmp_path: Path) -> None:
    for name, content in (("letters.xlsx", b"no workbook"), ("letters.parquet", b"no parquet"), ("letters.csv", b"")):
        pytest.importorskip({"xlsx": "openpyxl", "parquet": "pyarrow"}.get(name.partition(".")[2], "csv"))
        tmp_path.joinpath(name).write_bytes(content)
        assert name in fault(lambda path=tmp_path / name: measured(path), InputError)


def test_a_missing_column() -> None:
    said = fault(lambda: measured([letter(1)], columns={"received_on": "Modtaget"}), MissingColumn)
    assert "got:     Modtaget" in said
    assert "letter, received_on, answered_on, office" in said  # as they stand in the source
    assert "map it: columns={'received_on': <a source column>}" in said


def test_a_column_of_naive_times_without_a_declared_zone() -> None:
    rows = [{"call": 1, "queued_at": "2010-06-01 12:00"}]
    said = fault(lambda: cq.measure(Calls, rows, as_of=AS_OF), NaiveTime)
    assert "queued_at" in said
    assert "zone=" in said


def test_a_goal_without_a_reading() -> None:
    lacking = parse_goals(GOAL.replace(', offices = "all"', ""))
    make = lambda: cq.assess(lacking, {"letters": [letter(1)]}, period="2010-H1", as_of=AS_OF, metrics=[InTime])  # noqa: E731
    said = fault(make, CaseQualityError)
    assert "does not choose the reading offices" in said
    assert "all: counted as the outcomes are declared; timely: late are left out" in said


def test_a_metric_that_no_plugin_offers() -> None:
    said = fault(lambda: cq.measure("letters.nobody", [letter(1)], as_of=AS_OF), UnknownName)
    assert "letters.nobody" in said


def test_a_parameter_date_beyond_the_calendar() -> None:
    guarantee = cq.deadline("copenhagen/reply-guarantee")
    said = fault(lambda: guarantee.due(dt.date(2061, 1, 3)), OutsideCalendar)
    assert "2061-01-03" in said
    assert "allowed: 1990-01-01 to 2060-12-" in said


def test_the_cases_of_a_stream_that_can_be_read_only_once() -> None:
    result = measured(iter([letter(1), letter(2, answered_on=None)]))
    [figure] = result.measurement
    said = fault(lambda: result[figure.period.label].cases("open_overdue"), InputError)
    assert "can be read only once" in said
    assert "measure a file, a frame or a list" in said


@pytest.mark.parametrize(("option", "file"), [("--out", "written.html"), ("--findings", "written.csv")])
def test_one_clear_error_and_no_partial_output_file(
    option: str, file: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("typer", reason="the command line needs casequality[cli]")
    from casequality.cli import main

    monkeypatch.setenv("CASEQUALITY_PLUGINS", "")
    monkeypatch.chdir(tmp_path)
    Path("goals.toml").write_text(GOAL, encoding="utf-8")
    Path("casequality.toml").write_text(
        'title = "Breve"\ngoals = ["goals.toml"]\n[sources.letters]\nrecords = "letters"\npath = "letters.csv"\n',
        encoding="utf-8",
    )
    words = ["report", "casequality.toml", "--period", "2010-H1", "--as-of", AS_OF, option, file]
    monkeypatch.setattr(sys, "argv", ["casequality", *words])
    with pytest.raises(SystemExit) as left:
        main()
    printed = capsys.readouterr()
    assert left.value.code in (3, 4)
    assert printed.out == ""
    assert "letters.in-time" in printed.err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["casequality.toml", "goals.toml"]
