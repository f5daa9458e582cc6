"""Rows that are in memory already: plain mappings, and records that are typed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from enum import Enum
from functools import cached_property, partial
from itertools import chain, islice
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt

from casequality.days import Mask
from casequality.errors import InputError
from casequality.records.facts import Records
from casequality.records.intake.cells import (
    NONE,
    ArrayKeys,
    Batch,
    Dialect,
    Keys,
    Numbers,
    ObjectCells,
    Piece,
    Positions,
    Rows,
    Texts,
    Times,
    own_code,
)
from casequality.records.intake.readers.frames import BLOCKS_A_PIECE, named

ROWS = 16_384
"""Rows of Python values held at a time."""
NAME = "rows"
"""What rows are called that come from no file."""


@attrs.frozen(eq=False, repr=False, slots=False)
class RowTable:
    """Mappings with a value a column; a row that lacks a column has none there."""

    mappings: Iterable[Mapping[str, Any]] = attrs.field(repr=False)
    dialect: Dialect
    name: str = NAME

    @property
    def rereadable(self) -> bool:
        return isinstance(self.mappings, Sequence)

    steady = True

    @property
    @own_code(NAME)
    def rows(self) -> int | None:
        return len(self.mappings) if isinstance(self.mappings, Sequence) else None

    @cached_property
    @own_code(NAME)
    def columns(self) -> Sequence[str]:
        if isinstance(self.mappings, Sequence):
            self._check(self.mappings)
            return named(dict.fromkeys(chain.from_iterable(self.mappings)))
        return named(self._peeked[0])

    @cached_property
    def _peeked(self) -> tuple[Mapping[str, Any], Iterator[Mapping[str, Any]]]:
        """The first row, which names the columns of an iterator, and all rows."""
        rows = iter(self.mappings)
        first = next(rows, {})
        self._check([first])
        return first, chain([first] if first else [], rows)

    def pieces(self, columns: Collection[str], coded: Collection[str], block_rows: int) -> Sequence[Piece]:
        return [Piece(lambda: self._batches(columns, min(block_rows, ROWS)), self.rows)]

    def _batches(self, columns: Collection[str], block_rows: int) -> Iterator[Batch]:
        with own_code(self.name):
            rows = iter(self.mappings) if self.rereadable else self._peeked[1]
            first = 1
            while held := list(islice(rows, block_rows)):
                self._check(held)
                cells = {
                    name: ObjectCells([row.get(name) for row in held], self.dialect, f"{self.name}, column {name}")
                    for name in columns
                }
                yield Batch(first, len(held), cells)
                first += len(held)

    def _check(self, rows: Sequence[object]) -> None:
        if not all(issubclass(kind, Mapping) for kind in set(map(type, rows))):
            raise InputError(
                "A row is not a mapping of column to value",
                where=self.name,
                got=", ".join(sorted({type(row).__name__ for row in rows})),
                allowed="mappings, such as dict",
            )


class Mark(Enum):
    """What stands for a value that nobody can tell, such as that of a formula which was never computed."""

    UNREADABLE = "unreadable"


@attrs.frozen(eq=False, repr=False)
class Percent:
    """So many per cent, as a workbook shows a number that has their format: a text, which the dialect says how to read.

    shown: the number before the sign, with a point.
    """

    shown: str

    @classmethod
    def of(cls, number: float, times: int) -> Percent:
        """Return so many times a number as per cent."""
        return cls(f"{(Decimal(str(number)) * times).normalize():f}")

    def __str__(self) -> str:
        return f"{self.shown}%"

    def written(self, mark: str) -> str:
        """Return the text that somebody would write who has this decimal mark."""
        return str(self).replace(".", mark)


@attrs.frozen(eq=False, repr=False)
class Labelled:
    """A whole number that a workbook shows with more than its digits: as a code or a key it is what it looks like."""

    number: int
    text: str

    @classmethod
    def of(cls, number: float, pattern: str) -> Labelled | float:
        """Return a number with each 0 of a pattern as one of its digits, the number itself where there is no more.

        >>> str(Labelled.of(101, "0000")), str(Labelled.of(10203, "00-00-00")), Labelled.of(-1, "00")
        ('0101', '01-02-03', -1)
        """
        if number < 0 or number != int(number) or "0" not in pattern:
            return number
        digits = str(int(number)).rjust(pattern.count("0"), "0")
        rest, more, text = iter(digits), len(digits) - pattern.count("0"), ""
        for sign in pattern:
            text += sign if sign != "0" else "".join(islice(rest, 1 + more))
            more = 0 if sign == "0" else more
        return number if text == str(number) else cls(int(number), text)

    def __str__(self) -> str:
        return self.text


@attrs.frozen(eq=False, repr=False)
class RepeatedCells:
    """A column in which values repeat: each is read once. `lost` marks those of them that nobody can tell.

    labels: what they are as codes and keys, where that is something else.
    """

    distinct: ObjectCells
    positions: npt.NDArray[np.intp]
    lost: Mask
    labels: ObjectCells | None = None

    @classmethod
    def of(cls, values: Sequence[Any], dialect: Dialect) -> RepeatedCells:
        """Return the cells of these values; equal ones are one where they are one object."""
        # by identity, since 1, 1.0 and True are equal and not the same
        once = {id(value): value for value in values}
        place = {identity: position for position, identity in enumerate(once)}
        positions = np.fromiter((place[id(value)] for value in values), np.intp, len(values))
        lost = np.array([value is Mark.UNREADABLE for value in once.values()], bool)
        found = [
            None if value is Mark.UNREADABLE else value.written(dialect.decimal) if type(value) is Percent else value
            for value in once.values()
        ]
        if Labelled not in set(map(type, found)):
            return cls(ObjectCells(found, dialect), positions, lost)
        # with colons between its digits it is a clock, and no number
        numbers = [
            value if type(value) is not Labelled else value.text if ":" in value.text else value.number
            for value in found
        ]
        labels = [value.text if type(value) is Labelled else value for value in found]
        return cls(ObjectCells(numbers, dialect), positions, lost, ObjectCells(labels, dialect))

    def __len__(self) -> int:
        return len(self.positions)

    def __getitem__(self, rows: Rows) -> RepeatedCells:
        met, positions = np.unique(self.positions[rows], return_inverse=True)
        labels = None if self.labels is None else self.labels[met]
        return RepeatedCells(self.distinct[met], positions, self.lost[met], labels)

    def times(self) -> Times:
        found = (self.labels or self.distinct).times()
        aware, only_day = (
            np.broadcast_to(marks, len(self.distinct))[self.positions] for marks in (found.aware, found.only_day)
        )
        return Times(found.ticks[self.positions], found.days, aware, only_day, self._bad(found.bad))

    def numbers(self, decimals: int) -> Numbers:
        return self._spread(self.distinct.numbers(decimals))

    def spans(self) -> Numbers:
        return self._spread(self.distinct.spans())

    def texts(self) -> Texts:
        found = (self.labels or self.distinct).texts()
        return Texts(found.distinct, found.positions[self.positions], bad=self._bad(found.bad))

    def keys(self) -> ArrayKeys:
        found = (self.labels or self.distinct).keys()
        missing = np.zeros(len(found), bool)
        missing[found.missing] = True
        return ArrayKeys(found.array[self.positions], np.flatnonzero(missing[self.positions]))

    def _spread(self, found: Numbers) -> Numbers:
        return Numbers(found.values[self.positions], self._bad(found.bad))

    def _bad(self, among: Positions) -> Positions:
        lost = self.lost.copy()
        lost[among] = True
        return np.flatnonzero(lost[self.positions])


@attrs.frozen(eq=False, repr=False)
class TypedCells:
    """A column of records."""

    column: Any = attrs.field(repr=False)
    unknown: Mask | None = None

    def __len__(self) -> int:
        return len(self.column)

    def __getitem__(self, rows: Rows) -> TypedCells:
        return TypedCells(self.column[rows], None if self.unknown is None else self.unknown[rows])

    def times(self) -> Times:
        days = self.column.dtype == np.dtype("datetime64[D]")
        return Times(self.column.view(np.int64), days, aware=True, unknown=self.unknown)

    def numbers(self, decimals: int) -> Numbers:
        return Numbers(self.column.view(np.int64))

    def spans(self) -> Numbers:
        return Numbers(self.column.view(np.int64))

    def texts(self) -> Texts:
        blank = self.column.missing
        return Texts(self.column.labels, self.column.indices.astype(np.intp) - 1, blank if blank.any() else None)

    def keys(self) -> Keys:
        if self.column.dtype == object:
            return ArrayKeys.of(self.column.tolist())
        return ArrayKeys(self.column, NONE)


@attrs.frozen(eq=False, repr=False)
class TypedTable:
    """Records as a table of their own columns; their child tables stay packed as they are."""

    records: Records

    steady = rereadable = True

    @property
    def name(self) -> str:
        return self.records.name

    @property
    def columns(self) -> Sequence[str]:
        return [name for name in self.records.loaded if not self.records.fields[name].column_type.is_table]

    @property
    def rows(self) -> int:
        return len(self.records)

    def pieces(self, columns: Collection[str], coded: Collection[str], block_rows: int) -> Sequence[Piece]:
        step = block_rows * BLOCKS_A_PIECE
        return [
            Piece(
                partial(self._batches, columns, first, min(first + step, self.rows), block_rows),
                min(step, self.rows - first),
            )
            for first in range(0, self.rows, step)
        ]

    def _batches(self, columns: Collection[str], first: int, end: int, block_rows: int) -> Iterator[Batch]:
        for start in range(first, end, block_rows):
            part = self.records[start : min(start + block_rows, end)]
            cells = {name: TypedCells(part.column(name), part.doubts.unknown.get(name)) for name in columns}
            yield Batch(start + 1, len(part), cells, doubts=part.doubts or None)
