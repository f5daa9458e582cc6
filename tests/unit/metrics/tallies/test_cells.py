"""Histograms keep few counters side by side and few numbers waiting, whatever comes in which order."""

from __future__ import annotations

from collections import Counter

import numpy as np

from casequality.days.arrays import MISSING
from casequality.metrics.tallies.histogram import DENSE, Histogram

MANY = np.arange(2_000)
ONE = np.array([0])


def add(histogram: Histogram, met: np.ndarray[tuple[int, ...], np.dtype[np.int64]], number: int) -> None:
    """Add two thousand records with one number, spread over some cells."""
    histogram.add(met + 7, met, met[np.arange(2_000) % len(met)], np.full(2_000, number), None)


def counts(histogram: Histogram) -> dict[tuple[int, int], int]:
    cells, numbers, found = (part.tolist() for part in histogram.total())
    return dict(zip(zip(cells, numbers, strict=True), found, strict=True))


def test_a_great_number_does_not_widen_the_counters_of_many_cells() -> None:
    histogram = Histogram()
    add(histogram, MANY, 3)
    add(histogram, ONE, 4_000)
    assert histogram.dense.size <= DENSE
    assert counts(histogram) == {**{(cell + 7, 3): 1 for cell in range(2_000)}, (7, 4_000): 2_000}


def test_many_cells_do_not_multiply_counters_that_are_wide_already() -> None:
    histogram = Histogram()
    add(histogram, ONE, 4_000)
    assert histogram.dense.shape == (1, 4_096)
    add(histogram, MANY, 3)
    histogram.flush()
    assert histogram.dense.size <= DENSE
    assert counts(histogram) == {**{(cell + 7, 3): 1 for cell in range(2_000)}, (7, 4_000): 2_000}


def test_numbers_wait_only_until_counting_them_at_once_pays() -> None:
    histogram = Histogram()
    for _ in range(50):
        add(histogram, np.arange(200), 3)
        assert histogram.waiting <= 200 * 64
    assert counts(histogram) == {(cell + 7, 3): 500 for cell in range(200)}


def test_more_cells_than_counters_are_kept_apart() -> None:
    histogram = Histogram()
    cells = np.arange(100_000)
    histogram.add(cells, cells, cells, cells % 50, None)
    assert histogram.dense.size <= DENSE
    assert len(counts(histogram)) == 100_000


def test_a_table_counts_what_adding_one_by_one_counts() -> None:
    rng = np.random.default_rng(5)
    tags, bins = rng.integers(0, 3, 4_000), rng.integers(-1, 40, 4_000)
    bins = np.where(bins < 0, MISSING, bins)
    by_table, one_by_one = Histogram(), Histogram()
    table = by_table.table(tags, bins, 3)
    assert table is not None
    by_table.add_table(np.array([7, 8, 9]), table)
    one_by_one.add(np.array([7, 8, 9]), np.arange(3), tags, bins, None)
    expected = Counter((7 + tag, number) for tag, number in zip(tags.tolist(), bins.tolist(), strict=True))
    expected = Counter({pair: count for pair, count in expected.items() if pair[1] != MISSING})
    assert counts(by_table) == counts(one_by_one) == expected


def test_no_numbers_and_numbers_too_far_apart_make_no_table() -> None:
    assert Histogram().table(np.zeros(0, np.intp), np.zeros(0, np.int64), 3) is None
    assert Histogram().table(np.zeros(9, np.intp), np.full(9, 1_000_000), 1) is None
