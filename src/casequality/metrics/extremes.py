"""The least and the greatest that quotients and quantiles can be while some records may still be one thing or another.

Everything is whole numbers, for many figures at once. A lot is some records of one figure that may be the same things.
"""

from __future__ import annotations

from typing import Any, Final, Literal

import attrs
import numpy as np
import numpy.typing as npt

from casequality.arrays import Integers, Mask

Numbers = npt.NDArray[Any]
"""Whole numbers, as int64 or, where they may be greater, as Python's own."""
SAFE: Final = 1 << 61
NO_END: Final = (1 << 62) - 1
"""A number that stands for no upper limit among the ends of a rank."""


@attrs.frozen(eq=False)
class Lots:
    """Records that may be one of several things; each row is one lot.

    figure, count: shape (lots,). above, below: what a record adds to numerator and denominator in each of its options,
    shape (lots, options); options that a lot does not have repeat another. swaps: whether its records are something
    now, their first option, and only those that one of the figure's stray rows touches can be another.
    """

    figure: npt.NDArray[np.intp]
    count: Integers
    above: Numbers
    below: Numbers
    swaps: Mask

    def chosen(self, rows: Mask) -> Lots:
        """Return some of the lots."""
        return Lots(self.figure[rows], self.count[rows], self.above[rows], self.below[rows], self.swaps[rows])


@attrs.frozen(eq=False)
class Extreme:
    """One end of each quotient, shape (figures,), and where no way of settling the records divides by anything."""

    numerator: Numbers
    denominator: Numbers
    possible: Mask


def exact_sum(figures: int, at: npt.NDArray[np.intp], values: Numbers) -> Numbers:
    """Return the exact sum of `values` by figure, as int64 where that holds it."""
    if not len(values):
        return np.zeros(figures, np.int64)
    if values.dtype == object or _size(values) * len(values) >= SAFE:
        sums = np.zeros(figures, object)
        np.add.at(sums, at, values.astype(object))
        return sums
    whole = np.zeros(figures, np.int64)
    np.add.at(whole, at, values)
    return whole


def quotients(above: Numbers, below: Numbers, lots: Lots, end: Literal[-1, 1], strays: int = 0) -> Extreme:
    """Return the least (-1) or the greatest (1) of (above + what lots add) / (below + what lots add).

    above, below: what is certain of each figure, shape (figures,). strays: how many records of each figure's lots that
    swap can do so. Dinkelbach's method: the best choice at the quotient so far gives a better one until none does.
    """
    lots = lots.chosen(lots.count > 0)
    if _too_great(above, below, lots):
        above, below = above.astype(object), below.astype(object)
        lots = attrs.evolve(
            lots, above=lots.above.astype(object), below=lots.below.astype(object), count=lots.count.astype(object)
        )
    search = _Search(above, below, lots, end, strays)
    p, q = search.largest_divisor()
    possible = q > 0
    q = np.where(possible, q, 1)
    while True:
        more_p, more_q = search.best(p, q)
        better = possible & (more_q > 0) & (end * (more_p * q - p * more_q) > 0)
        if not better.any():
            return Extreme(p, q, possible.astype(bool))
        p, q = _reduced(np.where(better, more_p, p), np.where(better, more_q, q))


@attrs.frozen(eq=False)
class _Search:
    """The choices of lots, at a quotient p / q of each figure."""

    above: Numbers
    below: Numbers
    lots: Lots
    end: int
    strays: int

    def largest_divisor(self) -> tuple[Numbers, Numbers]:
        """Return numerator and denominator of the choice that divides by most."""
        none = np.zeros(len(self.above), self.above.dtype)
        return self._summed(self.lots.below, none, none + 1)

    def best(self, p: Numbers, q: Numbers) -> tuple[Numbers, Numbers]:
        """Return numerator and denominator of the choice that moves furthest from p / q while it divides by some."""
        return self._summed(self._gain(p, q), p, q)

    def _gain(self, p: Numbers, q: Numbers) -> Numbers:
        at = self.lots.figure
        gain: Numbers = self.end * (self.lots.above * q[at, None] - self.lots.below * p[at, None])
        return gain

    def _summed(self, wanted: Numbers, p: Numbers, q: Numbers) -> tuple[Numbers, Numbers]:
        """Return the sums where each lot takes the option that is `wanted` most, of equals what divides most."""
        lots, rows = self.lots, np.arange(len(self.lots.count))
        below = np.where(wanted == wanted.max(axis=1, keepdims=True), lots.below, -SAFE) if len(rows) else lots.below
        pick = below.argmax(axis=1) if len(rows) else rows
        free = ~lots.swaps
        taken = np.where(free, pick, 0)
        more_a = exact_sum(len(p), lots.figure, lots.count * lots.above[rows, taken])
        more_b = exact_sum(len(p), lots.figure, lots.count * lots.below[rows, taken])
        above, below_sum = self.above + more_a, self.below + more_b
        if self.strays and lots.swaps.any():
            above, below_sum = self._swapped(wanted, pick, above, below_sum)
        return self._divided(taken, p, q, above, below_sum)

    def _swapped(self, wanted: Numbers, pick: npt.NDArray[np.intp], above: Numbers, below: Numbers) -> Any:
        """Return the sums after the stray rows have gone where they move the figure most."""
        lots, swaps = self.lots, np.flatnonzero(self.lots.swaps)
        gain = wanted[swaps, pick[swaps]] - wanted[swaps, 0]
        order = swaps[np.lexsort((-gain.astype(float), lots.figure[swaps]))]
        figure, count = lots.figure[order], lots.count[order]
        before = np.cumsum(count) - count
        first = np.flatnonzero(np.append(True, figure[1:] != figure[:-1]))
        before = before - np.repeat(before[first], np.diff(np.append(first, len(order))))
        moved = np.clip(self.strays - before, 0, count)
        for_a = lots.above[order, pick[order]] - lots.above[order, 0]
        for_b = lots.below[order, pick[order]] - lots.below[order, 0]
        return (
            above + exact_sum(len(above), figure, moved * for_a),
            below + exact_sum(len(below), figure, moved * for_b),
        )

    def _divided(
        self, taken: npt.NDArray[np.intp], p: Numbers, q: Numbers, above: Numbers, below: Numbers
    ) -> tuple[Numbers, Numbers]:
        """Return the sums, with the one record turned that costs least where the choice would divide by none."""
        lots = self.lots
        at = np.flatnonzero((below[lots.figure] == 0) & (lots.below > 0).any(axis=1))
        if not len(at):
            return above, below
        gain = self._gain(p, q)[at]
        rows = np.arange(len(at))
        loss = gain[rows, taken[at]][:, None] - gain
        loss = np.where(lots.below[at] > 0, loss, loss.max() + 1)
        option = loss.argmin(axis=1)
        least = loss[rows, option]
        order = np.lexsort((least.astype(float), lots.figure[at]))
        figure = lots.figure[at][order]
        one = order[np.append(True, figure[1:] != figure[:-1])]
        lot, turned = at[one], option[one]
        above, below = above.copy(), below.copy()
        above[lots.figure[lot]] += lots.above[lot, turned] - lots.above[lot, taken[lot]]
        below[lots.figure[lot]] += lots.below[lot, turned] - lots.below[lot, taken[lot]]
        return above, below


def _too_great(above: Numbers, below: Numbers, lots: Lots) -> bool:
    """Return whether products of the sums could leave int64."""
    if object in (above.dtype, below.dtype, lots.above.dtype):
        return True
    counts = float(lots.count.sum()) + 1
    upper = _size(above) + counts * (_size(lots.above) + 1)
    lower = _size(below) + counts * (_size(lots.below) + 1)
    return upper * lower * 4 >= SAFE


def _size(values: Numbers) -> float:
    return max(float(values.max(initial=0)), -float(values.min(initial=0)))


def _reduced(p: Numbers, q: Numbers) -> tuple[Numbers, Numbers]:
    common = np.maximum(np.gcd(p, q), 1)
    return p // common, q // common


@attrs.frozen(eq=False)
class Ranks:
    """Numbers of which a quantile is asked; each row is one number and how many records have it.

    figure, count, least, greatest: shape (rows,); a certain number has both ends alike, NO_END is no upper limit.
    absent: whether the records may as well not be there.
    """

    figure: npt.NDArray[np.intp]
    count: Integers
    least: Integers
    greatest: Integers
    absent: Mask


def ranked(figures: int, numbers: Ranks, p: tuple[int, int]) -> tuple[Integers, Mask]:
    """Return the ceil(p n)-th smallest of each figure's numbers, which are certain, and where there is any."""
    return _first_reached(figures, numbers.figure, numbers.least, *_jumps(numbers, p, low=True), none_is_zero=False)


def rank_ends(figures: int, numbers: Ranks, p: tuple[int, int], strays: Integers) -> tuple[Integers, Integers, Mask]:
    """Return the least and the greatest p-quantile of each figure, NO_END for no limit, and where there can be one.

    A quantile is at most v where those up to v outweigh the rest; each record takes its best side, whatever v is.
    strays: how many records of each figure besides may as well not be there, with what they may be instead among
    `numbers`.
    """
    num, den = p
    low, met = _first_reached(
        figures,
        numbers.figure,
        numbers.least,
        *_jumps(numbers, p, low=True),
        none_is_zero=False,
        start=strays * num,
    )
    high, _ = _first_reached(
        figures,
        numbers.figure,
        -numbers.greatest,
        *_jumps(numbers, p, low=False),
        none_is_zero=True,
        start=strays * (den - num),
    )
    return low, -high, met


def _jumps(numbers: Ranks, p: tuple[int, int], *, low: bool) -> tuple[Integers, Integers]:
    """Return what each row weighs before its number is passed, and by how much more after, in parts of q."""
    num, den = p
    count = numbers.count
    if low:
        before = np.where(numbers.absent, 0, -num * count)
        return before, np.where(numbers.absent, den - num, den) * count
    before = np.where(numbers.absent, 0, (num - den) * count)
    return before, np.where(numbers.absent, num, den) * count


def _first_reached(
    figures: int,
    figure: npt.NDArray[np.intp],
    place: Integers,
    before: Integers,
    jump: Integers,
    *,
    none_is_zero: bool,
    start: Integers | int = 0,
) -> tuple[Integers, Mask]:
    """Return the first place of each figure, in order, from which on its weight is not negative (or positive)."""
    found, met = np.zeros(figures, np.int64), np.zeros(figures, bool)
    if not len(figure):
        return found, met
    order = _in_order(figure, place)
    figure, place = figure[order], place[order]
    base = exact_sum(figures, figure, before[order]) + start
    total = np.cumsum(jump[order])
    first = np.flatnonzero(np.append(True, figure[1:] != figure[:-1]))
    lengths = np.diff(np.append(first, len(figure)))
    weight = base[figure] + total - np.repeat(total[first] - jump[order][first], lengths)
    reached = weight > 0 if none_is_zero else weight >= 0
    last = np.append((place[1:] != place[:-1]) | (figure[1:] != figure[:-1]), True)
    # numbers alike are passed together: only the last of them says what they weigh
    hits = np.flatnonzero(reached & last)
    one = hits[np.append(True, figure[hits][1:] != figure[hits][:-1])] if len(hits) else hits
    found[figure[one]], met[figure[one]] = place[one], True
    return found, met


def _in_order(figure: npt.NDArray[np.intp], place: Integers) -> npt.NDArray[np.intp]:
    """Return the order by figure and place; in one integer, which sorts in a third of the time, where it has room."""
    least, most = int(place.min()), int(place.max())
    width = most - least + 1
    if width * (int(figure.max()) + 1) < SAFE:
        return np.argsort(figure.astype(np.int64) * width + (place - least), kind="stable")
    return np.lexsort((place, figure))
