"""Columns of integers in few bytes: each different one once, and as narrow as its numbers allow."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Any, Final

import attrs
import numpy as np
import numpy.typing as npt

from casequality.days import Integers, read_only

FRONT: Final = struct.Struct("<BBqQ")
"""What each column begins with: whether differences are kept, bytes a number, what is added to each, how many."""
WIDTHS: Final = (0, 1, 2, 4, 8)
FEW: Final = 1 << 12
"""Up to how many equal numbers take no bytes at all; beyond, a small file could ask for memory without end."""


@attrs.define(eq=False, repr=False)
class Written:
    """Blocks of bytes to be kept in one body, each different one once.

    holds: how many bytes of memory their content takes.
    """

    places: dict[bytes, int] = attrs.field(factory=dict)
    tables: set[tuple[int, ...]] = attrs.field(factory=set)
    holds: int = 0
    _met: dict[Any, tuple[npt.NDArray[np.int64], list[int]]] = attrs.field(factory=dict)

    def add(self, content: bytes) -> int:
        """Return the place of a block."""
        return self.places.setdefault(content, len(self.places))

    def table(self, columns: npt.NDArray[np.int64]) -> list[int]:
        """Return the places of the rows of an array of shape (columns, rows)."""
        # metrics that share an array share its memory: held, so that no other array comes to lie there
        memory = columns.__array_interface__["data"][0], columns.shape, columns.strides
        if memory not in self._met:
            self._met[memory] = columns, [self.add(encoded(column)) for column in columns]
        found = self._met[memory][1]
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


@attrs.define(eq=False, repr=False)
class Blocks:
    """The blocks of a body; tables of the same columns are one array in memory.

    room: how many bytes their content may take. sound: the places of what a reader found to be as it should.
    Every method raises `ValueError` or `IndexError` for what does not fit.
    """

    blocks: list[bytes]
    room: int
    tables: dict[tuple[int, ...], npt.NDArray[np.int64]] = attrs.field(factory=dict)
    sound: set[Any] = attrs.field(factory=set)

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
