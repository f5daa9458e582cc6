"""Fields that are no column of their own: constants, file names, a day and a clock, the next day, blanks by default."""

# ruff: noqa: DTZ001 - naive times are among what is tried

from __future__ import annotations

import csv
import datetime as dt
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

pytest.importorskip("openpyxl")
pytest.importorskip("pandas")
pytest.importorskip("polars")
pytest.importorskip("pyarrow")

import openpyxl
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from casequality.desk.projects import load_project
from casequality.errors import CaseQualityError, UsageError
from casequality.records import Dialect, Records, code, count, instant, key, source
from tests.factories.records import Read, read

BLANK = "blank read by default"


class Call(Records, name="calls"):
    call = key()
    began_at = instant()
    ended_at = instant(missing="still going on")
    office = code("Nord", "Syd", missing="not said")
    queue = code(missing="no queue")
    year = count(missing="not said")
    answered_by = code("person", "recording", known_with="ended_at")


FIELDS = ["call", "began_at", "ended_at", "office", "queue", "year"]
ROWS: list[dict[str, Any]] = [
    {"Nr": 1, "Dato": "2010-06-01", "Start": "09:00", "Slut": "09:05:30", "Kø": "Skat"},
    {"Nr": 2, "Dato": "2010-06-01", "Start": "23:58:00", "Slut": "00:03", "Kø": ""},
    {"Nr": 3, "Dato": "2010-12-31", "Start": "23:59:59", "Slut": "", "Kø": "  "},
    {"Nr": 4, "Dato": "2010-06-02", "Start": "25:00", "Slut": "09:05", "Kø": "Skat"},
    {"Nr": 5, "Dato": "", "Start": "", "Slut": "", "Kø": "Skat"},
    {"Nr": 6, "Dato": "", "Start": "09:00", "Slut": "", "Kø": "Skat"},
    {"Nr": 7, "Dato": "2010-06-02", "Start": "", "Slut": "", "Kø": "Bolig"},
]
MAPPING: dict[str, Any] = {
    "columns": {
        "call": "Nr",
        "began_at": ["Dato", "Start"],
        "ended_at": ["Dato", "Slut"],
        "queue": "Kø",
        "year": None,
        "answered_by": None,
    },
    "constants": {"office": "Nord"},
    "next_day": {"ended_at": "began_at"},
    "defaults": {"queue": "Ukendt"},
    "marks": {"ended_at": {"2010-12-31": "still going on"}},
    "zone": "UTC",
}


def written(rows: list[dict[str, Any]], folder: Path) -> Path:
    with (folder / "a.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, list(rows[0]))
        out.writeheader()
        out.writerows(rows)
    return folder / "a.csv"


def typed(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return days and clocks as Python's own where they are such."""

    def clock(text: str) -> Any:
        return text if text in ("", "25:00") else dt.time.fromisoformat(text)

    return [
        {
            **row,
            "Dato": dt.date.fromisoformat(row["Dato"]) if row["Dato"] else None,
            "Start": clock(row["Start"]),
            "Slut": clock(row["Slut"]),
        }
        for row in rows
    ]


def workbook(rows: list[dict[str, Any]], folder: Path) -> Path:
    book = openpyxl.Workbook()
    book.worksheets[0].append(list(rows[0]))
    for row in typed(rows):
        book.worksheets[0].append(list(row.values()))
    book.save(folder / "a.xlsx")
    return folder / "a.xlsx"


def parquet(rows: list[dict[str, Any]], folder: Path) -> Path:
    table = pa.Table.from_pylist(rows)
    days = pa.array([row["Dato"] for row in typed(rows)])
    pq.write_table(table.set_column(1, "Dato", days), folder / "a.parquet")
    return folder / "a.parquet"


READERS: dict[str, Callable[[list[dict[str, Any]], Path], Any]] = {
    "csv by pyarrow": written,
    "csv line by line": written,
    "excel": workbook,
    "parquet": parquet,
    "pandas": lambda rows, _: pd.DataFrame(rows),
    "polars": lambda rows, _: pl.DataFrame(rows),
    "mappings": lambda rows, _: rows,
    "objects": lambda rows, _: typed(rows),
    "iterator": lambda rows, _: iter(rows),
}


def taken_in(reader: str, folder: Path, block_rows: int = 131_072, **options: Any) -> Read:
    hidden = {"pyarrow.csv": None} if reader == "csv line by line" else {}
    with mock.patch.dict(sys.modules, hidden):
        return read(
            source(READERS[reader](ROWS, folder), Call, **{**MAPPING, **options}), FIELDS, block_rows=block_rows
        )


@pytest.mark.parametrize("block_rows", [2, 131_072])
@pytest.mark.parametrize("reader", READERS)
def test_every_reader_assembles_the_same(tmp_path: Path, reader: str, block_rows: int) -> None:
    found = taken_in(reader, tmp_path, block_rows)
    step = 1 if reader == "excel" else 0
    faults = {place: [row - step for row in rows] for place, rows in found.faults().items()}
    assert faults == {("Kø", BLANK): [2, 3], ("Dato", "unreadable value"): [4, 6, 7]}
    assert [number - step for number in found.numbers] == [1, 2, 3, 5]
    assert found.values("began_at") == [
        dt.datetime(2010, 6, 1, 9),
        dt.datetime(2010, 6, 1, 23, 58),
        dt.datetime(2010, 12, 31, 23, 59, 59),
        None,
    ]
    assert found.values("ended_at") == [dt.datetime(2010, 6, 1, 9, 5, 30), dt.datetime(2010, 6, 2, 0, 3), None, None]
    assert found.values("queue") == ["Skat", "Ukendt", "Ukendt", "Skat"]
    assert found.values("office") == ["Nord"] * 4


@pytest.mark.parametrize("keys", ["in passing", "partitioned"])
def test_without_next_day_an_earlier_clock_is_a_finding(keys: Any) -> None:
    found = read(source(ROWS[:2], Call, **{**MAPPING, "next_day": None}), FIELDS, keys=keys)
    assert found.faults()["Dato", "ended before it began"] == [2]


def test_the_clock_is_written_by_the_dialect_and_stands_in_the_zone() -> None:
    rows = [{"Nr": 1, "Dato": "06/01/2010", "Start": "02:30 PM", "Slut": "2:45 pm", "Kø": "Skat"}]
    dialect = Dialect(day="mm/dd/yyyy", instant="mm/dd/yyyy h:MM PM")
    found = read(source(rows, Call, **{**MAPPING, "dialect": dialect, "zone": "Europe/Copenhagen"}), FIELDS)
    assert found.values("began_at") == [dt.datetime(2010, 6, 1, 12, 30)]
    assert found.values("ended_at") == [dt.datetime(2010, 6, 1, 12, 45)]


def test_what_the_name_of_a_file_says(tmp_path: Path) -> None:
    for office, year in (("Nord", 2009), ("Syd", 2010)):
        (tmp_path / str(year)).mkdir()
        written(ROWS[:1], tmp_path / str(year)).rename(tmp_path / f"calls, {office}-{year}.csv")
    told = {"constants": None, "file_name": r"calls, (?P<office>\w+)-(?P<year>\d{4})\.csv"}
    mapping = {
        **MAPPING,
        **told,
        "columns": {name: given for name, given in MAPPING["columns"].items() if name != "year"},
    }
    found = read(source(tmp_path / "calls*.csv", Call, **mapping), FIELDS)
    assert (found.values("office"), found.values("year")) == (["Nord", "Syd"], [2009, 2010])
    alone = read(source(tmp_path / "calls, Syd-2010.csv", Call, **mapping), FIELDS)
    assert (alone.values("office"), alone.values("year")) == (["Syd"], [2010])
    (tmp_path / "calls, Nord.csv").write_bytes((tmp_path / "calls, Syd-2010.csv").read_bytes())
    with pytest.raises(UsageError, match="does not match"):
        source(tmp_path / "calls*.csv", Call, **mapping)


@pytest.mark.parametrize(
    ("options", "word"),
    [
        ({"constants": {"office": "Vest"}}, "Nord, Syd"),
        ({"constants": {"year": "soon"}, "columns": {"year": "year"}}, "has a column"),
        ({"constants": {"answered_by": "nobody"}}, "no field, or for one that has a column"),
        ({"constants": {"queue": "Skat"}}, "has a column"),
        ({"constants": {"ofice": "Nord"}}, "office"),
        ({"defaults": {"office": "Vest"}}, "Nord, Syd"),
        ({"defaults": {"year": "2010"}}, "for a code"),
        ({"defaults": {"answered_by": "person"}}, "known with a date"),
        ({"next_day": {"ended_at": "queue"}}, "day and a clock"),
        ({"columns": {"queue": ["a", "b"]}}, "began_at"),
        ({"columns": {"began_at": ["a", "b", "c"]}}, "day and clock"),
        ({"file_name": "calls"}, "named group"),
        ({"file_name": "(?P<office"}, "named group"),
        ({"file_name": r"(?P<office>.+)\.csv"}, "no file"),
        ({"constant": {"office": "Nord"}}, "constants"),
    ],
    ids=str,
)
def test_what_cannot_be_assembled(options: dict[str, Any], word: str) -> None:
    columns = {**MAPPING["columns"], **options.get("columns", {})}
    given = {**MAPPING, "constants": None, **options, "columns": columns}
    if "columns" in options:
        given |= {"next_day": None}
    with pytest.raises(CaseQualityError, match=word):
        source(ROWS, Call, **given)


@pytest.mark.parametrize("value", ["soon", "-1", 2.5])
def test_a_constant_that_is_no_value_of_its_field(value: Any) -> None:
    columns = {name: given for name, given in MAPPING["columns"].items() if name != "year"}
    with pytest.raises(UsageError, match="kind count"):
        source(ROWS, Call, **{**MAPPING, "columns": columns, "constants": {"year": value}})


def test_a_project_file_says_the_same(tmp_path: Path) -> None:
    written(ROWS, tmp_path)
    (tmp_path / "casequality.toml").write_text(
        'title = "t"\ngoals = []\n[sources.calls]\nrecords = "calls"\npath = "a.csv"\nconstants = { office = "Nord" }\n'
        'next_day = { ended_at = "began_at" }\ndefaults = { queue = "Ukendt" }\n[sources.calls.columns]\ncall = "Nr"\n'
        'began_at = ["Dato", "Start"]\nended_at = ["Dato", "Slut"]\nqueue = "Kø"\nyear = false\nanswered_by = false\n'
        '[sources.calls.marks]\nended_at = { 2010-12-31 = "still going on" }\n',
        encoding="utf-8",
    )
    found = read(load_project(tmp_path / "casequality.toml").sources["calls"].open(Call, "UTC"), FIELDS)
    expected = taken_in("csv by pyarrow", tmp_path)
    assert (found.rows, found.faults()) == (expected.rows, expected.faults())
