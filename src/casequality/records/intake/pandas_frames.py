"""pandas frames, a slice at a time; columns of Python objects are read as such."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from functools import partial
from typing import Any

import attrs

from casequality.errors import InputError
from casequality.records.intake.arrow import arrow
from casequality.records.intake.arrow_cells import ArrowCells
from casequality.records.intake.cells import Cells
from casequality.records.intake.dialect import Dialect
from casequality.records.intake.objects import ObjectCells
from casequality.records.intake.streams import BLOCKS_A_PIECE
from casequality.records.intake.tables import Batch, Piece


@attrs.frozen(eq=False)
class PandasTable:
    """A pandas frame; its index is no column."""

    frame: Any = attrs.field(repr=False)
    dialect: Dialect
    name: str = "pandas frame"

    steady = rereadable = True

    @property
    def columns(self) -> Sequence[str]:
        return list(self.frame.columns)

    @property
    def rows(self) -> int:
        return len(self.frame)

    def pieces(self, columns: Collection[str], coded: Collection[str], block_rows: int) -> Sequence[Piece]:
        arrow()
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
            part = self.frame.iloc[start : min(start + block_rows, end)]
            yield Batch(start + 1, len(part), {name: self._cells(part[name]) for name in columns})

    def _cells(self, column: Any) -> Cells:
        if column.dtype == object:
            return ObjectCells(column.tolist(), self.dialect)
        where = f"{self.name}, column {column.name}"
        try:
            array = arrow().Array.from_pandas(column)
        except arrow().ArrowException:
            raise InputError(
                "A column holds a kind of value that is not read",
                where=where,
                got=column.dtype,
                remedy="convert the column before it is passed in",
            ) from None
        if isinstance(array, arrow().ChunkedArray):
            array = array.combine_chunks()
        return ArrowCells(array, self.dialect, where)
