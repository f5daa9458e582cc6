"""Child tables: read whole, packed by their parents' keys, handed out block by block."""

from __future__ import annotations

from typing import Any, Protocol

import attrs
import numpy as np

from casequality.arrays import Integers, Mask
from casequality.records.children import Children
from casequality.records.codes import Codes
from casequality.records.findings import Finding, Findings
from casequality.records.intake.keys import KeyIndex, Keys
from casequality.records.intake.tables import Batch


class ChildTable(Protocol):
    """Where a block's child rows come from."""

    def of(self, batch: Batch, keys: Keys | None) -> Children[Any]:
        """Return the child rows of a batch's records."""
        ...

    def orphans(self) -> Findings:
        """Return what is known once all records have been read."""
        ...


@attrs.frozen(eq=False)
class Beside:
    """The child rows of records that have them already, in the same order."""

    children: Children[Any]

    def of(self, batch: Batch, keys: Keys | None) -> Children[Any]:
        return self.children[batch.first - 1 : batch.first - 1 + batch.rows]

    def orphans(self) -> Findings:
        return Findings()


@attrs.frozen(eq=False)
class Packed:
    """The rows of a child source, those of one parent beside each other, oldest first.

    `children` has an entry for each key of `index` and an empty one at the end, for records without child rows.
    `numbers` and `files` (child rows,) say where each row was read; a single file goes without a name.
    """

    children: Children[Any]
    index: KeyIndex
    key_name: str
    findings: Findings
    numbers: Integers
    files: Codes


@attrs.frozen(eq=False)
class Joined:
    """A packed child source in one reading of its parents; `seen` (keys + 1,) marks the keys that they had."""

    packed: Packed
    seen: Mask

    @classmethod
    def to(cls, packed: Packed) -> Joined:
        """Return the child rows for a reading in which no parent was seen yet."""
        return cls(packed, np.zeros(len(packed.children), bool))

    def of(self, batch: Batch, keys: Keys | None) -> Children[Any]:
        assert keys is not None
        places = self.packed.index.find(keys.values())
        self.seen[places] = True
        return self.packed.children[places]

    def orphans(self) -> Findings:
        packed = self.packed
        alone = packed.children.of_parent(~self.seen)
        found = [
            Finding.of(
                packed.key_name, "child without a parent", packed.numbers[alone & (packed.files == file)], file or None
            )
            for file in packed.files.labels
        ]
        return packed.findings + Findings.of(item for item in found if item.count)
