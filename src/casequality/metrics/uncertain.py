"""The records of which a tally does not know what they are, as each figure sees them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Final, Literal, TypeAlias

import attrs
import numpy as np
import numpy.typing as npt

from casequality.arrays import MISSING, Integers, Mask
from casequality.metrics.axis import UNDATED
from casequality.metrics.cells import sum_by_row, unpack
from casequality.metrics.counts import ROLES, Cells, Grid
from casequality.metrics.doubts import ASTRAY, COARSE, COUNTED, KINDS, LABELS, SOME_END, WEIGHTLESS, widths
from casequality.metrics.outcomes import NO, OPEN, OUT, UNKNOWN, YES
from casequality.metrics.states import Key, Times, classes_of, entry_class, exit_class

Number: TypeAlias = Literal["none", "amount", "bin"]
FIELDS: Final = ("facet", "label", "blur", "entry", "exit", "kind", "role", "astray", "weightless", "low", "high")
"""What tells items apart. label: by its place in the tally. blur: a bit for each field whose label is not known.
low, high: between what the number lies with which it was read, MISSING for none."""
KINDED: Final = (1 << 4) - 1


@attrs.frozen(eq=False, slots=False)
class Items:
    """Records that may be one thing or another, pooled by all that a figure can tell; shape (FIELDS and 2, items)."""

    grid: Grid
    table: npt.NDArray[np.int64]

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
        found: Mask = known & ~moves[self["kind"] + 1]
        return found


def items_of(grid: Grid, sound: Cells, number: Number, *, open_settled: bool = False) -> Items:
    """Return all records in doubt; open_settled: but those that are only open or unknown."""
    parts = [_of_doubts(grid, number), *_of_cells(sound, number, open_settled)]
    table = np.concatenate(parts, axis=1)
    return Items(grid, sum_by_row(table, len(FIELDS)))


def _of_doubts(grid: Grid, number: Number) -> npt.NDArray[np.int64]:
    cells, flags, amount, bins, rows, cases, _ = grid.tally.doubts
    kinds = flags & KINDED
    value = amount if number == "amount" else bins if number == "bin" else np.full_like(cells, MISSING)
    wide = (flags & COARSE > 0) & (value != MISSING)
    high = np.where(wide, value + widths(value), value)
    role = np.where(kinds == 0, ROLES.index(UNKNOWN), grid.roles[unpack(cells, "outcome")])
    blur = (flags & (COARSE - 1)) >> LABELS
    astray = flags & ASTRAY > 0
    return np.stack(
        [
            *(unpack(cells, "facet") if grid.apart else 0 * cells, unpack(cells, "group"), blur),
            *(unpack(cells, "entry"), unpack(cells, "exit"), kinds, role, astray, flags & WEIGHTLESS > 0),
            *(value, high, rows, cases),
        ]
    )


def _of_cells(sound: Cells, number: Number, open_settled: bool) -> Iterator[npt.NDArray[np.int64]]:
    """Yield the cells of records that are open or unknown or undated, and of those whose number nobody knows."""
    rows, cases, measured, _, _, weightless, _ = sound.values
    uncertain = _uncertain(sound, open_settled)
    if number == "bin":
        pairs = sound.pairs
        chosen = _uncertain(pairs, open_settled)
        counts, numbers = pairs.values[0][chosen], pairs.values[2][chosen]
        yield _rows(pairs, chosen, numbers, counts, counts, 0)
        known = np.zeros(len(sound.packed), np.int64)
        np.add.at(known, np.searchsorted(sound.packed, pairs.packed), pairs.values[0])
    else:
        known = measured if number == "amount" else 0 * rows
    if number != "none":
        lacking = cases - known
        settled = ~uncertain & (sound.role != ROLES.index(OUT)) & (lacking > 0)
        yield _rows(sound, settled, None, lacking[settled], lacking[settled], 0)
    left = cases - known if number == "bin" else cases
    weighed = uncertain & (left > 0)
    yield _rows(sound, weighed, None, np.minimum(rows, left)[weighed], left[weighed], 0)
    light = uncertain & (weightless > 0) & np.isin(sound.role, [ROLES.index(OPEN), ROLES.index(UNKNOWN)])
    yield _rows(sound, light, None, weightless[light], 0 * weightless[light], 1)


def _uncertain(cells: Cells, open_settled: bool) -> Mask:
    roles = (OPEN, UNKNOWN) if not open_settled else ()
    found: Mask = cells.plays(roles) | ((cells.times["entry"] == UNDATED) & (cells.role != ROLES.index(OUT)))
    return found


def _rows(
    cells: Cells, chosen: Mask, number: Integers | None, rows: Integers, cases: Integers, weightless: int
) -> npt.NDArray[np.int64]:
    packed = cells.packed[chosen]
    none = 0 * packed
    value = none + MISSING if number is None else number
    return np.stack(
        [
            *(unpack(packed, "facet") if cells.grid.apart else none, unpack(packed, "group"), none),
            *(unpack(packed, "entry"), unpack(packed, "exit"), none - 1, cells.role[chosen], none, none + weightless),
            *(value, value, rows, cases),
        ]
    )


def blank_items(grid: Grid, sound: Cells, shown: Sequence[int]) -> Items:
    """Return the records that count in a group without a label and may belong to another; shown: fields that doubt."""
    blank = np.array([any(label[field] is None for field in shown) for label in grid.tally.labels], bool)
    chosen = blank[unpack(sound.packed, "group")] & np.isin(sound.role, [ROLES.index(YES), ROLES.index(NO)])
    chosen &= sound.times["entry"] > UNDATED
    rows, cases = sound.values[:2, chosen]
    table = _rows(sound, chosen, None, rows, cases, 0)
    return Items(grid, sum_by_row(table, len(FIELDS)))


@attrs.frozen(eq=False)
class Seen:
    """Items as figures see them: which figure, which item, which period and by which key; shape (pairs,)."""

    figure: npt.NDArray[np.intp]
    item: npt.NDArray[np.intp]
    period: npt.NDArray[np.intp]
    key: npt.NDArray[np.intp]

    def chosen(self, rows: Mask) -> Seen:
        """Return some of the pairs."""
        return Seen(self.figure[rows], self.item[rows], self.period[rows], self.key[rows])


def seen(items: Items, placed_only: bool, doubted: Sequence[int], *, elsewhere: bool = False) -> tuple[Seen, Keys]:
    """Return how each figure sees the items that can be its own, and the keys by which.

    placed_only: whether only the period matters in which a record is placed. doubted: the shown grouping fields (by
    their place) in which a blank may be any label. elsewhere: only as the figures of other groups see them.
    """
    grid, keys = items.grid, Keys()
    found: list[tuple[npt.NDArray[np.intp], ...]] = []
    fixed = items.fixed if placed_only else np.zeros(len(items.rows), bool)
    rows, periods = grid.within(items[grid.placed][fixed])
    rows = np.flatnonzero(fixed)[rows]
    order = np.argsort(periods, kind="stable")
    rows, starts = rows[order], np.searchsorted(periods[order], np.arange(len(grid.periods) + 1))
    free = np.flatnonzero(~fixed)
    for period in range(len(grid.periods)):
        own = np.concatenate([rows[starts[period] : starts[period + 1]], free])
        if len(own):
            figure, item, strays = _spread(items, own, doubted, elsewhere)
            at = np.full(len(item), period)
            found.append((figure * len(grid.periods) + period, item, at, keys.add(items, item, strays, period)))
    if not found:
        none = np.zeros(0, np.intp)
        return Seen(none, none, none, none), keys
    return Seen(*(np.concatenate(each).astype(np.intp) for each in zip(*found, strict=True))), keys


def _spread(
    items: Items, rows: npt.NDArray[np.intp], doubted: Sequence[int], elsewhere: bool
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp], Mask]:
    """Return stratum and item of each figure's group that an item can belong to, and whether it may not."""
    grid = items.grid
    label, blur = items["label"][rows], items["blur"][rows]
    own = items["facet"][rows] * len(grid.labels) + grid.part[label]
    labels = grid.tally.labels
    known = np.array([not any(each[field] is None for field in doubted) for each in labels], bool)
    plain = (blur == 0) & (known[label] if len(known) else True)
    if not grid.shown or plain.all():
        return (own[:0], rows[:0], plain[:0]) if elsewhere else (own.astype(np.intp), rows, np.zeros(len(rows), bool))
    strata, found, strays = [own[plain]], [rows[plain]], [np.zeros(int(plain.sum()), bool)]
    for pair in {*zip(label[~plain].tolist(), blur[~plain].tolist(), strict=True)}:
        its = ~plain & (label == pair[0]) & (blur == pair[1])
        fits = _fitting(grid, *pair, doubted)
        at_home = grid.part[pair[0]] if not pair[1] else -1
        for part in fits:
            if elsewhere and part == at_home:
                continue
            strata.append(items["facet"][rows[its]] * len(grid.labels) + part)
            found.append(rows[its])
            strays.append(np.full(int(its.sum()), part != at_home))
    if elsewhere:
        strata, found, strays = strata[1:], found[1:], strays[1:]
    if not strata:
        return own[:0].astype(np.intp), rows[:0], plain[:0]
    return np.concatenate(strata).astype(np.intp), np.concatenate(found), np.concatenate(strays)


def _fitting(grid: Grid, label: int, blur: int, doubted: Sequence[int]) -> list[int]:
    """Return the places of the shown labels that a record can belong to, of which some labels are not known."""
    fields = grid.shown
    own = grid.tally.labels[label]
    free = {field for field in fields if blur >> field & 1 or (field in doubted and own[field] is None)}
    return [
        place
        for place, each in enumerate(grid.labels)
        if all(field in free or own[field] == shown for field, shown in zip(fields, each, strict=True))
    ]


@attrs.define
class Keys:
    """The keys by which figures see items, each with what the stretches of time around its period are."""

    found: dict[int, int] = attrs.field(factory=dict)
    keys: list[tuple[Key, Times]] = attrs.field(factory=list)

    def add(self, items: Items, rows: npt.NDArray[np.intp], strays: Mask, period: int) -> npt.NDArray[np.intp]:
        """Return the places of the keys by which items are seen from a period."""
        cuts, times = classes_of(items.grid, period)
        entry, end = entry_class(cuts, items["entry"][rows]), exit_class(cuts, items["exit"][rows])
        stray = (items["astray"][rows] > 0) | strays
        parts = (entry, end, items["kind"][rows] + 1, items["role"][rows], stray.astype(np.int64))
        code = np.zeros(len(rows), np.int64)
        for part, width in zip(parts, (8, 8, 16, 8, 2), strict=True):
            code = code * width + part
        code = code * 2 + int(times.inside[2])
        different, position = np.unique(code, return_inverse=True)
        places = []
        for each in different.tolist():
            if each not in self.found:
                self.found[each] = len(self.keys)
                self.keys.append((self._key(each), times))
            places.append(self.found[each])
        return np.array(places, np.intp)[position]

    @staticmethod
    def _key(code: int) -> Key:
        code //= 2
        parts = []
        for width in (2, 8, 16, 8, 8):
            code, part = divmod(code, width)
            parts.append(part)
        astray, role, kind, end, entry = parts
        return Key(entry, end, kind - 1, role, bool(astray))


__all__ = ["COUNTED", "Items", "Keys", "Seen", "blank_items", "items_of", "seen"]
