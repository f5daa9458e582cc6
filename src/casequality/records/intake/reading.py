"""A reading: independent parts, each a run of blocks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import attrs

from casequality.arrays import Mask
from casequality.records.findings import Findings
from casequality.records.intake.blocks import Block, BlockReader
from casequality.records.intake.tables import Piece

LeftOut = Callable[[int, int, int], Mapping[str, Mask]]
"""Part, first row and rows of a batch, to the rows of it that are left out, by fault."""


@attrs.frozen(eq=False)
class Part:
    """A stretch of a source that can be read on a thread of its own; `rows` where that is known beforehand."""

    number: int
    piece: Piece
    reader: BlockReader
    left_out: LeftOut | None = None

    @property
    def rows(self) -> int | None:
        """How many rows it has, where that is known without reading it."""
        return self.piece.rows

    def blocks(self) -> Iterator[Block]:
        """Read and yield its blocks in order."""
        for batch in self.piece.read():
            out = self.left_out(self.number, batch.first, batch.rows) if self.left_out else None
            yield self.reader.block(batch, self.piece.file, out)


@attrs.frozen(eq=False)
class Reading:
    """One reading of a source: every row is in exactly one block of one part.

    `orphans` is asked once all blocks have been read.
    """

    parts: Sequence[Part]
    reader: BlockReader

    def orphans(self) -> Findings:
        """Return the child rows whose parent the source does not have."""
        return sum((table.orphans() for table in self.reader.children.values()), Findings())
