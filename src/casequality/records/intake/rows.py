"""Plain mappings, one a row."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain, islice
from typing import Any

import attrs

from casequality.errors import InputError
from casequality.records.intake.dialect import Dialect
from casequality.records.intake.objects import ObjectCells
from casequality.records.intake.tables import Batch, Piece

ROWS = 16_384
"""Rows of Python values held at a time."""


@attrs.frozen(eq=False, slots=False)
class RowTable:
    """Mappings with a value a column; a row that lacks a column has none there."""

    mappings: Iterable[Mapping[str, Any]] = attrs.field(repr=False)
    dialect: Dialect
    name: str = "rows"

    @property
    def rereadable(self) -> bool:
        return isinstance(self.mappings, Sequence)

    steady = True

    @property
    def rows(self) -> int | None:
        return len(self.mappings) if isinstance(self.mappings, Sequence) else None

    @cached_property
    def columns(self) -> Sequence[str]:
        if isinstance(self.mappings, Sequence):
            self._check(self.mappings)
            return list(dict.fromkeys(chain.from_iterable(self.mappings)))
        return list(self._peeked[0])

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
        rows = iter(self.mappings) if self.rereadable else self._peeked[1]
        first = 1
        while held := list(islice(rows, block_rows)):
            self._check(held)
            cells = {name: ObjectCells([row.get(name) for row in held], self.dialect) for name in columns}
            yield Batch(first, len(held), cells)
            first += len(held)

    def _check(self, rows: Sequence[object]) -> None:
        if not all(isinstance(row, Mapping) for row in rows):
            raise InputError(
                "A row is not a mapping of column to value",
                where=self.name,
                got=", ".join(sorted({type(row).__name__ for row in rows})),
                allowed="mappings, such as dict",
            )
