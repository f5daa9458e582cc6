"""Child rows with their parents: packed and sorted, or read side by side where both come in the order of the keys."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt

from casequality.days import MISSING, Integers, Mask, read_only
from casequality.records.facts import Children, Codes, Column, Doubts, Findings, Records
from casequality.records.intake.alike import Block
from casequality.records.intake.blocks import BlockReader, Early, JoinedChildren, PackedChildren
from casequality.records.intake.cells import Batch, KeyIndex, Keys, Piece, Positions


def packed(field: str, batches: Iterable[Batch], reader: BlockReader) -> PackedChildren:
    """Return the rows that `reader` makes of a child source's batches, by the key that names their parents."""
    blocks: list[Block] = []
    keys: list[npt.NDArray[Any]] = []
    adrift = 0
    column, start = reader.columns[reader.key or ""], reader.records.begins() or ""
    for batch in batches:
        block, named = reader.block(batch), batch.cells[column].keys()
        blocks.append(block if not len(named.missing) else _without(block, named.missing))
        keys.append(np.delete(named.values(), named.missing))
        adrift += len(named.missing)
    index = KeyIndex.of(keys)
    groups = np.concatenate([np.empty(0, np.intp), *map(index.find, keys)])
    rows = _joined(reader.records, [block.records for block in blocks])
    numbers = np.concatenate([np.empty(0, np.int64), *(block.rows for block in blocks)])
    files = _files(blocks)
    if not _in_order(rows, groups):
        order = _sorted(_order(rows, groups))
        rows, numbers, files = rows[order], numbers[order], files[order]
    return PackedChildren(
        field=field,
        children=Children(rows, _starts(groups, len(index.keys))),
        index=index,
        key_name=f"{field}.{column}",
        begin_name=f"{field}.{reader.columns.get(start, start)}",
        findings=sum(
            (_of_children(field, block.findings) for block in blocks),
            Findings(adrift={field: adrift} if adrift else {}),
        ),
        numbers=numbers,
        files=files,
    )


def _without(block: Block, rows: Positions) -> Block:
    """Return a block without the rows that name no parent."""
    kept = np.ones(block.read, bool)
    kept[rows] = False
    return attrs.evolve(block, records=block.records[kept], kept=kept)


def _joined(records: type[Records], blocks: Sequence[Records]) -> Records:
    if not blocks:
        return records.empty()
    names = blocks[0].loaded
    columns: dict[str, Column] = {name: _one_after_another([block.column(name) for block in blocks]) for name in names}
    lengths = [len(block) for block in blocks]
    return records(columns, sum(lengths), Doubts.joined([block.doubts for block in blocks], lengths))


def _one_after_another(columns: Sequence[Any]) -> Column:
    if isinstance(columns[0], Codes):
        return Codes.joined(columns)
    return read_only(np.concatenate(columns))


def _in_order(rows: Records, groups: npt.NDArray[np.intp]) -> bool:
    """Return whether rows come by parent and, strictly, by beginning, so that nothing else has a say."""
    start = rows.begins()
    if start is None or start not in rows.loaded:
        return False
    same = groups[1:] == groups[:-1]
    begun = _sortable(rows.column(start))
    rising: Mask = np.where(same, begun[1:] > begun[:-1], groups[1:] > groups[:-1])
    return bool(rising.all())


def _order(rows: Records, groups: npt.NDArray[np.intp]) -> list[npt.NDArray[Any]]:
    """Return the sort keys, the last first: by parent, by beginning, then by all that the rows say."""
    start = rows.begins()
    said = [_sortable(rows.column(name)) for name in rows.loaded if name != start]
    begun = [] if start is None or start not in rows.loaded else [_sortable(rows.column(start))]
    return [*reversed(said), *begun, groups]


def _sorted(keys: Sequence[Integers]) -> npt.NDArray[np.intp]:
    """Return what `np.lexsort` does; where rows are in order but for those equal in two keys, sort these only."""
    if len(keys) < 2:
        return np.lexsort(keys)
    major, minor = keys[-1], keys[-2]
    same = major[1:] == major[:-1]
    if not ((major[1:] > major[:-1]) | (same & (minor[1:] >= minor[:-1]))).all():
        return np.lexsort(keys)
    equal = same & (minor[1:] == minor[:-1])
    doubtful = np.flatnonzero(np.append(equal, False) | np.append(False, equal))
    order = np.arange(len(major))
    order[doubtful] = doubtful[np.lexsort([key[doubtful] for key in keys])]
    return order


def _sortable(column: Any) -> Integers:
    if isinstance(column, Codes):
        return column.indices.astype(np.int64)
    if column.dtype == object:
        return np.unique(column.astype(str), return_inverse=True)[1].astype(np.int64)
    ticks: Integers = column.view(np.int64)
    # NaT is the least number, and a row without a date comes last
    return np.where(ticks == MISSING, np.iinfo(np.int64).max, ticks)


def _starts(groups: npt.NDArray[np.intp], count: int) -> npt.NDArray[np.intp]:
    """Return where each group begins, the empty one at the end included."""
    return np.concatenate([[0], np.cumsum(np.bincount(groups, minlength=count + 1))]).astype(np.intp)


def _files(blocks: Sequence[Block]) -> Codes:
    names = [block.file or "" for block in blocks]
    lengths = [len(block.records) for block in blocks]
    codes = Codes.encode(names)
    return attrs.evolve(codes, indices=np.repeat(codes.indices, lengths), closed=False)


def _of_children(field: str, findings: Findings) -> Findings:
    """Return findings under the child field's name; they set no record aside."""
    items = [
        attrs.evolve(
            item,
            column=f"{field}.{item.column}",
            fields=frozenset([field] if item.fields is None else (f"{field}.{name}" for name in item.fields)),
        )
        for item in findings.items
    ]
    suspected = {(f"{field}.{column}", day): count for (column, day), count in findings.suspected.items()}
    return Findings.of(items, 0, suspected)


class OutOfOrder(Exception):
    """Tables that are read side by side do not come in the order of the parents' keys."""


@attrs.frozen(eq=False, repr=False)
class KeyedRows:
    """Some rows of a table in the order of their keys, and these keys."""

    batch: Batch
    keys: npt.NDArray[Any] = attrs.field(repr=False)

    def part(self, start: int, end: int) -> KeyedRows:
        """Return the rows at the positions from `start` up to `end`."""
        return KeyedRows(self.batch.part(start, end), self.keys[start:end])


def in_order(pieces: Sequence[Piece], column: str, distinct: bool) -> Iterator[KeyedRows]:
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
            # numbers and texts have no order among each other
            if len(found.missing) or joined.dtype != keys.dtype or not _rising(joined, distinct):
                raise OutOfOrder
            yield KeyedRows(batch, keys)
            last = keys[-1:]


def _rising(keys: npt.NDArray[Any], distinct: bool) -> bool:
    try:
        return bool((keys[1:] > keys[:-1] if distinct else keys[1:] >= keys[:-1]).all())
    except TypeError:
        return False


@attrs.define(eq=False, repr=False)
class AlignedChildren:
    """A child table read no further than its parents; each of its rows is taken once, or is an orphan."""

    field: str
    reader: BlockReader
    stretches: Iterator[KeyedRows]
    _waiting: list[KeyedRows] = attrs.field(factory=list, init=False)
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
            # all that waits belongs to parents already passed: nobody will ask for it
            if self._waiting and self._waiting[-1].keys[-1] < parents[0]:
                self._leave([stretch.batch for stretch in self._waiting])
                self._waiting.clear()
            self._waiting.append(following)
        # the parent with the last key read is not among them: its next row may be the first of the batch to come
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
        joined = JoinedChildren.to(packed(self.field, batch.below[self.field], self.reader))
        children = joined.of(batch, keys, early)
        self._note(joined.orphans())
        return children

    def orphans(self) -> Findings:
        return self._found

    def apart(self) -> AlignedChildren:
        return self

    def met(self) -> tuple[Mask, ...]:
        return ()

    def note(self, met: Sequence[Mask]) -> None:
        """Add nothing: all who read some of the parents share this one."""

    def _leave(self, batches: Sequence[Batch]) -> None:
        self._note(JoinedChildren.to(packed(self.field, batches, self.reader)).orphans())

    def _note(self, found: Findings) -> None:
        if found:
            with self._lock:
                self._found = self._found + found


def aligned(parents: Iterator[KeyedRows], tables: Mapping[str, AlignedChildren]) -> Iterator[Batch]:
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


@attrs.define(eq=False, repr=False)
class SharedBatches:
    """Batches that several threads read, each of them once."""

    batches: Iterator[Batch]
    _lock: threading.Lock = attrs.field(factory=threading.Lock, init=False)

    def read(self) -> Iterator[Batch]:
        """Yield those that nobody else has been given."""
        while True:
            with self._lock:
                # a batch is decoded here, by one thread at a time; what is then made of it is done side by side
                batch = next(self.batches, None)
            if batch is None:
                return
            yield batch
