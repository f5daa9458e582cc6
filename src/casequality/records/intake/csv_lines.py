"""The lines of a CSV file, decoded and taken apart."""

from __future__ import annotations

import csv
import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from casequality.errors import InputError
from casequality.records.intake.dialect import Dialect


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
                    if str(error).startswith(("unexpected end", "field larger")):
                        raise _open_quote(path, reader.line_num) from None
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
