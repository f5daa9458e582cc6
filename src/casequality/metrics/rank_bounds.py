"""The least and the greatest quantiles that the records in doubt can make."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import attrs
import numpy as np

from casequality.arrays import MISSING, Mask
from casequality.metrics.bounds import Bounds, Ends, Why, numbers_seen, reasons_of
from casequality.metrics.counts import Counts
from casequality.metrics.doubts import is_coarse, widths
from casequality.metrics.extremes import NO_END, Ranks, exact_sum, rank_ends
from casequality.metrics.grid import KEPT, SETTLED, Grid
from casequality.metrics.outcomes import NO, YES, Role
from casequality.metrics.states import Presence, When, presence_of
from casequality.metrics.uncertain import Items, Keyed, Number, Seen, blank_items, items_of, seen


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
    ends = (counts.grid.limits.least, counts.grid.limits.most)
    least, most = (None if end is None else -(-end // ticks) for end in ends)
    grid = counts.grid.limited(least=max(least or 0, 0), most=most)  # no bin and no age is less than 0
    sound = counts.cells.sound
    indifferent = set(KEPT) <= set(roles)
    certain = sound.dated
    settled = KEPT if indifferent else tuple(role for role in roles if role in SETTLED)
    found = [items_of(grid, sound, "bin", open_settled=indifferent)]
    found += [blank_items(grid, sound, "bin", grid.doubted, open_settled=indifferent)] if grid.doubted else []

    def idle(keys: Keyed) -> Mask:
        return presence_of(keys, when, roles, grid.closed, lasting).idle

    views = [(each, *seen(each, when == "placed", idle, elsewhere=place > 0)) for place, each in enumerate(found)]
    cases = int(sound.values[1].sum()) + int(grid.tally.doubts[-2].sum())
    # a row that may stand for any number of cases outweighs whatever share of the others is asked for
    heavy = (cases + 1) * 2 * p[1] if grid.limits.heaviest is None else grid.limits.heaviest
    parts, whys, loose, coarse = [], [], np.zeros(grid.figures, bool), is_coarse(grid.tally.doubts)
    for place, (each, pairs, keys) in enumerate(views):
        if not keys:
            continue
        presence = presence_of(keys, when, roles, grid.closed, lasting)
        there = pairs.chosen(~presence.idle[pairs.key])
        parts.append(_possible(each, there, presence, grid, (when, lasting, heavy)))
        lacking = numbers_seen(each, there, "low", "bin" if when == "pending" else "none") == MISSING
        varies = presence.varies[there.key] | (place > 0) | lacking | (each["weightless"][there.item] > 0)
        whys.append(Why(there.figure, there.key, each.rows[there.item], varies, keys))
        loose[there.figure[(each["low"] < each["high"])[there.item]]] = True
    doubt, strays = reasons_of(whys, grid.figures), np.zeros(grid.figures, np.int64)
    if not any(len(part.figure) for part in parts) and not grid.tally.accounts.orphans and not coarse:
        low, possible = certain.quantiles(when == "pending", settled, p)  # nothing in doubt: both ends are the quantile
        high, absent = low, ~possible
    else:
        figure, number, weight = certain.numbers_of(when == "pending", settled)
        greatest = number + widths(number) if coarse else number
        parts.append(_ranks(figure, weight, number, greatest, np.zeros(len(figure), bool)))
        loose[figure[number < greatest]] = True
        ranks = _together(parts)
        if not indifferent:
            ranks, strays, doubt = _with_strays(counts, grid, ranks, (when, lasting, heavy), doubt)
        low, high, possible = rank_ends(grid.figures, ranks, p, strays)
        absent = _all_absent(grid.figures, ranks, strays)
    one, endless = np.ones(grid.figures, np.int64), high >= NO_END
    return Bounds(
        low=Ends(low * ticks, one, np.ones(grid.figures, bool)),
        high=Ends(np.where(endless, 0, high) * ticks, one, ~endless),
        possible=possible,
        undefined=possible & absent,
        loose=loose | (strays > 0),
        doubt=doubt,
    )


def _with_strays(
    counts: Counts, grid: Grid, ranks: Ranks, how: tuple[When, bool, int], doubt: dict[str, Any]
) -> tuple[Ranks, Any, dict[str, Any]]:
    """Return the numbers with those that stray child rows may add, how many cases they may turn, and the reasons.

    grid: with limits in bins.
    """
    when, lasting, heavy = how

    def idle(keys: Keyed) -> Mask:
        return presence_of(keys, when, (YES, NO), grid.closed, lasting).idle

    orphans, size, sound = grid.tally.accounts.orphans, grid.figures, counts.cells.sound
    rows, cases = np.zeros(size, np.int64), np.zeros(size, np.int64)
    views = [(items_of(grid, sound, "none", touched=True), False)]
    if grid.doubted:
        views.append((blank_items(grid, sound, "none", grid.doubted, touched=True), True))
    for items, elsewhere in views if orphans else ():
        pairs, keys = seen(items, when == "placed", idle, elsewhere=elsewhere)
        if keys:
            presence = presence_of(keys, when, (YES, NO), grid.closed, lasting)
            pairs = pairs.chosen((items["touched"][pairs.item] > 0) & ~presence.idle[pairs.key])
            weight = np.where(items["weightless"] > 0, items.rows * heavy, items.cases)
            np.add.at(rows, pairs.figure, items.rows[pairs.item])
            np.add.at(cases, pairs.figure, weight[pairs.item])
    # of records that stand for numbers of cases nobody knows which the stray rows turn
    strays = np.where(rows == cases, np.minimum(orphans, rows), cases)
    affected = np.flatnonzero(strays > 0)
    least = np.full(len(affected), grid.limits.least or 0)
    most = np.full(len(affected), NO_END if lasting or grid.limits.most is None else grid.limits.most)
    more = _ranks(affected, strays[affected], least, most, np.ones(len(affected), bool))
    told = {"orphans": np.minimum(orphans, rows)} if orphans else {}
    return _together([ranks, more]), strays, {**doubt, **told}


def _possible(items: Items, pairs: Seen, presence: Presence, grid: Grid, how: tuple[When, bool, int]) -> Ranks:
    """Return the numbers that records in doubt may have; how: as in `rank_bounds`, and how many cases a row can be."""
    when, lasting, heavy = how
    key, item, limits = pairs.key, pairs.item, grid.limits
    number: Number = "bin" if when == "pending" else "none"
    low, high = (numbers_seen(items, pairs, name, number) for name in ("low", "high"))
    lacking = low == MISSING
    free = presence.free[key] | lacking
    later = presence.later[key] & ~lacking
    least = np.where(free, limits.least or 0, low)
    own = (later | presence.known[key]) & ~lacking
    least = np.where(free & own, np.minimum(low, least), least)
    endless = NO_END if lasting or limits.most is None else limits.most
    most = np.where(free | later, endless, high)
    most = np.where(free & own, np.maximum(high, most), most)
    light = items["weightless"][item] > 0
    count = np.where(light, items.rows[item] * heavy, items.cases[item])
    return _ranks(pairs.figure, count, least, most, presence.absent[key] | light)


def _all_absent(figures: int, ranks: Ranks, strays: Any) -> Mask:
    """Return where there may be no number at all, since no more are there for sure than stray rows can turn."""
    sure = np.where(ranks.absent, 0, ranks.count)
    return np.asarray(exact_sum(figures, ranks.figure, sure) <= strays, bool)


def _ranks(figure: Any, count: Any, least: Any, greatest: Any, absent: Mask) -> Ranks:
    return Ranks(np.asarray(figure, np.intp), count, least, greatest, absent)


def _together(parts: Sequence[Ranks]) -> Ranks:
    return Ranks(*(np.concatenate([getattr(part, f.name) for part in parts]) for f in attrs.fields(Ranks)))
