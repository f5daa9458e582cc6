"""Exact sums by tag: one number a record for where it is counted, and the whole numbers that records add there."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from casequality.days import MISSING, Integers, Mask, Tags
from casequality.metrics.tallies import COUNTS, TOO_MUCH, Contribution, greatest, refuse_overflow

# up to here floats, in which `np.bincount` adds, hold every whole number
EXACT = 1 << 53
SCATTERED = 1 << 20
"""How many different codes are counted side by side before only those that occur are."""


def joint_tags(parts: Sequence[tuple[Tags | int, int]], outcome: npt.NDArray[np.uint8], space: Sequence[int]) -> Tags:
    """Return one number a record for its entry, exit, group and outcome, made in the narrowest type that holds it."""
    size = math.prod(space)
    dtype = np.uint8 if size < 1 << 8 else np.uint16 if size < 1 << 16 else np.int64
    tags: Any = None
    for (part, first), width in zip(parts, space[1:], strict=True):
        if not isinstance(part, int):
            moved = (part - first if first else part).astype(dtype, copy=False)
            tags = moved if tags is None else tags + moved
        if tags is not None:
            tags = tags * dtype(width)
    joint: Tags = outcome if tags is None else tags + outcome
    return joint.astype(np.intp)


def counted(tags: Tags, alike: Integers | None, size: int) -> Integers:
    """Return how many records have each tag; `alike` says how many each entry stands for, None for one."""
    return np.bincount(tags, minlength=size) if alike is None else np.bincount(tags, alike, size).astype(np.int64)


def sums_by_tag(
    tags: Tags,
    rows: Integers,
    met: Integers,
    given: Contribution,
    sensitive: Mask | None,
    alike: Integers | None,
    lacking: Integers | None = None,
) -> npt.NDArray[np.int64]:
    """Return what each of COUNTS adds up to by tag, of the tags met; shape (counts, tags met).

    alike: how many records each entry of `given` stands for, None for one. lacking: how many have no amount by tag,
    where somebody has counted that.
    """
    sums = np.zeros((len(COUNTS), len(met)), np.int64)
    sums[0] = rows[met]
    times = cases_of(given, alike)
    sums[1] = sums[0] if given.times is None or times is None else _weighted(tags, times, len(rows))[met]
    if given.amount is not None:
        for place, each in zip((2, 3), _amounts(tags, rows, given.amount, times, lacking), strict=True):
            sums[place] = each[met]
    light = None if given.times is None else given.times == 0
    for place, marked in zip((4, 5, 6), (sensitive, light, given.certain), strict=True):
        if marked is not None:
            sums[place] = counted(tags[marked], None if alike is None else alike[marked], len(rows))[met]
    return sums


def cases_of(given: Contribution, alike: Integers | None) -> Integers | None:
    """Return how many cases each entry stands for, with all records that are alike; None for one."""
    return given.times if alike is None else alike if given.times is None else given.times * alike


def _amounts(
    tags: Tags, rows: Integers, amount: Integers, times: Integers | None, lacking: Integers | None
) -> tuple[Integers, Integers]:
    """Return, by tag, how many cases have an amount and the exact sum of their amounts."""
    if times is None and lacking is not None:
        return rows - lacking, _weighted(tags, amount * (amount != MISSING), len(rows))
    if times is None:
        none = np.flatnonzero(amount == MISSING)
        if not len(none):
            return rows, _weighted(tags, amount, len(rows))
        amount = amount.copy()
        amount[none] = 0
        return rows - np.bincount(tags[none], minlength=len(rows)), _weighted(tags, amount, len(rows))
    present = amount != MISSING
    counted, amount = np.where(present, times, 0), np.where(present, amount, 0)
    if greatest(amount) * greatest(counted) >= TOO_MUCH:
        refuse_overflow(np.multiply(amount, counted, dtype=np.float64))
    return _weighted(tags, counted, len(rows)), _weighted(tags, amount * counted, len(rows))


def _weighted(tags: Tags, values: Integers, size: int) -> Integers:
    """Return the exact sum of `values` by tag."""
    about: npt.NDArray[Any] = np.bincount(tags, values, minlength=size)
    if greatest(values) * len(values) < EXACT:
        return about.astype(np.int64)
    refuse_overflow(about)
    sums = np.zeros(size, np.int64)
    np.add.at(sums, tags, values)
    return sums


def lack_both(bins: Integers | None, amount: Integers | None) -> bool:
    """Return whether the very records without a number to sort by are those without an amount."""
    return bins is not None and amount is not None and np.array_equal(bins == MISSING, amount == MISSING)


def closed_up(cells: Tags) -> tuple[Tags, int]:
    """Return cells of which the undated lie right before the first of the others, and where that is.

    Some are undated and some not. Else all cells from the undated to that one would be counted, and nobody is in them.
    """
    # without a sign the cell before the undated is the greatest of all
    before = int((cells - 1).view(np.uint16).min())
    return np.maximum(cells, np.int16(before)), before
