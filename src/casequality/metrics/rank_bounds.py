"""The least and the greatest quantiles that the records in doubt can make."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import attrs
import numpy as np

from casequality.arrays import MISSING, Mask
from casequality.metrics.bounds import Bounds, Ends, Why, numbers_seen, reasons_of
from casequality.metrics.counts import Counts
from casequality.metrics.extremes import NO_END, Ranks, rank_ends
from casequality.metrics.grid import KEPT, SETTLED, Grid
from casequality.metrics.outcomes import NO, YES, Role
from casequality.metrics.states import Presence, Term, When, presence_of
from casequality.metrics.touched import Touched
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
    limit = counts.grid.limits.most
    grid = counts.grid.limited(most=None if limit is None else -(-limit // ticks))
    sound = counts.cells.sound
    indifferent = set(KEPT) <= set(roles)
    certain = sound.dated
    settled = KEPT if indifferent else tuple(role for role in roles if role in SETTLED)
    items = items_of(grid, sound, "bin", open_settled=indifferent)
    found = [items, *([blank_items(grid, sound, grid.doubted)] if grid.doubted else [])]

    def idle(keys: Keyed) -> Mask:
        return presence_of(keys, when, roles, grid.closed, lasting).idle

    views = [(each, *seen(each, when == "placed", idle, elsewhere=place > 0)) for place, each in enumerate(found)]
    parts, whys = [], []
    loose = np.zeros(grid.figures, bool)
    for place, (each, pairs, keys) in enumerate(views):
        if not keys:
            continue
        presence = presence_of(keys, when, roles, grid.closed, lasting)
        there = pairs.chosen(~presence.idle[pairs.key])
        parts.append(_possible(each, there, presence, grid, when, lasting))
        whys.append(Why(there.figure, there.key, each.rows[there.item], presence.varies | (place > 0), keys))
        loose[there.figure] |= place > 0
    doubt = reasons_of(whys, grid.figures)
    if not any(len(part.figure) for part in parts) and not grid.tally.accounts.orphans:
        low, possible = certain.quantiles(when == "pending", settled, p)  # nothing in doubt: both ends are the quantile
        high, absent = low, ~possible
    else:
        figure, number, cases = certain.numbers_of(when == "pending", settled)
        parts.append(_ranks(figure, cases, number, number, np.zeros(len(figure), bool)))
        ranks, strays, doubt = _with_strays(counts, _together(parts), (when, roles), doubt)
        loose |= strays > 0
        low, high, possible = rank_ends(grid.figures, ranks, p, strays)
        absent = _all_absent(grid.figures, ranks)
    one, endless = np.ones(grid.figures, np.int64), high >= NO_END
    return Bounds(
        low=Ends(low * ticks, one, np.ones(grid.figures, bool)),
        high=Ends(np.where(endless, 0, high) * ticks, one, ~endless),
        possible=possible,
        undefined=possible & absent,
        loose=loose,
        doubt=doubt,
    )


def _with_strays(
    counts: Counts, ranks: Ranks, of: tuple[When, Sequence[Role]], doubt: dict[str, Any]
) -> tuple[Ranks, Any, dict[str, Any]]:
    """Return the numbers with those that stray child rows may add, how many each figure has, and the reasons."""
    grid, orphans = counts.grid, counts.grid.tally.accounts.orphans
    if not orphans:
        return ranks, np.zeros(grid.figures, np.int64), doubt
    terms = (Term(of[0], tuple(of[1])),), (Term(of[0], (YES, NO)),)
    strays = np.minimum(orphans, Touched.of(counts.cells.sound, *terms, "none").count_by_figure)
    affected = np.flatnonzero(strays > 0)
    least = np.full(len(affected), grid.limits.least or 0)
    most = np.full(len(affected), NO_END if grid.limits.most is None else grid.limits.most)
    more = _ranks(affected, strays[affected], least, most, np.ones(len(affected), bool))
    return _together([ranks, more]), strays, {**doubt, "orphans": strays}


def _possible(items: Items, pairs: Seen, presence: Presence, grid: Grid, when: When, lasting: bool) -> Ranks:
    """Return the numbers that records in doubt may have."""
    key, item, limits = pairs.key, pairs.item, grid.limits
    number: Number = "bin" if when == "pending" else "none"
    low, high = (numbers_seen(items, pairs, name, number) for name in ("low", "high"))
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
