"""One delivery, whichever library brings it: the same columns to the byte and the same findings."""

# ruff: noqa: DTZ001 - naive times are drawn

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

pytest.importorskip("duckdb")
pytest.importorskip("openpyxl")
pytest.importorskip("pandas")
pytest.importorskip("polars")
pytest.importorskip("pyarrow")

import attrs
import duckdb
import numpy as np
import openpyxl
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import given, settings
from hypothesis import strategies as st

from casequality.records import (
    Codes,
    Dialect,
    Records,
    amount,
    code,
    count,
    day,
    flag,
    instant,
    key,
    source,
    span,
)

ZONE = "Europe/Copenhagen"


class Case(Records, name="cases"):
    case = key()
    received_on = day()
    closed_on = day(missing="still open")
    noted_on = day(missing="not noted", may_precede=True)
    seen_at = instant(missing="never")
    ending = code("decided", "withdrawn", known_with="closed_on")
    unit = code(missing="none")
    informed = flag(missing="not said")
    letters = count(missing="not counted")
    paid = amount(decimals=2, missing="nothing")
    waited = span(missing="not measured")


FIELDS = list(Case.fields)
SCHEMA = pa.schema(
    {
        "case": pa.int64(),
        "received_on": pa.date32(),
        "closed_on": pa.date32(),
        "noted_on": pa.string(),
        "seen_at": pa.timestamp("us"),
        "ending": pa.string(),
        "unit": pa.string(),
        "informed": pa.bool_(),
        "letters": pa.int64(),
        "paid": pa.float64(),
        "waited": pa.float64(),
    }
)
days = st.dates(dt.date(2009, 12, 1), dt.date(2010, 12, 1))
odd_days = st.sampled_from([dt.date(1970, 1, 1), dt.date(2049, 12, 31), dt.date(2061, 1, 1), dt.date(9999, 12, 31)])
moments = st.datetimes(dt.datetime(2010, 3, 27), dt.datetime(2010, 11, 1)).map(lambda at: at.replace(microsecond=0))
rows = st.lists(
    st.fixed_dictionaries(
        {
            "case": st.integers(1, 40),
            "received_on": days | st.none(),
            "closed_on": days | odd_days | st.none(),
            "noted_on": st.sampled_from(["2010-06-01", "01-06-2010", "soon", " 2010-06-02 ", None]),
            "seen_at": moments
            | st.sampled_from([dt.datetime(2010, 3, 28, 2, 30), dt.datetime(2010, 10, 31, 2, 30)])
            | st.none(),
            "ending": st.sampled_from(["decided", "withdrawn ", "AFG", "lost", None]),
            "unit": st.sampled_from(["north", "south", "æøå", "a;b", 'say "no"', None]),
            "informed": st.booleans() | st.none(),
            "letters": st.integers(-1, 9) | st.none(),
            "paid": st.integers(-500, 500).map(lambda cents: cents / 100) | st.sampled_from([0.125, 12.0]) | st.none(),
            "waited": st.integers(-4, 4_000).map(lambda quarters: quarters / 4) | st.none(),
        }
    ),
    max_size=12,
)


def delivered(rows: Sequence[Mapping[str, Any]], folder: Path) -> dict[str, Any]:
    """Return the same rows as each library holds them."""
    table = pa.Table.from_pylist(list(rows), SCHEMA)
    pq.write_table(table, folder / "cases.parquet", row_group_size=5)
    pq.write_table(table, folder / "plain.parquet", use_dictionary=False)
    frame = pl.DataFrame(table)
    return {
        "iterator": iter(rows),
        "csv": written(rows, folder / "cases.csv"),
        "excel": workbook(rows, folder / "cases.xlsx"),
        "parquet": folder / "cases.parquet",
        "plain parquet": folder / "plain.parquet",
        "pyarrow": table,
        "stream": table.to_reader(max_chunksize=3),
        "pandas": table.to_pandas(),
        "pandas objects": pd.DataFrame(list(rows), columns=list(SCHEMA.names)),
        "pandas arrow": table.to_pandas(types_mapper=pd.ArrowDtype),
        "polars": frame,
        "polars categories": frame.with_columns(pl.col("unit").cast(pl.Categorical)),
        "polars query": frame.lazy(),
        "duckdb": duckdb.connect().from_arrow(table),
    }


def written(rows: Sequence[Mapping[str, Any]], path: Path) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(SCHEMA.names)
        out.writerows([row[name] for name in SCHEMA.names] for row in rows)
    return path


def workbook(rows: Sequence[Mapping[str, Any]], path: Path) -> Path:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(list(SCHEMA.names))
    for row in rows:
        sheet.append([row[name] for name in SCHEMA.names])
    book.save(path)
    return path


def taken_in(data: Any, partitioned: bool = False, block_rows: int = 131_072, **options: Any) -> tuple[Any, ...]:
    """Return all columns as bytes (codes as labels), the row numbers and the findings."""
    cases = source(data, Case, zone=ZONE, codes={"ending": {"AFG": "decided"}}, **options)
    reading = cases.reading(FIELDS, keys="partitioned" if partitioned else "in passing", block_rows=block_rows)
    blocks = [block for part in reading.parts for block in part.blocks() if block.read]
    columns = {name: joined([block.records.column(name) for block in blocks]) for name in FIELDS if blocks}
    numbers = [number for block in blocks for number in block.rows.tolist()]
    findings = sum((block.findings for block in blocks), reading.orphans())
    assert sum(block.read for block in blocks) == len(numbers) + findings.set_aside
    return columns, numbers, findings


def joined(columns: list[Any]) -> Any:
    if columns and isinstance(columns[0], Codes):
        return Codes.joined(columns).decode()
    whole = [column for column in columns if len(column)]
    return (str(whole[0].dtype), np.concatenate(whole).tobytes()) if whole else []


@given(rows, st.booleans())
@settings(max_examples=25)
def test_every_library_brings_the_same(rows: list[dict[str, Any]], partitioned: bool) -> None:
    with TemporaryDirectory() as folder:
        deliveries = delivered(rows, Path(folder))
        first = taken_in(rows, partitioned)
        for name, data in deliveries.items():
            expected = below_a_header(first) if name == "excel" else first
            assert (name, taken_in(data, partitioned)) == (name, expected)


def below_a_header(first: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return the same with rows counted as Excel does, from the header in row 1 on."""
    columns, numbers, findings = first
    moved = findings.replaced(lambda finding: attrs.evolve(finding, rows=finding.rows + 1))
    return columns, [number + 1 for number in numbers], moved


@given(rows, st.integers(1, 5), st.booleans())
def test_any_size_of_block_gives_the_same(rows: list[dict[str, Any]], block_rows: int, partitioned: bool) -> None:
    table = pa.Table.from_pylist(rows, SCHEMA)
    assert taken_in(table, partitioned, block_rows) == taken_in(table, partitioned)


@given(rows)
@settings(max_examples=20)
def test_the_danish_dialect_says_the_same_as_the_default_one(rows: list[dict[str, Any]]) -> None:
    plain = [{**row, "noted_on": None} for row in rows]
    with TemporaryDirectory() as folder:
        path = Path(folder) / "danish.csv"
        with path.open("w", encoding="iso-8859-1", newline="") as file:
            out = csv.writer(file, delimiter=";")
            out.writerow(SCHEMA.names)
            out.writerows([danish(row[name]) for name in SCHEMA.names] for row in plain)
        assert taken_in(path, dialect=Dialect.danish()) == taken_in(plain)


def danish(value: Any) -> str:
    if isinstance(value, dt.datetime):
        return value.strftime("%d-%m-%Y %H:%M:%S")
    if isinstance(value, dt.date):
        return value.strftime("%d-%m-%Y")
    return "" if value is None else str(value).replace(".", ",") if isinstance(value, float) else str(value)
