"""Excel workbooks: one sheet, its first row naming the columns."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import attrs

from casequality.errors import InputError
from casequality.records.intake.cells import Batch, FileTable, ObjectCells, Origin, Piece, ReadOptions, library
from casequality.records.intake.readers.in_memory import ROWS


@attrs.frozen(eq=False)
class ExcelTable(FileTable):
    """One sheet of a workbook; empty rows are not rows."""

    sheet: str | None
    columns: Sequence[str]

    kind = "Excel"
    endings = (".xlsx", ".xlsm")
    options = frozenset({"dialect", "sheet"})
    in_parts = False
    extra = "excel"

    @classmethod
    def open(cls, path: Path, options: ReadOptions) -> ExcelTable:
        """Return the table of a sheet (the first where none is named), its header read."""
        dialect, sheet = options.dialect, options.sheet
        origin = Origin.of(path, dialect, sheet)
        with _rows(path, sheet) as rows:
            header = next(rows, ())
        names = ["" if name is None else str(name).strip() for name in header]
        if not any(names):
            raise InputError("A sheet has no header row", where=str(path), remedy="name the columns in its first row")
        return cls(path, dialect, origin, sheet, names)

    def pieces(self, columns: Collection[str], coded: Collection[str], block_rows: int) -> Sequence[Piece]:
        return [Piece(lambda: self._batches(columns, min(block_rows, ROWS)), origin=self.origin)]

    def _batches(self, columns: Collection[str], block_rows: int) -> Iterator[Batch]:
        places = {name: self.columns.index(name) for name in columns}
        first = 1
        with _rows(self.path, self.sheet) as rows:
            next(rows)
            while held := list(islice(rows, block_rows)):
                cells = {name: ObjectCells([_at(row, i) for row in held], self.dialect) for name, i in places.items()}
                yield Batch(first, len(held), cells)
                first += len(held)


def _at(row: tuple[Any, ...], place: int) -> Any:
    return row[place] if place < len(row) else None


@contextmanager
def _rows(path: Path, sheet: str | None) -> Iterator[Iterator[tuple[Any, ...]]]:
    """Open a sheet and yield its rows that are not empty."""
    excel = library("openpyxl", "excel")
    try:
        book = excel.load_workbook(path, read_only=True, data_only=True)
    except (BadZipFile, KeyError, OSError, ValueError, excel.utils.exceptions.InvalidFileException):
        raise InputError(
            "A file cannot be read as an Excel workbook",
            where=str(path),
            got="damaged, protected or of another kind",
            remedy="save it again as .xlsx without a password",
        ) from None
    try:
        names = book.sheetnames
        if sheet is not None and sheet not in names:
            raise InputError("A workbook has no such sheet", where=str(path), got=sheet, allowed=names)
        found = book[sheet or names[0]].iter_rows(values_only=True)
        yield (row for row in found if any(value is not None for value in row))
    finally:
        book.close()
