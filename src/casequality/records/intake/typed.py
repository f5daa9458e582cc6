"""Records that are typed already, passed in as they are."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from functools import partial
from typing import Any

import attrs
import numpy as np

from casequality.arrays import Mask
from casequality.records.intake.cells import NONE, Numbers, Rows, Texts, Times
from casequality.records.intake.keys import ArrayKeys, Keys
from casequality.records.intake.streams import BLOCKS_A_PIECE
from casequality.records.intake.tables import Batch, Piece
from casequality.records.schema import Records


@attrs.frozen(eq=False)
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


@attrs.frozen(eq=False)
class TypedTable:
    """Records as a table of their own columns; their child tables stay packed as they are."""

    records: Records

    steady = rereadable = True

    @property
    def name(self) -> str:
        return self.records.name

    @property
    def columns(self) -> Sequence[str]:
        return [name for name in self.records.loaded if self.records.fields[name].kind != "many"]

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
