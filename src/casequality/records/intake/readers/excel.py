"""Sheets of workbooks as tables: which rows are its records, what the columns are called, and what cells show."""

from __future__ import annotations

import datetime as dt
import math
import os
import re
from abc import abstractmethod
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, Self

import attrs
import numpy as np

from casequality.errors import InputError
from casequality.records.intake.cells import (
    Batch,
    FileTable,
    Kept,
    Origin,
    Piece,
    Positions,
    ReadOptions,
    kept,
    library,
)
from casequality.records.intake.faults import TOTALS, looks_like_totals
from casequality.records.intake.readers.in_memory import ROWS, Mark, RepeatedCells
from casequality.records.intake.readers.layout import Area, Layout, Row, differing, matches, with_content
from casequality.records.intake.readers.sheets.open_document import Unsaid, unsaid
from casequality.records.intake.readers.sheets.workbook import (
    Sheet,
    SheetRows,
    Workbook,
    damaged,
    understood,
    workbook,
)


@attrs.frozen(eq=False)
class Book:
    """A workbook that is open: its sheets, their rows (`SheetRows` say what is hidden), and their merged areas.

    kept: what a table of it keeps, so that the next one need not read it again.
    """

    sheets: Sequence[Sheet]
    rows: Callable[[Sheet], Iterable[Row]]
    merged: Callable[[Sheet], Sequence[Area]]
    kept: Kept[Any]


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
    kept: Kept[Any] = attrs.field(repr=False)

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
                    hidden = found.hidden if isinstance(found, SheetRows) else ()
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
            values = Values(found)
            yield Book(found.said.sheets, partial(found.rows, values=values), found.merged, found.kept)


class Memo(dict[str, Any]):
    """What each text of one kind says; forgotten when there are too many."""

    def __init__(self, read: Callable[[str], Any]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, text: str) -> Any:
        if len(self) >= 2**17:
            self.clear()
        said = self._read(text)
        found = self[text] = Mark.UNREADABLE if said is None else said
        return found


class Values(dict[tuple[str, str | None], Mapping[str, Any]]):
    """What the texts of cells say, by the type and the style of the cell."""

    def __init__(self, book: Workbook) -> None:
        super().__init__()
        self._book = book

    def __missing__(self, key: tuple[str, str | None]) -> Memo:
        cell_type, style = key
        number, formats = int(style or 0), self._book.said.formats
        shows = shown_as(formats[number]) if 0 <= number < len(formats) else ""
        readers: dict[str, Callable[[str], Any]] = {
            "n": partial(_number, shows=shows, since_1904=self._book.said.since_1904),
            "s": self._string,
            "str": _text,
            "inlineStr": _text,
            "b": {"1": True, "0": False}.get,
            "d": read_iso,
        }
        found = self[key] = Memo(readers.get(cell_type, lambda _: None))
        return found

    def _string(self, text: str) -> str | None:
        try:
            return _text(self._book.strings[int(text)]) if _INDEX.fullmatch(text) else None
        except IndexError:
            return None


_INDEX = re.compile(r"\s*\d{1,9}\s*", re.ASCII)
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def _text(text: str) -> str:
    return _ESCAPED.sub(_unescaped, text) if "_x" in text else text


def _number(text: str, shows: str, since_1904: bool) -> Any:
    number = read_plain_number(text)
    return number if number is None or not shows else read_serial(number, shows, since_1904)


def _unescaped(found: re.Match[str]) -> str:
    number = int(found[1], 16)
    # half a character is none, and cannot be written to any file
    return found[0] if 0xD800 <= number < 0xE000 else chr(number)


@attrs.frozen(eq=False)
class OtherSheetTable(SheetTable):
    """A workbook as Excel wrote it before 2007 or writes it in binary, or one of OpenDocument, read by calamine."""

    kind = "xls, xlsb, ods"
    endings = (".xls", ".xlsb", ".ods")
    extra = "excel"

    @property
    def told(self) -> Sequence[str]:
        return () if self.path.suffix.lower() == ".ods" else ("errors look blank",)

    @classmethod
    @contextmanager
    def book(cls, path: Path) -> Iterator[Book]:
        calamine = library("python_calamine", "excel")

        def opened() -> tuple[Any, Mapping[str, Unsaid]]:
            beside = {} if path.suffix.lower() == ".xls" else unsaid(path)
            return calamine.CalamineWorkbook.from_path(os.fspath(path)), beside

        with understood(path):
            try:
                (found, beside), keeping = kept(path, opened)
                sheets = [
                    Sheet(one.name, "", str(one.visible) != "SheetVisibleEnum.Visible")
                    for one in found.sheets_metadata
                    if str(one.typ) == "SheetTypeEnum.WorkSheet"
                ]

                def read(sheet: Sheet) -> Any:
                    with keeping.lock:
                        return found.get_sheet_by_name(sheet.name)

                yield Book(
                    sheets,
                    lambda sheet: beside.get(sheet.name, NOTHING).told(_calamine_rows(read(sheet))),
                    lambda sheet: beside.get(sheet.name, NOTHING).merged or _calamine_areas(read(sheet)),
                    keeping,
                )
            except BaseException as fault:
                # the second is what its parser raises where it gives up, under Python's exceptions and no Exception
                if isinstance(fault, calamine.CalamineError) or type(fault).__name__ == "PanicException":
                    raise damaged(path) from None
                raise


NOTHING = Unsaid()


def _calamine_rows(sheet: Any) -> Iterator[Row]:
    for number, cells in enumerate(sheet.to_python(skip_empty_area=False), start=1):
        told = (_as_shown(value) if type(value) is float else value for value in cells)
        yield Row(number, False, {place: value for place, value in enumerate(told) if value != ""})


def _calamine_areas(sheet: Any) -> list[Area]:
    ranges = sheet.merged_cell_ranges or ()
    return sorted(Area(top + 1, left, bottom + 1, right) for (top, left), (bottom, right) in ranges)


_WHOLE = re.compile(r"[+-]?\d{1,400}", re.ASCII)
_PLAIN = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)


def read_plain_number(text: str) -> int | float | None:
    """Return a number as a workbook writes it, None for another text and for one beyond a float."""
    text = text.strip()
    if _WHOLE.fullmatch(text):
        return int(text)
    if len(text) > 400 or not _PLAIN.fullmatch(text) or math.isinf(float(text)):
        return None
    return _as_shown(float(text))


def _as_shown(number: float) -> float:
    # 15 digits are what Excel shows: a sum that it writes as 0.30000000000000004 is 0.3 to whoever looks at it
    return float(f"{number:.15g}")


def read_iso(text: str) -> dt.date | None:
    """Return a day or a time as a workbook may write it, None for another text."""
    text = text.strip()
    try:
        return dt.date.fromisoformat(text) if len(text) == 10 else dt.datetime.fromisoformat(text)
    except ValueError:
        return None


MILLISECONDS = 86_400_000
BEYOND = {False: 2_958_466, True: 2_957_004}
"""The number of 1 January 10000, by whether days are counted from 1904."""


def read_serial(number: float, shows: str, since_1904: bool) -> dt.date | dt.time | dt.timedelta | None:
    """Return the day, time or length of time as which a workbook shows a number; None where it can show none."""
    if not 0 <= number < BEYOND[since_1904]:
        return None
    # times are exact to a millisecond, as Excel shows them: few seconds are an exact part of a day
    days, ticks = divmod(round(number * MILLISECONDS), MILLISECONDS)
    if shows == "elapsed":
        return dt.timedelta(days, milliseconds=ticks)
    minutes, rest = divmod(ticks, 60_000)
    clock = dt.time(minutes // 60, minutes % 60, rest // 1_000, rest % 1_000 * 1_000)
    if shows == "clock" and not days:
        return clock
    # Excel shows days that never were: 0 January 1900, and 29 February 1900
    if days == BEYOND[since_1904] or (not since_1904 and days in (0, 60)):
        return None
    zero = dt.date(1904, 1, 1) if since_1904 else dt.date(1899, 12, 31 if days < 60 else 30)
    day = zero + dt.timedelta(days)
    return day if shows == "day" and not ticks else dt.datetime.combine(day, clock)


BUILT_IN = {
    **dict.fromkeys((*range(14, 18), *range(27, 32), 36, *range(50, 55), 57, 58), "day"),
    **dict.fromkeys((*range(18, 22), *range(32, 36), 45, 47, 55, 56), "clock"),
    22: "instant",
    46: "elapsed",
}
_LITERAL = re.compile(r'"[^"]*"?|[\\_*].?')


def shown_as(code: str) -> str:
    """Return what a workbook's number format, or the number of a built-in one, shows: "" for a number.

    >>> [shown_as(code) for code in ("dd-mm-yyyy", '0.00" d"', "[h]:mm", "[Red]0", "m/d/yy h:mm", "h:mm AM/PM", "14")]
    ['day', '', 'elapsed', '', 'instant', 'clock', 'day']
    """
    if code.isascii() and code.isdecimal() and len(code) < 6:
        return BUILT_IN.get(int(code), "")
    first = _LITERAL.sub("", code).partition(";")[0].lower()
    if re.search(r"\[(h+|m+|s+)\]", first):
        return "elapsed"
    letters = set(re.sub(r"\[[^\]]*\]|general|am/pm|a/p", "", first))
    if letters & set("hs"):
        return "instant" if letters & set("dy") else "clock"
    return "day" if letters & set("dmy") else ""
