"""How figures see the records in doubt: which of them, from which periods alike, and by which keys."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from typing import Final, TypeAlias

import attrs
import numpy as np
import numpy.typing as npt

from casequality.days import Mask
from casequality.metrics.bounds.extremes import Numbers, exact_sum
from casequality.metrics.bounds.states import APART, OVERLAPPING, DoubtKey, PeriodEdges, PeriodMasks
from casequality.metrics.bounds.uncertain import Items
from casequality.metrics.tallies import SET_ASIDE, Grid

WIDTHS: Final = (8, 8, 32, 8, 2, 16)
"""How many different entries, exits, kinds, roles and answers to "astray" and "touched" a key can have."""
MANY: Final = 1 << 20
"""About how many pairs of item and period are looked at together."""
Keyed: TypeAlias = "Sequence[tuple[DoubtKey, PeriodMasks]]"


@attrs.frozen(eq=False)
class FigureItems:
    """Items as figures see them: which figure, which item, which period and by which key; shape (pairs,)."""

    figure: npt.NDArray[np.intp]
    item: npt.NDArray[np.intp]
    period: npt.NDArray[np.intp]
    key: npt.NDArray[np.intp]

    def chosen(self, rows: Mask) -> FigureItems:
        """Return some of the pairs."""
        return FigureItems(self.figure[rows], self.item[rows], self.period[rows], self.key[rows])


@attrs.frozen(eq=False)
class Stretches:
    """Items as the figures of a stratum see them alike, from period `first` to before `end`; shape (stretches,)."""

    grid: Grid
    stratum: npt.NDArray[np.int64]
    item: npt.NDArray[np.intp]
    first: npt.NDArray[np.intp]
    end: npt.NDArray[np.intp]
    key: npt.NDArray[np.intp]

    def chosen(self, rows: Mask) -> Stretches:
        """Return some of the stretches."""
        return Stretches(self.grid, *(part[rows] for part in attrs.astuple(self, recurse=False)[1:]))

    def pairs(self) -> FigureItems:
        """Return every figure with each item that it sees."""
        lengths = self.end - self.first
        at = np.repeat(np.arange(len(lengths)), lengths)
        period = self.first[at] + np.arange(len(at)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        figure = (self.stratum[at] * len(self.grid.periods) + period).astype(np.intp)
        return FigureItems(figure, self.item[at], period, self.key[at])

    def sums(self, values: Numbers) -> Numbers:
        """Return the sum by figure of one whole number a stretch, which each of its figures adds; exact."""
        # what begins and ends with a stretch, summed up along the periods, so that no stretch is looked at in each
        shape = self.grid.strata * (len(self.grid.periods) + 1)
        row = self.stratum * (len(self.grid.periods) + 1)
        steps = exact_sum(shape, row + self.first, values) - exact_sum(shape, row + self.end, values)
        found: Numbers = np.cumsum(steps.reshape(self.grid.strata, -1), axis=1)[:, :-1].ravel()
        return found


Part: TypeAlias = tuple[npt.NDArray[np.intp], npt.NDArray[np.intp], npt.NDArray[np.intp]]


def seen(items: Items, placed_only: bool, idle: Callable[[Keyed], Mask]) -> tuple[Stretches, Keyed]:
    """Return how the figures see the items that can be their own, and the keys by which.

    placed_only: whether only the period matters in which a record is placed. idle: says by which keys a record is
    nothing to a figure; such are left out.
    """
    grid, keys = items.grid, _SightKeys(PeriodEdges.of(items.grid))
    fixed = items.fixed if placed_only else np.zeros(len(items.rows), bool)
    # a record that cannot be moved is seen by its own period alone, and is looked for in no other
    rows, periods = grid.within(items[grid.placed][fixed])
    alone: Part = (np.flatnonzero(fixed)[rows], periods, periods + 1)
    parts = []
    for part in itertools.chain([alone], _alike(items, np.flatnonzero(~fixed), keys.edges)):
        found = _seen(items, *part, keys)
        parts.append(found.chosen(~idle(keys.keys)[found.key]) if keys.keys else found)
    names = [each.name for each in attrs.fields(Stretches)][1:]
    return Stretches(grid, *(np.concatenate([getattr(part, name) for part in parts]) for name in names)), keys.keys


def _alike(items: Items, rows: npt.NDArray[np.intp], edges: PeriodEdges) -> Iterator[Part]:
    """Yield items with the first and the end of periods that see each in one way, some at once; shape (stretches,)."""
    periods = edges.cuts.shape[1]
    if not len(rows) or not periods:
        return
    if not (edges.cuts[:, 1:] >= edges.cuts[:, :-1]).all():
        # periods in no order: all pairs of items with all periods, which may be too many to hold
        for several in np.array_split(np.arange(periods), -(-len(rows) * periods // MANY)):
            period = np.repeat(several, len(rows))
            yield np.tile(rows, len(several)), period, period + 1
        return
    turns = np.flatnonzero(edges.overlapping[1:] != edges.overlapping[:-1]) + 1
    for some in np.array_split(rows, -(-len(rows) * 16 // MANY)):
        # a record passes each edge once: the periods before see it on one side of theirs, those after on the other
        passed = [np.searchsorted(cut, items[name][some], "right") for name in ("entry", "exit") for cut in edges.cuts]
        always = [np.full(len(some), each) for each in (0, *turns.tolist(), periods)]
        bounds = np.sort(np.stack([*passed, *always], axis=1), axis=1)
        first, end = bounds[:, :-1], bounds[:, 1:]
        at, place = np.nonzero(first < end)
        yield some[at], first[at, place], end[at, place]


def _seen(
    items: Items,
    rows: npt.NDArray[np.intp],
    first: npt.NDArray[np.intp],
    end: npt.NDArray[np.intp],
    keys: _SightKeys,
) -> Stretches:
    stratum, at, strays = _spread(items, rows)
    item = rows[at]
    return Stretches(items.grid, stratum, item, first[at], end[at], keys.of(items, item, strays, first[at]))


def _spread(items: Items, rows: npt.NDArray[np.intp]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.intp], Mask]:
    """Return stratum and place in `rows` of each item that can belong to a group, and whether it may not."""
    grid, elsewhere = items.grid, items.elsewhere
    label, blur, away = (items[name][rows] for name in ("label", "blur", "away"))
    aside = items["kind"][rows] == SET_ASIDE
    facet = items["facet"][rows] * len(grid.labels)
    own, everything = facet + grid.part[label], np.arange(len(rows))
    blank = np.array([any(each[field] is None for field in grid.doubted) for each in grid.tally.labels], bool)
    plain = (blur == 0) & ~blank[label] if grid.shown else away == 0
    if not elsewhere:  # `blank_items` has them as other groups see them
        plain |= items.settled[rows]
    sure = plain & (not elsewhere)
    strata, places, strays = [own[sure]], [everything[sure]], [np.zeros(int(sure.sum()), bool)]
    kinds = np.stack([label, blur, away, aside])
    for kind in {*map(tuple, kinds[:, ~plain].T.tolist())}:
        its = np.flatnonzero(~plain & np.equal(kinds.T, kind).all(axis=1))
        at_home = grid.part[kind[0]] if not kind[1] else -1
        for part in grid.fitting(*kind[:3], aside=bool(kind[3])):
            if not (elsewhere and part == at_home):
                strata.append(facet[its] + part)
                places.append(its)
                strays.append(np.full(len(its), part != at_home))
    return np.concatenate(strata), np.concatenate(places), np.concatenate(strays)


@attrs.define
class _SightKeys:
    """The keys by which figures see items, each with what the stretches of time around its period are."""

    edges: PeriodEdges
    found: dict[int, int] = attrs.field(factory=dict)
    keys: list[tuple[DoubtKey, PeriodMasks]] = attrs.field(factory=list)

    def of(
        self, items: Items, rows: npt.NDArray[np.intp], strays: Mask, period: npt.NDArray[np.intp]
    ) -> npt.NDArray[np.intp]:
        """Return the places of the keys by which items are seen from a period."""
        entry = self.edges.of_entry(items["entry"][rows], period)
        end = self.edges.of_exit(items["exit"][rows], period)
        stray = (items["astray"][rows] > 0) | strays
        kind, role, touched = (items[name][rows] for name in ("kind", "role", "touched"))
        parts = (entry, end, kind + 1, role, stray.astype(np.int64), touched)
        code = self.edges.overlapping[period].astype(np.int64)
        for part, width in zip(parts, WIDTHS, strict=True):
            code = code * width + part
        different, position = np.unique(code, return_inverse=True)
        for each in different.tolist():
            if each not in self.found:
                self.found[each] = len(self.keys)
                self.keys.append(_unpacked(each))
        return np.array([self.found[each] for each in different.tolist()], np.intp)[position]


def _unpacked(code: int) -> tuple[DoubtKey, PeriodMasks]:
    parts = []
    for width in reversed(WIDTHS):
        code, part = divmod(code, width)
        parts.append(part)
    touched, astray, role, kind, end, entry = parts
    return DoubtKey(entry, end, kind - 1, role, bool(astray), touched), OVERLAPPING if code else APART
