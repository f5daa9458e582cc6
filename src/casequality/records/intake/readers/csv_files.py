"""CSV files, plain or gzipped, in a declared dialect: their lines, decoded and taken apart."""

from __future__ import annotations

import csv
import gzip
import zlib
from collections.abc import Collection, Iterator, Sequence
from itertools import islice
from operator import itemgetter
from pathlib import Path
from typing import TextIO

import attrs
import numpy as np

from casequality.errors import InputError
from casequality.records.intake.cells import Batch, Dialect, FileTable, Origin, Piece, ReadOptions, TextCells
from casequality.records.intake.readers.in_memory import ROWS


def csv_lines(path: Path, dialect: Dialect) -> Iterator[list[str]]:
    """Yield the values of each line that is not blank, and no values for one that cannot be taken apart."""
    try:
        with _text(path, dialect) as file:
            reader = csv.reader(file, delimiter=dialect.delimiter, quotechar=dialect.quote, strict=True)
            while True:
                try:
                    yield from filter(None, reader)
                    return
                except csv.Error as error:
                    # the csv module gives its errors no kind: with these words it says that all after an open quote was
                    # swallowed
                    if str(error).startswith(("unexpected end", "field larger")):
                        raise _open_quote(path, reader.line_num) from None
                    # the line stays a row without values, which is counted and told; and the reader goes on behind it
                    yield []
    except UnicodeError:
        raise _another_encoding(path, dialect) from None
    except (EOFError, OSError, zlib.error):
        raise InputError(
            "A file cannot be read to its end",
            where=str(path),
            got="missing, damaged or incomplete",
            remedy="check the path, or deliver the file again",
        ) from None


def csv_header(path: Path, dialect: Dialect) -> list[str]:
    """Return the names in a file's first line; raise `InputError` where there are none or the delimiter is another."""
    names = [name.strip().removeprefix("\ufeff") for name in next(csv_lines(path, dialect), [])]
    if not any(names):
        raise InputError("A file has no header", where=str(path), remedy="name the columns in its first line")
    others = [mark for mark in ";,\t|" if mark in names[0] and mark != dialect.delimiter]
    if len(names) == 1 and others:
        raise InputError(
            "A file is written in another dialect than declared",
            where=str(path),
            got=f"a header without {dialect.delimiter!r} and with {others[0]!r}",
            remedy=f"declare it: dialect=Dialect(delimiter={others[0]!r}), or Dialect.danish() for Danish spreadsheets",
        )
    return names


def _text(path: Path, dialect: Dialect) -> TextIO:
    try:
        if path.suffix == ".gz":
            return gzip.open(path, "rt", encoding=dialect.encoding, newline="")
        return path.open(encoding=dialect.encoding, newline="")
    except LookupError:
        raise InputError("An encoding is unknown", where="Dialect", got=dialect.encoding, allowed="as utf-8") from None


def _open_quote(path: Path, line: int) -> InputError:
    return InputError(
        "A file cannot be taken apart: a quote is not closed",
        where=f"{path}, before line {line}",
        remedy="close the quote, or declare another mark: dialect=Dialect(quote=...)",
    )


def _another_encoding(path: Path, dialect: Dialect) -> InputError:
    return InputError(
        "A file is written in another encoding than declared",
        where=str(path),
        got=f"bytes that are not {dialect.encoding}",
        remedy='declare it: dialect=Dialect(encoding="iso-8859-1"), or Dialect.danish() for Danish spreadsheets',
    )


@attrs.frozen(eq=False)
class CsvTable(FileTable):
    """One CSV file: its first line names the columns; blank lines are not rows."""

    columns: Sequence[str]

    kind = "CSV"
    endings = (".csv", ".tsv", ".txt", ".csv.gz", ".tsv.gz", ".txt.gz")
    options = frozenset({"dialect"})
    in_parts = False
    extra = None

    @classmethod
    def open(cls, path: Path, options: ReadOptions) -> CsvTable:
        """Return the table of a file, its header read."""
        dialect = options.dialect
        origin = Origin.of(path, dialect)
        return cls(path, dialect, origin, csv_header(path, dialect))

    def pieces(self, columns: Collection[str], coded: Collection[str], block_rows: int) -> Sequence[Piece]:
        return [Piece(lambda: self._batches(columns, min(block_rows, ROWS)), origin=self.origin)]

    def _batches(self, columns: Collection[str], block_rows: int) -> Iterator[Batch]:
        first, width = 1, len(self.columns)
        chosen = {name: itemgetter(self.columns.index(name)) for name in columns}
        lines = islice(csv_lines(self.path, self.dialect), 1, None)
        while held := list(islice(lines, block_rows)):
            ragged = [place for place, line in enumerate(held) if len(line) != width]
            for place in ragged:
                held[place] = [""] * width
            cells = {name: TextCells.of(list(map(pick, held)), self.dialect) for name, pick in chosen.items()}
            yield Batch(first, len(held), cells, np.array(ragged, np.intp))
            first += len(held)
