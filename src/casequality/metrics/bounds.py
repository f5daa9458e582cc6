"""Bounds: between what figures lie once all records in doubt are settled, and how many are in doubt and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import attrs
import numpy as np
import numpy.typing as npt

from casequality.arrays import MISSING, Mask
from casequality.metrics.axis import UNDATED
from casequality.metrics.doubts import REASONS
from casequality.metrics.extremes import Numbers, exact_sum
from casequality.metrics.uncertain import Items, Keyed, Number, Seen


@attrs.frozen(eq=False)
class Ends:
    """The least or the greatest of each figure, shape (figures,): a quotient, or no limit where `limited` is false."""

    numerator: Numbers
    denominator: Numbers
    limited: Mask

    def where(self, rows: Mask, other: Ends) -> Ends:
        """Return these ends in some rows and the other's elsewhere."""
        return Ends(*(np.where(rows, getattr(self, f.name), getattr(other, f.name)) for f in attrs.fields(Ends)))


@attrs.frozen(eq=False)
class Bounds:
    """Between what figures lie, in stored units; every array has the shape (figures,).

    possible: whether any way of settling the records gives a figure. undefined: whether some way gives none.
    loose: whether an end may lie further out than any way reaches.
    doubt: by reason, how many records of each figure are in doubt.
    """

    low: Ends
    high: Ends
    possible: Mask
    undefined: Mask
    loose: Mask
    doubt: Mapping[str, npt.NDArray[np.int64]]


@attrs.frozen(eq=False)
class Why:
    """Which records of which figure are in doubt, for their reasons; every array has the shape (lots,)."""

    figure: npt.NDArray[np.intp]
    key: npt.NDArray[np.intp]
    rows: npt.NDArray[np.int64]
    varies: Mask
    keys: Keyed


def numbers_seen(items: Items, pairs: Seen, name: str, number: Number) -> npt.NDArray[np.int64]:
    """Return the amount of each item, or its age at the end of the period from which it is seen; MISSING for none."""
    found = items[name][pairs.item]
    if number != "bin":
        return found
    axis, grid = items.grid.tally.assumed.axis, items.grid
    began = axis.begin_of(items["entry"][pairs.item]) + found
    age = grid.last_days()[pairs.period] - began
    return np.where((found == MISSING) | (items["entry"][pairs.item] == UNDATED), MISSING, age)


def reasons_of(several: Sequence[Why | None], size: int) -> dict[str, npt.NDArray[np.int64]]:
    """Return by reason how many records of each figure are in doubt."""
    found: dict[str, npt.NDArray[np.int64]] = {}
    for each in several:
        if each is None:
            continue
        why = np.array([REASONS.index(key.why()) for key, _ in each.keys], np.int64)
        rows = np.flatnonzero(each.varies)
        told = why[each.key[rows]]
        # np.unique would load NumPy's masked arrays, which takes as long as concluding a year of figures
        for reason in np.flatnonzero(np.bincount(told)).tolist():
            its = rows[told == reason]
            counted = exact_sum(size, each.figure[its], each.rows[its])
            found[REASONS[reason]] = found.get(REASONS[reason], 0) + counted
    return found
