"""What a library's reader offers: the names of its columns, and their cells batch by batch."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Protocol

import attrs
import numpy as np

from casequality.records.doubt import Doubts
from casequality.records.intake.cells import NONE, Cells, Positions
from casequality.records.intake.origin import Origin

BLOCK_ROWS = 131_072


@attrs.frozen(eq=False)
class Batch:
    """Some rows of a table: the cells of the columns asked for, by column name.

    `first` is the number of its first row; `ragged` are the positions of rows with another number of columns
    than the header, whose cells are blank; `file` names the file where a table has several; `below` are, by field,
    the child rows that were read beside them; `doubts` are known of rows that are records already.
    """

    first: int
    rows: int
    cells: Mapping[str, Cells]
    ragged: Positions = NONE
    file: str | None = None
    below: Mapping[str, Sequence[Batch]] = attrs.field(factory=dict)
    doubts: Doubts | None = None

    def part(self, start: int, end: int) -> Batch:
        """Return the rows at the positions from `start` up to `end`."""
        if start == 0 and end == self.rows:
            return self
        cells = {name: column[start:end] for name, column in self.cells.items()}
        ragged = self.ragged[(self.ragged >= start) & (self.ragged < end)] - start
        doubts = None if self.doubts is None else self.doubts[start:end]
        return Batch(self.first + start, end - start, cells, ragged, self.file, doubts=doubts)

    def chosen(self, rows: Positions, first: int) -> Batch:
        """Return these rows, in rising order, as a batch whose first row has the number `first`."""
        cells = {name: column[rows] for name, column in self.cells.items()}
        ragged, doubts = np.flatnonzero(np.isin(rows, self.ragged)), None if self.doubts is None else self.doubts[rows]
        return Batch(first, len(rows), cells, ragged, self.file, doubts=doubts)


@attrs.frozen(eq=False)
class Piece:
    """A stretch of a table that can be read by itself.

    `file` names its file where there are several; `origin` is there for any file.
    """

    read: Callable[[], Iterator[Batch]] = attrs.field(repr=False)
    rows: int | None = None
    file: str | None = None
    origin: Origin | None = None


class Table(Protocol):
    """A source as its library sees it."""

    @property
    def name(self) -> str:
        """What errors and reports call it."""
        ...

    @property
    def columns(self) -> Sequence[str]:
        """The names of its columns."""
        ...

    @property
    def rows(self) -> int | None:
        """How many rows it has, where that is known without reading it."""
        ...

    @property
    def rereadable(self) -> bool:
        """Whether it can be read again."""
        ...

    @property
    def steady(self) -> bool:
        """Whether its rows come in the same order each time."""
        ...

    def pieces(self, columns: Collection[str], coded: Collection[str], block_rows: int) -> Sequence[Piece]:
        """Return what can be read independently, in order, with these columns; of the `coded` the labels are read."""
        ...
