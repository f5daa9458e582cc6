"""Rows that are in memory already: plain mappings, and records that are typed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from itertools import chain, islice
from typing import Any

import attrs
import numpy as np

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
