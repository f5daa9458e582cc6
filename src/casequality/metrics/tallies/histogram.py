"""Histograms of integers by cell: exact counts of every number, in memory that its spread bounds."""

from __future__ import annotations

from typing import Final

import attrs
import numpy as np
import numpy.typing as npt

from casequality.days import Integers, Tags
from casequality.errors import InputError
from casequality.metrics.tallies.cells import sum_by_key

DENSE: Final = 1 << 22
"""How many counters a histogram keeps side by side before it keeps only those in use."""
NARROW: Final = 64
"""The least slots that a row has there."""
LIMIT: Final = 1 << 26
"""How many different (cell, number) pairs a tally may hold."""
BATCH: Final = 1 << 21
"""How many numbers may wait to be counted at once; fewer where there are few counters to touch."""
EXACT: Final = 1 << 53
"""Up to here floats, in which `np.bincount` adds, hold every whole number."""
NO_NUMBER: Final = 1 << 63
"""What MISSING is without a sign; a negative number is more."""
WIDEST: Final = 1 << 31


@attrs.define(eq=False, repr=False)
class Histogram:
    """Counts by row and slot: a row stands for one cell, slot 0 for no number and slot n + 1 for the number n."""

    rows: dict[int, int] = attrs.field(factory=dict)
    dense: npt.NDArray[np.int64] = attrs.field(factory=lambda: np.zeros((0, NARROW), np.int64))
    sparse: list[tuple[Integers, Integers]] = attrs.field(factory=list)
    pending: list[tuple[Integers, Integers, Integers | None]] = attrs.field(factory=list)
    waiting: int = 0

    def table(self, tags: Tags, bins: Integers, size: int, alike: Integers | None = None) -> Integers | None:
        """Return how many records have each tag and number, by slot, shape (size, slots); None where that is too wide.

        tags: below `size`; bins: one number a record, MISSING for none; alike: how many records each stands for, None
        for one; all have the shape (records,).
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
        found = np.bincount(index, alike, minlength=size * width)  # exact: floats hold every number of records
        return found.astype(np.int64, copy=False).reshape(size, width)

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
        light = not weighted or times.sum(dtype=np.float64) < EXACT
        far = slots >= (self._room() if light else 0)
        if far.any():
            self._count_sparse(rows[far], slots[far], times[far])
            rows, slots, times = rows[~far], slots[~far], times[~far]
        if len(slots):
            low, high, width = int(rows.min()), int(rows.max()) + 1, self._width(int(slots.max()))
            self._count_dense((rows - low) * width + slots, times if weighted else None, low, high, width)

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

    def _count_dense(self, index: Integers, times: Integers | None, low: int, high: int, width: int) -> None:
        """Count slots of the rows from `low` to before `high`, each so many times; `index` numbers them in a row."""
        self._grow(width)
        counts = np.bincount(index, times, minlength=(high - low) * width)
        self.dense[low:high] += counts.astype(np.int64, copy=False).reshape(high - low, width)

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
