"""Frames and streams that speak Arrow: pyarrow, polars, DuckDB and others."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import partial
from typing import Any

import attrs

from casequality.errors import InputError
from casequality.records.intake.arrow import arrow
from casequality.records.intake.arrow_cells import ArrowCells
from casequality.records.intake.dialect import Dialect
from casequality.records.intake.tables import Batch, Piece

BLOCKS_A_PIECE = 8


@attrs.frozen(eq=False)
class ArrowTable:
    """A table in memory; `select` gives chosen columns of it as a pyarrow table, without copying."""

    name: str
    columns: Sequence[str]
    rows: int
    select: Callable[[Sequence[str]], Any] = attrs.field(repr=False)
    dialect: Dialect

    steady = rereadable = True

    def pieces(self, columns: Collection[str], coded: Collection[str], block_rows: int) -> Sequence[Piece]:
        table = self.select(list(columns))
        step = block_rows * BLOCKS_A_PIECE
        return [
            Piece(partial(self._batches, table.slice(first, step), first, block_rows), min(step, self.rows - first))
            for first in range(0, self.rows, step)
        ]

    def _batches(self, table: Any, first: int, block_rows: int) -> Iterator[Batch]:
        batches = table.to_batches(max_chunksize=block_rows)
        return numbered(batches, table.column_names, block_rows, self.dialect, self.name, first + 1)


@attrs.frozen(eq=False)
class StreamTable:
    """A query or a stream that gives its batches once each time `open` is called with the columns wanted.

    `rereadable` says whether it can be opened again; its rows may come in another order then.
    """

    name: str
    columns: Sequence[str]
    open: Callable[[Sequence[str]], Iterable[Any]] = attrs.field(repr=False)
    rereadable: bool
    dialect: Dialect

    steady = False
    rows = None

    def pieces(self, columns: Collection[str], coded: Collection[str], block_rows: int) -> Sequence[Piece]:
        return [Piece(lambda: self._batches(list(columns), block_rows))]

    def _batches(self, columns: Sequence[str], block_rows: int) -> Iterator[Batch]:
        return numbered(self.open(columns), columns, block_rows, self.dialect, self.name)


def numbered(
    batches: Iterable[Any], columns: Sequence[str], block_rows: int, dialect: Dialect, name: str, first: int = 1
) -> Iterator[Batch]:
    """Yield record batches as batches of at most `block_rows` rows, which are counted from `first`."""
    try:
        for whole in batches:
            for start in range(0, whole.num_rows, block_rows):
                batch = whole.slice(start, block_rows)
                cells = {
                    column: ArrowCells(batch.column(column), dialect, f"{name}, column {column}") for column in columns
                }
                yield Batch(first, batch.num_rows, cells)
                first += batch.num_rows
    except (arrow().ArrowException, OSError):
        raise InputError(
            "A stream broke off before its end", where=name, remedy="run the query that it comes from by itself"
        ) from None
