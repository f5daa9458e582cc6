"""What is kept in temporary files without a name: data that do not come twice, rows spread so that equal ones meet."""

from __future__ import annotations

import pickle
import tempfile
import weakref
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import IO

import attrs
import numpy as np

from casequality.days import Integers
from casequality.errors import InputError, UsageError
from casequality.records.intake.cells import BLOCK_ROWS, Batch, Piece, SourceTable


def scratch_file(owner: object) -> IO[bytes]:
    """Return an empty file to write and read again, which is gone when its owner is."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - closed below, when it can no longer be read
    weakref.finalize(owner, _close, file)
    return file


def _close(file: IO[bytes]) -> None:
    with suppress(OSError):  # there may be no room for what was still in memory, which nobody needs any more
        file.close()


@contextmanager
def room_needed() -> Iterator[None]:
    """Raise `UsageError` where there is no room for what is written to a temporary file within."""
    try:
        yield
    except OSError as fault:
        raise UsageError(
            "There is no room for a temporary file that is needed to read a source",
            where=tempfile.gettempdir(),
            got=fault.strerror,
            remedy="make room there, or set TMPDIR to a folder on a disk with room",
        ) from None


@attrs.define(eq=False)
class Spool:
    """A table read at most once; where columns are to be `remembered`, what was read is given again when asked for."""

    table: SourceTable
    remembered: Collection[str] | None = None
    _file: IO[bytes] | None = None
    _batches: int | None = None
    steady = True

    @property
    def name(self) -> str:
        return self.table.name

    @property
    def columns(self) -> Sequence[str]:
        return self.table.columns

    @property
    def rows(self) -> int | None:
        return self.table.rows

    @property
    def rereadable(self) -> bool:
        return self.table.rereadable

    def pieces(self, columns: Collection[str], coded: Collection[str], block_rows: int) -> Sequence[Piece]:
        if self._batches is not None:
            return [Piece(self._again, self.rows)]
        if self._file is not None:
            raise InputError(
                "A stream that can be read only once was read before",
                where=self.name,
                remedy="pass a table, a file or a query instead, which can be read again",
            )
        self._file = scratch_file(self)
        # all that may ever be asked for: a stream does not come again for what was left out the first time
        wanted = columns if self.remembered is None else self.remembered
        return [Piece(lambda: self._first_time(wanted, coded, block_rows), self.rows)]

    def remember(self) -> None:
        """Read to the end what was not read before."""
        if self._file is None:
            for piece in self.pieces((), (), BLOCK_ROWS):
                for _ in piece.read():
                    pass

    def _first_time(self, columns: Collection[str], coded: Collection[str], block_rows: int) -> Iterator[Batch]:
        file, count = self._file, 0
        assert file is not None
        for piece in self.table.pieces(columns, coded, block_rows):
            for batch in piece.read():
                if self.remembered is not None:
                    with room_needed():
                        pickle.dump(batch, file)
                    count += 1
                yield batch
        if self.remembered is not None:
            self._batches = count

    def _again(self) -> Iterator[Batch]:
        assert self._file is not None
        with room_needed():  # seeking writes what is still in memory
            self._file.seek(0)
        for _ in range(self._batches or 0):
            yield pickle.load(self._file)  # noqa: S301 - written by this object, in a file without a name


_BITS = 6


class Partitions:
    """Rows of `width` int64 columns; those with the same first column meet in one partition."""

    def __init__(self, width: int) -> None:
        self._width = width
        self._file = scratch_file(self)
        self._stretches: list[list[tuple[int, int]]] = [[] for _ in range(2**_BITS)]

    def append(self, rows: Integers) -> None:
        """Add `rows`, shape (rows, width)."""
        # 2 ** 64 over the golden ratio: keys that follow each other come to lie far apart, and the upper bits decide
        place = (rows[:, 0].astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(64 - _BITS)
        order = np.argsort(place, kind="stable")
        edges = np.searchsorted(place[order], np.arange(len(self._stretches) + 1))
        row_bytes = 8 * self._width
        with room_needed():
            start = self._file.seek(0, 2)
            self._file.write(rows[order].tobytes())
        for stretches, first, end in zip(self._stretches, edges[:-1].tolist(), edges[1:].tolist(), strict=True):
            if first < end:
                stretches.append((start + first * row_bytes, (end - first) * row_bytes))

    def each(self) -> Iterator[Integers]:
        """Yield the rows of one partition after the other."""
        for stretches in self._stretches:
            found = bytearray()
            for start, length in stretches:
                with room_needed():  # seeking writes what is still in memory
                    self._file.seek(start)
                found += self._file.read(length)
            yield np.frombuffer(found, np.int64).reshape(-1, self._width)
