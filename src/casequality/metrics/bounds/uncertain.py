"""The records of which a tally does not know what they are, as each figure sees them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any, Final, Literal, TypeAlias

import attrs
import numpy as np
import numpy.typing as npt

from casequality.days import MISSING, Integers, Mask
from casequality.metrics.bounds.counts import CellTable
from casequality.metrics.bounds.states import (
    BESIDE,
    MOVED_END,
    MOVED_START,
    TOUCHED,
)
from casequality.metrics.tallies import (
    ASTRAY,
    AWAY,
    CERTAIN,
    COARSE,
    COUNTED,
    KINDS,
    LABELS,
    NO,
    OPEN,
    OUT,
    ROLES,
    SET_ASIDE,
    SOME_END,
    STRAY,
    UNDATED,
    UNKNOWN,
    WEIGHTLESS,
    YES,
    Grid,
    Role,
    fields_of,
    pack,
    unpack,
    widths,
)
from casequality.metrics.tallies import FIELDS as GROUPINGS

Number: TypeAlias = Literal["none", "amount", "bin"]
FIELDS: Final = (
    *("facet", "label", "blur", "away", "entry", "exit", "kind", "role", "astray", "touched", "weightless", "mixed"),
    *("low", "high"),
)
"""What tells items apart. label: by its place in the tally. blur: a bit for each field whose label is not known. away:
for each of which they are told only as groups with another label see them. mixed: whether nobody knows which of them
stands for how many cases. low, high: between what it lies, MISSING for none."""
KINDED: Final = COUNTED - 1


@attrs.frozen(eq=False, repr=False, slots=False)
class Items:
    """Records that may be one thing or another, pooled by all that a figure can tell; shape (FIELDS and 2, items).

    elsewhere: whether they are told only as the figures of other groups than their own see them.
    """

    grid: Grid
    table: npt.NDArray[np.int64]
    elsewhere: bool = False

    def __getitem__(self, name: str) -> npt.NDArray[np.int64]:
        found: npt.NDArray[np.int64] = self.table[FIELDS.index(name)]
        return found

    @property
    def rows(self) -> Integers:
        """How many rows each is."""
        found: Integers = self.table[-2]
        return found

    @property
    def cases(self) -> Integers:
        """How many cases they stand for."""
        found: Integers = self.table[-1]
        return found

    @cached_property
    def fixed(self) -> Mask:
        """Which can count in one period only, whatever they are."""
        placed_by_end = self.grid.placed == "exit"
        moves = np.array([False, *((each.exit or each.lasts if placed_by_end else each.entry) for each in KINDS)])
        time = self[self.grid.placed]
        known = (time > UNDATED) & (time < SOME_END) if placed_by_end else time > UNDATED
        known &= self["touched"] & (MOVED_END if placed_by_end else MOVED_START) == 0
        found: Mask = known & ~moves[self["kind"] + 1]
        return found

    @cached_property
    def settled(self) -> Mask:
        """Which are certain but for their number, or for what a stray child row may make of them."""
        known = np.isin(self["role"], [ROLES.index(YES), ROLES.index(NO)]) & (self["entry"] > UNDATED)
        found: Mask = known & (self["kind"] < 0) & (self["weightless"] == 0)
        return found


def items_of(
    grid: Grid,
    sound: CellTable,
    number: Number,
    *,
    certain: Sequence[Role] = (),
    out: bool = False,
    touched: bool = False,
    moved: Integers | None = None,
) -> Items:
    """Return all records in doubt.

    certain: but those that are only open or unknown, of these roles. out: and those that are left out, of which it is
    not known when they began. touched: and all that a stray child row may belong to.
    moved: what such a row may move of a facet's records, as `moved_facets` says it; then it moves these and no others.
    """
    parts = [
        _of_doubts(grid, number, touched),
        *_of_cells(sound, number, certain, touched, out or (touched and grid.brought_in)),
    ]
    parts += [_beside(sound, number, certain)] if touched else []
    return _pooled(grid, parts, moved=moved)


def moved_facets(grid: Grid) -> Integers:
    """Return for each facet what of its records stray child rows may move: their beginning, their end, or nothing."""
    cells, flags = grid.doubts[:2]
    stray = cells[(flags & KINDED == STRAY) & (flags & ASTRAY == 0)]  # the others weigh, and move nothing
    facet = unpack(stray, "facet") if grid.apart else 0 * stray
    moved = np.zeros(max(len(grid.tally.facets), 1), np.int64)
    np.bitwise_or.at(moved, facet, MOVED_START * (unpack(stray, "entry") == UNDATED))
    np.bitwise_or.at(moved, facet, MOVED_END * (unpack(stray, "exit") > 0))
    return moved


def _pooled(
    grid: Grid, parts: Sequence[npt.NDArray[np.int64]], *, elsewhere: bool = False, moved: Integers | None = None
) -> Items:
    """Return items that a figure cannot tell apart as one, in any order."""
    table = np.concatenate(parts, axis=1)
    table = table[:, table[-2] > 0]
    if moved is not None and moved.any():
        table = table[:, (table[FIELDS.index("kind")] != STRAY) | (table[FIELDS.index("astray")] > 0)]
        touched = table[FIELDS.index("touched")]
        touched |= np.where(touched > 0, moved[table[FIELDS.index("facet")]], 0)
    named = dict(zip(FIELDS, table, strict=False))
    place = pack(facet=named["facet"], entry=named["entry"], exit=named["exit"], group=named["label"], outcome=0)
    how = named["blur"] << GROUPINGS | named["away"]
    for name, width in zip(
        ("kind", "role", "astray", "touched", "weightless", "mixed"), (32, 8, 2, 16, 2, 2), strict=True
    ):
        # one more for the kind, which is -1 where there is none
        how = how * width + named[name] + (name == "kind")
    order = np.lexsort((named["high"], named["low"], how, place))
    keys = np.stack([place, how, named["low"], named["high"]])[:, order]
    starts = np.flatnonzero(np.append(True, (keys[:, 1:] != keys[:, :-1]).any(axis=0))) if len(order) else order
    first = table[:, order[starts]]
    first[-2:] = np.add.reduceat(table[-2:, order], starts, axis=1) if len(order) else first[-2:]
    return Items(grid, first, elsewhere)


def _of_doubts(grid: Grid, number: Number, touched: bool) -> npt.NDArray[np.int64]:
    cells, flags, amount, bins, rows, cases, _ = grid.doubts
    kinds = flags & KINDED
    value = amount if number == "amount" else bins if number == "bin" else np.full_like(cells, MISSING)
    wide = (flags & COARSE > 0) & (value != MISSING)
    high = np.where(wide, value + widths(value), value)
    role = np.where(kinds == 0, ROLES.index(UNKNOWN), grid.roles[unpack(cells, "outcome")])
    blur, away = fields_of(flags, LABELS), fields_of(flags, AWAY)
    astray = flags & ASTRAY > 0
    stray = touched & (flags & CERTAIN == 0) & (kinds != SET_ASIDE)
    light = flags & WEIGHTLESS > 0
    return np.stack(
        [
            *(unpack(cells, "facet") if grid.apart else 0 * cells, unpack(cells, "group"), blur, away),
            *(unpack(cells, "entry"), unpack(cells, "exit"), kinds, role, astray, TOUCHED * stray),
            *(light, ~light & (rows > 1) & (rows != cases), value, high, rows, cases),
        ]
    )


def _of_cells(
    sound: CellTable, number: Number, certain: Sequence[Role], touched: bool, out: bool
) -> Iterator[npt.NDArray[np.int64]]:
    """Yield the cells of records that are open or unknown or undated, and of those whose number nobody knows."""
    rows, cases, measured, _, _, weightless, settled = sound.values
    uncertain, heavy = _uncertain(sound, certain, out), rows - weightless
    mixed = (heavy > 1) & (heavy != cases)
    known = measured if number == "amount" else 0 * rows
    if number == "bin":
        chosen = _uncertain(sound.pairs, certain, out)
        yield _of_pairs(sound, chosen)
        known = _in_pairs(sound)
    if number != "none":
        lacking = cases - known
        its = ~uncertain & (sound.role != ROLES.index(OUT)) & (lacking > 0)
        stray = TOUCHED * (touched & (settled < rows))
        many = np.minimum(heavy, lacking)[its]
        yield _rows(sound, its, None, many, lacking[its], touched=stray[its], mixed=mixed[its])
    left = cases - known if number == "bin" else cases
    its = uncertain & (left > 0)
    # of records that stand for different numbers of cases nobody knows which of them are certain
    sure = np.where(touched & ~mixed & (heavy > 1), np.minimum(settled, left), np.where(settled < rows, 0, left))
    for stray, count in ((TOUCHED * touched, left - sure), (0, sure)):
        some = its & (count > 0)
        yield _rows(sound, some, None, np.minimum(heavy, count)[some], count[some], touched=stray, mixed=mixed[some])
    light = (weightless > 0) & sound.plays((OPEN, UNKNOWN))
    stray = TOUCHED * (touched & (settled < rows))[light]
    yield _rows(sound, light, None, weightless[light], 0 * weightless[light], weightless=1, touched=stray)


def _of_pairs(cells: CellTable, chosen: Mask) -> npt.NDArray[np.int64]:
    """Return some pairs of the histogram with their numbers."""
    pairs, (rows, cases), weightless = cells.pairs, cells.values[:2], cells.values[5]
    counts, numbers = pairs.values[0][chosen], pairs.values[2][chosen]
    at = np.searchsorted(cells.packed, pairs.packed[chosen])
    heavy = (rows - weightless)[at]
    mixed = (heavy > 1) & (heavy != cases[at])
    return _rows(pairs, chosen, numbers, np.minimum(heavy, counts), counts, mixed=mixed)


def _in_pairs(cells: CellTable) -> npt.NDArray[np.int64]:
    """Return how many cases of each cell are in its histogram."""
    known = np.zeros(len(cells.packed), np.int64)
    np.add.at(known, np.searchsorted(cells.packed, cells.pairs.packed), cells.pairs.values[0])
    return known


def _beside(sound: CellTable, number: Number, certain: Sequence[Role]) -> npt.NDArray[np.int64]:
    """Return the records that are counted as certain and that a stray child row may belong to."""
    rows, cases, measured, _, _, weightless, settled = sound.values
    heavy, held = rows - weightless, sound.role == ROLES.index(YES)
    open_ = np.where(heavy == cases, heavy - settled, np.where(rows > settled, cases, 0))
    open_ = np.minimum(open_, np.where(held, measured, open_)) if number == "amount" else open_
    turnable = (YES, NO, *((OUT,) if sound.grid.brought_in else ()), *certain)
    its = (open_ > 0) & sound.plays(turnable) & (sound.times["entry"] > UNDATED)
    mixed = (heavy > 1) & (heavy != cases)
    return _rows(sound, its, None, np.minimum(heavy, open_)[its], open_[its], touched=BESIDE, mixed=mixed[its])


def _uncertain(cells: CellTable, certain: Sequence[Role], out: bool) -> Mask:
    roles = [role for role in (OPEN, UNKNOWN) if role not in certain]
    undated = cells.times["entry"] == UNDATED
    return np.asarray(cells.plays(roles) | (undated & (out | (cells.role != ROLES.index(OUT)))))


def _rows(
    cells: CellTable, chosen: Mask, number: Integers | None, rows: Integers, cases: Integers, **flags: Any
) -> npt.NDArray[np.int64]:
    """Return records of some cells as items; flags: touched, weightless and mixed, 0 where they are left out."""
    packed = cells.packed[chosen]
    none = 0 * packed
    value = none + MISSING if number is None else number
    return np.stack(
        [
            *(unpack(packed, "facet") if cells.grid.apart else none, unpack(packed, "group"), none, none),
            *(unpack(packed, "entry"), unpack(packed, "exit"), none - 1, cells.role[chosen], none),
            *(none + flags.get(name, 0) for name in ("touched", "weightless", "mixed")),
            *(value, value, rows, cases),
        ]
    )


def blank_items(
    grid: Grid,
    sound: CellTable,
    number: Number,
    shown: Sequence[int],
    *,
    certain: Sequence[Role] = (),
    out: bool = False,
    touched: bool = False,
    moved: Integers | None = None,
) -> Items:
    """Return the records that count in a group without a label and may belong to another; shown: fields that doubt.

    certain: and those of these roles among them. out: and those that are left out. touched, moved: as for `items_of`.
    """
    blank = np.array([any(label[field] is None for field in shown) for label in grid.tally.labels], bool)

    def chosen(cells: CellTable) -> Mask:
        known = cells.plays((YES, NO, *certain, *((OUT,) if out or (touched and grid.brought_in) else ())))
        found: Mask = known & (cells.times["entry"] > UNDATED) & blank[unpack(cells.packed, "group")]
        return found

    rows, cases, *_, weightless, settled = sound.values
    its, heavy = chosen(sound), rows - weightless
    mixed, stray = (heavy > 1) & (heavy != cases), TOUCHED * (touched & (settled < rows))
    parts = [_of_pairs(sound, chosen(sound.pairs))] if number == "bin" else []
    left = cases - _in_pairs(sound) if number == "bin" else cases
    sure = np.where(touched & ~mixed & (settled > 0), np.minimum(settled, left), 0)
    for touching, count in ((stray, left - sure), (0 * stray, sure)):
        some = its & (count > 0)
        held = np.minimum(heavy, count)[some], count[some]
        parts.append(_rows(sound, some, None, *held, touched=touching[some], mixed=mixed[some]))
    return _pooled(grid, parts, elsewhere=True, moved=moved)
