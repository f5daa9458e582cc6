"""Sheets of workbooks as tables: which rows are its records, what the columns are called, and what cells show."""

from __future__ import annotations

import os
import re
from abc import abstractmethod
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, Final, Self

import attrs
import numpy as np

from casequality.errors import InputError
from casequality.records.intake.cells import (
    Batch,
    FileTable,
    OpenedFile,
    Origin,
    Piece,
    Positions,
    ReadOptions,
    kept,
    library,
)
from casequality.records.intake.faults import TOTALS, looks_like_totals
from casequality.records.intake.readers.in_memory import ROWS
from casequality.records.intake.readers.layout import (
    NOTHING,
    Area,
    Layout,
    Row,
    ToldRows,
    differing,
    matches,
    with_content,
)
from casequality.records.intake.readers.sheets.cells import Mark, RepeatedCells
from casequality.records.intake.readers.sheets.open_document import unsaid
from casequality.records.intake.readers.sheets.shown import CellValues, as_shown
from casequality.records.intake.readers.sheets.workbook import (
    Sheet,
    SheetRows,
    damaged,
    understood,
    workbook,
)


@attrs.frozen(eq=False)
class Book:
    """A workbook that is open: its sheets, their rows (which may say what is hidden), and their merged areas.

    kept: what a table of it keeps, so that the next one need not read it again.
    """

    sheets: Sequence[Sheet]
    rows: Callable[[Sheet], Iterable[Row]]
    merged: Callable[[Sheet], Sequence[Area]]
    kept: OpenedFile[Any]


@attrs.frozen
class Named:
    """A sheet that is read: the names of its columns, and the last row of its header."""

    sheet: Sheet
    columns: Sequence[str]
    below: int


@attrs.frozen(eq=False)
class SheetTable(FileTable):
    """Sheets of one workbook with the same columns, read one after the other; empty rows are not rows."""

    layout: Layout
    sheets: Sequence[Named]
    kept: OpenedFile[Any] = attrs.field(repr=False)

    options = frozenset({"dialect", "sheet", "header", "skip_rows", "totals"})
    in_parts = False

    @property
    def told(self) -> Sequence[str]:
        """What this kind of file does not tell, as findings."""
        return ()

    @classmethod
    @abstractmethod
    def book(cls, path: Path) -> AbstractContextManager[Book]:
        """Open a workbook; raise `InputError` for a file that is none."""

    @classmethod
    def open(cls, path: Path, options: ReadOptions) -> Self:
        """Return the table of the sheets asked for, the first where none is, their headers read."""
        layout, origin = Layout.of(options), Origin.of(path, options.dialect, options)
        with cls.book(path) as book:
            sheets = [_named(book, sheet, layout, path) for sheet in _chosen(book.sheets, options.sheet, path)]
        for one in sheets:
            if set(one.columns) != set(sheets[0].columns):
                raise InputError(
                    "Two sheets of one source have different columns",
                    where=f"{path}, {sheets[0].sheet.name} and {one.sheet.name}",
                    got=differing(sheets[0].columns, one.columns),
                    remedy="give the sheets the same header, or make two sources of them",
                )
        layout.check(sheets[0].columns, str(path))
        return cls(path, options.dialect, origin, layout, sheets, book.kept)

    @property
    def columns(self) -> Sequence[str]:
        return self.sheets[0].columns

    def pieces(self, columns: Collection[str], coded: Collection[str], block_rows: int) -> Sequence[Piece]:
        several = len(self.sheets) > 1
        return [
            Piece(partial(self._batches, one, columns, min(block_rows, ROWS), file), file=file, origin=self.origin)
            for one in self.sheets
            for file in [one.sheet.name if several else None]
        ]

    def _batches(self, named: Named, columns: Collection[str], block_rows: int, file: str | None) -> Iterator[Batch]:
        places = {name: named.columns.index(name) for name in columns}
        first = 1
        with self.book(self.path) as book:
            found = book.rows(named.sheet)
            rows = with_content(found, book.merged(named.sheet), len(named.columns))
            rows = self.layout.records(rows, named.below, named.columns)
            held = list(islice(rows, block_rows))
            while held:
                following = list(islice(rows, block_rows))
                told = _told(held, last=not following)
                if first == 1:
                    hidden = found.hidden if isinstance(found, SheetRows | ToldRows) else ()
                    said = [*self.told, *(["hidden sheet"] if named.sheet.hidden else [])]
                    told |= {("", fault): np.array([0]) for fault in said}
                    told |= {(name, "hidden column"): np.array([0]) for name, at in places.items() if at in hidden}
                cells = {
                    name: RepeatedCells.of([row.cells.get(place) for row in held], self.dialect)
                    for name, place in places.items()
                }
                numbers = np.array([row.number for row in held], np.int64)
                yield Batch(first, len(held), cells, file=file, numbers=numbers, told=told, ends=not following)
                first += len(held)
                held = following


def _chosen(sheets: Sequence[Sheet], wanted: str | None, path: Path) -> Sequence[Sheet]:
    found = sheets[:1] if wanted is None else [sheet for sheet in sheets if sheet.name == wanted]
    if wanted is not None and not found and "*" in wanted:
        found = [sheet for sheet in sheets if matches(wanted, sheet.name)]
    if found:
        return found
    names = [sheet.name for sheet in sheets]
    if wanted is None:
        raise InputError("A workbook has no sheet of cells", where=str(path))
    there = f"one of its {len(names)} sheets" if len(names) > 1 else "its only sheet"
    raise InputError(
        "A workbook has no such sheet",
        where=str(path),
        got=wanted,
        allowed=there,
        remedy="name it as the workbook does",
    )


def _named(book: Book, sheet: Sheet, layout: Layout, path: Path) -> Named:
    rows = (row for row in book.rows(sheet) if row.cells)
    names, below = layout.head(rows, lambda: book.merged(sheet), f"{path}, {sheet.name}")
    if not any(names):
        raise InputError(
            "A sheet has no header row",
            where=f"{path}, {sheet.name}",
            remedy="name the columns in its first row, or say in which row they are named: header=3",
        )
    return Named(sheet, names, below)


def _told(rows: Sequence[Row], last: bool) -> dict[tuple[str, str], Positions]:
    """Return what is said of rows; `last` if the last of them is that of the sheet."""
    hidden = [at for at, row in enumerate(rows) if row.hidden]
    told = {("", "hidden row"): np.array(hidden, np.intp)} if hidden else {}
    if last and looks_like_totals(rows[-1].cells.values()):
        told["", TOTALS] = np.array([len(rows) - 1])
    return told


@attrs.frozen(eq=False)
class ExcelTable(SheetTable):
    """A workbook as Excel writes it since 2007."""

    kind = "Excel"
    endings = (".xlsx", ".xlsm")
    extra = None

    @classmethod
    @contextmanager
    def book(cls, path: Path) -> Iterator[Book]:
        with workbook(path) as found:
            values = CellValues(found.said.formats, found.said.since_1904, found.strings.__getitem__)
            yield Book(found.said.sheets, partial(found.rows, values=values), found.merged, found.kept)


COPIED: Final = re.compile(r"\Z|'.*'#\$")
"""What a sheet of OpenDocument is called that the program does not show: a copy of what lies in another file."""
UNTOLD: Final = ("errors look blank", "hidden rows and formats look plain")


@attrs.frozen(eq=False)
class OtherSheetTable(SheetTable):
    """A workbook as Excel wrote it before 2007 or writes it in binary, or one of OpenDocument, read by calamine."""

    kind = "xls, xlsb, ods"
    endings = (".xls", ".xlsb", ".ods")
    extra = "excel"

    @property
    def told(self) -> Sequence[str]:
        return () if self.path.suffix.lower() == ".ods" else ("errors look blank", "hidden rows and formats look plain")

    @classmethod
    @contextmanager
    def book(cls, path: Path) -> Iterator[Book]:
        calamine = library("python_calamine", "excel")

        def opened() -> tuple[Any, Mapping[str, Any]]:
            beside = {} if path.suffix.lower() == ".xls" else unsaid(path)
            return calamine.CalamineWorkbook.from_path(os.fspath(path)), beside

        with understood(path):
            try:
                (found, beside), keeping = kept(path, opened)
                sheets = [
                    Sheet(one.name, "", str(one.visible) != "SheetVisibleEnum.Visible")
                    for one in found.sheets_metadata
                    if str(one.typ) == "SheetTypeEnum.WorkSheet" and not COPIED.match(one.name)
                ]

                def read(sheet: Sheet) -> Any:
                    with keeping.lock:
                        return found.get_sheet_by_name(sheet.name)

                yield Book(
                    sheets,
                    lambda sheet: ToldRows(_calamine_rows(read(sheet)), beside.get(sheet.name, NOTHING)),
                    lambda sheet: beside.get(sheet.name, NOTHING).merged or _calamine_areas(read(sheet)),
                    keeping,
                )
            except BaseException as fault:
                # the second is what its parser raises where it gives up, under Python's exceptions and no Exception
                if isinstance(fault, calamine.CalamineError) or type(fault).__name__ == "PanicException":
                    raise damaged(path) from None
                raise


def _calamine_rows(sheet: Any) -> Iterator[Row]:
    for number, cells in enumerate(sheet.to_python(skip_empty_area=False), start=1):
        # what says that it is a number and is none was blank else
        told = (
            value if type(value) is not float else as_shown(value) if value == value else Mark.UNREADABLE
            for value in cells
        )
        yield Row(number, False, {place: value for place, value in enumerate(told) if value != ""})


def _calamine_areas(sheet: Any) -> list[Area]:
    ranges = sheet.merged_cell_ranges or ()
    return sorted(Area(top + 1, left, bottom + 1, right) for (top, left), (bottom, right) in ranges)
