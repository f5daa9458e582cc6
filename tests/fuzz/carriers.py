"""One delivery as each reader has it: files, frames, tables, queries, folders, plain mappings."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import Any
from unittest import mock
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

import duckdb
import numpy as np
import openpyxl
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from casequality.records import Dialect
from tests.fuzz.drawn import Columns

KINDS = {
    "received_on": pa.date32(),
    "closed_on": pa.date32(),
    "noted_on": pa.string(),
    "seen_at": pa.timestamp("us"),
    "ending": pa.string(),
    "unit": pa.string(),
    "informed": pa.bool_(),
    "pages": pa.int64(),
    "paid": pa.float64(),
    "waited": pa.float64(),
    "line": pa.int64(),
    "sent_on": pa.date32(),
    "kind": pa.string(),
}


def table(columns: Columns, *, typed: bool) -> pa.Table:
    """Return columns as a table; typed ones by their types, also where all values are blank."""
    kinds = {name: KINDS[name] if typed and name in KINDS else None for name in columns}
    if typed and all(isinstance(each, int) for each in columns["case"]):
        kinds["case"] = pa.int64()
    return pa.table({name: pa.array(values, kinds[name] or pa.string()) for name, values in columns.items()})


def mappings(columns: Columns) -> list[dict[str, Any]]:
    """Return the rows."""
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def written(columns: Columns, path: Path, **options: Any) -> Path:
    """Write a CSV file, gzipped where its name says so."""
    text = StringIO(newline="")
    out = csv.writer(text, **options)
    out.writerow(columns)
    out.writerows(zip(*columns.values(), strict=True))
    content = text.getvalue().encode()
    path.write_bytes(gzip.compress(content, 1) if path.suffix == ".gz" else content)
    return path


def workbook(columns: Columns, path: Path) -> Path:
    """Write a workbook of one sheet."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(list(columns))
    for row in zip(*columns.values(), strict=True):
        sheet.append(row)
    book.save(path)
    return path


def open_document(rows: Iterable[Iterable[Any]], path: Path, more: str = "") -> Path:
    """Write a sheet of OpenDocument; more: rows of XML after these."""
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    lines = "".join(f"<table:table-row>{''.join(map(_cell, row))}</table:table-row>" for row in rows)
    with ZipFile(path, "w", ZIP_DEFLATED) as file:
        file.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        file.writestr(
            "content.xml",
            f"<office:document-content {spaces}><office:body><office:spreadsheet>"
            f'<table:table table:name="Sheet">{lines}{more}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
        file.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
    return path


def _cell(value: Any) -> str:
    if value is None or value == "":
        return "<table:table-cell/>"
    kind, held = "string", ""
    if isinstance(value, bool):
        kind, held = "boolean", f' office:boolean-value="{str(value).lower()}"'
    elif isinstance(value, int | float):
        kind, held = "float", f' office:value="{value!r}"'
    elif isinstance(value, dt.date):
        kind, held = "date", f' office:date-value="{value.isoformat()}"'
    text = escape(str(value)).replace(" ", "<text:s/>").replace("\t", "<text:tab/>")
    return f'<table:table-cell office:value-type="{kind}"{held}><text:p>{text}</text:p></table:table-cell>'


def parquet(found: pa.Table, path: Path, **options: Any) -> Path:
    """Write a Parquet file."""
    pq.write_table(found, path, **options)
    return path


def partitioned(found: pa.Table, folder: Path, kind: str) -> Path:
    """Write a folder with one below for each unit, and several files in each."""
    options = {"partitioning": ds.partitioning(pa.schema({"unit": pa.string()}), flavor="hive"), "format": kind}
    if kind == "csv":
        options["file_options"] = ds.CsvFileFormat().make_write_options(quoting_style="all_valid")
    ds.write_dataset(found, folder, existing_data_behavior="error", **options)
    return folder


def several(found: pa.Table, folder: Path) -> str:
    """Write three files of different kinds, of which one may be empty."""
    folder.mkdir()
    third = found.num_rows // 3
    parquet(found.slice(0, third), folder / "a.parquet", row_group_size=max(1, third // 3))
    written(found.slice(third, third).to_pydict(), folder / "b.csv")
    parquet(found.slice(2 * third), folder / "c.parquet", use_dictionary=False)
    return str(folder / "?.*")


def queried(columns: Columns, path: Path) -> dict[str, Any]:
    """Return a query of a database of SQLite."""
    with sqlite3.connect(path) as connection:
        connection.execute("create table rows ({})".format(", ".join(f'"{name}"' for name in columns)))
        rows = zip(*([_plain(value) for value in values] for values in columns.values()), strict=True)
        connection.executemany(f"insert into rows values ({', '.join('?' * len(columns))})", rows)
    connection.close()
    return {"data": f"sqlite:{path}", "query": "select * from rows order by rowid"}


def _plain(value: Any) -> Any:
    return value if value is None or type(value) in (int, float, str, bytes) else str(value)


Given = Callable[[Columns, pa.Table, Path], Any]
CARRIERS: dict[str, Given] = {
    "csv": lambda columns, _, folder: written(columns, folder / "a.csv"),
    "csv, all quoted": lambda columns, _, folder: written(columns, folder / "a.csv", quoting=csv.QUOTE_ALL),
    "csv, semicolons": lambda columns, _, folder: {
        "data": written(columns, folder / "a.csv", delimiter=";", lineterminator="\n"),
        "dialect": Dialect(delimiter=";"),
    },
    "csv, careful": lambda columns, _, folder: written(columns, folder / "a.csv"),
    "csv, gzipped": lambda columns, _, folder: written(columns, folder / "a.csv.gz"),
    "excel": lambda columns, _, folder: workbook(columns, folder / "a.xlsx"),
    "ods": lambda columns, _, folder: open_document(
        [list(columns), *zip(*columns.values(), strict=True)], folder / "a.ods"
    ),
    "parquet": lambda _, found, folder: parquet(found, folder / "a.parquet", row_group_size=1 + found.num_rows // 3),
    "parquet, plain": lambda _, found, folder: parquet(found, folder / "a.parquet", use_dictionary=False),
    "parquet, many groups": lambda _, found, folder: parquet(
        found,
        folder / "a.parquet",
        row_group_size=1 + found.num_rows // 40,
        data_page_version="2.0",
        compression="zstd",
    ),
    "pandas": lambda _, found, *__: found.to_pandas(),
    "pandas, objects": lambda columns, *_: pd.DataFrame(columns, dtype=object),
    "pandas, arrow": lambda _, found, *__: found.to_pandas(types_mapper=pd.ArrowDtype),
    "polars": lambda _, found, *__: pl.DataFrame(found),
    "polars, categories": lambda _, found, *__: pl.DataFrame(found).with_columns(
        pl.col(pl.String).exclude("case").cast(pl.Categorical)
    ),
    "polars, query": lambda _, found, *__: pl.DataFrame(found).lazy(),
    "arrow": lambda _, found, *__: found,
    "arrow, dictionaries": lambda _, found, *__: pa.table(
        {
            n: c.dictionary_encode() if pa.types.is_string(c.type) else c
            for n, c in zip(found.column_names, found.columns, strict=True)
        }
    ),
    "arrow, large": lambda _, found, *__: found.cast(
        pa.schema([(f.name, pa.large_string() if pa.types.is_string(f.type) else f.type) for f in found.schema])
    ),
    "duckdb": lambda _, found, *__: duckdb.connect().from_arrow(found),
    "mappings": lambda columns, *_: mappings(columns),
    "sqlite": lambda columns, _, folder: queried(columns, folder / "a.db"),
    "several files": lambda _, found, folder: several(found, folder / "several"),
    "folders of parquet": lambda _, found, folder: partitioned(found, folder / "folders", "parquet"),
    "folders of csv": lambda _, found, folder: partitioned(found, folder / "folders", "csv"),
}


def carried(name: str, columns: Columns, folder: Path, *, typed: bool) -> dict[str, Any]:
    """Return what `casequality.source` takes of these rows where this reader brings them."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    data = CARRIERS[name](columns, table(columns, typed=typed), folder)
    return data if isinstance(data, Mapping) else {"data": data}  # type: ignore[return-value]


@contextmanager
def parser_of(name: str) -> Iterator[None]:
    """Hide the parser of pyarrow from the careful reader of CSV."""
    with mock.patch.dict(sys.modules, {"pyarrow.csv": None} if name == "csv, careful" else {}):
        yield


def shuffled(random: np.random.Generator, rows: int) -> list[int]:
    """Return the places of rows in another order."""
    return list(random.permutation(rows).tolist())
