"""Cells and what is counted in them: packed keys, exact sums and histograms, and their columns in few bytes."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Any, Final

import attrs
import numpy as np
import numpy.typing as npt

from casequality.days import Integers, Tags, read_only
from casequality.errors import InputError

# 63 bits, so that a cell is never negative; 12 hold the 852 months from 1990 to 2060 with room for further edges
BITS: Final = {"facet": 11, "entry": 12, "exit": 12, "group": 20, "outcome": 8}
COUNTS: Final = ("rows", "cases", "measured", "amount", "sensitive", "weightless", "settled")
"""What each cell holds: rows; cases (rows times what each stands for); cases with an amount; their amounts; rows whose
outcome differs on the other Danish calendar; rows that stand for no case; and rows whose outcome stands whatever a row
of a child table without a parent may have been."""
TOO_MUCH: Final = 1 << 63


def pack(**parts: Integers | int) -> Integers:
    """Return the cells of some coordinates, in the order facet, entry, exit, group, outcome."""
    cells: Integers = np.zeros((), np.int64)
    for name, bits in BITS.items():
        part = parts.get(name, 0)
        if int(np.max(part, initial=0)) >> bits:
            raise InputError(
                "A tally has more cells than it can tell apart",
                where=name,
                allowed=f"{1 << bits} different ones",
                remedy="group by fewer fields, or ask for fewer own periods",
            )
        cells = (cells << bits) | part
    return cells


def unpack(cells: Integers, part: str) -> Integers:
    """Return one coordinate of each cell."""
    for name, bits in reversed(BITS.items()):
        if name == part:
            return cells & ((1 << bits) - 1)
        cells = cells >> bits
    raise KeyError(part)


@attrs.define(eq=False)
class Sums:
    """Sums of integers by key that grow in memory only with the number of different keys."""

    width: int
    limit: int = 1 << 19
    keys: list[Integers] = attrs.field(factory=list)
    values: list[npt.NDArray[np.int64]] = attrs.field(factory=list)
    waiting: int = 0

    def add(self, keys: Integers, values: npt.NDArray[np.int64]) -> None:
        """Add values of shape (width, keys) to their keys."""
        self.keys.append(keys)
        self.values.append(values)
        self.waiting += len(keys)
        if self.waiting > self.limit:
            self.limit = max(self.limit, 2 * len(self.total()[0]))

    def total(self) -> tuple[Integers, npt.NDArray[np.int64]]:
        """Return the different keys in order and the sum of each, shape (width, keys)."""
        if not self.keys:
            return np.zeros(0, np.int64), np.zeros((self.width, 0), np.int64)
        keys, values = sum_by_key(np.concatenate(self.keys), np.concatenate(self.values, axis=1))
        self.keys, self.values, self.waiting = [keys], [values], len(keys)
        return keys, values


def sum_by_key(keys: Integers, values: npt.NDArray[np.int64]) -> tuple[Integers, npt.NDArray[np.int64]]:
    """Return the different keys in order, and the sum of the values (width, keys) of each."""
    if not len(keys):
        return keys, values
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    starts = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1])))
    values = values.take(order, axis=1)
    # a bound from one look at the values; only where it is passed are the sums themselves made, roughly, and looked at
    if greatest(values) * len(keys) >= TOO_MUCH:
        refuse_overflow(np.add.reduceat(values.astype(float), starts, axis=1))
    return keys[starts], np.add.reduceat(values, starts, axis=1)


def greatest(values: npt.NDArray[np.int64]) -> int:
    """Return the greatest absolute value, 0 for no values."""
    return max(int(values.max(initial=0)), -int(values.min(initial=0)))


def refuse_overflow(about: npt.NDArray[np.float64]) -> None:
    """Raise `InputError` where sums, given roughly, come near the greatest integer that can be counted."""
    # half of what int64 holds: the sums are rough, being floats
    if np.abs(about).max(initial=0) >= TOO_MUCH / 2:
        raise InputError(
            "The amounts of a metric add up to more than can be counted exactly",
            allowed=f"{TOO_MUCH // 2} in a cell",
            remedy="give the amounts in a coarser unit, such as days instead of microseconds",
        )


def sum_by_row(table: npt.NDArray[np.int64], keys: int) -> npt.NDArray[np.int64]:
    """Return a table, shape (columns, rows), with one row for each different content of its first columns, in order.

    The columns after the first `keys` are summed.
    """
    if not table.shape[1]:
        return table
    order = np.lexsort(table[:keys][::-1])
    ordered = table[:, order]
    new = np.append(True, (ordered[:keys, 1:] != ordered[:keys, :-1]).any(axis=0))
    starts = np.flatnonzero(new)
    values = ordered[keys:]
    if greatest(values) * values.shape[1] >= TOO_MUCH:
        refuse_overflow(np.add.reduceat(values.astype(float), starts, axis=1))
    return np.concatenate([ordered[:keys, starts], np.add.reduceat(values, starts, axis=1)])


DENSE: Final = 1 << 22
"""How many counters a histogram keeps side by side before it keeps only those in use."""
NARROW: Final = 64
"""The least slots that a row has there."""
LIMIT: Final = 1 << 26
"""How many different (cell, number) pairs a tally may hold."""
BATCH: Final = 1 << 21
"""How many numbers may wait to be counted at once; fewer where there are few counters to touch."""
NO_NUMBER: Final = 1 << 63
"""What MISSING is without a sign; a negative number is more."""
WIDEST: Final = 1 << 31


@attrs.define(eq=False)
class Histogram:
    """Counts by row and slot: a row stands for one cell, slot 0 for no number and slot n + 1 for the number n."""

    rows: dict[int, int] = attrs.field(factory=dict)
    dense: npt.NDArray[np.int64] = attrs.field(factory=lambda: np.zeros((0, NARROW), np.int64))
    sparse: list[tuple[Integers, Integers]] = attrs.field(factory=list)
    pending: list[tuple[Integers, Integers, Integers | None]] = attrs.field(factory=list)
    waiting: int = 0

    def table(self, tags: Tags, bins: Integers, size: int) -> Integers | None:
        """Return how many records have each tag and number, by slot, shape (size, slots); None where that is too wide.

        tags: below `size`; bins: one number a record, MISSING for none; both have the shape (records,).
        """
        if not len(bins):
            return None
        most, none_missing = _range(bins)
        width = self._width(most + 1)
        # a table much wider than there are records costs more than it spares
        if most + 1 >= self._room(size) or size * width > 4 * len(bins):
            return None
        index = tags * width
        index += bins if none_missing else np.maximum(bins, -1)
        index += 1
        return np.bincount(index, minlength=size * width).reshape(size, width)

    def add_table(self, cells: Integers, table: Integers) -> None:
        """Add what a table counted: a row for each cell."""
        rows = [self.rows.setdefault(cell, len(self.rows)) for cell in cells.tolist()]
        self._grow(table.shape[1])
        # cells are different ones, so no row is named twice, of which += would keep one
        self.dense[rows] += table

    def add(self, cells: Integers, met: Integers, tags: Tags, bins: Integers, times: Integers | None) -> None:
        """Add one number a record, MISSING for none; a record's cell is the one that stands beside its tag in `met`.

        times: how many cases each record stands for; `tags`, `bins` and `times` have the shape (records,).
        """
        if not len(bins):
            return
        _range(bins)
        row_of = np.zeros(int(met.max()) + 1, np.int64)
        row_of[met] = [self.rows.setdefault(cell, len(self.rows)) for cell in cells.tolist()]
        self.pending.append((row_of.take(tags), np.maximum(bins, -1) + 1, times))
        self.waiting += len(bins)
        if self.waiting >= min(BATCH, len(self.rows) * self.dense.shape[1] // 4):
            self.flush()

    def flush(self) -> None:
        """Count what waits."""
        if not self.pending:
            return
        rows, slots = (np.concatenate([part[index] for part in self.pending]) for index in (0, 1))
        weighted = any(times is not None for _, _, times in self.pending)
        times = np.concatenate([np.ones(len(rows), np.int64) if t is None else t for rows, _, t in self.pending])
        self.pending, self.waiting = [], 0
        far = slots >= (0 if weighted else self._room())
        if far.any():
            self._count_sparse(rows[far], slots[far], times[far])
            rows, slots = rows[~far], slots[~far]
        if len(slots):
            low, high, width = int(rows.min()), int(rows.max()) + 1, self._width(int(slots.max()))
            self._count_dense((rows - low) * width + slots, low, high, width)

    def _room(self, more: int = 0) -> int:
        """Return how many slots every row may have side by side with so many more, and give up wider rows."""
        room = 1 << max(0, (DENSE // (len(self.rows) + more)).bit_length() - 1)
        if room < self.dense.shape[1]:
            self._spill()
        return room if room >= NARROW else 0

    def _spill(self) -> None:
        row, slot = np.nonzero(self.dense)
        # a row and a slot in one number: slots stay below 2 ** 31 + 1
        self.sparse.append((row * 2 * WIDEST + slot, self.dense[row, slot]))
        self.dense = np.zeros((0, NARROW), np.int64)

    def _width(self, most: int) -> int:
        """Return how many slots a row has, once it has the slot `most`."""
        return max(1 << most.bit_length(), int(self.dense.shape[1]))

    def _count_dense(self, index: Integers, low: int, high: int, width: int) -> None:
        """Count slots of the rows from `low` to before `high`; `index` numbers them side by side."""
        self._grow(width)
        self.dense[low:high] += np.bincount(index, minlength=(high - low) * width).reshape(high - low, width)

    def _grow(self, width: int) -> None:
        """Make room for every row and so many slots."""
        shape = len(self.rows), width
        if self.dense.shape != shape:
            grown = np.zeros(shape, np.int64)
            grown[: self.dense.shape[0], : self.dense.shape[1]] = self.dense
            self.dense = grown

    def _count_sparse(self, rows: Integers, slots: Integers, times: Integers) -> None:
        keys, sums = sum_by_key(rows * 2 * WIDEST + slots, times[None, :])
        self.sparse.append((keys, sums[0]))
        if len(self.sparse) > 16:
            self.sparse = [self._joined()]
        if len(self.sparse[0][0]) > LIMIT:
            raise InputError(
                "A tally would hold too many different numbers",
                allowed=f"{LIMIT} pairs of a cell and a number",
                remedy="group by fewer fields, or sort by a coarser unit",
            )

    def _joined(self) -> tuple[Integers, Integers]:
        keys = np.concatenate([keys for keys, _ in self.sparse])
        joined, sums = sum_by_key(keys, np.concatenate([counts for _, counts in self.sparse])[None, :])
        return joined, sums[0]

    def total(self) -> tuple[Integers, Integers, Integers]:
        """Return cell, number and count of every pair that occurs, in no order."""
        self.flush()
        self._spill()
        keys, counts = self._joined()
        self.sparse = [(keys, counts)]
        numbers = keys % (2 * WIDEST) - 1
        numbered = (numbers >= 0) & (counts > 0)
        cells = np.fromiter(self.rows, np.int64, len(self.rows))
        return cells[keys[numbered] // (2 * WIDEST)], numbers[numbered], counts[numbered]


def _range(bins: Integers) -> tuple[int, bool]:
    """Return the greatest number, and whether every record has one; refuse what is no bin."""
    most = int(bins.max())
    # without a sign MISSING is 2 ** 63 and any other negative number more: one look at the greatest finds either
    unsigned = int(bins.view(np.uint64).max())
    if unsigned > NO_NUMBER or most >= WIDEST:
        raise InputError(
            "A metric sorts records by numbers that are negative or too large",
            got=f"up to {most}" if most >= WIDEST else "a negative number",
            allowed=f"0 to {WIDEST - 1}",
            remedy="sort by a coarser unit, such as full seconds or days",
        )
    return most, unsigned == most


FRONT: Final = struct.Struct("<BBqQ")
"""What each column begins with: whether differences are kept, bytes a number, what is added to each, how many."""
WIDTHS: Final = (0, 1, 2, 4, 8)
FEW: Final = 1 << 12
"""Up to how many equal numbers take no bytes at all; beyond, a small file could ask for memory without end."""


@attrs.define(eq=False)
class Written:
    """Blocks of bytes to be kept in one body, each different one once.

    holds: how many bytes of memory their content takes.
    """

    places: dict[bytes, int] = attrs.field(factory=dict)
    tables: set[tuple[int, ...]] = attrs.field(factory=set)
    holds: int = 0

    def add(self, content: bytes) -> int:
        """Return the place of a block."""
        return self.places.setdefault(content, len(self.places))

    def table(self, columns: npt.NDArray[np.int64]) -> list[int]:
        """Return the places of the rows of an array of shape (columns, rows)."""
        found = [self.add(encoded(column)) for column in columns]
        if tuple(found) not in self.tables:
            self.tables.add(tuple(found))
            self.holds += columns.size * 8
        return found

    @property
    def lengths(self) -> list[int]:
        """How long each block is."""
        return list(map(len, self.places))

    @property
    def body(self) -> bytes:
        """All blocks, one after the other."""
        return b"".join(self.places)


@attrs.define(eq=False)
class Blocks:
    """The blocks of a body; tables of the same columns are one array in memory.

    room: how many bytes their content may take. Every method raises `ValueError` or `IndexError` for what does not fit.
    """

    blocks: list[bytes]
    room: int
    tables: dict[tuple[int, ...], npt.NDArray[np.int64]] = attrs.field(factory=dict)

    @classmethod
    def of(cls, lengths: Any, body: bytes, room: int) -> Blocks:
        """Return the blocks of these lengths."""
        if any(type(length) is not int or length < 0 for length in lengths) or sum(lengths) != len(body):
            raise ValueError("blocks that do not fill the body")
        ends = np.cumsum(lengths, dtype=np.int64).tolist()
        return cls([body[end - length : end] for end, length in zip(ends, lengths, strict=True)], room)

    def raw(self, place: Any) -> bytes:
        """Return one block."""
        if type(place) is not int or place < 0:
            raise ValueError("no place of a block")
        return self.blocks[place]

    def table(self, places: Sequence[Any], columns: int) -> npt.NDArray[np.int64]:
        """Return an array of shape (columns, rows), which cannot be changed."""
        key = tuple(places)
        if len(key) != columns:
            raise ValueError("another number of columns")
        if key not in self.tables:
            blocks = [self.raw(place) for place in key]
            rows = {_front(block)[3] for block in blocks}
            if len(rows) != 1:
                raise ValueError("columns of several lengths")
            self.room -= 8 * columns * rows.pop()
            if self.room < 0:
                raise ValueError("more than there is room for")
            self.tables[key] = read_only(np.stack([decoded(block) for block in blocks]))
        return self.tables[key]


def encoded(numbers: Integers) -> bytes:
    """Return int64 numbers of shape (rows,) as bytes; equal numbers give equal bytes.

    Kept are the numbers less the least of them, or their differences where those are narrower; the lowest byte of all
    comes first, then the next of all.
    """
    numbers = np.ascontiguousarray(numbers, np.int64)
    ways = [_narrowed(numbers), _narrowed(np.diff(numbers, prepend=np.int64(0)))]
    by_difference, (least, narrow, width) = min(enumerate(ways), key=lambda way: way[1][2])
    # bytes of one place lie together, where zlib finds them alike
    planes = narrow.astype("<u8").view(np.uint8).reshape(-1, 8)[:, :width]
    return FRONT.pack(by_difference, width, least, len(numbers)) + np.ascontiguousarray(planes.T).tobytes()


def decoded(block: bytes) -> Integers:
    """Return the numbers that were encoded; raise `ValueError` for bytes that encode none."""
    by_difference, width, least, rows = _front(block)
    planes = np.zeros((rows, 8), np.uint8)
    planes[:, :width] = np.frombuffer(block, np.uint8, offset=FRONT.size).reshape(width, rows).T
    numbers: Integers = planes.view("<u8").ravel().view(np.int64) + np.int64(least)
    return np.cumsum(numbers, dtype=np.int64) if by_difference else numbers


def _narrowed(numbers: Integers) -> tuple[int, npt.NDArray[np.uint64], int]:
    """Return the least number, what is above it, and how many bytes that takes."""
    least = int(numbers.min()) if len(numbers) else 0
    # without a sign nothing overflows: even the step from the least int64 to the greatest fits
    above = numbers.view(np.uint64) - np.uint64(least % (1 << 64))
    needed = (int(above.max()) if len(numbers) else 0).bit_length()
    width = next(width for width in WIDTHS if needed <= 8 * width)
    return least, above, max(width, 1) if len(numbers) > FEW else width


def _front(block: bytes) -> tuple[bool, int, int, int]:
    """Return what a block begins with; raise `ValueError` where that is not what a column of its length has."""
    if len(block) < FRONT.size:
        raise ValueError("no column")
    by_difference, width, least, rows = FRONT.unpack_from(block)
    known = by_difference <= 1 and width in WIDTHS and (width > 0 or rows <= FEW)
    if not known or len(block) != FRONT.size + width * rows:
        raise ValueError("no column")
    return bool(by_difference), width, least, rows
