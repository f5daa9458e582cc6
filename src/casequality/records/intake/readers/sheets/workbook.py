"""A workbook of Excel as it lies in its zip file: its sheets, strings and number formats, and a sheet row by row.

Written anew over the parser of the standard library, since what a sheet shows and what its cells hold are two things:
libraries trust the range that a sheet declares, and give an error, or a formula without a result, as an empty cell.
"""

from __future__ import annotations

import posixpath
import re
import struct
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from string import digits
from threading import Lock
from typing import IO, Any, Final, TypeAlias
from xml.parsers import expat
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

import attrs

from casequality.errors import CaseQualityError, InputError
from casequality.records.intake.cells import OpenedFile, kept
from casequality.records.intake.readers.layout import LAST_COLUMN, LAST_ROW, Area, Columns, Row, place_of
from casequality.records.intake.readers.sheets.cells import Mark

MOST_BYTES: Final = 2**32
"""A part of a workbook that is longer than this when unpacked is refused."""
MOST_STRING_BYTES: Final = 2**28
"""The same for the table of strings, which is held in memory."""
RATIO: Final = 200
"""So many times its packed size may a part have that is longer than `RATIO_FROM`; Excel's own reach some 30."""
RATIO_FROM: Final = 2**24
CHUNK: Final = 2**18
SMALL: Final = 50_000
"""A sheet of so many cells is kept once it was read: it is read for its keys, for what repeats them, and to count."""
TRUE: Final = ("1", "true")
ZERO: Final = re.compile(r"0+(\.0*)?|\.0+")


CellValues: TypeAlias = Mapping[tuple[str, str | None], Mapping[str, Any]]
"""What the texts of cells say, by the type and the style of the cell."""


@attrs.frozen
class Sheet:
    """A sheet of cells: its name, the part of the file that holds it, and whether Excel hides it."""

    name: str
    part: str
    hidden: bool


def damaged(path: Path, got: str = "damaged, protected or of another kind") -> InputError:
    """Return the error for a file that is no workbook."""
    return InputError(
        "A file cannot be read as an Excel workbook",
        where=str(path),
        got=got,
        remedy="save it again as .xlsx without a password",
    )


@contextmanager
def understood(path: Path) -> Iterator[None]:
    """Turn what is raised over a damaged or hostile file within into `InputError`."""
    try:
        yield
    except CaseQualityError:
        raise
    except (
        *(BadZipFile, EOFError, OSError, zlib.error, struct.error, expat.ExpatError),
        # what zipfile says of a cut or protected file, and the parser of an encoding, in place of errors of their own
        *(NotImplementedError, RuntimeError, LookupError, ValueError, OverflowError),
    ):
        raise damaged(path) from None


@contextmanager
def opened_zip(path: Path) -> Iterator[ZipFile]:
    """Open a zip file of which no part is longer, or packed tighter, than a workbook's would be."""
    with understood(path), ZipFile(path) as file:
        for part in file.infolist():
            most = MOST_STRING_BYTES if part.filename.endswith("/sharedStrings.xml") else MOST_BYTES
            tight = part.file_size > RATIO_FROM and part.file_size > RATIO * part.compress_size
            if part.file_size > most or tight or part.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
                raise damaged(path, f"a part that comes to {part.file_size:,} bytes from {part.compress_size:,}")
        yield file


def parsed(file: IO[bytes], parser: expat.XMLParserType) -> Iterator[None]:
    """Feed a file to a parser and pause after each stretch; a document type, which may hold entities, is refused."""

    def refuse(*_: object) -> None:
        raise expat.ExpatError("a document type")

    parser.StartDoctypeDeclHandler = refuse
    try:
        while chunk := file.read(CHUNK):
            parser.Parse(chunk, False)
            yield
        parser.Parse(b"", True)
        yield
    finally:
        # they hold the parser, which holds them: all would stay in memory until somebody looks for such circles
        parser.StartElementHandler = parser.EndElementHandler = parser.CharacterDataHandler = None


def _elements(file: IO[bytes], only: str = "") -> list[tuple[str, dict[str, str]]]:
    """Return the elements of a part in order, each by its name without prefix and its attributes.

    only: those so named. A sheet has so many of others that they would not fit in memory.
    """
    found: list[tuple[str, dict[str, str]]] = []
    parser = expat.ParserCreate()

    def start(tag: str, given: dict[str, str]) -> None:
        if not only or tag.endswith(only):
            found.append((tag.rpartition(":")[2], given))

    parser.StartElementHandler = start
    for _ in parsed(file, parser):
        pass
    return found


@attrs.frozen(eq=False)
class WorkbookParts:
    """What a workbook says of itself outside its sheets, read once for all tables of it.

    sheets: those of cells, charts left out. formats: the number format of each cell style, as its code or, where it is
    built in, its number. strings: the part that holds them, "" for none. known: the first of them, as far as they were
    asked for. rows: of small sheets, by their part, with the columns that are hidden, once a sheet was read to its end.
    """

    sheets: Sequence[Sheet]
    formats: Sequence[str]
    since_1904: bool
    strings: str
    known: list[str] = attrs.field(factory=list, repr=False)
    rows: dict[str, tuple[Sequence[Row], set[int]]] = attrs.field(factory=dict, repr=False)


@attrs.frozen(eq=False)
class Workbook:
    """A workbook that is open.

    part: opens a part, which is closed with the workbook. said: what it says of itself.
    """

    part: Callable[[str], IO[bytes]]
    said: WorkbookParts
    strings: Sequence[str] | Strings
    kept: OpenedFile[WorkbookParts]

    def rows(self, sheet: Sheet, values: CellValues) -> SheetRows:
        """Return the rows of a sheet that have a cell, whatever range it declares; `values` tells what texts say."""
        return SheetRows(self.part, sheet.part, values, self.said.rows)

    def merged(self, sheet: Sheet) -> list[Area]:
        """Return the merged areas of a sheet in order of their first rows; they are written after its cells."""
        with self.part(sheet.part) as part:
            end = b""
            while chunk := part.read(CHUNK):
                # in another encoding than UTF-8 every other byte is 0
                if b"mergeCell" in end + chunk or b"\0" in chunk[:4]:
                    break
                end = chunk[-8:]
            else:
                return []
        with self.part(sheet.part) as part:
            refs = [given["ref"] for tag, given in _elements(part, "mergeCell") if tag == "mergeCell"]
        ends = [(first, last or first) for first, _, last in (ref.partition(":") for ref in refs)]
        return sorted(Area(*place_of(first), *place_of(last)) for first, last in ends)


@contextmanager
def workbook(path: Path) -> Iterator[Workbook]:
    """Open a workbook; raise `InputError` for a file that is none, also where that shows only within."""
    with opened_zip(path) as file, ExitStack() as parts_open:

        def opened(part: str) -> IO[bytes]:
            return parts_open.enter_context(file.open(part))

        said, keeping = kept(path, partial(_said, file))
        strings = Strings(partial(opened, said.strings), said.known, keeping.lock) if said.strings else ()
        yield Workbook(opened, said, strings, keeping)


def _said(file: ZipFile) -> WorkbookParts:
    root = _related(file, "")
    book = next(target for kind, target in root.values() if kind == "officeDocument")
    parts = _related(file, book)
    of_kind = dict(parts.values())
    with file.open(book) as part:
        said = _elements(part)
    sheets = [
        Sheet(given["name"], parts[ref][1], given.get("state", "visible") != "visible")
        for tag, given in said
        if tag == "sheet" and (ref := _id(given)) in parts and parts[ref][0] == "worksheet"
    ]
    since_1904 = any(given.get("date1904") in TRUE for tag, given in said if tag == "workbookPr")
    formats: list[str] = []
    if "styles" in of_kind:
        with file.open(of_kind["styles"]) as part:
            formats = _formats(_elements(part))
    return WorkbookParts(sheets, formats, since_1904, of_kind.get("sharedStrings", ""))


def _id(given: Mapping[str, str]) -> str:
    return next((value for name, value in given.items() if name.endswith(":id")), "")


def _related(file: ZipFile, part: str) -> dict[str, tuple[str, str]]:
    """Return the parts that a part refers to: their kind and place, by the name that it has for each."""
    folder, name = posixpath.split(part)
    with file.open(posixpath.join(folder, "_rels", f"{name}.rels")) as rels:
        found = _elements(rels)
    return {
        given["Id"]: (
            given["Type"].rpartition("/")[2],
            posixpath.normpath(posixpath.join("/", folder, given["Target"])).lstrip("/"),
        )
        for tag, given in found
        if tag == "Relationship" and given.get("TargetMode") != "External"
    }


class Strings:
    """The texts that cells refer to by number, read as far as they are asked for; `known` are, and become, the first.

    Others may read the same file at the same time, each for itself, under one lock.
    """

    def __init__(self, opened: Callable[[], IO[bytes]], known: list[str], lock: Lock) -> None:
        self._found, self._lock = known, lock
        self._more = _strings(opened, known)

    def __getitem__(self, number: int) -> str:
        if number >= len(self._found):
            with self._lock:
                while number >= len(self._found):
                    if next(self._more, self) is self:
                        raise IndexError(number)
        return self._found[number]


def _strings(opened: Callable[[], IO[bytes]], found: list[str]) -> Iterator[None]:
    text: list[str] = []
    passed = 0
    parser = expat.ParserCreate()
    parser.buffer_text = True
    phonetic = False

    def start(tag: str, _: object) -> None:
        nonlocal phonetic
        tag = tag.rpartition(":")[2]
        if tag == "si":
            text.clear()
        elif tag == "rPh":
            phonetic = True
        elif tag == "t" and not phonetic:
            parser.CharacterDataHandler = text.append

    def end(tag: str) -> None:
        nonlocal phonetic, passed
        parser.CharacterDataHandler = None
        tag = tag.rpartition(":")[2]
        if tag == "si":
            if passed == len(found):
                found.append("".join(text))
            passed += 1
        elif tag == "rPh":
            phonetic = False

    parser.StartElementHandler, parser.EndElementHandler = start, end
    yield from parsed(opened(), parser)


@attrs.frozen(eq=False)
class SheetRows:
    """Iterates over the rows of a sheet; `hidden` are the columns that are hidden, known once there is a row.

    read: the rows of small sheets that were read before, by their part; this one's are added once all are read.
    """

    opened: Callable[[str], IO[bytes]]
    part: str
    values: CellValues
    read: dict[str, tuple[Sequence[Row], set[int]]]
    hidden: set[int] = attrs.field(factory=set)

    def __iter__(self) -> Iterator[Row]:
        known = self.read.get(self.part)
        if known:
            self.hidden.update(known[1])
        held, room = list[Row](), SMALL
        for row in known[0] if known else self._parsed():
            room -= 1 + len(row.cells)
            if not known and room >= 0:
                held.append(row)
            yield row._replace(cells=dict(row.cells))  # whoever reads it may mark cells
        if not known and room >= 0:
            self.read[self.part] = held, self.hidden

    def _parsed(self) -> Iterator[Row]:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        done: list[Row] = []

        def root(tag: str, _: object) -> None:
            if not tag.endswith("worksheet"):
                raise expat.ExpatError("no sheet of cells")
            _Following(parser, tag.removesuffix("worksheet"), self.values, done, self.hidden)

        parser.StartElementHandler = root
        for _ in parsed(self.opened(self.part), parser):
            yield from done
            done.clear()


class _Following:
    """Follows the elements of a sheet, whose names have a prefix, and adds its rows to `done`."""

    def __init__(
        self, parser: expat.XMLParserType, prefix: str, values: CellValues, done: list[Row], hidden: set[int]
    ) -> None:
        names = (prefix + name for name in ("c", "v", "t", "row", "f", "rPh", "col", "sheetFormatPr"))
        self.c, self.v, self.t, self.r, self.f, self.phonetic, self.col, self.usual = names
        self.parser, self.values, self.done, self.hidden = parser, values, done, hidden
        self.columns, self.column = Columns(), -1
        self.row = Row(0, False, {})
        self.text: list[str] = []
        self.cell: dict[str, str] = {}
        self.shown, self.formula, self.within, self.height = False, False, False, ""
        parser.StartElementHandler, parser.EndElementHandler = self.start, self.end

    def start(self, tag: str, given: dict[str, str]) -> None:
        if tag == self.c:
            place = given.get("r")
            self.column = self.column + 1 if place is None else self.columns[place.rstrip(digits)]
            self.shown = self.formula = False
            self.cell = given
            self.text.clear()
        elif tag == self.v or (tag == self.t and not self.within):
            self.shown = True
            self.parser.CharacterDataHandler = self.text.append
        elif tag == self.r:
            self._begin(given)
        elif tag == self.f:
            self.formula = True
        elif tag == self.phonetic:
            self.within = True
        elif tag == self.col:
            columns = range(int(given["min"]) - 1, min(int(given["max"]), LAST_COLUMN))
            hidden = given.get("hidden") in TRUE or ZERO.fullmatch(given.get("width", ""))
            (self.hidden.update if hidden else self.hidden.difference_update)(columns)
        elif tag == self.usual:
            # those of rows and columns that say none; zeroHeight hides rows without a cell, and no others
            self.height = given.get("defaultRowHeight", "")
            self.hidden.update(range(LAST_COLUMN) if ZERO.fullmatch(given.get("defaultColWidth", "")) else ())

    def end(self, tag: str) -> None:
        if tag == self.c:
            kind = self.cell.get("t", "n")
            if self.text and (said := "".join(self.text)):
                value = self.values[kind, self.cell.get("s")][said]
                if value != "":
                    self.row.cells[self.column] = value
            # an empty text is what many formulas give; another formula without a value was never computed
            elif kind == "e" or (self.formula and not (self.shown and kind == "str")):
                self.row.cells[self.column] = Mark.UNREADABLE
        elif tag == self.r:
            self.done.append(self.row)
        else:
            self.parser.CharacterDataHandler = None
            if tag == self.phonetic:
                self.within = False

    def _begin(self, given: dict[str, str]) -> None:
        number = int(given.get("r") or self.row.number + 1)
        if not self.row.number < number <= LAST_ROW:
            raise expat.ExpatError("rows that do not follow each other")
        hidden = given.get("hidden") in TRUE or ZERO.fullmatch(given.get("ht", self.height)) is not None
        self.row, self.column = Row(number, hidden, {}), -1


def _formats(styles: Sequence[tuple[str, Mapping[str, str]]]) -> list[str]:
    own = {given["numFmtId"]: given["formatCode"] for tag, given in styles if tag == "numFmt"}
    found, listed = [], False
    for tag, given in styles:
        if tag in ("cellXfs", "cellStyles", "dxfs"):
            listed = tag == "cellXfs"
        elif tag == "xf" and listed:
            number = given.get("numFmtId", "0")
            found.append(own.get(number, number))
    return found
