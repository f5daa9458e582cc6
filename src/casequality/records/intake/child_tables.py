"""Child tables: read whole, packed by their parents' keys, handed out block by block."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

import attrs
import numpy as np

from casequality.arrays import Integers, Mask
from casequality.records.columns import Children, Codes
from casequality.records.findings import Finding, Findings, Taint
from casequality.records.intake.readers.cells import KeyIndex, Keys
from casequality.records.intake.readers.tables import Batch

Early = Callable[[Children[Any]], Mask]
"""Tells which child rows begin before their parent, which is a fault."""


class ChildTable(Protocol):
    """Where a block's child rows come from."""

    def of(self, batch: Batch, keys: Keys | None, early: Early) -> Children[Any]:
        """Return the child rows of a batch's records; a row that is `early` is faulty."""
        ...

    def orphans(self) -> Findings:
        """Return what is known once all records have been read."""
        ...

    def apart(self) -> ChildTable:
        """Return the same child rows, for some of the records, of which nothing is known yet."""
        ...

    def met(self) -> tuple[Mask, ...]:
        """Return what is known of its rows from the records read so far: marks, which those of others add up with."""
        ...

    def note(self, met: Sequence[Mask]) -> None:
        """Add what is known from records that were read apart."""
        ...


@attrs.frozen(eq=False)
class Beside:
    """The child rows of records that have them already, in the same order."""

    children: Children[Any]

    def of(self, batch: Batch, keys: Keys | None, early: Early) -> Children[Any]:
        children = self.children[batch.first - 1 : batch.first - 1 + batch.rows]
        return _doubted(children, early(children))

    def orphans(self) -> Findings:
        return Findings()

    def apart(self) -> Beside:
        return self

    def met(self) -> tuple[Mask, ...]:
        return ()

    def note(self, met: Sequence[Mask]) -> None:
        """Add nothing: each of these rows has its record."""


@attrs.frozen(eq=False)
class Packed:
    """The rows of a child source, those of one parent beside each other, oldest first.

    `children` has an entry for each key of `index` and an empty one at the end, for records without child rows.
    `numbers` and `files` (child rows,) say where each row was read; a single file goes without a name. `key_name`
    and `begin_name` are the columns that name their parent and date their beginning.
    """

    field: str
    children: Children[Any]
    index: KeyIndex
    key_name: str
    begin_name: str
    findings: Findings
    numbers: Integers
    files: Codes


@attrs.frozen(eq=False)
class Joined:
    """A packed child source in one reading of its parents.

    `seen` (keys + 1,) marks the keys that they had, `begun_early` (child rows,) the rows that began before them.
    """

    packed: Packed
    seen: Mask
    begun_early: Mask

    @classmethod
    def to(cls, packed: Packed) -> Joined:
        """Return the child rows for a reading in which no parent was seen yet."""
        return cls(packed, np.zeros(len(packed.children), bool), np.zeros(len(packed.numbers), bool))

    def of(self, batch: Batch, keys: Keys | None, early: Early) -> Children[Any]:
        assert keys is not None
        places = self.packed.index.find(keys.values())
        self.seen[places] = True
        children = self.packed.children[places]
        begun_early = early(children)
        if begun_early.any():
            self.begun_early[self.packed.children.child_rows(places)[begun_early]] = True
        return _doubted(children, begun_early)

    def orphans(self) -> Findings:
        packed = self.packed
        alone = packed.children.of_parent(~self.seen)
        count = int(np.count_nonzero(alone))
        return (
            packed.findings
            + Findings(adrift={packed.field: count} if count else {})
            + self._found(packed.key_name, "child without a parent", alone)
            + self._found(packed.begin_name, "began before its parent", self.begun_early)
        )

    def apart(self) -> Joined:
        return Joined.to(self.packed)

    def met(self) -> tuple[Mask, ...]:
        return self.seen, self.begun_early

    def note(self, met: Sequence[Mask]) -> None:
        seen, begun_early = met
        self.seen[seen] = True
        self.begun_early[begun_early] = True

    def _found(self, column: str, fault: str, rows: Mask) -> Findings:
        packed = self.packed
        found = (
            Finding.of(
                column, fault, packed.numbers[rows & (packed.files == file)], file or None, frozenset([packed.field])
            )
            for file in packed.files.labels
        )
        return Findings.of(item for item in found if item.count)


def _doubted(children: Children[Any], rows: Mask) -> Children[Any]:
    """Return the child rows, of which some begin before their parent: nobody knows whether they had begun."""
    if not rows.any():
        return children
    begins = frozenset([children.rows.begins() or ""])
    doubts = children.rows.doubts.with_taints([Taint(None, begins, rows)])
    return attrs.evolve(children, rows=children.rows.with_doubts(doubts))
