"""Quantiles and their bounds: the least and greatest of ranks, and times to an end by Kaplan and Meier."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any, Final, TypeAlias

import attrs
import numpy as np
import numpy.typing as npt

from casequality.days import MISSING, Integers, Mask
from casequality.metrics.bounds.counts import Beginnings, CellTable, Counts
from casequality.metrics.bounds.ends import Bounds, Ends, Why, numbers_seen, reasons_of
from casequality.metrics.bounds.extremes import NO_END, SAFE, Numbers, Ranks, exact_sum, rank_ends
from casequality.metrics.bounds.sight import FigureItems, Keyed, Stretches, seen
from casequality.metrics.bounds.states import Presence, When, presence_of
from casequality.metrics.bounds.uncertain import Items, Number, blank_items, items_of
from casequality.metrics.tallies import DECIDED, KEPT, OUT, STRAY, UNDATED, YES, Grid, Role, is_coarse, widths


def rank_bounds(
    counts: Counts,
    p: tuple[int, int],
    *,
    when: When = "placed",
    roles: Sequence[Role] = (YES,),
    lasting: bool = False,
    ticks: int = 1,
) -> Bounds:
    """Return the bounds of the p-quantile of numbers: of bins of so many ticks, or (when="pending") of ages.

    lasting: whether what is open is ranked too, as what has lasted so long and may last for ever.
    """
    limits, sound, table = counts.grid.limits, counts.cells.sound, counts.grid.doubts
    # rounded up as bins are, see `whole_seconds`
    least, most = (None if end is None else -(-end // ticks) for end in (limits.least, limits.most))
    # no bin and no age is less than 0; a row of any weight outweighs whatever share of the others is asked for
    grid = counts.grid.limited(least=max(least or 0, 0), most=most)
    heavy = (int(sound.values[1].sum()) + int(table[-2].sum()) + 1) * 2 * p[1]
    how = _Ranked(grid, sound, when, tuple(roles), lasting, heavy if limits.heaviest is None else limits.heaviest)
    low, high, possible, absent, loose, doubt = how.ends(p)
    one, endless = np.ones(grid.figures, np.int64), high >= NO_END
    return Bounds(
        low=Ends(low * ticks, one, np.ones(grid.figures, bool)),
        high=Ends(np.where(endless, 0, high) * ticks, one, ~endless),
        possible=possible,
        undefined=possible & absent,
        loose=loose,
        doubt=doubt,
    )


@attrs.frozen(eq=False, repr=False)
class _Ranked:
    """Which numbers are ranked: of what, in which roles, and how many cases a row stands for at most.

    grid: the figures, with limits in bins. when, lasting: as in `rank_bounds`.
    """

    grid: Grid
    sound: CellTable
    when: When
    roles: tuple[Role, ...]
    lasting: bool
    heavy: int

    @property
    def indifferent(self) -> bool:
        """Whether it makes no difference if a record will be a yes or a no."""
        return set(KEPT) <= set(self.roles)

    @property
    def settled(self) -> tuple[Role, ...]:
        """Which roles of records that are not settled are certain all the same."""
        return self.grid.certain_of(self.roles) if self.indifferent else ()

    def ends(self, p: tuple[int, int]) -> tuple[Any, Any, Mask, Mask, Mask, dict[str, Any]]:
        """Return the least and the greatest quantiles, where there can be one and none, what is loose, and reasons."""
        grid, pending, certain = self.grid, self.when == "pending", self.sound.dated
        settled = (*(role for role in self.roles if role in DECIDED), *self.settled)
        coarse, orphans = is_coarse(grid.doubts), grid.tally.accounts.orphans > 0
        orphans &= not self.indifferent or grid.brought_in
        loose, parts, whys = np.zeros(grid.figures, bool), [], []
        several = list(self._seen("bin", self.roles))
        if several and pending and not orphans and all(self._steady(*each) for each in several):
            ages = [self._beginnings(items, sights) for items, sights, *_ in several]
            low, met = certain.ages_ranked(settled, p, ages)  # whatever comes of them: both ends are the quantile
            return low, low, met, ~met, loose, {}
        for items, sights, presence, keys in several:
            pairs = sights.pairs()
            parts.append(_possible(items, pairs, presence, self))
            light, lacking = items["weightless"] > 0, items["low"] == MISSING
            varies = presence.varies[pairs.key] | (light | lacking)[pairs.item] | items.elsewhere
            whys.append(Why(pairs.figure, pairs.key, items.rows[pairs.item], varies, keys))
            loose[pairs.figure[((items["low"] < items["high"]) | (items["kind"] == STRAY))[pairs.item]]] = True
        doubt = reasons_of(whys, grid.figures)
        if not any(len(part.figure) for part in parts) and not orphans and not coarse:
            low, met = certain.quantiles(pending, settled, p)  # nothing in doubt: both ends are the quantile
            return low, low, met, ~met, loose, doubt
        figure, number, weight = certain.numbers_of(pending, settled)
        greatest = number + widths(number) if coarse and not pending else number
        loose[figure[number < greatest]] = True
        parts.append(_ranks(figure, weight, number, greatest, np.zeros(len(figure), bool)))
        strays = np.zeros(grid.figures, np.int64)
        if orphans:
            more, strays, rows = self._strays()
            parts.append(more)
            doubt["orphans"] = np.minimum(grid.tally.accounts.orphans, rows + doubt.get("orphans", 0))
        ranks = _together(parts)
        low, high, possible = rank_ends(grid.figures, ranks, p, strays)
        return low, high, possible, _all_absent(grid.figures, ranks, strays), loose | (strays > 0), doubt

    def _steady(self, items: Items, sights: Stretches, presence: Presence, _: Keyed) -> bool:
        """Return whether every record in doubt is among those ranked with one number, whatever it turns out to be."""
        known = (items["low"] != MISSING) & (items["low"] == items["high"]) & (items["entry"] > UNDATED)
        plain = known & (items["weightless"] == 0) & (items["kind"] != STRAY)
        steady = not presence.varies[sights.key].any() and bool(plain[sights.item].all())
        return steady and not items.elsewhere and self.weights(items).dtype != object

    def _beginnings(self, items: Items, sights: Stretches) -> Beginnings:
        """Return such records by the day on which they began, and the periods in which they are pending."""
        began = self.grid.tally.assumed.axis.begin_of(items["entry"]) + items["low"]
        item = sights.item
        return sights.stratum, began[item], self.weights(items)[item], sights.first, sights.end

    def _seen(self, number: Number, roles: Sequence[Role]) -> Iterator[tuple[Items, Stretches, Presence, Keyed]]:
        """Yield records in doubt as figures see them; with no number, those that a stray child row can turn, too."""
        grid, touched = self.grid, number == "none"

        def presence(keys: Keyed) -> Presence:
            return presence_of(keys, self.when, roles, grid, self.lasting)

        settled = self.settled
        several = [items_of(grid, self.sound, number, certain=settled, touched=touched)]
        if grid.doubted:
            blank = blank_items(grid, self.sound, number, grid.doubted, certain=settled, touched=touched)
            several.append(blank)
        for items in several:
            sights, keys = seen(items, self.when == "placed", lambda some: presence(some).idle)
            if keys:
                yield items, sights, presence(keys), keys

    def weights(self, items: Items) -> Numbers:
        """Return how many cases each stands for, at the most where nobody knows; exact however many."""
        rows = items.rows if self.heavy * int(items.rows.sum()) < SAFE else items.rows.astype(object)
        return np.where(items["weightless"] > 0, rows * self.heavy, items.cases)

    def _strays(self) -> tuple[Ranks, npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Return the numbers that stray child rows may add, how many cases they may turn, and how many records."""
        grid = self.grid
        rows, cases = np.zeros(grid.figures, np.int64), np.zeros(grid.figures, np.int64)
        for items, sights, *_ in self._seen("none", (*DECIDED, OUT) if grid.brought_in else DECIDED):
            pairs = sights.pairs()
            its = pairs.chosen(items["touched"][pairs.item] > 0)
            np.add.at(rows, its.figure, items.rows[its.item])
            cases = cases + exact_sum(grid.figures, its.figure, self.weights(items)[its.item])
        # of records that stand for numbers of cases nobody knows which the stray rows turn
        strays = np.where(rows == cases, np.minimum(grid.tally.accounts.orphans, rows), cases)
        affected = np.flatnonzero(strays > 0)
        least = np.full(len(affected), grid.limits.least or 0)
        most = np.full(len(affected), NO_END if self.lasting or grid.limits.most is None else grid.limits.most)
        return _ranks(affected, strays[affected], least, most, np.ones(len(affected), bool)), strays, rows


def _possible(items: Items, pairs: FigureItems, presence: Presence, how: _Ranked) -> Ranks:
    """Return the numbers that records in doubt may have."""
    key, item, limits = pairs.key, pairs.item, how.grid.limits
    number: Number = "bin" if how.when == "pending" else "none"
    low, high = (numbers_seen(items, pairs, name, number) for name in ("low", "high"))
    lacking = low == MISSING
    free = presence.free[key] | lacking
    later = presence.later[key] & ~lacking
    least = np.where(free, limits.least or 0, low)
    own = (later | presence.known[key]) & ~lacking
    least = np.where(free & own, np.minimum(low, least), least)
    endless = NO_END if how.lasting or limits.most is None else limits.most
    most = np.where(free | later, endless, high)
    most = np.where(free & own, np.maximum(high, most), most)
    light = items["weightless"][item] > 0
    return _ranks(pairs.figure, how.weights(items)[item], least, most, presence.absent[key] | light)


def _all_absent(figures: int, ranks: Ranks, strays: Any) -> Mask:
    """Return where there may be no number at all, since no more are there for sure than stray rows can turn."""
    sure = np.where(ranks.absent, 0, ranks.count)
    return np.asarray(exact_sum(figures, ranks.figure, sure) <= strays, bool)


def _ranks(figure: Any, count: Any, least: Any, greatest: Any, absent: Mask) -> Ranks:
    return Ranks(np.asarray(figure, np.intp), count, least, greatest, absent)


def _together(parts: Sequence[Ranks]) -> Ranks:
    return Ranks(*(np.concatenate([getattr(part, f.name) for part in parts]) for f in attrs.fields(Ranks)))


Numbered: TypeAlias = tuple[npt.NDArray[np.intp], Integers, Integers]
NEAR: Final = 1e-9
"""How close to its mark a product of floats may come before whole numbers decide."""


def time_to_end(figures: int, ended: Numbered, waited: Numbered, p: Fraction) -> tuple[Integers, Mask, Mask]:
    """Return the least time at which at most 1 - p still wait, where that is reached, and where there is any record.

    ended, waited: figure, time and how many, in no order. The product over all times is taken once, as running sums of
    logarithms; only where it passes the mark closely are its factors multiplied as whole numbers.
    """
    figure, time = (np.concatenate([ended[place], waited[place]]) for place in (0, 1))
    ends = np.concatenate([ended[2], 0 * waited[2]])
    out = np.concatenate([ended[2], waited[2]])
    found, met, some = np.zeros(figures, np.int64), np.zeros(figures, bool), np.zeros(figures, bool)
    if not len(figure):
        return found, met, some
    order = np.lexsort((time, figure))
    figure, time, ends, out = figure[order], time[order], ends[order], out[order]
    new = np.append(True, (figure[1:] != figure[:-1]) | (time[1:] != time[:-1]))
    starts = np.flatnonzero(new)
    figure, time = figure[starts], time[starts]
    ends, out = np.add.reduceat(ends, starts), np.add.reduceat(out, starts)
    first = np.flatnonzero(np.append(True, figure[1:] != figure[:-1]))
    lengths = np.diff(np.append(first, len(figure)))
    gone = np.cumsum(out)
    total = np.add.reduceat(out, first)
    left = np.repeat(total + gone[first] - out[first], lengths) - gone + out
    some[figure[first]] = total > 0
    # the product over all times is one running sum of logarithms; a factor of 0 is minus infinity there, and stays
    with np.errstate(divide="ignore"):
        steps = np.log1p(-ends / np.maximum(left, 1))
    for begin, length in zip(first.tolist(), lengths.tolist(), strict=True):
        stretch = slice(begin, begin + length)
        place = _first_passed(np.exp(np.cumsum(steps[stretch])), left[stretch], ends[stretch], 1 - p)
        if place is not None and total[np.searchsorted(first, begin)]:
            found[figure[begin]], met[figure[begin]] = time[begin + place], True
    return found, met, some


def _first_passed(waiting: npt.NDArray[np.float64], left: Integers, ends: Integers, mark: Fraction) -> int | None:
    """Return the first place at which no more than `mark` still wait, None where that is not reached."""
    if mark == 1:  # all may wait still: the first end is asked for
        return int(np.argmax(ends > 0)) if (ends > 0).any() else None
    place = int(np.searchsorted(-waiting, -(float(mark) + NEAR)))
    while place < len(waiting):
        if waiting[place] < float(mark) - NEAR or _waiting(left[: place + 1], ends[: place + 1]) <= mark:
            return place
        place += 1 + int(np.argmax(ends[place + 1 :] > 0)) if (ends[place + 1 :] > 0).any() else len(waiting)
    return None


def _waiting(left: Integers, ends: Integers) -> Fraction:
    """Return the exact product of (left - ends) / left, most of whose factors cancel against their neighbours."""
    some = ends > 0
    above, below = (left - ends)[some], left[some]
    cancels = np.append(above[:-1] == below[1:], False)
    after: Any = np.append(False, cancels[:-1])
    return Fraction(math.prod(above[~cancels].tolist()), math.prod(below[~after].tolist()))
