"""Workbooks that openpyxl writes and reads again: our reader finds in each cell what openpyxl finds."""

# ruff: noqa: DTZ001 - times of a sheet have no zone

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

pytest.importorskip("openpyxl")

import openpyxl
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from casequality.records import Dialect, Findings, Records, day, key, source
from casequality.records.intake.cells import ReadOptions
from casequality.records.intake.readers.excel import ExcelTable
from casequality.records.intake.readers.sheets.cells import Mark

ERRORS = ("#N/A", "#REF!", "#DIV/0!")
texts = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), max_size=8).filter(
    lambda text: not text.startswith(("=", "#")) and "_x" not in text
)
values = (
    st.none()
    | texts
    | st.booleans()
    | st.integers(-(10**15), 10**15)
    | st.floats(-1e9, 1e9).map(lambda number: float(f"{number:.12g}"))
    | st.dates(dt.date(1904, 1, 2), dt.date(9999, 12, 30))
    | st.datetimes(dt.datetime(1904, 1, 2), dt.datetime(2999, 1, 1)).map(lambda at: at.replace(microsecond=0))
    | st.sampled_from(ERRORS)
    | st.just("=1+1")
)
grids = st.dictionaries(st.tuples(st.integers(2, 9), st.integers(1, 3)), values, max_size=12)
NAMES = ("first", "second", "third")


def written(cells: Mapping[tuple[int, int], Any], since_1904: bool, path: Path) -> Path:
    book = openpyxl.Workbook()
    if since_1904:
        book.epoch = CALENDAR_MAC_1904
    page = book.worksheets[0]
    page.append(NAMES)
    for (number, column), value in cells.items():
        page.cell(number, column, value)
    book.save(path)
    return path


def by_openpyxl(path: Path) -> dict[int, list[Any]]:
    """Return the rows that are not empty, formulas of which no program has computed any as unreadable."""
    formulas = openpyxl.load_workbook(path).worksheets[0]
    rows: dict[int, list[Any]] = {}
    for row in openpyxl.load_workbook(path, data_only=True).worksheets[0].iter_rows(min_row=2):
        found = [
            Mark.UNREADABLE if formulas[cell.coordinate].data_type == "f" or cell.data_type == "e" else cell.value
            for cell in row
        ]
        if any(value not in (None, "") for value in found):
            rows[int(row[0].row or 0)] = list(found)
    return rows


def seen(value: Any) -> Any:
    """Return a value with its type, an empty text as a blank, a midnight as its day."""
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        value = value.date()
    return (type(value), value) if value not in (None, "") else None


@given(grids, st.booleans(), st.integers(1, 4))
@settings(max_examples=60)
def test_every_cell_is_what_openpyxl_finds(
    cells: Mapping[tuple[int, int], Any], since_1904: bool, block_rows: int
) -> None:
    with TemporaryDirectory() as folder:
        path = written(cells, since_1904, Path(folder) / "a.xlsx")
        expected = by_openpyxl(path)
        found: dict[int, list[Any]] = {}
        for piece in ExcelTable.open(path, ReadOptions(Dialect())).pieces(NAMES, (), block_rows):
            for batch in piece.read():
                assert batch.rows <= block_rows
                columns = [told(batch.cells[name]) for name in NAMES]
                found |= {number: list(row) for number, *row in zip(batch.shown.tolist(), *columns, strict=True)}
    assert list(found) == list(expected)
    for number, row in expected.items():
        assert [seen(value) for value in found[number]] == [seen(value) for value in row]


def told(cells: Any) -> list[Any]:
    once = [Mark.UNREADABLE if lost else value for value, lost in zip(cells.distinct.values, cells.lost, strict=True)]
    return [once[place] for place in cells.positions.tolist()]


class Case(Records, name="cases"):
    first = key()
    second = day(missing="none")


@given(grids, st.booleans())
@settings(max_examples=30)
def test_any_size_of_block_finds_the_same(cells: Mapping[tuple[int, int], Any], since_1904: bool) -> None:
    with TemporaryDirectory() as folder:
        path = written(cells, since_1904, Path(folder) / "a.xlsx")
        several = []
        for block_rows in (1, 2, 3, 131_072):
            parts = source(path, Case, zone="UTC").reading(Case.fields, block_rows=block_rows).parts
            blocks = [block for part in parts for block in part.blocks()]
            numbers = [number for block in blocks for number in block.rows.tolist()]
            several.append((numbers, [str(item) for item in sum((b.findings for b in blocks), Findings()).items]))
    assert all(each == several[0] for each in several)
