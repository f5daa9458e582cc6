"""A reading: independent parts, each a run of blocks; keys that occur more than once are settled before.

Rows that say the same are one record; rows that say different things are at most one, in doubt where they differ.
Duplicates are found in bounded memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from hashlib import blake2b
from typing import Any, Final
from zlib import crc32

import attrs
import numpy as np
import numpy.typing as npt

from casequality.days import MISSING, Integers, Mask
from casequality.records.facts import Codes, Findings
from casequality.records.intake.blocks import Block, BlockReader, Repeats
from casequality.records.intake.cells import Batch, Origin, Piece
from casequality.records.intake.converting import Typed
from casequality.records.intake.readers import Partitions


@cache
def keep_freed_memory() -> None:
    """Let the arrays of one block be made in the memory of the one before.

    An allocator that hands every freed megabyte back to the system (glibc's, until it has seen a large array freed)
    spends more time on fetching it again than the checks take. This frees one large array that is never touched.
    """
    np.empty(31 * 2**20, np.uint8)


REPEATED: Final = "repeated row"
CONFLICTING: Final = "conflicting key"


class RowMarks:
    """One bit for each row of a source, by its position from 0 on."""

    def __init__(self, rows: int) -> None:
        self._bits = np.zeros(rows // 8 + 1, np.uint8)

    def add(self, rows: Integers) -> None:
        """Mark some rows."""
        # a plain |= would lose all but one of several rows that share a byte
        np.bitwise_or.at(self._bits, rows >> 3, (1 << (rows & 7)).astype(np.uint8))

    @property
    def any(self) -> bool:
        """Whether any row is marked."""
        return bool(self._bits.any())

    def within(self, start: int, rows: int) -> Mask:
        """Return which of so many rows from `start` on are marked."""
        first = start // 8
        found = np.unpackbits(self._bits[first : (start + rows + 7) // 8], bitorder="little")
        return found[start - first * 8 :][:rows].view(bool)

    def between(self, start: int, end: int | None = None) -> Mask:
        """Return which rows from `start` to before `end` are marked, to the last one unless told."""
        return self.within(start, (8 * len(self._bits) if end is None else end) - start)


@attrs.frozen(eq=False)
class Duplicates:
    """What the keys of a source's rows tell of them.

    `starts` holds, for each part of the source, the number and the position of its first row; `surplus` marks the rows
    that are no record of their own, `told` the rows of each fault, and `differing`, by field, the records that stand
    for rows which disagree in it.
    """

    starts: Sequence[tuple[int, int]]
    surplus: RowMarks
    told: Mapping[str, RowMarks]
    differing: Mapping[str, RowMarks]

    def within(self, part: int, batch: Batch) -> Repeats | None:
        """Return what is told of the rows of a batch; None for nothing."""
        number, position = self.starts[part]
        start = position + batch.first - number
        told = {fault: marks.within(start, batch.rows) for fault, marks in self.told.items()}
        told = {fault: rows for fault, rows in told.items() if rows.any()}
        if not told:
            return None
        differing = {field: marks.within(start, batch.rows) for field, marks in self.differing.items()}
        return Repeats(self.surplus.within(start, batch.rows), told, differing)

    def digest(self, part: int) -> str:
        """Return a digest of what is told of the rows of a part, "" for nothing."""
        ends = [position for _, position in self.starts[part + 1 : part + 2]]
        marks = {"": self.surplus, **self.told, **self.differing}
        found = {name: np.flatnonzero(one.between(self.starts[part][1], *ends)) for name, one in marks.items()}
        if not any(map(len, found.values())):
            return ""
        return blake2b(
            b"|".join(name.encode() + rows.tobytes() for name, rows in found.items() if len(rows)), digest_size=16
        ).hexdigest()


def find_duplicates(by_key: Sequence[Piece], whole: Sequence[Piece], key: str, full: BlockReader) -> Duplicates:
    """Return which rows are left out: of identical rows, and of those that say different things, all but the first.

    `by_key` are the source's parts with the column `key` alone, read first, for the rows whose keys may not be
    their own; only then `whole`, with every mapped column. Rows are identical where all that `full` reads is the same,
    and that it cannot read.
    """
    starts, rows, suspects = _suspects(by_key, key)
    found = Duplicates(starts, RowMarks(rows), {fault: RowMarks(rows) for fault in (REPEATED, CONFLICTING)}, {})
    if suspects is None:
        return found
    fields = [name for name in full.fields if name != full.key]
    said = Partitions(5 + len(fields))
    for (_, start), piece in zip(starts, whole, strict=True):
        for position, batch in _placed(piece, start):
            chosen = np.flatnonzero(suspects.within(position, batch.rows))
            if len(chosen):
                said.append(_said(batch.chosen(chosen, 1), chosen + position, key, full))
    differing = {name: RowMarks(rows) for name in fields}
    for same_keys in said.each():
        _settle(same_keys, found.surplus, found.told, list(differing.values()))
    return attrs.evolve(found, differing={name: marks for name, marks in differing.items() if marks.any})


def _placed(piece: Piece, position: int) -> Iterator[tuple[int, Batch]]:
    for batch in piece.read():
        yield position, batch
        position += batch.rows


def _suspects(pieces: Iterable[Piece], key: str) -> tuple[list[tuple[int, int]], int, RowMarks | None]:
    seen, starts, end = Partitions(2), [], 0
    for piece in pieces:
        start, number = end, 1
        for position, batch in _placed(piece, start):
            number = batch.first if position == start else number
            end = position + batch.rows
            keys = batch.cells[key].keys()
            # what suspects may be cheap, and wrong: rows of one number are looked at again, by a digest of their keys
            rows = np.column_stack([_numbers(keys.values()), np.arange(position, end)])
            seen.append(np.delete(rows, keys.missing, axis=0))
        starts.append((number, start))
    marks, any_found = RowMarks(end), False
    for rows in seen.each():
        ordered = rows[np.argsort(rows[:, 0])]
        again = np.flatnonzero(ordered[1:, 0] == ordered[:-1, 0])
        marks.add(ordered[np.union1d(again, again + 1), 1])
        any_found |= len(again) > 0
    return starts, end, marks if any_found else None


def _numbers(keys: npt.NDArray[Any]) -> Integers:
    if keys.dtype != object:
        return keys.view(np.int64)
    # Python's own hash, another one in each process: enough to suspect a key, or to tell two contents apart meanwhile
    return np.fromiter((key if isinstance(key, int) else hash(key) for key in keys.tolist()), np.int64, len(keys))


def _said(batch: Batch, positions: Integers, key: str, full: BlockReader) -> Integers:
    """Return a row of numbers for each row: a digest of its key, one of its content, its place, then each field."""
    keys = batch.cells[key].keys().values().tolist()
    columns = [_identity(typed) for typed in full.typed(batch).values()]
    content = np.column_stack([np.zeros(batch.rows, np.int64), *columns])
    return np.column_stack(
        [
            _digests(str(one).encode() for one in keys),
            _digests(row.tobytes() for row in content),
            positions,
            *columns,
        ]
    )


def _digests(texts: Iterable[bytes]) -> Integers:
    found = b"".join(blake2b(text, digest_size=16).digest() for text in texts)
    return np.frombuffer(found, np.int64).reshape(-1, 2)


def _identity(typed: Typed) -> Integers:
    """Return a number for each cell, the same for the same value, and for the same fault."""
    column = typed.column
    if isinstance(column, Codes):
        found = _digests((label or "").encode() for label in ("", *column.labels))[:, 0][column.indices]
    else:
        found = _numbers(column)
    if typed.unknown is not None:
        # numbers beside `MISSING`, which no day, time or number that is read comes near
        found = np.where(typed.unknown, MISSING + 1, found)
    for fault, rows in typed.faults:
        if len(rows):
            found = found.copy()
            found[rows] = MISSING + 2 + crc32(fault.encode())
    return found


def _settle(rows: Integers, surplus: RowMarks, told: Mapping[str, RowMarks], differing: Sequence[RowMarks]) -> None:
    """Mark what is told of rows, given their keys (two columns), content (two columns), positions and fields."""
    if not len(rows):
        return
    ordered = rows[np.lexsort((rows[:, 4], rows[:, 1], rows[:, 0]))]
    first = np.append(True, (ordered[1:, :2] != ordered[:-1, :2]).any(axis=1))
    starts, group = np.flatnonzero(first), np.cumsum(first) - 1
    same = ordered == ordered[starts[group]]
    alike = np.logical_and.reduceat(same[:, 2:4].all(axis=1), starts)[group]
    surplus.add(ordered[~first, 4])
    told[REPEATED].add(ordered[alike & ~first, 4])
    told[CONFLICTING].add(ordered[~alike, 4])
    for number, marks in enumerate(differing):
        agreed = np.logical_and.reduceat(same[:, 5 + number], starts)
        marks.add(ordered[starts[~agreed], 4])


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
class SourceReading:
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

    def apart(self) -> SourceReading:
        """Return the same reading for whoever reads some of its parts: no child row has met its parent in it."""
        children = self.reader.children
        if not children:
            return self
        reader = attrs.evolve(self.reader, children={name: table.apart() for name, table in children.items()})
        return SourceReading([attrs.evolve(part, reader=reader) for part in self.parts], reader)

    def met(self) -> dict[str, tuple[Mask, ...]]:
        """Return, by the field of each child table, the marks of what the records read so far told of its rows."""
        return {name: table.met() for name, table in self.reader.children.items()}

    def note(self, met: Mapping[str, Sequence[Mask]]) -> None:
        """Add what readings apart met."""
        for name, marks in met.items():
            self.reader.children[name].note(marks)
