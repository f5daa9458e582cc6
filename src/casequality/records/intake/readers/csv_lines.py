"""The lines of CSV files, decoded and taken apart one by one, and what is told where they cannot be."""

from __future__ import annotations

import codecs
import csv
import gzip
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, TextIO, cast

from casequality.errors import InputError
from casequality.records.intake.cells import Dialect
from casequality.records.intake.readers.layout import Layout, Row

LONGEST_LINE = 16 * 2**20
"""How much of a line is looked at; no file can make more of it be held."""
LONGEST_FIELD = 131_072
"""The limit of Python's own parser, which is one for the whole process and left as it is."""
START = 2**20
ONE_BYTE = frozenset({"ascii", "cp1252", "iso8859-1", "iso8859-15"})
"""Encodings by Python's names whose every byte is a character, those of ASCII at their places."""
UTF_8 = frozenset({"utf-8", "utf-8-sig"})
OTHER_KINDS = (
    (b"PK\x03\x04", "a workbook or a zip archive", "name a workbook .xlsx; unpack an archive"),
    (
        b"\xd0\xcf\x11\xe0",
        "a workbook of Excel before 2007, or one with a password",
        "name it .xls, or save it as .xlsx",
    ),
    (b"PAR1", "a Parquet file", "name it .parquet"),
)
"""Files that are no CSV by their first bytes, what they are, and what to do."""


def csv_lines(path: Path, dialect: Dialect, *, skip: int = 0, blanks: bool = False) -> Iterator[list[str]]:
    """Yield the values of each line that is not blank, and no values for one that cannot be taken apart.

    skip: so many lines are passed over first, blank ones counted. blanks: no values for a blank line either.
    """
    with told(path, dialect), _text(path, dialect) as file:
        lines = _short(iter(lambda: file.readline(LONGEST_LINE + 1), ""), path)
        yield from taken_apart(lines, path, dialect, skip=skip, blanks=blanks)


def _short(lines: Iterator[str], path: Path) -> Iterator[str]:
    for line in lines:
        if len(line) > LONGEST_LINE:
            raise too_long(path)
        yield line


def taken_apart(
    lines: Iterator[str], path: Path, dialect: Dialect, before: int = 0, *, skip: int = 0, blanks: bool = False
) -> Iterator[list[str]]:
    """Yield the values of each line, of which no more are asked for than one record needs; `before` came earlier."""
    reader = csv.reader(lines, delimiter=dialect.delimiter, quotechar=dialect.quote, strict=True)
    while True:
        try:
            while skip and next(reader, None) is not None:
                skip -= 1
            yield from reader if blanks else filter(None, reader)
            return
        except csv.Error as error:
            if str(error).startswith("unexpected end"):
                raise _open_quote(path, before + reader.line_num) from None
            if str(error).startswith("field larger"):
                raise _long_field(path, before + reader.line_num) from None
            if skip:
                skip -= 1
            else:
                yield []


def csv_header(path: Path, dialect: Dialect, layout: Layout) -> tuple[list[str], int]:
    """Return the names of the columns, and how many lines come before the records, blank ones counted.

    Raises `InputError` where there are no names, a title comes before them, or the dialect is another.
    """
    with told(path, dialect):
        _check_kind(path, dialect)
    seen: list[Row] = []
    try:
        names, below = layout.head(_rows(path, dialect, seen), tuple, str(path))
    except InputError:
        # where the row that is wider has the mark of another dialect too, it is so by decimal commas, say
        _check_dialect(path, dialect, [seen[0], seen[-1]] if seen else [])
        raise
    if not any(names):
        raise InputError(
            "A file has no header",
            where=str(path),
            remedy="name the columns in its first line, or say in which row they are named: header=3",
        )
    _check_dialect(path, dialect, [Row(below, False, dict(enumerate(names)))])
    layout.check(names, str(path))
    return names, below + layout.skipped


def _rows(path: Path, dialect: Dialect, seen: list[Row]) -> Iterator[Row]:
    """Yield the lines that are not blank as rows of a sheet, and add them to those `seen`."""
    for number, values in enumerate(csv_lines(path, dialect, blanks=True), start=1):
        if values:
            if not seen:
                values[0] = values[0].strip().removeprefix("\ufeff")
            seen.append(Row(number, False, dict(enumerate(values))))
            yield seen[-1]


def _check_dialect(path: Path, dialect: Dialect, rows: Sequence[Row]) -> None:
    """Refuse a first row of one value in which, as in the others, there is the mark of another dialect."""
    texts = ["".join(map(str, row.cells.values())) for row in rows]
    others = [mark for mark in ";,\t|" if mark != dialect.delimiter and all(mark in text for text in texts)]
    if texts and len(rows[0].cells) == 1 and others:
        raise InputError(
            "A file is written in another dialect than declared",
            where=str(path),
            got=f"a header without {dialect.delimiter!r} and with {others[0]!r}",
            remedy=f"declare it: dialect=Dialect(delimiter={others[0]!r}), or Dialect.danish() for Danish spreadsheets",
        )


def _check_kind(path: Path, dialect: Dialect) -> None:
    """Refuse what is no CSV file, and what its first bytes show to be in another encoding than declared."""
    with path.open("rb") as plain:
        start = plain.read(4)
    if start[:2] == b"\x1f\x8b" and path.suffix.lower() != ".gz":
        raise _of_another_kind(path, "a gzipped file", "name it by its kind, as in calls.csv.gz, or unpack it")
    for mark, got, remedy in OTHER_KINDS:
        if start == mark:
            raise _of_another_kind(path, got, remedy)
    with opened_bytes(path) as file:
        start = file.read(START)
    encoding = encoding_of(dialect)
    if start[:2] in (b"\xff\xfe", b"\xfe\xff") and encoding in UTF_8 | ONE_BYTE:
        wide = "utf-32" if start[:4] == b"\xff\xfe\0\0" else "utf-16"
        raise _anotherencoding_of(path, dialect, f"the mark with which {wide.upper()} begins", wide)
    if encoding in ONE_BYTE and not start.isascii() and _is_utf_8(start):
        raise _anotherencoding_of(path, dialect, "letters beyond ASCII that are all written as UTF-8", "utf-8-sig")


def _is_utf_8(data: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(data)
    except UnicodeError:
        return False
    return True


def encoding_of(dialect: Dialect) -> str:
    """Return Python's name of a dialect's encoding."""
    try:
        "".encode(dialect.encoding)  # some codecs of Python's, as rot13, are of no text
        return codecs.lookup(dialect.encoding).name
    except (LookupError, UnicodeError):
        raise InputError("An encoding is unknown", where="Dialect", got=dialect.encoding, allowed="as utf-8") from None


def _text(path: Path, dialect: Dialect) -> TextIO:
    if path.suffix.lower() == ".gz":
        return gzip.open(path, "rt", encoding=encoding_of(dialect), newline="")
    return path.open(encoding=encoding_of(dialect), newline="")


def opened_bytes(path: Path) -> BinaryIO:
    """Return the bytes of a file, unpacked."""
    return cast(BinaryIO, gzip.open(path, "rb")) if path.suffix.lower() == ".gz" else path.open("rb")


@contextmanager
def told(path: Path, dialect: Dialect) -> Iterator[None]:
    """Tell of a file that cannot be read or decoded."""
    try:
        yield
    except UnicodeError:
        raise _anotherencoding_of(path, dialect, f"bytes that are not {dialect.encoding}", "iso-8859-1") from None
    except (EOFError, OSError, zlib.error):
        raise InputError(
            "A file cannot be read to its end",
            where=str(path),
            got="missing, damaged or incomplete",
            remedy="check the path, or deliver the file again",
        ) from None


def _of_another_kind(path: Path, got: str, remedy: str) -> InputError:
    return InputError("A file is of another kind than its name says", where=str(path), got=got, remedy=remedy)


def too_long(path: Path) -> InputError:
    """Return the error for a line of which the end is not looked for any further."""
    return InputError(
        "A line of a file is longer than is read",
        where=str(path),
        got="no end of a line in so many bytes",
        allowed=f"{LONGEST_LINE // 2**20} MiB a line",
        remedy="deliver it with a line for each record",
    )


def _long_field(path: Path, line: int) -> InputError:
    return InputError(
        f"A file cannot be taken apart: a value of more than {LONGEST_FIELD:,} characters, or a quote is not closed",
        where=f"{path}, before line {line}",
        allowed=f"{LONGEST_FIELD:,} characters a value",
        remedy="close the quote, declare another mark by dialect=Dialect(quote=...), or leave out so long a text",
    )


def _open_quote(path: Path, line: int) -> InputError:
    return InputError(
        "A file cannot be taken apart: a quote is not closed",
        where=f"{path}, before line {line}",
        remedy="close the quote, or declare another mark: dialect=Dialect(quote=...)",
    )


def _anotherencoding_of(path: Path, dialect: Dialect, got: str, encoding: str) -> InputError:
    danish = ", or Dialect.danish() for Danish spreadsheets" if encoding == "iso-8859-1" else ""
    return InputError(
        "A file is written in another encoding than declared",
        where=str(path),
        got=got,
        allowed=f"declared is {dialect.encoding}",
        remedy=f'declare it: dialect=Dialect(encoding="{encoding}"){danish}',
    )
