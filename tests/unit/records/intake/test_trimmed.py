"""Keys and codes with blanks about them are those without, in every reader, few or many, parents and children."""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

pytest.importorskip("duckdb")
pytest.importorskip("openpyxl")
pytest.importorskip("pandas")
pytest.importorskip("polars")
pytest.importorskip("pyarrow")

import duckdb
import openpyxl
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from casequality.records import Records, code, day, key, many, source
from tests.factories.records import read

Rows = list[dict[str, str]]


class Letter(Records, name="letters"):
    case = key()
    sent_on = day()


class Case(Records, name="cases"):
    case = key()
    kind = code("north", "south")
    queue = code(missing="none")
    letters = many(Letter)


AROUND = ["{}", " {}", "{}  ", "\u00a0{}", "{}\t", "\u2003{} ", "{}\u3000"]


def written(rows: Rows, folder: Path) -> Path:
    with (folder / "a.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, list(rows[0]), quoting=csv.QUOTE_ALL)
        out.writeheader()
        out.writerows(rows)
    return folder / "a.csv"


def workbook(rows: Rows, folder: Path) -> Path:
    book = openpyxl.Workbook()
    book.worksheets[0].append(list(rows[0]))
    for row in rows:
        book.worksheets[0].append(list(row.values()))
    book.save(folder / "a.xlsx")
    return folder / "a.xlsx"


def parquet(table: pa.Table, folder: Path, **options: Any) -> Path:
    pq.write_table(table, folder / "a.parquet", **options)
    return folder / "a.parquet"


def as_kind(rows: Rows, kind: pa.DataType) -> pa.Table:
    return pa.table({name: pa.array([row[name] for row in rows]).cast(kind) for name in rows[0]})


READERS: dict[str, Callable[[Rows, Path], Any]] = {
    "csv by pyarrow": written,
    "csv line by line": written,
    "excel": workbook,
    "parquet": lambda rows, folder: parquet(pa.Table.from_pylist(rows), folder),
    "parquet, plain": lambda rows, folder: parquet(pa.Table.from_pylist(rows), folder, use_dictionary=False),
    "arrow": lambda rows, _: pa.Table.from_pylist(rows),
    "arrow, large": lambda rows, _: as_kind(rows, pa.large_string()),
    "arrow, views": lambda rows, _: as_kind(rows, pa.string_view()),
    "arrow, dictionary": lambda rows, _: as_kind(rows, pa.dictionary(pa.int32(), pa.string())),
    "arrow, stream": lambda rows, _: pa.Table.from_pylist(rows).to_reader(max_chunksize=3),
    "pandas": lambda rows, _: pd.DataFrame(rows),
    "pandas, objects": lambda rows, _: pd.DataFrame(rows, dtype=object),
    "pandas, categories": lambda rows, _: pd.DataFrame(rows, dtype="category"),
    "polars": lambda rows, _: pl.DataFrame(rows),
    "polars, categories": lambda rows, _: pl.DataFrame(rows).with_columns(pl.all().cast(pl.Categorical)),
    "polars, query": lambda rows, _: pl.DataFrame(rows).lazy(),
    "duckdb": lambda rows, _: duckdb.connect().from_arrow(pa.Table.from_pylist(rows)),
    "mappings": lambda rows, _: rows,
    "iterator": lambda rows, _: iter(rows),
}


@pytest.mark.parametrize(("names", "times"), [(["A1", "A2"], 12), (["17", "18"], 1), (["017", "-3"], 12)], ids=str)
@pytest.mark.parametrize("reader", READERS)
def test_blanks_about_a_key_or_a_code_say_nothing(tmp_path: Path, reader: str, times: int, names: list[str]) -> None:
    rows = [
        {"case": around.format(name), "kind": around.format("north"), "queue": around.format("Skat")}
        for name in names
        for around in AROUND * times
    ]
    letters = [{"case": around.format(name), "sent_on": "2010-06-01"} for name in names for around in AROUND]
    hidden = {"pyarrow.csv": None} if reader == "csv line by line" else {}
    (tmp_path / "below").mkdir()
    with mock.patch.dict(sys.modules, hidden):
        children = {"letters": READERS[reader](letters, tmp_path / "below")}
        given = source(READERS[reader](rows, tmp_path), Case, children=children)
        found = read(given, ["case", "kind", "queue", "letters.sent_on"], keys="partitioned")
    assert [str(each) for each in found.values("case")] == names
    assert (found.values("kind"), found.values("queue")) == (["north"] * 2, ["Skat"] * 2)
    assert [len(below) for below in found.values("letters")] == [len(AROUND)] * 2
    assert set(found.faults()) == {("case", "repeated row")}
