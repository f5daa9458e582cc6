"""Ways of writing days, times and numbers, declared once: each reader reads them the same, few or many together."""

from __future__ import annotations

import csv
import datetime as dt
import sys
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any
from unittest import mock

import attrs
import pytest

pytest.importorskip("babel")
pytest.importorskip("openpyxl")
pytest.importorskip("pandas")
pytest.importorskip("polars")
pytest.importorskip("pyarrow")

import openpyxl
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
from babel.dates import format_date

from casequality.desk.projects import load_project
from casequality.errors import CaseQualityError, UsageError
from casequality.records import Dialect, Records, amount, day, instant, key, source
from tests.factories.records import read

DAYS = [dt.date(2010, month, 29 - month) for month in range(1, 13)] + [dt.date(2012, 2, 29), dt.date(1950, 1, 1)]
TIMES = [dt.datetime(2010, 6, 1, hour, hour * 2, 5, tzinfo=dt.UTC) for hour in range(24)]


class Row(Records, name="rows"):
    id = key()
    on = day(missing="none")
    at = instant(missing="none")
    paid = amount(decimals=4, missing="none")


def in_words(pattern: str, language: str) -> list[str]:
    """Return the days as Babel writes them."""
    return [format_date(each, pattern, locale=language) for each in DAYS]


def strftime(pattern: str) -> list[str]:
    return [each.strftime(pattern) for each in TIMES]


Kind = tuple[str, Dialect, str, Sequence[str], Sequence[Any]]
SHORT_DA = [text.replace("sep.", "sept.") if at % 2 else text for at, text in enumerate(in_words("d. MMM yyyy", "da"))]
KINDS: list[Kind] = [
    ("3. maj 2010", Dialect(day="d. mmmm yyyy"), "on", in_words("d. MMMM yyyy", "da"), DAYS),
    ("3 May 2010", Dialect(day="d mmmm yyyy"), "on", in_words("d MMMM yyyy", "en"), DAYS),
    ("3. okt. 2010", Dialect(day="d. mmm yyyy"), "on", SHORT_DA, DAYS),
    ("03-MAY-10", Dialect(day="dd-mmm-yy", pivot=1950), "on", [x.upper() for x in in_words("dd-MMM-yy", "en")], DAYS),
    ("03-maj-10", Dialect(day="dd-mmm-yy", pivot=1913), "on", in_words("dd-MMM-yy", "da"), DAYS),
    ("October 3, 2010", Dialect(day="mmmm d, yyyy", delimiter=";"), "on", in_words("MMMM d, yyyy", "en"), DAYS),
    ("03/05/10", Dialect(day="dd/mm/yy", pivot=1950), "on", in_words("dd/MM/yy", "en"), DAYS),
    ("05/03/2010 02:30:05 PM", Dialect(day="mm/dd/yyyy", instant="mm/dd/yyyy hh:MM:SS PM"), "at",
     strftime("%m/%d/%Y %I:%M:%S %p"), TIMES),
    ("3 May 2010 2:30:05 p.m.", Dialect(day="d mmm yyyy", instant="d mmm yyyy h:MM:SS PM"), "at",
     [x.replace("AM", "a.m.").replace("PM", "p.m.").replace(" 0", " ") for x in strftime("%d %b %Y %I:%M:%S %p")],
     TIMES),
    ("1. juni 2010 kl. 14.30.05", Dialect(day="d. mmmm yyyy", instant="d. mmmm yyyy kl. HH.MM.SS"), "at",
     [f"1. juni 2010 kl. {x}" for x in strftime("%H.%M.%S")], TIMES),
    ("12,5 %", Dialect(decimal=",", percent="points", delimiter=";"), "paid",
     ["12,5 %", "-1.234,5%", "0,25\u00a0%", "7"], [Decimal(x) for x in ("12.5", "-1234.5", "0.25", "7")]),
    ("12,5 % as a share", Dialect(decimal=",", percent="share", delimiter=";"), "paid",
     ["12,5 %", "-1.234,5%", "0,25\u00a0%", "7"], [Decimal(x) for x in ("0.125", "-12.345", "0.0025", "7")]),
    ("1 234,5", Dialect(decimal=",", thousands=" ", delimiter=";"), "paid",
     ["1 234,5", "1\u00a0234\u00a0567", "1\u202f234", "-12 345,25", "1234"],
     [Decimal(x) for x in ("1234.5", "1234567", "1234", "-12345.25", "1234")]),
    ("1'234.5", Dialect(thousands="'"), "paid", ["1'234.5", "1\u2019234"], [Decimal("1234.5"), Decimal(1234)]),
]  # fmt: skip
REFUSED: list[tuple[Dialect, str, list[str]]] = [
    (Dialect(day="d. mmmm yyyy"), "on", ["3. mai 2010", "3. 5 2010", "31. juni 2010", "3. maj  2010", "3. maj 10"]),
    (Dialect(day="dd-mmm-yy", pivot=1950), "on", ["03-januar-10", "03-maj-2010", "3-maj-10", "03-13-10"]),
    (Dialect(), "on", ["03-05-10", "3. maj 2010"]),
    (Dialect(instant="mm/dd/yyyy hh:MM PM"), "at", ["06/01/2010 13:30 PM", "06/01/2010 00:30 AM", "06/01/2010 11:30"]),
    (Dialect(decimal=","), "paid", ["12,5 %", "1 234"]),
    (Dialect(decimal=",", thousands=""), "paid", ["1.234", "1 234,5"]),
    (Dialect(decimal=",", thousands=" ", percent="points"), "paid", ["1.234", "1 23", "0 123", "5 % %", "%"]),
]


def written(rows: list[dict[str, Any]], folder: Path, dialect: Dialect) -> Path:
    with (folder / "a.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, list(rows[0]), delimiter=dialect.delimiter)
        out.writeheader()
        out.writerows(rows)
    return folder / "a.csv"


def workbook(rows: list[dict[str, Any]], folder: Path, _: Dialect) -> Path:
    book = openpyxl.Workbook(write_only=True)
    page = book.create_sheet()
    page.append(list(rows[0]))
    for row in rows:
        page.append(list(row.values()))
    book.save(folder / "a.xlsx")
    return folder / "a.xlsx"


def parquet(rows: list[dict[str, Any]], folder: Path, _: Dialect) -> Path:
    pq.write_table(pa.Table.from_pylist(rows), folder / "a.parquet")
    return folder / "a.parquet"


READERS: dict[str, Callable[[list[dict[str, Any]], Path, Dialect], Any]] = {
    "csv by pyarrow": written,
    "csv line by line": written,
    "excel": workbook,
    "parquet": parquet,
    "pandas": lambda rows, *_: pd.DataFrame(rows),
    "polars": lambda rows, *_: pl.DataFrame(rows),
    "mappings": lambda rows, *_: rows,
}


def taken_in(texts: Sequence[str], field: str, dialect: Dialect, reader: str, folder: Path) -> Any:
    rows = [{"id": at, field: text} for at, text in enumerate(texts, start=1)]
    columns = {name: None for name in ("on", "at", "paid") if name != field}
    hidden = {"pyarrow.csv": None} if reader == "csv line by line" else {}
    with mock.patch.dict(sys.modules, hidden):
        made = source(READERS[reader](rows, folder, dialect), Row, columns=columns, dialect=dialect, zone="UTC")
        return read(made, [field])


@pytest.mark.parametrize("times", [1, 9], ids=["few", "many"])
@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind[0])
def test_each_reader_reads_each_way_of_writing(tmp_path: Path, kind: Kind, reader: str, times: int) -> None:
    _, dialect, field, texts, meant = kind
    found = taken_in([*texts] * times, field, dialect, reader, tmp_path)
    values = found.values(field)
    if field == "at":
        values = [value.replace(tzinfo=dt.UTC) for value in values]
    if field == "paid":
        values = [Decimal(value).scaleb(-4) for value in values]
    assert (values, found.faults()) == ([*meant] * times, {})


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case[2][0])
def test_each_reader_finds_what_is_written_otherwise(
    tmp_path: Path, case: tuple[Dialect, str, list[str]], reader: str
) -> None:
    dialect, field, texts = case
    times = 1 if reader == "mappings" else 70
    dialect = attrs.evolve(dialect, delimiter=";")
    found = taken_in(texts * times, field, dialect, reader, tmp_path)
    first = 2 if reader == "excel" else 1
    assert found.faults() == {(field, "unreadable value"): [*range(first, first + len(texts) * times)]}


def test_a_project_file_says_the_same(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id;on;paid\n1;3. maj 10;12,5 %\n", encoding="ascii")
    head = 'title = "t"\ngoals = []\n[sources.rows]\nrecords = "rows"\npath = "a.csv"\ncolumns = { at = false }\n'
    dialect = 'dialect = { delimiter = ";", day = "d. mmmm yy", pivot = 1950, decimal = ",", percent = "share" }\n'
    (tmp_path / "casequality.toml").write_text(head + dialect, encoding="utf-8")
    found = read(load_project(tmp_path / "casequality.toml").sources["rows"].open(Row, None), ["on", "paid"])
    assert found.rows == [{"on": dt.date(2010, 5, 3), "paid": 1_250}]
    (tmp_path / "casequality.toml").write_text(head + dialect.replace("pivot = 1950, ", ""), encoding="utf-8")
    with pytest.raises(CaseQualityError, match="pivot=1950"):
        load_project(tmp_path / "casequality.toml")


@pytest.mark.parametrize("pattern", ["d. mmmm", "mmm yyyy", "d. mmmm m yyyy", "dd-mm-yy"])
def test_a_pattern_that_cannot_be(pattern: str) -> None:
    with pytest.raises(UsageError):
        Dialect(day=pattern)
