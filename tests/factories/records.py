"""Records made of plain rows, and plain rows of records that were read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any, TypeVar

import attrs
import numpy as np

from casequality.days.arrays import MISSING, Mask
from casequality.records import (
    Children,
    Codes,
    Findings,
    KeyOrder,
    Records,
    Source,
    amount,
    code,
    count,
    day,
    flag,
    instant,
    key,
    many,
    span,
)
from casequality.records.facts.schema import Column
from casequality.records.intake.source import KeyCheck

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
R = TypeVar("R", bound=Records)


class Notice(Records, name="notices"):
    case = key()
    sent_on = day()
    promised = day(missing="no date", planned=True)
    kind = code("delay", "answer", missing="not said")


class Case(Records, name="cases"):
    case = key()
    received_on = day()
    closed_on = day(missing="still open")
    promised = day(missing="no date", planned=True)
    seen_at = instant(missing="never")
    born_on = day(missing="not said", may_precede=True)
    ending = code("decided", "settled", "withdrawn", known_with="closed_on")
    unit = code(missing="not said")
    informed = flag(missing="not said")
    letters = count(missing="not counted")
    paid = amount(decimals=2, missing="nothing")
    waited = span(missing="not measured")
    notices = many(Notice)


def of_rows(kind: type[R], rows: Sequence[Mapping[str, Any]]) -> R:
    """Return records of one type from plain rows; a field that no row has is not loaded."""
    loaded = [name for name in kind.fields if rows and name in rows[0]]
    columns = {name: _column(kind, name, [row[name] for row in rows]) for name in loaded}
    return kind(columns, len(rows)) if rows else kind.empty()


def _column(kind: type[Records], name: str, values: Sequence[Any]) -> Column:
    field = kind.fields[name]
    if field.column_type.is_code:
        return Codes.encode(values, field.labels or None)
    if field.kind == "day":
        return np.array([value or "NaT" for value in values], "datetime64[D]")
    numbers = [MISSING if value is None else _whole(value) for value in values]
    plain = np.array(numbers, np.int64)
    return plain.view("datetime64[us]") if field.kind == "instant" else plain


def _whole(value: Any) -> int:
    if isinstance(value, dt.datetime):
        return (value - EPOCH) // dt.timedelta(microseconds=1)
    return int(value)


def sliced(records: R, sizes: Sequence[int]) -> list[R]:
    """Return records cut into blocks of these sizes, taken in turn until there are no more."""
    blocks, start, turn = [], 0, 0
    while start < len(records):
        size = sizes[turn % len(sizes)]
        blocks.append(records[start : start + size])
        start, turn = start + size, turn + 1
    return blocks


@attrs.frozen
class Read:
    """A source read to its end: plain rows by field, their numbers, and what was found."""

    rows: list[dict[str, Any]]
    numbers: list[int]
    files: list[str | None]
    read: int
    findings: Findings
    in_order: bool

    def values(self, field: str) -> list[Any]:
        return [row[field] for row in self.rows]

    def faults(self) -> dict[tuple[str, str], list[int]]:
        return {(item.column, item.fault): item.rows.tolist() for item in self.findings.items}


def read(source: Source, fields: Collection[str], keys: KeyCheck = "in passing", block_rows: int = 131_072) -> Read:
    """Read a source as an engine does for a question that reads all that is loaded, one part after the other."""
    reading = source.reading(fields, keys=keys, block_rows=block_rows)
    blocks = [block for part in reading.parts for block in part.blocks()]
    sure = [certain(block.records) for block in blocks]
    findings = sum((block.findings for block in blocks), reading.orphans())
    aside = sum(int((~some).sum()) for some in sure)
    return Read(
        [row for block, some in zip(blocks, sure, strict=True) for row in plain_rows(block.records[some])],
        [number for block, some in zip(blocks, sure, strict=True) for number in block.rows[some].tolist()],
        [block.file for block, some in zip(blocks, sure, strict=True) for _ in range(int(some.sum()))],
        sum(block.read for block in blocks),
        attrs.evolve(findings, set_aside=findings.set_aside + aside),
        KeyOrder.joined(block.order for block in blocks),
    )


def certain(records: Records) -> Mask:
    """Return the records that are set aside for no reader of any field that was read."""
    aside = records.in_doubt(records.loaded)
    return np.ones(len(records), bool) if aside is None else ~aside


def plain_rows(records: Records) -> list[dict[str, Any]]:
    """Return records as mappings of Python values, blanks as None, child tables as lists of mappings."""
    columns = {name: plain_column(records.column(name)) for name in records.loaded}
    return [{name: column[row] for name, column in columns.items()} for row in range(len(records))]


def plain_column(column: Any) -> list[Any]:
    if isinstance(column, Codes):
        return column.decode()
    if isinstance(column, Children):
        below = plain_rows(column.rows)
        return [below[first:end] for first, end in zip(column.starts[:-1], column.starts[1:], strict=True)]
    if column.dtype == np.int64:
        return [None if value == np.iinfo(np.int64).min else value for value in column.tolist()]
    return list(column.tolist())
