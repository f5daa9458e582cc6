"""The least and the greatest that quotients and quantiles can be while some records may still be one thing or another.

Everything is whole numbers, for many figures at once. A lot is some records of one figure that may be the same things.
"""

from __future__ import annotations

from typing import Any, Final, Literal, TypeAlias

import attrs
import numpy as np
import numpy.typing as npt

from casequality.days import Integers, Mask

Numbers = npt.NDArray[Any]
"""Whole numbers, as int64 or, where they may be greater, as Python's own."""
SAFE: Final = 1 << 61
NO_END: Final = (1 << 62) - 1
"""A number that stands for no upper limit among the ends of a rank."""


@attrs.frozen(eq=False, repr=False)
class Lots:
    """Records that may be one of several things; each row is one lot.

    figure, count: whose they are, and how many turn by themselves, shape (lots,). size, least: for how many cases each
    of these stands, and the lightest record among them. above, below: what a case adds to numerator and denominator in
    each option, shape (lots, options); options that a lot does not have repeat another. turned: which of the options
    only a record has that a stray row touches.
    """

    figure: npt.NDArray[np.intp]
    count: Integers
    size: Integers
    least: Integers
    above: Numbers
    below: Numbers
    turned: npt.NDArray[np.bool_]

    def chosen(self, rows: Mask) -> Lots:
        """Return some of the lots."""
        return Lots(*(getattr(self, field.name)[rows] for field in attrs.fields(Lots)))

    @property
    def cases(self) -> Numbers:
        """How many cases each is."""
        found: Numbers = self.count * self.size
        return found


@attrs.frozen(eq=False, repr=False)
class Extreme:
    """One end of each quotient, shape (figures,).

    possible: where some way of settling the records divides by something. loose: where it lies further out than any way
    reaches, since nobody told how light the lightest of several records is.
    """

    numerator: Numbers
    denominator: Numbers
    possible: Mask
    loose: Mask


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

    above, below: what is certain of each figure, shape (figures,). strays: how many records of each figure may be what
    only turned ones are. Dinkelbach's method: the best choice at the quotient so far gives a better one, or it is best.
    """
    lots = lots.chosen(lots.cases > 0)
    if _too_great(above, below, lots):
        above, below = above.astype(object), below.astype(object)
        parts = ("above", "below", "count", "size", "least")
        lots = attrs.evolve(lots, **{name: getattr(lots, name).astype(object) for name in parts})
    search = _Search(above, below, lots, end, strays)
    # the choice that divides by most has a quotient wherever any has; from there each round comes closer
    p, q, loose = search.largest_divisor()
    possible = q > 0
    q = np.where(possible, q, 1)
    while True:
        more_p, more_q, more_loose = search.best(p, q)
        better = possible & (more_q > 0) & (end * (more_p * q - p * more_q) > 0)
        if not better.any():
            return Extreme(p, q, possible.astype(bool), loose)
        loose = np.where(better, more_loose, loose)
        # the next round multiplies by both, so they are kept as small as they can be
        p, q = _reduced(np.where(better, more_p, p), np.where(better, more_q, q))


def least_divisors(below: Numbers, lots: Lots, strays: int) -> tuple[Numbers, Mask]:
    """Return the least that each figure can be divided by, and where it may be more than that."""
    lots = lots.chosen(lots.cases > 0)
    found = _Search(0 * below, below, lots, 1, strays).chosen(-lots.below)
    return found.below, found.loose


Picks: TypeAlias = npt.NDArray[np.intp]


@attrs.frozen(eq=False, repr=False)
class _Choice:
    """What lots add together where each takes one option; above, below, loose: shape (figures,).

    taken, turned, moved: by lot, the option of its records, that of those which stray rows touch, and how many these
    are. loose: where nobody told how many cases the records stand for that are moved.
    """

    above: Numbers
    below: Numbers
    taken: Picks
    turned: Picks
    moved: Integers
    loose: Mask

    @property
    def sums(self) -> tuple[Numbers, Numbers, Mask]:
        """Numerator and denominator, and where they are loose."""
        return self.above, self.below, self.loose


@attrs.frozen(eq=False, repr=False)
class _Search:
    """The choices of lots, at a quotient p / q of each figure."""

    above: Numbers
    below: Numbers
    lots: Lots
    end: int
    strays: int

    def largest_divisor(self) -> tuple[Numbers, Numbers, Mask]:
        """Return numerator and denominator of the choice that divides by most, and where they are loose."""
        return self.chosen(self.lots.below).sums

    def best(self, p: Numbers, q: Numbers) -> tuple[Numbers, Numbers, Mask]:
        """Return the choice that moves furthest from p / q while it divides by some, and where it is loose."""
        gain = self._gain(p, q)
        return self._divided(gain, self.chosen(gain))

    def _gain(self, p: Numbers, q: Numbers) -> Numbers:
        at = self.lots.figure
        gain: Numbers = self.end * (self.lots.above * q[at, None] - self.lots.below * p[at, None])
        return gain

    def chosen(self, wanted: Numbers) -> _Choice:
        """Return the choice where each lot takes the option that is `wanted` most, of equals what divides most."""
        lots, figures, rows = self.lots, len(self.above), np.arange(len(self.lots.count))
        moved, loose = np.zeros(len(rows), np.int64), np.zeros(figures, bool)
        if not len(rows):
            return _Choice(self.above, self.below, rows, rows, moved, loose)
        taken = turned = self._picked(wanted, ~lots.turned)
        above = self.above + exact_sum(figures, lots.figure, lots.cases * lots.above[rows, taken])
        below = self.below + exact_sum(figures, lots.figure, lots.cases * lots.below[rows, taken])
        if self.strays and lots.turned.any():
            turned = self._picked(wanted, np.ones_like(lots.turned))
            moved = self._moved((wanted[rows, turned] - wanted[rows, taken]) * lots.size)
            for_a, for_b = (each[rows, turned] - each[rows, taken] for each in (lots.above, lots.below))
            above = above + exact_sum(figures, lots.figure, moved * lots.size * for_a)
            below = below + exact_sum(figures, lots.figure, moved * lots.size * for_b)
            loose[lots.figure[(moved > 0) & (lots.least < lots.size)]] = True
        return _Choice(above, below, taken, turned, moved, loose)

    def _picked(self, wanted: Numbers, open_: Mask) -> Picks:
        """Return the option that each lot wants most among those open to it, of equals what divides most."""
        lowest = wanted.min() - 1
        allowed = np.where(open_, wanted, lowest)
        below = np.where(allowed == allowed.max(axis=1, keepdims=True), self.lots.below, -SAFE)
        found: Picks = below.argmax(axis=1)
        return found

    def _moved(self, gain: Numbers) -> Integers:
        """Return how many records of each lot the stray rows turn: those by which most is gained."""
        lots, moved = self.lots, np.zeros(len(gain), np.int64)
        some = np.flatnonzero(gain > 0)
        order = some[_by_gain(lots.figure[some], gain[some])]
        figure, count = lots.figure[order], lots.count[order].astype(np.int64)
        before = np.cumsum(count) - count
        first = np.flatnonzero(np.append(True, figure[1:] != figure[:-1])) if len(order) else order
        before = before - np.repeat(before[first], np.diff(np.append(first, len(order))))
        moved[order] = np.clip(self.strays - before, 0, count)
        return moved

    def _divided(self, gain: Numbers, choice: _Choice) -> tuple[Numbers, Numbers, Mask]:
        """Return the sums, with the one record changed that costs least where the choice would divide by none."""
        lots, (above, below, loose) = self.lots, choice.sums
        at = np.flatnonzero(below[lots.figure] == 0)
        if not len(at):
            return choice.sums
        now, then, free = self._changes(choice, at)
        cost = gain[at][np.arange(len(at))[:, None], now] - gain[at][np.arange(len(at))[:, None], then]
        cost = cost * lots.least[at][:, None]
        rows = np.arange(len(at))
        more = lots.below[at][rows[:, None], then] - lots.below[at][rows[:, None], now]
        can = free & (more > 0)
        cost = np.where(can, cost, cost.max() + 1)
        change = cost.argmin(axis=1)
        order = _by_gain(lots.figure[at], -cost[rows, change])
        order = order[can[order, change[order]]]
        figure = lots.figure[at][order]
        one = order[np.append(True, figure[1:] != figure[:-1])] if len(order) else order
        lot, before, after = at[one], now[one, change[one]], then[one, change[one]]
        above, below, loose = above.copy(), below.copy(), loose.copy()
        figure, least = lots.figure[lot], lots.least[lot]
        above[figure] += least * (lots.above[lot, after] - lots.above[lot, before])
        below[figure] += least * (lots.below[lot, after] - lots.below[lot, before])
        used = exact_sum(len(above), lots.figure, choice.moved)
        spent = ~lots.turned[lot, before] & lots.turned[lot, after] & (used[figure] >= self.strays)
        loose[figure] |= (least < lots.size[lot]) | spent
        return above, below, loose

    def _changes(self, choice: _Choice, at: Picks) -> tuple[Picks, Picks, Mask]:
        """Return the changes that one record of some lots can make: from which option, to which, whether it can.

        Any option may be taken by one that is turned; each of shape (lots, options twice).
        """
        lots, moved = self.lots, choice.moved[at][:, None]
        shape, left = (len(at), lots.below.shape[1]), lots.count[at][:, None] > moved
        taken, turned = (
            np.broadcast_to(np.asarray(each)[at][:, None], shape) for each in (choice.taken, choice.turned)
        )
        options = np.broadcast_to(np.arange(shape[1]), shape)
        can = [left & (~lots.turned[at] | (self.strays > 0)), np.broadcast_to(moved > 0, shape)]
        return (
            np.concatenate([taken, turned], axis=1),
            np.concatenate([options] * 2, axis=1),
            np.concatenate(can, axis=1),
        )


def _by_gain(figure: npt.NDArray[np.intp], gain: Numbers) -> Picks:
    """Return the order by figure and, within one, from the greatest gain."""
    if gain.dtype != object:
        return np.lexsort((-gain, figure))
    places = sorted(range(len(gain)), key=lambda place: (figure[place], -gain[place]))
    return np.array(places, np.intp)


def _too_great(above: Numbers, below: Numbers, lots: Lots) -> bool:
    """Return whether products of the sums could leave int64."""
    if object in (above.dtype, below.dtype, lots.above.dtype):
        return True
    counts = float(lots.cases.astype(float).sum()) + 1
    upper = _size(above) + counts * (_size(lots.above) + 1)
    lower = _size(below) + counts * (_size(lots.below) + 1)
    return upper * lower * 4 >= SAFE


def _size(values: Numbers) -> float:
    return max(float(values.max(initial=0)), -float(values.min(initial=0)))


def _reduced(p: Numbers, q: Numbers) -> tuple[Numbers, Numbers]:
    common = np.maximum(np.gcd(p, q), 1)
    return p // common, q // common


@attrs.frozen(eq=False, repr=False)
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
    there = numbers.count > 0
    numbers = Ranks(*(getattr(numbers, field.name)[there] for field in attrs.fields(Ranks)))
    if float(numbers.count.astype(float).sum()) * den >= SAFE:
        numbers = attrs.evolve(numbers, count=numbers.count.astype(object))
    low, met = _first_reached(
        figures,
        numbers.figure,
        numbers.least,
        *_jumps(numbers, p, low=True),
        none_is_zero=False,
        start=strays * num,
    )
    if not num:
        return low, _greatest_least(figures, numbers, strays), met
    high, _ = _first_reached(
        figures,
        numbers.figure,
        -numbers.greatest,
        *_jumps(numbers, p, low=False),
        none_is_zero=True,
        start=strays * (den - num),
    )
    return low, -high, met


def _greatest_least(figures: int, numbers: Ranks, strays: Integers) -> Integers:
    """Return the greatest that the least number of each figure can be: no more than any that is there for sure."""
    found, least = np.full(figures, -NO_END), np.full(figures, NO_END)
    np.maximum.at(found, numbers.figure, numbers.greatest)
    sure = numbers.figure[~numbers.absent]
    np.minimum.at(least, sure, numbers.greatest[~numbers.absent])
    return np.where((np.bincount(sure, minlength=figures) > 0) & (strays == 0), least, found)


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
