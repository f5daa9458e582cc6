"""A reading: independent parts, each a run of blocks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import attrs

from casequality.arrays import Mask
from casequality.records.findings import Findings
from casequality.records.intake.blocks import Block, BlockReader
from casequality.records.intake.duplicates import Duplicates
from casequality.records.intake.memory import keep_freed_memory
from casequality.records.intake.origin import Origin
from casequality.records.intake.tables import Piece


@attrs.frozen(eq=False)
class Part:
    """A stretch of a source that can be read on a thread of its own; `rows` where that is known beforehand."""

    number: int
    piece: Piece
    reader: BlockReader
    duplicates: Duplicates | None = None

    @property
    def rows(self) -> int | None:
        """How many rows it has, where that is known without reading it."""
        return self.piece.rows

    @property
    def origin(self) -> Origin | None:
        """The file that it is read from, None for data of another kind."""
        return self.piece.origin

    def left_out(self) -> str:
        """Return a digest of which of its rows are left out because of their keys, "" for none."""
        return self.duplicates.digest(self.number) if self.duplicates else ""

    def blocks(self) -> Iterator[Block]:
        """Read and yield its blocks in order."""
        keep_freed_memory()
        for batch in self.piece.read():
            repeats = self.duplicates.within(self.number, batch) if self.duplicates else None
            yield self.reader.block(batch, repeats)


@attrs.frozen(eq=False)
class Reading:
    """One reading of a source: every row is in exactly one block of one part.

    `orphans` is asked once all blocks have been read. Where others read some parts, each does so in a reading
    `apart`, and what it `met` is noted in this one before.
    """

    parts: Sequence[Part]
    reader: BlockReader

    def named(self, field: str) -> str:
        """Return the source column of a field; its own name where the source has none."""
        return self.reader.columns.get(field, field)

    def orphans(self) -> Findings:
        """Return what child tables are found to have at fault: in their own rows, and rows without a parent."""
        return sum((table.orphans() for table in self.reader.children.values()), Findings())

    def adrift(self) -> Mapping[str, int]:
        """Return, by the field of each child table, how many child rows there are of which nobody knows whose they are.

        They have no key, or one that no record has. Asked once all blocks have been read, as `orphans`.
        """
        return self.orphans().adrift

    def apart(self) -> Reading:
        """Return the same reading for whoever reads some of its parts: no child row has met its parent in it."""
        children = self.reader.children
        if not children:
            return self
        reader = attrs.evolve(self.reader, children={name: table.apart() for name, table in children.items()})
        return Reading([attrs.evolve(part, reader=reader) for part in self.parts], reader)

    def met(self) -> dict[str, tuple[Mask, ...]]:
        """Return, by the field of each child table, the marks of what the records read so far told of its rows."""
        return {name: table.met() for name, table in self.reader.children.items()}

    def note(self, met: Mapping[str, Sequence[Mask]]) -> None:
        """Add what readings apart met."""
        for name, marks in met.items():
            self.reader.children[name].note(marks)
