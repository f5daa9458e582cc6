"""CSV files taken apart by pyarrow, stretch by stretch, and by Python's own parser, line by line: the same in all."""

from __future__ import annotations

import gzip
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest import mock

import pytest

pytest.importorskip("pyarrow")

import attrs
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from casequality.days import MISSING
from casequality.errors import CaseQualityError
from casequality.records import Codes, Dialect, Records, amount, code, count, day, flag, instant, key, source, span
from casequality.records.intake.readers import csv_files


class Row(Records, name="rows"):
    case = key()
    received_on = day(missing="not said")
    seen_at = instant(missing="never")
    unit = code(missing="none")
    ending = code("decided", "withdrawn", missing="none")
    informed = flag(missing="not said")
    letters = count(missing="not counted")
    paid = amount(decimals=2, missing="nothing")
    waited = span(missing="not measured")


FIELDS = list(Row.fields)
DANISH = Dialect.danish()
DIALECTS = [
    Dialect(),
    DANISH,
    Dialect(delimiter="\t", quote="'", encoding="utf-8"),
    attrs.evolve(DANISH, day="d/m/yyyy"),
]

TEXTS = (
    *(
        "",
        " ",
        "1",
        "2",
        "03",
        "-4",
        "+5",
        "1 ",
        "\t7",
        "A1",
        "A1  ",
        "a\u00e6\u00f8\u00e5",
        "\u00a09",
        "9" * 25,
        "\ufeff",
        "\0",
    ),
    *("2010-06-01", "01-06-2010", "1/6/2010", "2010-13-01", " 2010-06-02 ", "29-02-2012", "29-02-2011", "0000-01-01"),
    *("2010-06-01 12:30", "2010-06-01T12:30:59Z", "01-06-2010 12:30:10,5", "2010-06-01 25:00"),
    *("2010-10-31 02:30+01:00", "0.125", "0,125", "1.234,50", "1,234.50", "0,114,149", "12", "12,5", "12.5", "-0.5"),
    *("1.00.000", "1e5", "inf", "0:05:00", "90", "1:75:00", "2 days 3:00:00", "decided", "withdrawn ", "true", "0"),
)
values = st.sampled_from(TEXTS) | st.text("ab1;,\t\"'\n\r \u00e6", max_size=6)
MARKS = ["", "", "", "", "", '"', "'", "x", " "]


@st.composite
def files(draw: st.DrawFn) -> tuple[bytes, Dialect, str]:
    """Draw a file, its dialect and its suffix: mostly well written, with rows and quotes out of place."""
    dialect = draw(st.sampled_from(DIALECTS))
    end = draw(st.sampled_from(["\n", "\n", "\r\n", "\r"]))
    lines = [dialect.delimiter.join(FIELDS)]
    pool = draw(st.lists(values, min_size=1, max_size=12))
    for _ in range(draw(st.integers(0, 25))):
        width = draw(st.sampled_from([len(FIELDS)] * 9 + [1, len(FIELDS) - 1, len(FIELDS) + 1]))
        cells = [
            draw(st.sampled_from(["1", "23", "45", "67", "I alt", ""])),
            *(draw(st.sampled_from(pool)) for _ in range(width - 1)),
        ]
        lines.append(
            dialect.delimiter.join(draw(st.sampled_from(MARKS)) + written(cell, dialect, draw) for cell in cells)
        )
        lines += [""] * draw(st.sampled_from([0, 0, 0, 0, 1, 2]))
    if draw(st.booleans()):
        lines = [*(draw(st.sampled_from(["", "title", "two" + dialect.delimiter + "cells"])) for _ in range(2)), *lines]
    text = end.join(lines) + draw(st.sampled_from([end, end, "", end + end, dialect.quote]))
    text = draw(st.sampled_from(["", "", "", "\ufeff", end])) + text
    encoding = draw(st.sampled_from(["iso-8859-1", "utf-8", "utf-8"]))
    content = text.encode(encoding, "replace")
    packed = draw(st.booleans())
    return (gzip.compress(content) if packed else content), dialect, ".csv.gz" if packed else ".csv"


def written(cell: str, dialect: Dialect, draw: st.DrawFn) -> str:
    """Return a value as a file holds it: quoted where it must be, and mostly only there."""
    quote = dialect.quote
    needed = any(mark in cell for mark in (dialect.delimiter, quote, "\n", "\r"))
    if draw(st.integers(0, 9)) == 0:
        needed = not needed
    return quote + cell.replace(quote, quote + quote) + quote if needed else cell


LAYOUTS: list[dict[str, Any]] = [
    *(
        {},
        {},
        {},
        {"totals": "last"},
        {"skip_rows": 2},
        {"totals": {"unit": "*a*"}},
        {"header": [2, 3], "skip_rows": 1},
    ),
    *({"header": 1}, {"header": 3, "totals": {"case": "1*", "seen_at": ""}}, {"header": "1-2", "totals": "last"}),
]


def taken_in(
    path: Path, dialect: Dialect, block_rows: int, keys: Any = "in passing", layout: dict[str, Any] | None = None
) -> Any:
    """Return all columns as bytes, the row numbers, findings and what is in doubt; or the error."""
    try:
        made = source(path, Row, zone="Europe/Copenhagen", dialect=dialect, **(layout or {}))
        reading = made.reading(FIELDS, keys=keys, block_rows=block_rows)
        blocks = [block for part in reading.parts for block in part.blocks() if block.read]
    except CaseQualityError as error:
        return str(error)
    columns = {name: joined([block.records.column(name) for block in blocks]) for name in FIELDS}
    numbers = [number for block in blocks for number in block.rows.tolist()]
    tainted = [
        (taint.concerned, taint.blurred, int(row))
        for block in blocks
        for taint in block.records.doubts.taints
        for row in block.rows[taint.rows]
    ]
    return columns, numbers, sum((block.findings for block in blocks), reading.orphans()), sorted(tainted, key=repr)


def joined(columns: list[Any]) -> Any:
    if columns and isinstance(columns[0], Codes):
        return Codes.joined(columns).decode()
    if any(column.dtype.kind in "Oi" for column in columns):
        return [None if key in (None, MISSING) else str(key) for column in columns for key in column.tolist()]
    return np.concatenate(columns).tobytes() if columns else b""


def line_by_line(path: Path, dialect: Dialect, keys: Any, layout: dict[str, Any]) -> Any:
    """Read as where pyarrow is not installed, so few rows at a time that each text is read by itself."""
    with mock.patch.dict(sys.modules, {"pyarrow.csv": None}):
        return taken_in(path, dialect, 16, keys, layout)


@given(
    files(),
    st.sampled_from([1, 7, 64, 131_072]),
    st.sampled_from([1, 30, 300, 2**21]),
    st.booleans(),
    st.sampled_from(LAYOUTS),
)
@settings(max_examples=120)
def test_both_parsers_bring_the_same(
    file: tuple[bytes, Dialect, str], block_rows: int, stretch: int, partitioned: bool, layout: dict[str, Any]
) -> None:
    content, dialect, suffix = file
    keys = "partitioned" if partitioned else "in passing"
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"rows{suffix}"
        path.write_bytes(content)
        with mock.patch.object(csv_files, "STRETCH", stretch):
            found = taken_in(path, dialect, block_rows, keys, layout)
        assert found == line_by_line(path, dialect, keys, layout)
