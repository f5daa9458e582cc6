"""Columns of whole numbers as bytes: read back by a plain reader of what the page on the format says."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest

from casequality.days.arrays import MISSING
from casequality.metrics.tallies.columns import FEW, FRONT, Blocks, Written, decoded, encoded

TOP = 2**63 - 1
MODULO = 2**64


def read_plainly(block: bytes) -> list[int]:
    """Return the numbers of a column, one after the other, in Python's own integers."""
    by_difference, width = block[0], block[1]
    least = int.from_bytes(block[2:10], "little", signed=True)
    rows = int.from_bytes(block[10:18], "little")
    planes = [block[18 + plane * rows : 18 + (plane + 1) * rows] for plane in range(width)]
    above = [sum(plane[row] << 8 * place for place, plane in enumerate(planes)) for row in range(rows)]
    numbers = [least + each for each in above]
    if by_difference:
        numbers = list(itertools.accumulate(numbers))
    return [(each + 2**63) % MODULO - 2**63 for each in numbers]


@pytest.mark.parametrize(
    ("numbers", "by_difference", "width"),
    [
        ([], 0, 0),
        ([7], 0, 0),
        ([7] * FEW, 0, 0),
        ([7] * (FEW + 1), 0, 1),
        ([-3, 252], 0, 1),
        ([-3, 253], 0, 2),
        (list(range(1, 4000)), 1, 0),
        (list(range(1, 5000)), 1, 1),
        (list(range(10, 800_000, 100)), 1, 1),
        (list(range(0, 800_000, 300)), 1, 2),
        ([0, 2**32 - 1], 0, 4),
        ([0, 2**32], 0, 8),
        ([MISSING, TOP, MISSING, 0], 0, 8),
        ([MISSING, 0, MISSING], 1, 0),
        ([0, MISSING, TOP], 0, 8),
        ([TOP, MISSING], 0, 8),
    ],
)
def test_a_column_takes_the_fewest_bytes_and_reads_back(numbers: list[int], by_difference: int, width: int) -> None:
    column = np.array(numbers, np.int64)
    block = encoded(column)
    assert (block[0], block[1], len(block)) == (by_difference, width, 18 + width * len(numbers))
    assert decoded(block).tolist() == read_plainly(block) == numbers
    assert decoded(block).dtype == np.int64


def test_columns_of_any_numbers_read_back() -> None:
    random = np.random.default_rng(3)
    for size, bits in itertools.product((1, 2, 50), (1, 7, 8, 9, 16, 31, 33, 63)):
        column = random.integers(-(2**bits) if bits < 63 else MISSING, 2**bits - 1, size)
        assert read_plainly(encoded(column)) == decoded(encoded(column)).tolist() == column.tolist()
        assert encoded(column) == encoded(np.repeat(column, 2)[::2])


def test_equal_columns_are_kept_once_and_are_one_array() -> None:
    written = Written()
    first = written.table(np.array([[1, 2, 3], [5, 5, 9]]))
    second = written.table(np.array([[5, 5, 9], [5, 5, 9]]))
    assert (first, second) == ([0, 1], [1, 1])
    assert written.table(np.array([[1, 2, 3], [5, 5, 9]])) == first
    assert written.holds == 2 * 6 * 8
    blocks = Blocks.of(written.lengths, written.body, 96)
    assert blocks.table(first, 2).tolist() == [[1, 2, 3], [5, 5, 9]]
    assert blocks.table(second, 2).tolist() == [[5, 5, 9], [5, 5, 9]]
    assert blocks.table(first, 2) is blocks.table([0, 1], 2)
    assert blocks.room == 0
    with pytest.raises(ValueError, match="read-only"):
        blocks.table(first, 2)[0, 0] = 4


def test_no_more_memory_is_taken_than_there_is_room_for() -> None:
    written = Written()
    place = written.table(np.arange(10)[None, :])
    assert Blocks.of(written.lengths, written.body, 80).table(place, 1).tolist() == [list(range(10))]
    with pytest.raises(ValueError, match="room"):
        Blocks.of(written.lengths, written.body, 79).table(place, 1)


FRONTS: tuple[Any, ...] = (
    (2, 1, 0, 3),
    (0, 3, 0, 1),
    (0, 9, 0, 0),
    (0, 0, 0, FEW + 1),
    (0, 0, 0, 2**63),
    (0, 1, 0, 2),
    (0, 1, 0, 4),
    (1, 8, 0, 2**60),
)


@pytest.mark.parametrize("front", FRONTS)
def test_what_is_no_column_is_refused_before_memory_is_asked_for(front: Any) -> None:
    with pytest.raises(ValueError, match="no column"):
        decoded(FRONT.pack(*front) + b"abc")
    for cut in range(FRONT.size):
        with pytest.raises(ValueError, match="no column"):
            decoded(encoded(np.arange(3))[:cut])


@pytest.mark.parametrize("lengths", [[3], [1], [1, 2], [-1, 3], [2.0], [True, 1], ["2"], [2**70]])
def test_blocks_fill_the_body(lengths: Any) -> None:
    with pytest.raises(ValueError, match="do not fill"):
        Blocks.of(lengths, b"ab", 100)


@pytest.mark.parametrize("places", [[0], [0, 1, 0], [0, 2], [0, -1], [True, 0], ["0", 0], [0.0, 0], [0, 3]])
def test_a_table_is_of_columns_that_are_there_and_of_one_length(places: Any) -> None:
    """The third block is a column of another length, and there is no fourth."""
    written = Written()
    written.table(np.array([[1, 2], [3, 4]]))
    written.table(np.array([[1, 2, 3]]))
    blocks = Blocks.of(written.lengths, written.body, 1000)
    with pytest.raises((ValueError, LookupError)):
        blocks.table(places, 2)
