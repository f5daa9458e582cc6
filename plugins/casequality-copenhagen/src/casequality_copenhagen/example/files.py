"""The example's files as they are delivered: Parquet, text in the Danish dialect, and a workbook."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq

from casequality_copenhagen.example.material import File

MADE = dt.datetime.fromisoformat("2010-08-11")
"""What a workbook says of when it was made, so that it is the same each time."""


def write(file: File, folder: Path) -> Path:
    """Write one file into a folder, in the form that its name says."""
    path = folder / file.name
    {".parquet": _parquet, ".csv": _csv, ".xlsx": _xlsx}[path.suffix](file, path)
    return path


def _parquet(file: File, path: Path) -> None:
    columns = zip(*(row.cells for row in file.rows), strict=True)
    typed = [pa.array(values, _type(values)) for values in columns]
    pq.write_table(pa.table(typed, names=file.header), path)


def _type(values: tuple[Any, ...]) -> pa.DataType:
    return pa.timestamp("s") if any(isinstance(value, dt.datetime) for value in values) else pa.string()


def _csv(file: File, path: Path) -> None:
    with path.open("w", encoding="iso-8859-1", newline="") as out:
        lines = csv.writer(out, delimiter=";", lineterminator="\r\n")
        lines.writerow(file.header)
        lines.writerows([_danish(cell) for cell in row.cells] for row in file.rows)


def _danish(cell: Any) -> str:
    if isinstance(cell, dt.datetime):
        return f"{cell:%d-%m-%Y %H:%M:%S}"
    if isinstance(cell, dt.date):
        return f"{cell.day:02}-{cell.month:02}-{cell.year:04}"
    return "" if cell is None else cell


def _xlsx(file: File, path: Path) -> None:
    book = openpyxl.Workbook(write_only=True)
    book.properties.created = book.properties.modified = MADE
    sheet = book.create_sheet("Sager")
    sheet.append(file.header)
    for row in file.rows:
        sheet.append(row.cells)
    book.save(path)
