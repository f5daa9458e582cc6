"""Parents and their child rows read side by side, where both come in the order of the parents' keys."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt

from casequality.arrays import Mask
from casequality.records.children import Children
from casequality.records.findings import Findings
from casequality.records.intake.blocks import BlockReader
from casequality.records.intake.child_tables import Early, Joined
from casequality.records.intake.keys import Keys
from casequality.records.intake.packing import packed
from casequality.records.intake.tables import Batch, Piece


class OutOfOrder(Exception):
    """Tables that are read side by side do not come in the order of the parents' keys."""


@attrs.frozen(eq=False)
class Stretch:
    """Some rows of a table in the order of their keys, and these keys."""

    batch: Batch
    keys: npt.NDArray[Any] = attrs.field(repr=False)

    def part(self, start: int, end: int) -> Stretch:
        """Return the rows at the positions from `start` up to `end`."""
        return Stretch(self.batch.part(start, end), self.keys[start:end])


def in_order(pieces: Sequence[Piece], column: str, distinct: bool) -> Iterator[Stretch]:
    """Yield the batches of a table; raise `OutOfOrder` where the keys in `column` do not rise from row to row.

    distinct: whether they must not repeat.
    """
    last = None
    for piece in pieces:
        for batch in piece.read():
            if not batch.rows:
                continue
            found = batch.cells[column].keys()
            keys = found.values()
            joined = keys if last is None else np.concatenate([last, keys])
            if len(found.missing) or joined.dtype != keys.dtype or not _rising(joined, distinct):
                raise OutOfOrder
            yield Stretch(batch, keys)
            last = keys[-1:]


def _rising(keys: npt.NDArray[Any], distinct: bool) -> bool:
    try:
        return bool((keys[1:] > keys[:-1] if distinct else keys[1:] >= keys[:-1]).all())
    except TypeError:
        return False


@attrs.define(eq=False)
class Beneath:
    """A child table read no further than its parents; each of its rows is taken once, or is an orphan."""

    field: str
    reader: BlockReader
    stretches: Iterator[Stretch]
    _waiting: list[Stretch] = attrs.field(factory=list, init=False)
    _found: Findings = attrs.field(factory=Findings, init=False)
    _lock: threading.Lock = attrs.field(factory=threading.Lock, init=False)

    def reach(self, parents: npt.NDArray[Any]) -> int:
        """Return how many of these parents, at least one, have all their rows read; read on where none has."""
        while not self._waiting or self._waiting[-1].keys[-1] <= parents[0]:
            following = next(self.stretches, None)
            if following is None:
                return len(parents)
            if following.keys.dtype != parents.dtype:
                raise OutOfOrder
            if self._waiting and self._waiting[-1].keys[-1] < parents[0]:
                self._leave([stretch.batch for stretch in self._waiting])
                self._waiting.clear()
            self._waiting.append(following)
        return int(np.searchsorted(parents, self._waiting[-1].keys[-1]))

    def take(self, last: Any) -> list[Batch]:
        """Return the rows of all parents up to the one with the key `last`."""
        taken = []
        while self._waiting:
            first = self._waiting.pop(0)
            end = int(np.searchsorted(first.keys, last, "right"))
            if end:
                taken.append(first.batch.part(0, end))
            if end < len(first.keys):
                self._waiting.insert(0, first.part(end, len(first.keys)))
                break
        return taken

    def leave_rest(self) -> None:
        """Read to the end; the rows left have no parent."""
        for stretch in (*self._waiting, *self.stretches):
            self._leave([stretch.batch])

    def of(self, batch: Batch, keys: Keys | None, early: Early) -> Children[Any]:
        joined = Joined.to(packed(self.field, batch.below[self.field], self.reader))
        children = joined.of(batch, keys, early)
        self._note(joined.orphans())
        return children

    def orphans(self) -> Findings:
        return self._found

    def apart(self) -> Beneath:
        return self

    def met(self) -> tuple[Mask, ...]:
        return ()

    def note(self, met: Sequence[Mask]) -> None:
        """Add nothing: all who read some of the parents share this one."""

    def _leave(self, batches: Sequence[Batch]) -> None:
        self._note(Joined.to(packed(self.field, batches, self.reader)).orphans())

    def _note(self, found: Findings) -> None:
        if found:
            with self._lock:
                self._found = self._found + found


def side_by_side(parents: Iterator[Stretch], tables: Mapping[str, Beneath]) -> Iterator[Batch]:
    """Yield all rows of the parents, so many at a time as have all their child rows read, with these below them."""
    for stretch in parents:
        start = 0
        while start < len(stretch.keys):
            left = stretch.keys[start:]
            end = start + min(table.reach(left) for table in tables.values())
            below = {field: table.take(stretch.keys[end - 1]) for field, table in tables.items()}
            yield attrs.evolve(stretch.batch.part(start, end), below=below)
            start = end
    for table in tables.values():
        table.leave_rest()


@attrs.define(eq=False)
class Shared:
    """Batches that several threads read, each of them once."""

    batches: Iterator[Batch]
    _lock: threading.Lock = attrs.field(factory=threading.Lock, init=False)

    def read(self) -> Iterator[Batch]:
        """Yield those that nobody else has been given."""
        while True:
            with self._lock:
                batch = next(self.batches, None)
            if batch is None:
                return
            yield batch
