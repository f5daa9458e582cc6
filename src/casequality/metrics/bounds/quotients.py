"""The least and the greatest quotients of sums that the records in doubt can make."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

import attrs
import numpy as np
import numpy.typing as npt

from casequality.days import MISSING, Mask
from casequality.metrics.bounds.counts import Counts
from casequality.metrics.bounds.ends import Bounds, Ends, Why, numbers_seen, reasons_of
from casequality.metrics.bounds.extremes import Lots, Numbers, exact_sum, least_divisors, quotients
from casequality.metrics.bounds.sight import Keyed, Stretches, seen
from casequality.metrics.bounds.states import BESIDE, Points, Term, points_of
from casequality.metrics.bounds.uncertain import Items, Number, blank_items, items_of, moved_facets
from casequality.metrics.tallies import DECIDED, NO, OUT, STRAY, UNDATED, YES, Grid, Role


def sum_of(counts: Counts, term: Term, roles: Sequence[Role], number: Number = "none") -> Numbers:
    """Return the sum of one term by figure; of a mean, only the cases with an amount are divided by."""
    if not roles:
        return np.zeros(counts.size, np.int64)
    if term.of == "amount":
        return counts.amount(*roles)
    if term.of == "age":
        return counts.cells.age_sums(roles)[0]
    if number == "amount" and term.when == "placed":
        return counts.measured(*roles)
    count = {
        "placed": counts.cases,
        "began": counts.began,
        "began a year before": counts.began_a_year_before,
        "ended": counts.ended,
        "pending": counts.pending,
    }[term.when]
    return count(*roles)


KNOWN: Final = 0
FREE: Final = 1


def quotient_bounds(
    counts: Counts, above: Sequence[Term], below: Sequence[Term], base: int = 0, *, factor: Numbers | None = None
) -> Bounds:
    """Return the bounds of a quotient of sums of terms; `base` is what is below in any case.

    factor: by what each figure's numerator is multiplied, shape (figures,).
    """
    return _Quotient(counts, tuple(above), tuple(below), base, factor).bounds()


@attrs.frozen(eq=False, slots=False)
class _Quotient:
    counts: Counts
    above: tuple[Term, ...]
    below: tuple[Term, ...]
    base: int
    factor: Numbers | None

    @property
    def grid(self) -> Grid:
        return self.counts.grid

    def bounds(self) -> Bounds:
        grid, size = self.grid, self.grid.figures
        sound, terms = self.counts.cells.sound, (*self.above, *self.below)
        # what a record adds does not hang on whether it will be a yes or a no
        indifferent = all((YES in term.roles) == (NO in term.roles) and term.of != "amount" for term in terms)
        settled = () if any(term.of == "amount" for term in terms) else grid.certain_of(*(term.roles for term in terms))
        roles = (*DECIDED, *settled)
        certain = Counts(sound.dated)
        upper, lower = (_certain(certain, each, roles, self.number) for each in (self.above, self.below))
        lower = lower + self.base
        moved = moved_facets(grid)
        touched = grid.tally.accounts.orphans > 0 and (not indifferent or grid.brought_in or bool(moved.any()))
        out = any(OUT in term.roles for term in terms)
        found = [items_of(grid, sound, self.number, certain=settled, touched=touched, moved=moved, out=out)]
        if grid.doubted:
            doubted = (grid, sound, self.number, grid.doubted)
            found.append(blank_items(*doubted, certain=settled, touched=touched, moved=moved, out=out))
        placed_only = all(term.when == "placed" for term in terms)
        parts, more_above, more_below = [], np.zeros(size, np.int64), np.zeros(size, np.int64)
        for items in found:
            sights, keys = seen(items, placed_only, self._idle)
            points = self._points(keys)
            steady = self._steady(items, sights, points)
            parts.append(self._lots(items, sights.chosen(~steady), keys, points, upper))
            more = self._steady_sums(items, sights.chosen(steady), points)
            more_above, more_below = more_above + more[0], more_below + more[1]
        doubt = reasons_of([each.why for each in parts], size)
        return self._settled(upper + more_above, lower + more_below, parts, doubt)

    @property
    def number(self) -> Number:
        """Which number of a record matters."""
        kinds = {term.of for term in (*self.above, *self.below)} - {"case"}
        return "bin" if "age" in kinds else "amount" if kinds else "none"

    def _points(self, keys: Keyed) -> Points:
        return points_of(keys, self.above, self.below, self.grid)

    def _idle(self, keys: Keyed) -> Mask:
        return self._points(keys).idle

    def _steady(self, items: Items, sights: Stretches, points: Points) -> Mask:
        """Return which records add the same whatever they turn out to be: nothing about them has to be searched."""
        item, counted, mode = sights.item, points.each > 0, points.mode != KNOWN
        same = [(each == each[:, :1]).all(axis=1) for each in (points.above, points.each, points.below)]
        alone: Mask = np.asarray(np.logical_and.reduce(same), bool) & ~(
            points.turned | (points.own > 0) | (counted & mode)
        ).any(axis=1)
        known: Mask = np.asarray((items["low"] != MISSING) & (items["low"] == items["high"]))
        if self.number == "bin":
            known &= items["entry"] > UNDATED
        plain: Mask = np.asarray((items["weightless"] == 0) & (items["kind"] != STRAY))
        if items.elsewhere:
            plain = np.zeros_like(plain)
        steady: Mask = alone[sights.key] & plain[item] & (known[item] | ~np.asarray(counted.any(axis=1))[sights.key])
        return steady

    def _steady_sums(self, items: Items, sights: Stretches, points: Points) -> tuple[Numbers, Numbers]:
        """Return what such records add above and below, by figure."""
        if not len(sights.item):
            return np.zeros(self.grid.figures, np.int64), np.zeros(self.grid.figures, np.int64)
        key, item = sights.key, sights.item
        above, each, below = (part[key, 0] for part in (points.above, points.each, points.below))
        cases, low = items.cases[item], np.where(each > 0, items["low"][item], 0)
        if self.number != "bin":
            return sights.sums(_times(cases, above + _times(each, low))), sights.sums(_times(cases, below))
        began = self.grid.tally.assumed.axis.begin_of(items["entry"][item]) + low
        # an age at a period's end is the day of that end less the day of beginning
        ages = _times(sights.sums(_times(cases, each)), self.grid.by_figure(self.grid.last_days()))
        return ages + sights.sums(_times(cases, above - each * began)), sights.sums(_times(cases, below))

    def _lots(self, items: Items, sights: Stretches, keys: Keyed, points: Points, upper: Numbers) -> _LotsInDoubt:
        if not len(sights.item):
            return _LotsInDoubt.none()
        pairs, astray = sights.pairs(), items.elsewhere
        key, item, limits = pairs.key, pairs.item, self.grid.limits
        if self.number == "bin" and (limits.least or 0) <= 0:  # nothing is younger than 0 days
            limits = attrs.evolve(limits, least=0)
        low, high = (numbers_seen(items, pairs, name, self.number)[:, None] for name in ("low", "high"))
        mode, each, own = np.where(low == MISSING, FREE, points.mode[key]), points.each[key], points.own[key]
        free, grows, light = (each > 0) & (mode == FREE), (each > 0) & (mode > 0), items["weightless"][item] > 0
        least = np.where(mode == FREE, limits.least or 0, low)
        most = np.where(mode == KNOWN, high, limits.most or 0)
        # a record that a stray row turns takes away its own amount, which nobody kept: at worst all there is
        taken = np.maximum(upper[pairs.figure], 0)[:, None] if limits.most is None and own.any() else limits.most or 0
        down, up = (np.full(each.shape, end is None) for end in (limits.least, limits.most))
        bottomless, endless = (free & down) | ((own > 0) & down & up), (grows & up) | ((own > 0) & down)
        turned = points.turned[key]
        varies = points.varies[key] | astray | (free & ~turned).any(axis=1) | light
        # the amounts of records without a label are kept as their sum only
        unlabelled = (low == MISSING)[:, 0] & (astray and self.number == "amount")
        return _LotsInDoubt(
            figure=pairs.figure,
            rows=items.rows[item],
            cases=items.cases[item],
            weightless=light,
            mixed=items["mixed"][item] > 0,
            low=points.above[key] + each * least - own * taken,
            high=points.above[key] + each * most - own * (limits.least or 0),
            below=points.below[key],
            turned=turned,
            endless=(bottomless.any(axis=1), endless.any(axis=1)),
            why=Why(pairs.figure, key, items.rows[item], varies & (items["touched"][item] & BESIDE == 0), keys),
            loose=((each + own > 0).any(axis=1) & (turned.any(axis=1) | (low < high)[:, 0] | unlabelled))
            | (items["kind"][item] == STRAY),  # of whom it is, and how much it weighs, is not kept
        )

    def _settled(
        self, upper: Numbers, lower: Numbers, parts: Sequence[_LotsInDoubt], doubt: dict[str, npt.NDArray[np.int64]]
    ) -> Bounds:
        size, strays, limits = self.grid.figures, self.grid.tally.accounts.orphans, self.grid.limits
        loose, ends, possible = np.zeros(size, bool), [], np.zeros(size, bool)
        # of a record that counts in several facets nobody keeps what it adds to one together with what to another
        joined = not self.grid.apart and len(self.grid.tally.facets) > 1
        for part in parts:
            loose[part.figure[part.loose]] = True
            if joined and part.why is not None:
                loose[part.figure[part.why.varies]] = True
        if strays:
            turned = _turning(parts, size) + doubt.get("orphans", 0)
            doubt = {**doubt, "orphans": np.minimum(strays, turned)}
        for side, end in enumerate((-1, 1)):
            lots = _joined(parts, "low" if end < 0 else "high", limits.heaviest)
            found = quotients(upper, lower, lots, -1 if end < 0 else 1, strays)
            limited = np.ones(size, bool)
            for part in parts:
                limited[part.figure[part.endless[side]]] = False
            top, loose = found.numerator, loose | found.loose
            if end < 0 and strays and self.number != "none" and (limits.least or 0) >= 0 and limits.least is not None:
                top = np.maximum(top, 0)  # what each record takes away at most may be more than all have
            ends.append(Ends(top, found.denominator, limited | ~found.possible))
            possible = possible | found.possible
        lots = _joined(parts, "low", limits.heaviest)
        least, guessed = least_divisors(lower, lots, strays)
        loose = loose | (guessed & (least <= 0))
        most = lower + exact_sum(size, lots.figure, lots.cases * lots.below.max(axis=1, initial=0))
        low, high, possible = _with_any_weight(parts, ends, possible, most, limits.heaviest)
        if self.factor is not None:
            low, high = (attrs.evolve(each, numerator=each.numerator * self.factor) for each in (low, high))
        return Bounds(low, high, possible, possible & np.asarray(least <= 0, bool), loose, doubt)


@attrs.frozen(eq=False)
class _LotsInDoubt:
    """Lots of records in doubt, with what they add at the least and at the most; shapes (lots,) and (lots, options)."""

    figure: npt.NDArray[np.intp]
    rows: npt.NDArray[np.int64]
    cases: npt.NDArray[np.int64]
    weightless: Mask
    mixed: Mask
    low: Numbers
    high: Numbers
    below: Numbers
    turned: npt.NDArray[np.bool_]
    endless: tuple[Mask, Mask]
    why: Why | None
    loose: Mask

    @classmethod
    def none(cls) -> _LotsInDoubt:
        """Return no lots."""
        none, flat = np.zeros(0, np.int64), np.zeros((0, 1), np.int64)
        no = np.zeros(0, bool)
        return cls(none.astype(np.intp), none, none, no, no, flat, flat, flat, flat > 0, (no, no), None, no)


def _times(values: Numbers, factor: Numbers) -> Numbers:
    """Return exact products, as Python's own integers where int64 may not hold them."""
    many = float(np.abs(values.astype(float)).max(initial=0)) * float(np.abs(factor.astype(float)).max(initial=0))
    return values * factor if many < 1 << 61 else values.astype(object) * factor.astype(object)


def _turning(parts: Sequence[_LotsInDoubt], size: int) -> npt.NDArray[np.int64]:
    """Return how many records of each figure a stray row can turn into something else."""
    found = np.zeros(size, np.int64)
    for part in parts:
        its = part.turned.any(axis=1)
        np.add.at(found, part.figure[its], part.rows[its])
    return found


def _certain(counts: Counts, terms: Sequence[Term], roles: Sequence[Role], number: Number) -> Numbers:
    """Return the sum of terms over the records whose role is certain."""
    found: Numbers = np.zeros(counts.size, np.int64)
    for term in terms:
        found = found + sum_of(counts, term, tuple(role for role in term.roles if role in roles), number)
    return found


def _joined(parts: Sequence[_LotsInDoubt], name: Literal["low", "high"], heaviest: int | None) -> Lots:
    """Return parts as lots; of rows that stand for nobody knows how many cases, as none, one and as many as can be.

    A record turns with all its cases. Of records that stand for different numbers of cases, each may be the lightest.
    """
    flat, wide = np.zeros(0, np.int64), np.zeros((0, 1), np.int64)
    found = [Lots(flat.astype(np.intp), flat, flat, flat, wide, wide, wide > 0)]
    scale = 1 if heaviest is None else heaviest  # a weight without limit is seen to apart
    for part in parts:
        alike, single = ~part.mixed & (part.rows == part.cases), ~part.mixed & (part.rows == 1)
        least = np.where(single & ~alike, part.cases, 1)
        sizes = np.where(alike, part.rows, 1), np.where(alike, 1, part.cases), least
        heavy = Lots(part.figure, *sizes, getattr(part, name), part.below, part.turned)
        found.append(heavy if not part.weightless.any() else heavy.chosen(~part.weightless))
        if part.weightless.any():
            light = heavy.chosen(part.weightless)
            rows, ones = part.rows[part.weightless], np.ones(len(light.figure), np.int64)
            nothing = np.zeros((len(rows), 1), np.int64)
            above, below = (
                np.concatenate([nothing, each, each * scale], axis=1) for each in (light.above, light.below)
            )
            turned = np.concatenate([nothing > 0, light.turned, light.turned], axis=1)
            found.append(Lots(light.figure, rows, ones, ones, above, below, turned))
    width = max(each.above.shape[1] for each in found)
    plain, options = ("figure", "count", "size", "least"), ("above", "below", "turned")
    return Lots(
        *(np.concatenate([getattr(each, name) for each in found]) for name in plain),
        *(np.concatenate([_wide(getattr(each, name), width) for each in found]) for name in options),
    )


def _wide(values: Numbers, width: int) -> Numbers:
    lacking = width - values.shape[1]
    return values if not lacking else np.concatenate([values, np.repeat(values[:, :1], lacking, axis=1)], axis=1)


def _with_any_weight(
    parts: Sequence[_LotsInDoubt], ends: Sequence[Ends], possible: Mask, most: Numbers, heaviest: int | None
) -> tuple[Ends, Ends, Mask]:
    """Return the ends drawn to what a row would give alone if it stood for more cases than anybody can say.

    most: the greatest that each figure can be divided by where each of them stands for one.
    """
    low, high = ends
    if heaviest is not None:
        return low, high, possible
    for part in parts:
        light = np.flatnonzero(part.weightless)
        for option in range(part.below.shape[1]):
            figure, under = part.figure[light], part.below[light, option]
            top_low, top_high = part.low[light, option], part.high[light, option]
            others = most[figure] - part.below[light].max(axis=1, initial=0)
            endless = (under == 0) & (top_high > 0) & (others > 0)
            high = attrs.evolve(high, limited=_unset(high.limited, figure[endless]))
            draws = under > 0
            low = _drawn(low, figure[draws], top_low[draws], under[draws], possible, -1)
            high = _drawn(high, figure[draws], top_high[draws], under[draws], possible, 1)
            possible = possible.copy()
            possible[figure[draws]] = True
    return low, high, possible


def _unset(mask: Mask, rows: npt.NDArray[np.intp]) -> Mask:
    found = mask.copy()
    found[rows] = False
    return found


def _drawn(ends: Ends, figure: npt.NDArray[np.intp], above: Numbers, below: Numbers, possible: Mask, end: int) -> Ends:
    """Return ends no further in than some quotients, or these where there was no figure."""
    top, under = ends.numerator.copy(), ends.denominator.copy()
    seen_before = possible.copy()
    for at, p, q in zip(figure.tolist(), above.tolist(), below.tolist(), strict=True):
        if not seen_before[at] or end * (p * int(under[at]) - int(top[at]) * q) > 0:
            top[at], under[at] = p, q
            seen_before[at] = True
    return attrs.evolve(ends, numerator=top, denominator=under)
