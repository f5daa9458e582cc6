"""How a file is written and laid out, told by its bytes and first rows: encoding, separator, titles, and the header."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Any, Final

import attrs

from casequality.errors import InputError, UsageError, Words
from casequality.records.facts import Records
from casequality.records.intake.cells import BLOCK_ROWS, Batch, Dialect, Origin, ReadOptions, SourceTable
from casequality.records.intake.readers.csv_files import CsvTable
from casequality.records.intake.readers.csv_lines import csv_header, opened_bytes, told
from casequality.records.intake.readers.excel import SheetTable
from casequality.records.intake.readers.layout import Area, Layout, Row
from casequality.records.intake.readers.opening import file_kinds, opened
from casequality.records.intake.readers.sheets.workbook import Sheet

LOOKED_AT: Final = 200
"""So many first rows are looked at for the header."""
START: Final = 2**20
LONGEST_NAME: Final = 60
MARKS: Final = {";": ("semicolon", "semikolon"), "\t": ("tab", "tabulator"), "|": ("bar", "lodret streg")}
MARKS_OF_VALUES: Final = {**MARKS, ",": ("comma", "komma")}

NONE_WORDS: Final = frozenset(
    {
        *("null", "none", "nil", "na", "n/a", "#n/a", "nan", "nat", "-", "--", "?", "."),
        *(
            "unknown",
            "missing",
            "blank",
            "ukendt",
            "uoplyst",
            "ingen",
            "ikke oplyst",
            "ikke angivet",
            "mangler",
            "i.o.",
        ),
    }
)
"""Words, in small letters, that systems write where there is nothing to say; none of them is anybody's."""

NUMBER: Final = re.compile(r"[+-]?(\d+([.,]\d+)*|[.,]\d+)( ?%)?", re.ASCII)
DATE: Final = re.compile(
    r"(?P<a>\d{1,4})(?P<mark>[-/.])(?P<b>\d{1,2})(?P=mark)(?P<c>\d{1,4})"
    r"(?:[ T](?P<hour>\d{1,2})(?P<colon>[:.])\d{2}(?:(?P=colon)\d{2}(?:[.,]\d{1,9})?)?"
    r"(?: ?(?:Z|[+-]\d{2}(?::?\d{2})?))?)?",
    re.ASCII,
)
CLOCK: Final = re.compile(r"-?(\d+ days? )?\d+:[0-5]\d(:[0-5]\d([.,]\d+)?)?", re.ASCII)
CPR: Final = re.compile(r"(?P<date>(?:[0-2]\d|3[01]|[67]\d|8\d|9[01])(?:0\d|1[0-2])\d\d)(?P<mark>[- ]?)\d{4}", re.ASCII)
"""Ten digits as those of a civil registration number: day (plus 60 where it replaces one), month, year, four more."""


def is_typed(value: object) -> bool:
    """Return whether a cell holds a number, a day or a time, by its type or as text."""
    if not isinstance(value, str):
        return True
    text = value.strip()
    return any(shape.fullmatch(text) for shape in (NUMBER, DATE, CLOCK, CPR))


def is_name(value: object) -> bool:
    """Return whether a cell may be the name of a column: a short text with a letter first that says something."""
    if not isinstance(value, str) or not (text := value.strip()) or len(text) > LONGEST_NAME:
        return False
    first = text.lstrip("_#")[:1]
    odd = is_typed(text) or text.casefold() in NONE_WORDS or "@" in text or re.search(r"\d{5}|\d{6}-\d{4}", text)
    return first.isalpha() and not odd


@attrs.frozen
class Head:
    """Where the header lies, its first and last row, and the names in it; None where no row passes the test.

    titles: the rows with a cell above it. below: the last row above the records.
    """

    rows: tuple[int, int] | None
    names: tuple[str, ...]
    titles: int
    below: int


def find_head(rows: Sequence[Row], merged: Sequence[Area] = ()) -> Head:
    """Return the header among the first rows of a table.

    It is the row above the first record that names most columns, the topmost of several, or two or three rows that name
    more together, and that passes this test: some columns hold numbers, days or times in nine of ten cells of the lower
    half of the rows looked at; each of them but the first column has a name in the header; no two names are alike; each
    is a text of at most 60 characters with a letter first that is no number, date or word for "none"; and none comes
    again in the column below it.
    """
    body = rows[len(rows) - max(1, len(rows) // 2) :]
    typed = _typed_columns(body)
    wide = median(len(row.cells) for row in body) if body else 0
    start = next((at for at, row in enumerate(rows) if _is_record(row, typed, wide)), 0)
    filled = {place for row in body for place in row.cells}
    passing: dict[tuple[int, int], Head] = {}
    for several in (1, 2, 3):
        for top in range(max(0, start - 3), start - several + 1):
            lines = rows[top : top + several]
            first, last = lines[0].number, lines[-1].number
            names, _ = Layout(tuple(range(first, last + 1))).head(iter(lines), lambda: merged, "")
            if last - first < 3 and _passes(names, lines, typed, rows[top + several :]):
                named = sum(bool(name) for place, name in enumerate(names) if place in filled)
                passing.setdefault((named, -several), Head((first, last), tuple(names), top, last))
    if passing:
        return passing[max(passing)]
    titles = next((at for at, row in enumerate(rows) if len(row.cells) * 2 >= wide), 0)
    return Head(None, (), titles, rows[titles].number - 1 if rows else 0)


def _typed_columns(rows: Iterable[Row]) -> set[int]:
    filled, typed = Counter[int](), Counter[int]()
    for row in rows:
        filled.update(row.cells.keys())
        typed.update(place for place, value in row.cells.items() if is_typed(value))
    return {place for place, count in typed.items() if count * 10 >= filled[place] * 9}


def _is_record(row: Row, typed: set[int], wide: float) -> bool:
    held = [is_typed(value) for place, value in row.cells.items() if place in typed]
    return sum(held) * 2 >= max(len(held), 1) and len(row.cells) * 2 >= wide


def _passes(names: Sequence[str], lines: Sequence[Row], typed: set[int], below: Sequence[Row]) -> bool:
    if not all(is_name(value) for row in lines for value in row.cells.values()):
        return False
    named = {place for place, name in enumerate(names) if name}
    needed = typed - {0}
    if not typed or not needed <= named or not typed & named:
        return False
    if len({name.casefold() for name in names if name}) < len(named):
        return False
    texts = {(place, str(value).strip()) for row in lines for place, value in row.cells.items()}
    again = {(place, str(value).strip()) for row in below for place, value in row.cells.items()}
    # where all of several rows are covered by one, that one is the header and the others are not
    return not texts & again and (len(lines) == 1 or all(row.cells.keys() < named for row in lines))


@attrs.frozen(kw_only=True)
class FileLayout:
    """How a file is written and laid out, with what tells it and what nothing tells.

    sheets: those of a workbook, and whether each is hidden; sheet: the one that is looked at.
    width: of its rows. declared: whether the caller said which row is the header.
    """

    dialect: Dialect
    head: Head
    width: int
    evidence: tuple[Words, ...] = ()
    ambiguous: tuple[Words, ...] = ()
    sheet: str | None = None
    sheets: tuple[tuple[str, bool], ...] = ()
    declared: bool = False

    @property
    def sheet_told(self) -> str | None:
        """What the sheet is called where it is shown: by its place, unless it has to be named to be read."""
        return self.sheet if self.sheet is None or (self.sheet in dict(self.sheets)) else self.sheets[0][0]


def _place(sheet: Sheet, sheets: Sequence[Sheet], named: Sheet | None) -> str:
    return sheet.name if sheet is named else f"no. {list(sheets).index(sheet) + 1}"


def sheet_layout(path: Path, kind: type[SheetTable], options: ReadOptions) -> FileLayout:
    """Return how a sheet of a workbook is laid out: the one that is asked for, or the first that is not hidden."""
    with kind.book(path) as book:
        shown = [sheet for sheet in book.sheets if not sheet.hidden] or list(book.sheets)
        names = [sheet.name for sheet in book.sheets]
        if not shown or (options.sheet is not None and options.sheet not in names):
            got, allowed = options.sheet, f"{len(names)} sheets, named as the workbook does"
            raise InputError("A workbook has no such sheet of cells", where=str(path), got=got, allowed=allowed)
        sheet = shown[0] if options.sheet is None else book.sheets[names.index(options.sheet)]
        rows = list(islice((row for row in book.rows(sheet) if row.cells), LOOKED_AT))
        merged = book.merged(sheet)
        # what a sheet is called may be a citizen; its name is told where a source has to name it
        named = sheet if options.sheet is not None or sheet is not book.sheets[0] else None
    return FileLayout(
        dialect=options.dialect,
        head=_head(rows, merged, options),
        width=max((place for row in rows for place in row.cells), default=-1) + 1,
        sheet=sheet.name,
        sheets=tuple((_place(each, book.sheets, named), each.hidden) for each in book.sheets),
        declared=options.header is not None,
    )


def _head(rows: Sequence[Row], merged: Sequence[Area], options: ReadOptions) -> Head:
    if options.header is None:
        return find_head(rows, merged)
    layout = Layout.of(options)
    names, below = layout.head(iter(rows), lambda: merged, "")
    assert layout.header is not None
    first, last = layout.header[0], layout.header[-1]
    titles = sum(row.number < first for row in rows)
    return Head((first, last), tuple(names), titles, below + layout.skipped)


def csv_layout(path: Path, options: ReadOptions, *, declared: bool) -> FileLayout:
    """Return how a CSV file is written and laid out; declared: whether the dialect is."""
    with path.open("rb") as file:
        if file.read(4)[:2] in (b"PK", b"\x1f\x8b") and path.suffix.lower() != ".gz":
            csv_header(path, options.dialect, Layout())  # which says what the file is
    with told(path, options.dialect):
        encoding, evidence, ambiguous = (options.dialect.encoding, (), ()) if declared else _encoding(path)
        with opened_bytes(path) as packed:
            start = packed.read(START)
    text = codecs.getincrementaldecoder(encoding)("replace").decode(start)
    dialect = options.dialect
    if not declared:
        delimiter, more, open_questions = _delimiter(text, cut=len(start) == START)
        dialect = Dialect(delimiter=delimiter, encoding=encoding)
        evidence, ambiguous = (*evidence, *more), (*ambiguous, *open_questions)
    rows = _rows(text, dialect, cut=len(start) == START)
    widths = Counter(width for _, width in rows)
    width = max(widths, key=lambda each: (widths[each], each), default=0)
    # what stands beyond the width of most rows is of a row that the reader sets aside
    cut = [row._replace(cells={at: text for at, text in row.cells.items() if at < width}) for row, _ in rows]
    head = _head(cut, (), options)
    return FileLayout(
        dialect=dialect,
        head=head,
        width=width,
        evidence=evidence,
        ambiguous=ambiguous,
        declared=options.header is not None,
    )


def _encoding(path: Path) -> tuple[str, tuple[Words, ...], tuple[Words, ...]]:
    """Return the encoding that all bytes of a file tell, with the evidence and what is ambiguous."""
    decoder, plain, utf_8, controls, begin = codecs.getincrementaldecoder("utf-8")(), True, True, False, b""
    with opened_bytes(path) as file:
        while chunk := file.read(START):
            begin = begin or chunk[:4]
            plain = plain and chunk.isascii()
            if not plain:
                try:
                    decoder.decode(chunk)
                except UnicodeDecodeError:
                    utf_8, controls = False, bool(re.search(rb"[\x80-\x9f]", chunk))
                    break
    if begin[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16", (Words("begins with the mark of UTF-16", "begynder med mærket for UTF-16"),), ()
    if begin[:3] == codecs.BOM_UTF8:
        return "utf-8-sig", (Words("begins with the mark of UTF-8", "begynder med mærket for UTF-8"),), ()
    if plain:
        nothing = Words(
            "encoding: letters of ASCII alone, which every encoding writes alike",
            "tegnsæt: kun bogstaver i ASCII, som alle tegnsæt skriver ens",
        )
        return "utf-8-sig", (nothing,), ()
    if utf_8:
        all_of = Words(
            "encoding: all bytes beyond ASCII are valid UTF-8", "tegnsæt: alle tegn uden for ASCII er gyldig UTF-8"
        )
        return "utf-8-sig", (all_of,), ()
    name = "cp1252" if controls else "iso-8859-1"
    found = Words(f"encoding: bytes that are no UTF-8; {name} taken", f"tegnsæt: ikke UTF-8; {name} antages")
    other = Words(
        "encoding: one of the encodings with a byte a letter; look at æ, ø and å in names",
        "tegnsæt: et af dem med én byte pr. bogstav; se efter æ, ø og å i navnene",
    )
    return name, (found,), (other,)


def _rows(text: str, dialect: Dialect, cut: bool) -> list[tuple[Row, int]]:
    """Return the first records of a text, numbered by the line on which each begins, and how wide each is."""
    found, before = list[tuple[Row, int]](), 0
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=dialect.delimiter, quotechar=dialect.quote)
    try:
        for values in reader:
            if values:
                cells = {place: value for place, value in enumerate(values) if value.strip()}
                found.append((Row(before + 1, False, cells), len(values)))
            before = reader.line_num
            if len(found) > LOOKED_AT:
                break
    except csv.Error:
        pass  # reading the file says what is wrong
    return found[:-1] if len(found) > LOOKED_AT or (cut and len(found) > 1) else found


def _delimiter(text: str, cut: bool) -> tuple[str, tuple[Words, ...], tuple[Words, ...]]:
    """Return the mark by which most rows have the same number of values, above one."""
    scores = {}
    for mark in MARKS_OF_VALUES:
        widths = Counter(width for _, width in _rows(text, Dialect(delimiter=mark), cut))
        width, rows = max(widths.items(), key=lambda item: (item[0] > 1, item[1]), default=(1, 0))
        scores[mark] = (rows if width > 1 else 0, width, widths.total())
    best = max(scores, key=lambda mark: scores[mark][0])
    rows, width, total = scores[best]
    if not rows:
        one = Words("separator: none found, one column", "skilletegn: ingen fundet, én kolonne")
        return ",", (one,), ()
    en, da = MARKS_OF_VALUES[best]
    said = Words(
        f"separator: {en}; {rows} of the first {total} rows have {width} values by it",
        f"skilletegn: {da}; {rows} af de første {total} rækker har {width} værdier med det",
    )
    ties = [mark for mark in scores if mark != best and scores[mark][0] == rows]
    others = tuple(
        Words(
            f"separator: by {MARKS_OF_VALUES[mark][0]} as many rows have {scores[mark][1]} values",
            f"skilletegn: med {MARKS_OF_VALUES[mark][1]} har lige så mange rækker {scores[mark][1]} værdier",
        )
        for mark in ties
    )
    return best, (said,), others


@attrs.frozen(eq=False, repr=False)
class LaidOut:
    """Data whose columns are known by their places: `table` names them so where its own names are cells of a row.

    names: None for a column whose name is not shown. kind: of file, or what else the data are. more: files beside the
    first.
    """

    table: SourceTable
    names: tuple[str | None, ...]
    kind: str
    layout: FileLayout | None = None
    path: Path | None = None
    more: int = 0

    def batches(self, block_rows: int = BLOCK_ROWS) -> Iterator[Batch]:
        """Yield all rows, as the table's own reader yields them."""
        for piece in self.table.pieces(list(self.table.columns), (), block_rows):
            yield from piece.read()


def laid_out(data: Any, options: ReadOptions, *, declared: bool) -> LaidOut:
    """Return data as they lie; of several files the first. declared: whether the dialect was, or is to be told.

    Raises `InputError` for data of no known kind, `UsageError` for records, which are typed already.
    """
    if isinstance(data, Records):
        raise UsageError(
            "Records are typed already", got=data.name, remedy="look at the file or frame that they are of"
        )
    found = file_kinds(data)
    if not found:
        table = opened(data, options)
        return LaidOut(table, _named(table), type(table).__name__.removesuffix("Table"))
    (path, kind), more = found[0], len(found) - 1
    if issubclass(kind, SheetTable):
        layout = sheet_layout(path, kind, options)
        first, last = layout.head.rows or (layout.head.below + 1,) * 2
        plain = kind.open(path, ReadOptions(options.dialect, layout.sheet, f"{first}-{last}"))
        places = _places(layout)
        [sheet] = plain.sheets
        sheets = [attrs.evolve(sheet, columns=places, below=layout.head.below)]
        return LaidOut(attrs.evolve(plain, sheets=sheets), _shown(layout), kind.kind, layout, path, more)
    if issubclass(kind, CsvTable):
        layout = csv_layout(path, options, declared=declared)
        origin = Origin.of(path, layout.dialect)
        csv_table = kind(path, layout.dialect, origin, _places(layout), Layout(), layout.head.below)
        return LaidOut(csv_table, _shown(layout), kind.kind, layout, path, more)
    table = kind.open(path, options)
    return LaidOut(table, _named(table), kind.kind, None, path, more)


def _places(layout: FileLayout) -> list[str]:
    return [str(place + 1) for place in range(max(layout.width, len(layout.head.names)))]


def _shown(layout: FileLayout) -> tuple[str | None, ...]:
    names = layout.head.names
    return tuple(names[at] or None if at < len(names) else None for at in range(len(_places(layout))))


def _named(table: SourceTable) -> tuple[str | None, ...]:
    """Return the names of columns that have one apart from their rows; one that looks like a value is not shown."""
    columns = list(table.columns)
    if len(set(columns)) < len(columns):
        raise InputError("The source has two columns of one name", where=table.name, remedy="rename one of them")
    return tuple(name if is_name(name) else None for name in columns)
