"""Sums along the periods in which records are seen alike, against looking at each record in each period."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from casequality.metrics.bounds.sight import Stretches


def stretches(strata: int, periods: int, rows: list[tuple[int, int, int]]) -> Stretches:
    grid: Any = SimpleNamespace(strata=strata, periods=range(periods))
    stratum, first, end = (np.array(column, np.intp) for column in zip(*rows, strict=True))
    return Stretches(grid, stratum, np.arange(len(rows)), first, end, np.zeros(len(rows), np.intp))


@pytest.mark.parametrize("large", [1, 1 << 61])
def test_a_sum_by_figure_is_that_of_looking_at_every_record_in_every_period(large: int) -> None:
    rng = np.random.default_rng(5)
    for _ in range(30):
        strata, periods = int(rng.integers(1, 4)), int(rng.integers(1, 7))
        rows = []
        for _ in range(int(rng.integers(1, 20))):
            first = int(rng.integers(0, periods))
            rows.append((int(rng.integers(0, strata)), first, int(rng.integers(first + 1, periods + 1))))
        values = [int(value) * large for value in rng.integers(-3, 4, len(rows))]
        expected = [0] * (strata * periods)
        for (stratum, first, end), value in zip(rows, values, strict=True):
            for period in range(first, end):
                expected[stratum * periods + period] += value
        found = stretches(strata, periods, rows)
        assert [int(each) for each in found.sums(np.array(values))] == expected
        pairs = found.pairs()
        met = sorted(zip(pairs.figure.tolist(), pairs.item.tolist(), strict=True))
        assert met == sorted(
            (stratum * periods + period, item)
            for item, (stratum, first, end) in enumerate(rows)
            for period in range(first, end)
        )
