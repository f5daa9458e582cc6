"""Rows spread over temporary files, so that equal ones meet and few are in memory at once."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator

import numpy as np

from casequality.arrays import Integers

_BITS = 6


class Partitions:
    """Rows of `width` int64 columns; those with the same first column meet in one partition."""

    def __init__(self, width: int) -> None:
        self._width = width
        self._files = [tempfile.TemporaryFile() for _ in range(2**_BITS)]  # noqa: SIM115 - closed one by one when read

    def append(self, rows: Integers) -> None:
        """Add `rows`, shape (rows, width)."""
        place = (rows[:, 0].astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(64 - _BITS)
        order = np.argsort(place, kind="stable")
        edges = np.searchsorted(place[order], np.arange(len(self._files) + 1))
        for file, start, end in zip(self._files, edges[:-1], edges[1:], strict=True):
            file.write(rows[order[start:end]].tobytes())

    def each(self) -> Iterator[Integers]:
        """Yield the rows of one partition after the other, and let go of them."""
        for file in self._files:
            file.seek(0)
            yield np.frombuffer(file.read(), np.int64).reshape(-1, self._width)
            file.close()
