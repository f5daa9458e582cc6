"""Bounds: the least and the greatest that figures can become once all records in doubt are settled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal

import attrs
import numpy as np
import numpy.typing as npt

from casequality.arrays import MISSING, Mask
from casequality.metrics.axis import UNDATED
from casequality.metrics.counts import KEPT, ROLES, SETTLED, Cells, Counts, Grid
from casequality.metrics.doubts import REASONS
from casequality.metrics.extremes import NO_END, Lots, Numbers, Ranks, exact_sum, quotients, rank_ends
from casequality.metrics.outcomes import NO, OPEN, UNKNOWN, YES, Role
from casequality.metrics.states import Presence, Term, When, points_of, presence_of
from casequality.metrics.uncertain import Items, Keys, Number, Seen, blank_items, items_of, seen

KNOWN: Final = 0
FREE: Final = 1


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


def quotient_bounds(
    counts: Counts, above: Sequence[Term], below: Sequence[Term], base: int = 0, *, factor: Numbers | None = None
) -> Bounds:
    """Return the bounds of a quotient of sums of terms; `base` is what is below in any case.

    factor: by what each figure's numerator is multiplied, shape (figures,).
    """
    return _Quotient(counts.grid, tuple(above), tuple(below), base, factor).bounds()


@attrs.frozen(eq=False, slots=False)
class _Quotient:
    grid: Grid
    above: tuple[Term, ...]
    below: tuple[Term, ...]
    base: int
    factor: Numbers | None

    def bounds(self) -> Bounds:
        grid, size = self.grid, self.grid.figures
        sound, terms = Cells.sound(grid), (*self.above, *self.below)
        # what a record adds does not hang on whether it will be a yes or a no: open and unknown ones are certain
        indifferent = all((YES in term.roles) == (NO in term.roles) and term.of != "amount" for term in terms)
        roles = (*SETTLED, OPEN, UNKNOWN) if indifferent else SETTLED
        certain = Counts(sound.chosen(sound.times["entry"] > UNDATED))
        upper, lower = (_certain(certain, each, roles, self.number) for each in (self.above, self.below))
        lower = lower + self.base
        found = [items_of(grid, sound, self.number, open_settled=indifferent)]
        placed_only = all(term.when == "placed" for term in terms)
        groups = [seen(found[0], placed_only, grid.doubted)]
        if grid.doubted:
            blank = blank_items(grid, sound, self.number, grid.doubted)
            found.append(blank)
            groups.append(seen(blank, placed_only, grid.doubted, elsewhere=True))
        parts = [
            self._lots(items, *pairs, astray=place > 0)
            for place, (items, pairs) in enumerate(zip(found, groups, strict=True))
        ]
        doubt = _reasons([each.why for each in parts], size)
        return self._settled(upper, lower, parts, doubt)

    @property
    def number(self) -> Number:
        """Which number of a record matters."""
        kinds = {term.of for term in (*self.above, *self.below)} - {"case"}
        return "bin" if "age" in kinds else "amount" if kinds else "none"

    def _lots(self, items: Items, pairs: Seen, keys: Keys, *, astray: bool) -> _Part:
        points = points_of(keys.keys, self.above, self.below, self.grid.closed) if keys.keys else None
        if points is None:
            return _Part.none()
        pairs = pairs.chosen(~points.idle[pairs.key])
        key, item = pairs.key, pairs.item
        low, high = (_numbers_seen(items, pairs, name, self.number)[:, None] for name in ("low", "high"))
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
            why=_Why(
                pairs.figure,
                key,
                items.rows[item],
                points.varies[key] | astray | ((each > 0) & (low == MISSING)).any(axis=1),
                keys,
            ),
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
        low, high, possible = _with_any_weight(parts, ends, possible, lower, self.grid.limits.heaviest)
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

    def _touched(self) -> _Touched | None:
        if not self.grid.tally.accounts.orphans:
            return None
        return _Touched.of(self.grid, self.above, self.below, self.number)


@attrs.frozen(eq=False)
class _Why:
    """Which records of which figure are in doubt, for their reasons; every array has the shape (records,)."""

    figure: npt.NDArray[np.intp]
    key: npt.NDArray[np.intp]
    rows: npt.NDArray[np.int64]
    varies: Mask
    keys: Keys


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
    why: _Why | None
    loose: Mask

    @classmethod
    def none(cls) -> _Part:
        """Return no lots."""
        none, flat = np.zeros(0, np.int64), np.zeros((0, 1), np.int64)
        no = np.zeros(0, bool)
        return cls(none.astype(np.intp), none, none, no, flat, flat, flat, (no, no), None, no)


def _numbers_seen(items: Items, pairs: Seen, name: str, number: Number) -> npt.NDArray[np.int64]:
    """Return the amount of each item, or its age at the end of the period from which it is seen; MISSING for none."""
    found = items[name][pairs.item]
    if number != "bin":
        return found
    axis, grid = items.grid.tally.assumed.axis, items.grid
    began = axis.begin_of(items["entry"][pairs.item]) + found
    age = grid.last_days()[pairs.period] - began
    return np.where((found == MISSING) | (items["entry"][pairs.item] == UNDATED), MISSING, age)


def _certain(counts: Counts, terms: Sequence[Term], roles: Sequence[Role], number: Number) -> Numbers:
    """Return the sum of terms over the records whose role is certain."""
    found: Numbers = np.zeros(counts.size, np.int64)
    for term in terms:
        found = found + sum_of(counts, term, tuple(role for role in term.roles if role in roles), number)
    return found


def sum_of(counts: Counts, term: Term, roles: Sequence[Role], number: Number = "none") -> Numbers:
    """Return the sum of one term by figure; of a mean, only the cases with an amount are divided by."""
    if not roles:
        return np.zeros(counts.size, np.int64)
    if term.of == "amount":
        return counts.amount(*roles)
    if term.of == "age":
        figure, ages, cases = counts.cells.pending_ages(roles)
        return counts.summed(figure, ages * cases)
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
    width = max((each[2].shape[1] for each in found), default=1)
    joined = (
        [
            np.concatenate([each[place] if place < 2 else _wide(each[place], width) for each in found])
            for place in range(4)
        ]
        if found
        else [np.zeros(0, np.intp), np.zeros(0, np.int64), np.zeros((0, 1), np.int64), np.zeros((0, 1), np.int64)]
    )
    return Lots(*joined, np.zeros(len(joined[0]), bool))


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
    parts: Sequence[_Part], ends: Sequence[Ends], possible: Mask, lower: Numbers, heaviest: int | None
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


def _reasons(several: Sequence[_Why | None], size: int) -> dict[str, npt.NDArray[np.int64]]:
    """Return by reason how many records of each figure are in doubt."""
    found: dict[str, npt.NDArray[np.int64]] = {}
    for each in several:
        if each is None:
            continue
        why = np.array([REASONS.index(key.why()) for key, _ in each.keys.keys])
        rows = np.flatnonzero(each.varies)
        for reason in np.unique(why[each.key[rows]]).tolist():
            its = rows[why[each.key[rows]] == reason]
            counted = exact_sum(size, each.figure[its], each.rows[its])
            found[REASONS[reason]] = found.get(REASONS[reason], 0) + counted
    return found


@attrs.frozen(eq=False)
class _Touched:
    """The certain records of each figure that a child row of nobody knows whom may belong to.

    Each line is a way in which such a record can turn: what it adds now and what it may add; shape (lines,).
    """

    figure: npt.NDArray[np.intp]
    count: npt.NDArray[np.int64]
    now: npt.NDArray[np.int64]
    then: npt.NDArray[np.int64]
    each: npt.NDArray[np.int64]
    count_by_figure: npt.NDArray[np.int64]
    limits: tuple[int | None, int | None]

    @classmethod
    def of(cls, grid: Grid, above: Sequence[Term], below: Sequence[Term], number: Number) -> _Touched:
        """Return them; a record that turns becomes a yes or a no, with any amount."""
        sound = Cells.sound(grid)
        rows, cases, *_, settled = sound.values
        open_ = np.where(rows == cases, rows - settled, np.where(rows > settled, cases, 0))
        chosen = (open_ > 0) & np.isin(sound.role, [ROLES.index(role) for role in SETTLED])
        chosen &= sound.times["entry"] > UNDATED
        cells = sound.chosen(chosen)
        packed = attrs.evolve(cells, values=np.stack([open_[chosen]] * 7), numbers=cells.numbers[:, :0])
        lines: list[tuple[Any, ...]] = []
        total = np.zeros(grid.figures, np.int64)
        counts = Counts(packed)
        for role, other in ((YES, NO), (NO, YES)):
            now, then = (tuple(_adds(terms, each) for terms in (above, below)) for each in (role, other))
            moved = _moved(counts, role, (*above, *below))
            lines.append((np.arange(grid.figures), moved, now, then))
            total = total + moved
        return cls(
            figure=np.concatenate([line[0] for line in lines]).astype(np.intp),
            count=np.concatenate([line[1] for line in lines]),
            now=np.concatenate([np.tile(line[2], (grid.figures, 1)) for line in lines]),
            then=np.concatenate([np.tile(line[3], (grid.figures, 1)) for line in lines]),
            each=np.full(2 * grid.figures, number != "none"),
            count_by_figure=total,
            limits=(grid.limits.least, grid.limits.most),
        )

    def lots(self, end: int, upper: Numbers, most: int | None) -> Lots:
        """Return the turns as lots that swap; amounts that are left are the least, or the most, that they can be."""
        above = np.stack([0 * self.count, self.then[:, 0] - self.now[:, 0]], axis=1)
        below = np.stack([0 * self.count, self.then[:, 1] - self.now[:, 1]], axis=1)
        if self.each.any():
            least = self.limits[0] or 0
            greatest = upper[self.figure] if most is None else np.full(len(self.figure), most)
            gone, come = (least, greatest) if end > 0 else (greatest, least)
            top = self.then[:, 0] * come - self.now[:, 0] * gone
            stays = self.now[:, 0] * (np.asarray(come) - np.asarray(gone))
            zero = 0 * self.count
            above = np.stack([zero, top, stays], axis=1)
            below = np.stack([zero, below[:, 1], zero], axis=1)
        return Lots(self.figure, self.count, above, below, np.ones(len(self.count), bool))


def _adds(terms: Sequence[Term], role: Role) -> int:
    return sum(role in term.roles for term in terms)


def _moved(counts: Counts, role: Role, terms: Sequence[Term]) -> npt.NDArray[np.int64]:
    """Return how many records with a role do anything in the period that the terms look at."""
    found = np.zeros(counts.size, np.int64)
    for when in dict.fromkeys(term.when for term in terms):
        found = np.maximum(found, sum_of(counts, Term(when), (role,)).astype(np.int64))
    return found


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
    limit = counts.grid.limits.most
    grid = counts.grid.limited(most=None if limit is None else -(-limit // ticks))
    sound = Cells.sound(grid)
    indifferent = set(KEPT) <= set(roles)
    certain = sound.chosen(sound.times["entry"] > UNDATED)
    settled = tuple(role for role in roles if indifferent or role in SETTLED)
    known = certain.pending_ages(settled) if when == "pending" else certain.placed_numbers(settled)
    items = items_of(grid, sound, "bin", open_settled=indifferent)
    views = [(items, *seen(items, when == "placed", grid.doubted))]
    if grid.doubted:
        blank = blank_items(grid, sound, "bin", grid.doubted)
        views.append((blank, *seen(blank, when == "placed", grid.doubted, elsewhere=True)))
    parts, whys = [_ranks(known[0], known[2], known[1], known[1], np.zeros(len(known[0]), bool))], []
    loose = np.zeros(grid.figures, bool)
    for place, (each, pairs, keys) in enumerate(views):
        if not keys.keys:
            continue
        presence = presence_of(keys.keys, when, roles, grid.closed, lasting)
        pairs = pairs.chosen(~presence.idle[pairs.key])
        parts.append(_possible(each, pairs, presence, grid, when, lasting))
        unmeasured = each["low"][pairs.item] == MISSING
        varies = presence.varies[pairs.key] | unmeasured | (place > 0)
        whys.append(_Why(pairs.figure, pairs.key, each.rows[pairs.item], varies, keys))
        loose[pairs.figure] |= place > 0
    doubt = _reasons(whys, grid.figures)
    ranks = _together(parts)
    orphans, strays = grid.tally.accounts.orphans, 0
    if orphans:
        touched = _Touched.of(grid, (Term(when, tuple(roles)),), (Term(when, (YES, NO)),), "none").count_by_figure
        affected = np.flatnonzero(touched > 0)
        extra = np.minimum(orphans, touched[affected])
        least = np.full(len(affected), (grid.limits.least or 0))
        most = np.full(len(affected), NO_END if grid.limits.most is None else grid.limits.most)
        ranks = _together([ranks, _ranks(affected, extra, least, most, np.ones(len(affected), bool))])
        strays, loose[affected] = orphans, True
        doubt["orphans"] = np.minimum(orphans, touched)
    low, high, possible = rank_ends(grid.figures, ranks, p, strays)
    one = np.ones(grid.figures, np.int64)
    return Bounds(
        low=Ends(low * ticks, one, np.ones(grid.figures, bool)),
        high=Ends(np.where(high >= NO_END, 0, high) * ticks, one, high < NO_END),
        possible=possible,
        undefined=possible & _all_absent(grid.figures, ranks),
        loose=loose,
        doubt=doubt,
    )


def _possible(items: Items, pairs: Seen, presence: Presence, grid: Grid, when: When, lasting: bool) -> Ranks:
    """Return the numbers that records in doubt may have."""
    key, item, limits = pairs.key, pairs.item, grid.limits
    number: Number = "bin" if when == "pending" else "none"
    low, high = (_numbers_seen(items, pairs, name, number) for name in ("low", "high"))
    lacking = low == MISSING
    free = presence.free[key] | lacking
    later = presence.later[key] & ~lacking
    least = np.where(free, limits.least or 0, low)
    least = np.where(later & free & ~lacking, np.minimum(low, least), least)
    endless = NO_END if lasting or limits.most is None else limits.most
    most = np.where(free | later, endless, high)
    light = items["weightless"][item] > 0
    heavy = int(items.cases.sum()) * 1000 + 1 if limits.heaviest is None else limits.heaviest
    count = np.where(light, items.rows[item] * heavy, items.cases[item])
    return _ranks(pairs.figure, count, least, most, presence.absent[key] | light)


def _all_absent(figures: int, ranks: Ranks) -> Mask:
    there = np.zeros(figures, bool)
    there[ranks.figure[~ranks.absent & (ranks.count > 0)]] = True
    return ~there


def _ranks(figure: Any, count: Any, least: Any, greatest: Any, absent: Mask) -> Ranks:
    return Ranks(np.asarray(figure, np.intp), count, least, greatest, absent)


def _together(parts: Sequence[Ranks]) -> Ranks:
    return Ranks(*(np.concatenate([getattr(part, f.name) for part in parts]) for f in attrs.fields(Ranks)))
