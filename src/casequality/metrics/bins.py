"""Histograms of whole numbers by cell: exact quantiles that merge."""

from __future__ import annotations

from typing import Final

import attrs
import numpy as np
import numpy.typing as npt

from casequality.arrays import MISSING, Integers
from casequality.errors import InputError
from casequality.metrics.cells import sum_by_key

DENSE: Final = 1 << 22
"""How many counters a histogram keeps side by side before it keeps only those in use."""
LIMIT: Final = 1 << 26
"""How many different (cell, number) pairs a tally may hold."""
BATCH: Final = 1 << 21
WIDEST: Final = 1 << 31


@attrs.define(eq=False)
class Histogram:
    """Counts by row and number; a row stands for one cell."""

    rows: dict[int, int] = attrs.field(factory=dict)
    dense: npt.NDArray[np.int64] = attrs.field(factory=lambda: np.zeros((0, 64), np.int64))
    sparse: list[tuple[Integers, Integers]] = attrs.field(factory=list)
    pending: list[tuple[npt.NDArray[np.int64], Integers, Integers | None]] = attrs.field(factory=list)
    waiting: int = 0

    def add(self, cells: Integers, position: npt.NDArray[np.integer], bins: Integers, times: Integers | None) -> None:
        """Add one number a record; `cells[position]` is the record's cell, MISSING numbers are left out.

        times: how many cases each record stands for; all of shape (records,).
        """
        present = bins != MISSING
        if not present.all():
            position, bins = position[present], bins[present]
            times = None if times is None else times[present]
        if not len(bins):
            return
        if int(bins.min()) < 0 or int(bins.max()) >= WIDEST:
            raise InputError(
                "A metric sorts records by numbers that are negative or too large",
                got=f"from {bins.min()} to {bins.max()}",
                allowed=f"0 to {WIDEST - 1}",
                remedy="sort by a coarser unit, such as full seconds or days",
            )
        rows = np.array([self.rows.setdefault(cell, len(self.rows)) for cell in cells.tolist()], np.int64)
        self.pending.append((rows[position], bins, times))
        self.waiting += len(bins)
        if self.waiting * 4 >= self._touched() or self.waiting >= BATCH:
            self.flush()

    def _touched(self) -> int:
        low = min(int(rows.min()) for rows, _, _ in self.pending)
        high = max(int(rows.max()) for rows, _, _ in self.pending)
        return (high - low + 1) * int(self.dense.shape[1])

    def flush(self) -> None:
        """Count what waits."""
        if not self.pending:
            return
        rows = np.concatenate([rows for rows, _, _ in self.pending])
        bins = np.concatenate([bins for _, bins, _ in self.pending])
        weighted = any(times is not None for _, _, times in self.pending)
        times = np.concatenate([np.ones(len(b), np.int64) if t is None else t for _, b, t in self.pending]) if weighted else None
        self.pending, self.waiting = [], 0
        width = 1 << max(6, int(bins.max()).bit_length())
        if len(self.rows) * max(width, self.dense.shape[1]) > DENSE or times is not None:
            self._count_sparse(rows, bins, times)
        else:
            self._count_dense(rows, bins, width)

    def _count_dense(self, rows: Integers, bins: Integers, width: int) -> None:
        height, width = max(len(self.rows), len(self.dense)), max(width, self.dense.shape[1])
        if self.dense.shape != (height, width):
            grown = np.zeros((height, width), np.int64)
            grown[: self.dense.shape[0], : self.dense.shape[1]] = self.dense
            self.dense = grown
        low, high = int(rows.min()), int(rows.max()) + 1
        rows = (rows - low) * width
        rows += bins
        self.dense[low:high] += np.bincount(rows, minlength=(high - low) * width).reshape(high - low, width)

    def _count_sparse(self, rows: Integers, bins: Integers, times: Integers | None) -> None:
        counts = np.ones((1, len(bins)), np.int64) if times is None else times[None, :]
        keys, sums = sum_by_key(rows * WIDEST + bins, counts)
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
        row, number = np.nonzero(self.dense)
        parts = [(row * WIDEST + number, self.dense[row, number]), *self.sparse]
        keys, counts = sum_by_key(
            np.concatenate([keys for keys, _ in parts]), np.concatenate([counts for _, counts in parts])[None, :]
        )
        cells = np.fromiter(self.rows, np.int64, len(self.rows))
        return cells[keys // WIDEST], keys % WIDEST, counts[0]
