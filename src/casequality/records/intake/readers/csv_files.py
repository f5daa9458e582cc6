"""CSV files: taken apart by pyarrow, stretch by stretch, where it reads them as the careful parser does.

That one, Python's own, reads the other stretches, such as those with a quote amid a value, and every file where pyarrow
is not installed or the encoding is one in which a byte may be part of a mark.
"""

from __future__ import annotations

import codecs
from collections import deque
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import islice
from operator import itemgetter
from pathlib import Path
from typing import Any, BinaryIO

import attrs
import numpy as np

from casequality.records.intake.cells import (
    NONE,
    ArrowCells,
    Batch,
    FileTable,
    Origin,
    Piece,
    Positions,
    ReadOptions,
    TextCells,
    arrow,
    row_numbers,
)
from casequality.records.intake.faults import TOTALS, looks_like_totals
from casequality.records.intake.readers.csv_lines import (
    LONGEST_FIELD,
    LONGEST_LINE,
    ONE_BYTE,
    UTF_8,
    csv_header,
    csv_lines,
    encoding_of,
    opened_bytes,
    taken_apart,
    told,
    too_long,
)
from casequality.records.intake.readers.in_memory import ROWS
from casequality.records.intake.readers.layout import Layout, matching

STRETCH = 2 * 2**20
"""So many bytes at least are taken apart at once; twice as many are held."""


@attrs.define
class RowCount:
    """How many rows have been met below the header, and how many of them were left out as totals."""

    rows: int = 0
    left_out: int = 0

    def numbered(self, batch: Batch, left_out: Positions) -> Batch:
        """Return the next rows with their numbers, without those at some positions; it may have no rows."""
        first = self.rows + 1
        self.rows += batch.rows
        if not self.left_out and not len(left_out):
            return attrs.evolve(batch, first=first)
        before, self.left_out = self.left_out, self.left_out + len(left_out)
        kept = np.delete(np.arange(batch.rows), left_out)
        return attrs.evolve(batch, numbers=np.arange(first, self.rows + 1)).chosen(kept, first - before)


def _totals_said(last: Sequence[str], rows: int) -> dict[tuple[str, str], Positions]:
    return {("", TOTALS): np.array([rows - 1])} if looks_like_totals(last) else {}


@attrs.frozen(eq=False)
class CsvTable(FileTable):
    """One CSV file; blank lines are not rows. `above` are the lines before its records, blank ones counted."""

    columns: Sequence[str]
    layout: Layout
    above: int

    kind = "CSV"
    endings = (".csv", ".tsv", ".txt", ".csv.gz", ".tsv.gz", ".txt.gz")
    options = frozenset({"dialect", "header", "skip_rows", "totals"})
    in_parts = False
    extra = None

    @classmethod
    def open(cls, path: Path, options: ReadOptions) -> CsvTable:
        """Return the table of a file, its header read."""
        dialect, layout = options.dialect, Layout.of(options)
        origin = Origin.of(path, dialect, None if layout == Layout() else options)
        columns, above = csv_header(path, dialect, layout)
        return cls(path, dialect, origin, columns, layout, above)

    def pieces(self, columns: Collection[str], coded: Collection[str], block_rows: int) -> Sequence[Piece]:
        return [Piece(lambda: self._ended(self._batches(columns, block_rows)), origin=self.origin)]

    def _batches(self, columns: Collection[str], block_rows: int) -> Iterator[Batch]:
        parser = _parser() if self._plain else None
        if parser is None:
            lines = csv_lines(self.path, self.dialect, skip=self.above)
            yield from self.held(lines, columns, min(block_rows, ROWS), RowCount())
            return
        with told(self.path, self.dialect), opened_bytes(self.path) as file:
            yield from _Stretches(self, parser, file).batches(columns, block_rows)

    def _ended(self, batches: Iterator[Batch]) -> Iterator[Batch]:
        """Yield batches, the last of them marked as such; without its last row where that is declared as totals."""
        before: Batch | None = None
        for batch in batches:
            if before is not None:
                # only the last row of all may be called totals; one that is left out was behind it
                before = attrs.evolve(before, told={})
                if not batch.rows:
                    continue
                yield before
            before = batch if batch.rows else None
        if before is not None and self.layout.totals == "last":
            before = before.part(0, before.rows - 1)
        if before is not None and before.rows:
            yield attrs.evolve(before, ends=self.layout.totals != "last")

    @property
    def _plain(self) -> bool:
        """Whether bytes of the file are its marks and its ends of lines wherever they stand."""
        marks = {self.dialect.delimiter, self.dialect.quote}
        told_apart = len(marks) == 2 and marks.isdisjoint("\0\r\n") and all(mark.isascii() for mark in marks)
        return told_apart and encoding_of(self.dialect) in UTF_8 | ONE_BYTE

    def held(
        self, lines: Iterator[list[str]], columns: Collection[str], most: int, counted: RowCount
    ) -> Iterator[Batch]:
        """Yield the values of lines as batches of so many rows at most."""
        width, is_total = len(self.columns), self.layout.totals_among(self.columns)
        chosen = {name: itemgetter(self.columns.index(name)) for name in columns}
        while held := list(islice(lines, most)):
            left_out = [place for place, line in enumerate(held) if is_total(line)] if self.layout.totals else []
            told_of = _totals_said(held[-1], len(held))
            ragged = [place for place, line in enumerate(held) if len(line) != width]
            for place in ragged:
                held[place] = [""] * width
            cells = {name: TextCells.of(list(map(pick, held)), self.dialect) for name, pick in chosen.items()}
            batch = Batch(1, len(held), cells, np.array(ragged, np.intp), told=told_of)
            yield counted.numbered(batch, np.array(left_out, np.intp))


def _parser() -> Any:
    try:
        import pyarrow.csv as found
    except ImportError:
        return None
    return found


@attrs.define(eq=False)
class _Stretches:
    """One reading of a file of bytes, whose first record is the header.

    `held` are the bytes that come next, `waiting` the lines before them that the careful parser has not asked for yet;
    `lines` and `rows` are behind.
    """

    table: CsvTable
    parser: Any
    file: BinaryIO
    held: bytes = b""
    waiting: deque[bytes] = attrs.field(factory=deque)
    ended: bool = False
    lines: int = 0
    counted: RowCount = attrs.field(factory=RowCount)

    def batches(self, columns: Collection[str], block_rows: int) -> Iterator[Batch]:
        """Yield the rows below the header."""
        self._skip_header()
        while True:
            end = self._even_end()
            if not self.held:
                return
            parsed = self._parsed(self.held[:end], columns) if end else None
            if parsed is not None:
                self.lines += _count(self.held[:end], b"\n")
                self.held = self.held[end:]
                for start in range(0, parsed.rows, block_rows):
                    yield parsed.part(start, min(start + block_rows, parsed.rows))
                if not parsed.rows:
                    yield parsed
                continue
            records = self._carefully(end or self._any_end())
            yield from self.table.held(records, columns, min(block_rows, ROWS), self.counted)

    def _skip_header(self) -> None:
        self._fill()
        if encoding_of(self.table.dialect) == "utf-8-sig":
            self.held = self.held.removeprefix(codecs.BOM_UTF8)
        self._wait_for(self._any_end())
        lines = taken_apart(self._asked_for(), self.table.path, self.table.dialect, blanks=True)
        for _ in islice(lines, self.table.above):
            pass
        self.held = b"".join(self.waiting) + self.held
        self.waiting.clear()

    def _fill(self, least: int = 0) -> None:
        """Hold a stretch, and `least` bytes, where so many are left."""
        while len(self.held) < max(STRETCH, least) and not self.ended:
            got = self.file.read(STRETCH)
            self.held += got
            self.ended = not got

    def _even_end(self) -> int:
        """Return where the last line ends at which no quote is open, by the number of quotes; 0 for nowhere."""
        self._fill()
        held, quote = self.held, self.table.dialect.quote.encode()
        end = len(held) if self.ended else held.rfind(b"\n") + 1
        quotes = _count(held[:end], quote)
        while end and quotes % 2:
            before = held.rfind(b"\n", 0, end - 1) + 1
            quotes -= _count(held[before:end], quote)
            end = before
        return end

    def _any_end(self) -> int:
        """Return where the last line ends, also where a quote is open."""
        self._fill()
        while not self.ended:
            end = max(self.held.rfind(b"\n"), self.held.rfind(b"\r", 0, -1)) + 1
            if end:
                return end
            if len(self.held) > LONGEST_LINE:
                raise too_long(self.table.path)
            self._fill(2 * len(self.held))
        return len(self.held)

    def _carefully(self, end: int) -> Iterator[list[str]]:
        """Yield the values of the records that begin among the first `end` bytes held, which end with a line."""
        self._wait_for(end)
        for values in taken_apart(self._asked_for(), self.table.path, self.table.dialect, self.lines):
            yield values
            if not self.waiting:
                return

    def _wait_for(self, end: int) -> None:
        self.waiting.extend(self.held[:end].splitlines(keepends=True))
        self.held = self.held[end:]

    def _asked_for(self) -> Iterator[str]:
        """Yield lines, beyond those that wait where a record is not at its end."""
        encoding = encoding_of(self.table.dialect).removesuffix("-sig")
        while True:
            if not self.waiting:
                self._wait_for(self._any_end())
            if not self.waiting:
                return
            line = self.waiting.popleft()
            if len(line) > LONGEST_LINE:
                raise too_long(self.table.path)
            self.lines += 1
            yield line.decode(encoding)

    def _parsed(self, data: bytes, columns: Collection[str]) -> Batch | None:
        """Return whole lines as one batch; None where the careful parser may read them otherwise, or refuses them."""
        quote, encoding = self.table.dialect.quote.encode(), encoding_of(self.table.dialect)
        quoted = quote in data
        if _has_lone_return(data) or _has_long_line(data):
            return None
        if quoted and not _well_quoted(data, quote, self.table.dialect.delimiter.encode()):
            return None
        if not data.isascii():
            text = data.decode(encoding)  # all of it, as the careful parser does: also columns that are not asked for
            data = data if encoding in UTF_8 else text.encode()
        totals = () if self.table.layout.totals == "last" else tuple(self.table.layout.totals)
        found = self._by_arrow(data, quoted, dict.fromkeys([*columns, *totals]))
        if found is None:
            return None
        table, ragged = found
        places = np.fromiter(ragged, np.intp, len(ragged))
        rows = table.num_rows + len(ragged)
        cells = {
            name: ArrowCells(
                _spread(table.column(place), places, rows), self.table.dialect, f"{self.table.name}, column {name}"
            )
            for place, name in enumerate(dict.fromkeys([*columns, *totals]))
        }
        left_out = self._totals(cells, ragged)
        told_of = _totals_said(self._last_of(data), rows) if rows else {}
        batch = Batch(1, rows, {name: cells[name] for name in columns}, places, told=told_of)
        return self.counted.numbered(batch, left_out)

    def _totals(self, cells: Mapping[str, ArrowCells], ragged: Mapping[int, str]) -> Positions:
        """Return the rows that are declared to be totals, those of another width than the header too."""
        named = self.table.layout.totals
        if named == "last" or not named:
            return NONE
        is_total = self.table.layout.totals_among(self.table.columns)
        uneven = [place for place, text in ragged.items() if is_total(self._values(text))]
        even = np.concatenate([matching(text, cells[name].texts()) for name, text in named.items()])
        return np.union1d(np.setdiff1d(even, list(ragged)), uneven).astype(np.intp)

    def _values(self, text: str) -> list[str]:
        return next(taken_apart(iter([text]), self.table.path, self.table.dialect), [])

    def _last_of(self, data: bytes) -> list[str]:
        """Return the values of the last record of whole lines of UTF-8, which begins where no quote is open."""
        quote, end = self.table.dialect.quote.encode(), len(data.rstrip(b"\r\n"))
        begin = data.rfind(b"\n", 0, end) + 1
        while begin and data.count(quote, begin) % 2:
            begin = data.rfind(b"\n", 0, begin - 1) + 1
        return self._values(data[begin:].decode())

    def _by_arrow(self, data: bytes, quoted: bool, columns: Collection[str]) -> tuple[Any, dict[int, str]] | None:
        """Return the rows that are as wide as the header, and the positions of the others, each with its text."""
        pa, csv_of = arrow(), self.parser
        names = [str(place) for place in range(len(self.table.columns))]
        wanted = [names[self.table.columns.index(name)] for name in columns]
        ragged: dict[int, str] = {}

        def skipped(row: Any) -> str:
            ragged[row.number - 1] = row.text
            return "skip"

        try:
            table = csv_of.read_csv(
                pa.py_buffer(data),
                read_options=csv_of.ReadOptions(use_threads=False, column_names=names, block_size=len(data) + 1),
                parse_options=csv_of.ParseOptions(
                    delimiter=self.table.dialect.delimiter,
                    quote_char=self.table.dialect.quote if quoted else False,
                    newlines_in_values=quoted,
                    invalid_row_handler=skipped,
                ),
                convert_options=csv_of.ConvertOptions(
                    column_types=dict.fromkeys(wanted, pa.string()),
                    strings_can_be_null=False,
                    quoted_strings_can_be_null=False,
                    include_columns=wanted,
                ),
            )
        except pa.ArrowInvalid:
            return None
        return table, ragged


def _count(data: bytes, byte: bytes) -> int:
    """Return how often a byte occurs, several times as fast as `bytes.count` where it is frequent."""
    return int(np.count_nonzero(np.frombuffer(data, np.uint8) == byte[0])) if byte in data else 0


def _has_lone_return(data: bytes) -> bool:
    if b"\r" not in data:
        return False
    found = np.frombuffer(data, np.uint8)
    return bool(found[-1] == 13 or ((found[:-1] == 13) & (found[1:] != 10)).any())


def _has_long_line(data: bytes) -> bool:
    at = 0
    while len(data) - at > LONGEST_FIELD:
        end = data.rfind(b"\n", at, at + LONGEST_FIELD) + 1
        if not end:
            return True
        at = end
    return False


def _well_quoted(data: bytes, quote: bytes, delimiter: bytes) -> bool:
    """Return whether every quote opens a value at its beginning, closes it at its end, or is one of two within it."""
    found = np.frombuffer(data, np.uint8)
    quotes = np.flatnonzero(found == quote[0])
    opening, closing = quotes[0::2], quotes[1::2]
    again = np.append(False, opening[1:] == closing[:-1] + 1)
    followed = np.append(again[1:], False)
    ends = np.zeros(256, bool)
    ends[[10, 13, delimiter[0]]] = True
    before = ends[found[opening - 1]] | (opening == 0)
    last = closing == len(found) - 1
    after = ends[found[np.where(last, 0, closing + 1)]] | last
    lengths = closing[~followed] - opening[~again]
    return bool((before | again).all() and (after | followed).all() and lengths.max() <= LONGEST_FIELD)


def _spread(column: Any, ragged: Positions, rows: int) -> Any:
    """Return a column as one array, with a blank at the place of each ragged row."""
    array = column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()
    if not len(ragged):
        return array
    valid = np.ones(rows, bool)
    valid[ragged] = False
    return array.take(row_numbers(np.cumsum(valid) - 1, valid))
