"""The least and the greatest quotients of sums that the records in doubt can make."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

import attrs
import numpy as np
import numpy.typing as npt

from casequality.arrays import MISSING, Mask
from casequality.metrics.bounds import Bounds, Ends, Why, numbers_seen, reasons_of
from casequality.metrics.counts import Counts
from casequality.metrics.extremes import Lots, Numbers, exact_sum, quotients
from casequality.metrics.grid import SETTLED, Grid
from casequality.metrics.outcomes import NO, OPEN, UNKNOWN, YES, Role
from casequality.metrics.states import Points, Term, points_of
from casequality.metrics.touched import Touched, sum_of
from casequality.metrics.uncertain import Items, Keyed, Number, Seen, blank_items, items_of, seen

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
        # what a record adds does not hang on whether it will be a yes or a no: open and unknown ones are certain
        indifferent = all((YES in term.roles) == (NO in term.roles) and term.of != "amount" for term in terms)
        roles = (*SETTLED, OPEN, UNKNOWN) if indifferent else SETTLED
        certain = Counts(sound.dated)
        upper, lower = (_certain(certain, each, roles, self.number) for each in (self.above, self.below))
        lower = lower + self.base
        found = [items_of(grid, sound, self.number, open_settled=indifferent)]
        found += [blank_items(grid, sound, grid.doubted)] if grid.doubted else []
        placed_only = all(term.when == "placed" for term in terms)
        parts = [
            self._lots(items, *seen(items, placed_only, self._idle, elsewhere=place > 0), astray=place > 0)
            for place, items in enumerate(found)
        ]
        doubt = reasons_of([each.why for each in parts], size)
        return self._settled(upper, lower, parts, doubt)

    @property
    def number(self) -> Number:
        """Which number of a record matters."""
        kinds = {term.of for term in (*self.above, *self.below)} - {"case"}
        return "bin" if "age" in kinds else "amount" if kinds else "none"

    def _points(self, keys: Keyed) -> Points:
        return points_of(keys, self.above, self.below, self.grid.closed)

    def _idle(self, keys: Keyed) -> Mask:
        return self._points(keys).idle

    def _lots(self, items: Items, pairs: Seen, keys: Keyed, *, astray: bool) -> _Part:
        if not keys:
            return _Part.none()
        points = self._points(keys)
        pairs = pairs.chosen(~points.idle[pairs.key])
        key, item = pairs.key, pairs.item
        low, high = (numbers_seen(items, pairs, name, self.number)[:, None] for name in ("low", "high"))
        mode, each, limits = np.where(low == MISSING, FREE, points.mode[key]), points.each[key], self.grid.limits
        least = np.where(mode == FREE, limits.least or 0, low)
        most = np.where(mode == KNOWN, high, limits.most or 0)
        endless = [
            (each > 0) & (mode == FREE) & (limits.least is None),
            (each > 0) & (mode > 0) & (limits.most is None),
        ]
        return _Part(
            figure=pairs.figure,
            rows=items.rows[item],
            cases=items.cases[item],
            weightless=items["weightless"][item] > 0,
            low=points.above[key] + each * least,
            high=points.above[key] + each * most,
            below=points.below[key],
            endless=(endless[0].any(axis=1), endless[1].any(axis=1)),
            why=Why(pairs.figure, key, items.rows[item], points.varies | astray, keys),
            loose=np.full(len(key), astray) & (each > 0).any(axis=1),
        )

    def _settled(
        self, upper: Numbers, lower: Numbers, parts: Sequence[_Part], doubt: dict[str, npt.NDArray[np.int64]]
    ) -> Bounds:
        size, strays = self.grid.figures, self._touched()
        loose = np.zeros(size, bool)
        for part in parts:
            loose[part.figure[part.loose]] = True
        if strays is not None:
            loose |= (strays.count_by_figure > 0) & (self.number != "none")
            doubt = {**doubt, "orphans": np.minimum(self.grid.tally.accounts.orphans, strays.count_by_figure)}
        ends, possible = [], np.zeros(size, bool)
        for side, end in enumerate((-1, 1)):
            lots = _joined(parts, "low" if end < 0 else "high", self.grid.limits.heaviest)
            if strays is not None:
                lots = _beside(lots, strays.lots(end, upper, self.grid.limits.most))
            found = quotients(upper, lower, lots, -1 if end < 0 else 1, self.grid.tally.accounts.orphans)
            limited = np.ones(size, bool)
            for part in parts:
                limited[part.figure[part.endless[side]]] = False
            if strays is not None and self.number != "none" and end > 0 and self.grid.limits.most is None:
                limited[strays.count_by_figure > 0] = False
            ends.append(Ends(found.numerator, found.denominator, limited | ~found.possible))
            possible = possible | found.possible
        low, high, possible = _with_any_weight(parts, ends, possible, self.grid.limits.heaviest)
        if self.factor is not None:
            low, high = (attrs.evolve(each, numerator=each.numerator * self.factor) for each in (low, high))
        return Bounds(low, high, possible, possible & self._undefined(lower, parts), loose, doubt)

    def _undefined(self, lower: Numbers, parts: Sequence[_Part]) -> Mask:
        """Return where some way of settling the records divides by none."""
        least = lower
        for part in parts:
            fewest = np.where(part.weightless, 0, part.below.min(axis=1, initial=1 << 30))
            least = least + exact_sum(self.grid.figures, part.figure, part.cases * fewest)
        return np.asarray(least == 0, bool)

    def _touched(self) -> Touched | None:
        if not self.grid.tally.accounts.orphans:
            return None
        return Touched.of(self.counts.cells.sound, self.above, self.below, self.number)


@attrs.frozen(eq=False)
class _Part:
    """Lots of records in doubt, with what they add at the least and at the most; shapes (lots,) and (lots, options)."""

    figure: npt.NDArray[np.intp]
    rows: npt.NDArray[np.int64]
    cases: npt.NDArray[np.int64]
    weightless: Mask
    low: Numbers
    high: Numbers
    below: Numbers
    endless: tuple[Mask, Mask]
    why: Why | None
    loose: Mask

    @classmethod
    def none(cls) -> _Part:
        """Return no lots."""
        none, flat = np.zeros(0, np.int64), np.zeros((0, 1), np.int64)
        no = np.zeros(0, bool)
        return cls(none.astype(np.intp), none, none, no, flat, flat, flat, (no, no), None, no)


def _certain(counts: Counts, terms: Sequence[Term], roles: Sequence[Role], number: Number) -> Numbers:
    """Return the sum of terms over the records whose role is certain."""
    found: Numbers = np.zeros(counts.size, np.int64)
    for term in terms:
        found = found + sum_of(counts, term, tuple(role for role in term.roles if role in roles), number)
    return found


def _joined(parts: Sequence[_Part], name: Literal["low", "high"], heaviest: int | None) -> Lots:
    """Return parts as lots; of rows that stand for nobody knows how many cases, as none, one and as many as can be."""
    widest = max((part.below.shape[1] for part in parts), default=1)
    found = []
    for part in parts:
        above, below = (_wide(each, widest) for each in (getattr(part, name), part.below))
        light = part.weightless
        nothing = np.zeros((int(light.sum()), 1), np.int64)
        # counted by the row: none, one, or the heaviest; a weight without limit is seen to apart
        scale = 1 if heaviest is None else heaviest
        light_above = np.concatenate([nothing, above[light], above[light] * scale], axis=1)
        light_below = np.concatenate([nothing, below[light], below[light] * scale], axis=1)
        found.append((part.figure[~light], part.cases[~light], above[~light], below[~light]))
        found.append((part.figure[light], part.rows[light], light_above, light_below))
    found.append((np.zeros(0, np.intp), np.zeros(0, np.int64), np.zeros((0, 1), np.int64), np.zeros((0, 1), np.int64)))
    width = max(each[2].shape[1] for each in found)
    figure, count = np.concatenate([each[0] for each in found]), np.concatenate([each[1] for each in found])
    above, below = (np.concatenate([_wide(each[place], width) for each in found]) for place in (2, 3))
    return Lots(figure, count, above, below, np.zeros(len(figure), bool))


def _wide(values: Numbers, width: int) -> Numbers:
    lacking = width - values.shape[1]
    return values if not lacking else np.concatenate([values, np.repeat(values[:, :1], lacking, axis=1)], axis=1)


def _beside(one: Lots, other: Lots) -> Lots:
    width = max(one.above.shape[1], other.above.shape[1])
    parts = [
        (each.figure, each.count, _wide(each.above, width), _wide(each.below, width), each.swaps)
        for each in (one, other)
    ]
    return Lots(*(np.concatenate(each) for each in zip(*parts, strict=True)))


def _with_any_weight(
    parts: Sequence[_Part], ends: Sequence[Ends], possible: Mask, heaviest: int | None
) -> tuple[Ends, Ends, Mask]:
    """Return the ends drawn to what a row would give alone if it stood for more cases than anybody can say."""
    low, high = ends
    if heaviest is not None:
        return low, high, possible
    for part in parts:
        light = np.flatnonzero(part.weightless)
        for option in range(part.below.shape[1]):
            figure, under = part.figure[light], part.below[light, option]
            top_low, top_high = part.low[light, option], part.high[light, option]
            endless = (under == 0) & (top_high > 0)
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
