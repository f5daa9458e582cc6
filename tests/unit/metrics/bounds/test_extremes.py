"""Ends of quotients and of times to an end whose numbers are great or lie close together, against exact arithmetic."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from casequality.metrics.bounds.extremes import Lots, quotients
from casequality.metrics.bounds.quantiles import time_to_end

Lot = tuple[int, list[tuple[int, int]]]
"""How many records, and what each adds above and below in each option."""


def ways(lots: list[Lot]) -> Iterator[tuple[int, int]]:
    """Yield what all records add together, every record by itself."""
    records = [options for count, options in lots for _ in range(count)]
    for chosen in itertools.product(*records):
        yield sum(above for above, _ in chosen), sum(below for _, below in chosen)


@pytest.mark.parametrize("scale", [1, 10**6, 2**40, 2**58, 2**70])
@pytest.mark.parametrize(
    ("above", "below", "lots"),
    [
        (3, 2, [(2, [(0, 0), (5, 1), (-4, 1)])]),
        (0, 0, [(1, [(7, 1), (2, 3), (7, 1)]), (2, [(0, 0), (1, 1), (0, 0)])]),
        (-5, 4, [(3, [(1, 0), (-1, 1)])]),
        (3, 1000, [(2, [(0, 0), (5, 1), (-4, 1)]), (1, [(7, 900), (2, 3), (7, 900)])]),
    ],
)
def test_great_amounts_give_exact_ends(scale: int, above: int, below: int, lots: list[Lot]) -> None:
    kind = object if scale > 2**62 else np.int64
    options = [row for _, row in lots]
    given = Lots(
        figure=np.zeros(len(lots), np.intp),
        count=np.array([count for count, _ in lots]),
        size=np.ones(len(lots), np.int64),
        least=np.ones(len(lots), np.int64),
        above=np.array([[adds * scale for adds, _ in row] for row in options], kind),
        below=np.array([[under for _, under in row] for row in options]),
        turned=np.zeros((len(lots), len(options[0])), bool),
    )
    all_ways = [(above + more, below + under) for more, under in ways(lots)]
    found = [Fraction(more * scale, under) for more, under in all_ways if under > 0]
    least = quotients(np.array([above * scale], kind), np.array([below]), given, -1)
    most = quotients(np.array([above * scale], kind), np.array([below]), given, 1)
    assert Fraction(int(least.numerator[0]), int(least.denominator[0])) == min(found)
    assert Fraction(int(most.numerator[0]), int(most.denominator[0])) == max(found)


def kaplan_meier(ended: dict[int, int], waiting: dict[int, int], p: Fraction) -> int | None:
    left = Fraction(1)
    for time in sorted(ended):
        at_risk = sum(count for each in (ended, waiting) for when, count in each.items() if when >= time)
        left *= 1 - Fraction(ended[time], at_risk)
        if left <= 1 - p:
            return time
    return None


HALF = 10**12
CLOSE = [
    ({1: HALF - 1, 2: 1, 3: 5}, {9: HALF - 5}),  # one more than half still wait after 1, half of them after 2
    ({1: HALF, 2: 1}, {9: HALF - 1}),  # half of them wait after 1
    ({1: HALF - 2, 2: 1, 3: 1, 4: 1}, {9: HALF - 1}),
    ({1: HALF - 1}, {9: HALF + 1}),
]


@pytest.mark.parametrize(("ended", "waiting"), CLOSE)
def test_a_time_to_an_end_is_exact_where_hardly_more_than_the_share_are_waiting(
    ended: dict[int, int], waiting: dict[int, int]
) -> None:
    def numbers(given: dict[int, int]) -> tuple[Any, Any, Any]:
        times = np.array(sorted(given))
        return np.zeros(len(times), np.intp), times, np.array([given[time] for time in times.tolist()])

    time, met, some = time_to_end(1, numbers(ended), numbers(waiting), Fraction(1, 2))
    assert some[0]
    assert (int(time[0]) if met[0] else None) == kaplan_meier(ended, waiting, Fraction(1, 2))
