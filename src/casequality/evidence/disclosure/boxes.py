"""How a cell moves by changes at the corners of a box, so that the margins beside stay: it needs no program."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property, partial
from operator import itemgetter
from typing import Final

import attrs
import numpy as np

from casequality.days import Integers, Mask
from casequality.evidence.disclosure.grids import Grid
from casequality.evidence.disclosure.problem import Problem, Witness

OUT: Final = 1 << 40
"""More than any figures cost, in parts of `FINE`."""
FINE: Final = 1024
TRIED: Final = 4
MANY: Final = 256
"""So many labels are tried as the other end of a box."""
ROOM: Final = 1 << 26
"""A table of more labels times groups is left to programs."""


def cornered(problem: Problem, hidden: Mask, cell: int, by: int) -> Witness | None:
    """Return the cheapest changes at the corners of a box that move a cell by so much, None where none of them may be.

    What a stretch of time and a label gain another stretch or other labels lose. Where numbers of records must stay
    too, the other outcome changes by the opposite.
    """
    unit = problem.unit[cell]
    tried: list[tuple[int, Callable[[], Witness]]] = []
    for grid in (grid for grid in problem.grids if unit >= 0 and np.prod(grid.within.shape) <= ROOM):
        for period, group in np.argwhere((grid.units == unit) | (grid.bases == unit)).tolist():
            for both in _ways(problem, grid, period, group):
                boxes = _Boxes(problem, hidden, grid, both)
                for centre in centres_of(problem, cell, by) - grid.first:
                    if 0 <= centre < grid.counts.size:  # and no record that came after an edition
                        tried += boxes.cheapest(period, group, int(centre), by)
    for _, made in sorted(tried, key=itemgetter(0)):
        found, more = made(), hidden.copy()
        more[found.figures(problem)] = True
        if cell in found.moved and found.stands(problem, more):
            return found
    return None


def _ways(problem: Problem, grid: Grid, period: int, group: int) -> Iterator[bool]:
    """Yield whether the other outcome may have to change by the opposite: where its number of records is kept."""
    if not problem.fixed[grid.bases[period, group]]:
        yield False
    # where the numbers of records are no figures of their own it costs the same to leave them, and needs more
    if len(grid.counts) > 1 and (problem.known.shape[0] > 0 or (grid.bases != grid.units).any()):
        yield True


@attrs.frozen(eq=False, slots=False)
class _Boxes:
    """Boxes of a table at whose corners counts change. both: the other outcome by the opposite."""

    problem: Problem
    hidden: Mask
    grid: Grid
    both: bool

    def cheapest(self, period: int, group: int, centre: int, by: int) -> Iterator[tuple[int, Callable[[], Witness]]]:
        """Yield the cost of the cheapest that move a period and group, with an atom as the first corner, and each."""
        grid = self.grid
        outcome, time, label = (int(each) for each in np.unravel_index(centre, grid.counts.shape))
        corners, signs = grid.corners(label)
        outcomes = ((outcome, np.sign(by)), (1 - outcome, -np.sign(by)))[: 1 + self.both]
        few = [self.counts[each] < abs(by) for each, _ in outcomes]
        # how each group moves with each other label, and each period with each other stretch of time, or with none
        good = (grid.member[corners, group] * signs).sum(axis=1) == 1
        for each, (_, sign) in zip(few, outcomes, strict=True):
            good &= ~(each[time, corners] & (signs == -sign)).any(axis=1)
        others = np.flatnonzero(good)
        if len(others) > MANY:
            others = np.sort(others[np.argsort(self._worth(outcome, time, others), kind="stable")[:MANY]])
        when = grid.holds[:, [time]].T - np.vstack([grid.holds.T, np.zeros_like(grid.holds[:, 0])])
        times = np.flatnonzero(when[:, period] == 1)
        if not len(times) or not len(others):
            return
        corners, signs = corners[others], signs[others]
        who = np.sum([grid.member[ends] * sign[:, None] for ends, sign in zip(corners.T, signs.T, strict=True)], axis=0)
        cost = _sums_of(who != 0, _sums_of(when[times] != 0, self.prices).T).T
        for each, (_, sign) in zip(few, outcomes, strict=True):
            loses = np.append(each, np.zeros_like(each[:1]), axis=0)[times]
            cost[(loses[:, corners] & (signs == sign)).any(axis=2)] = OUT
        for _ in range(TRIED):
            stretch, row = divmod(int(cost.argmin()), len(others))
            if cost[stretch, row] >= OUT:
                break
            ways = {time: 1, int(times[stretch]): -1}
            yield int(cost[stretch, row]), partial(self._changes, outcome, ways, corners[row], signs[row] * by)
            cost[stretch, row] = OUT

    @cached_property
    def counts(self) -> Integers:
        """The count of each atom, (outcomes, times, labels)."""
        first, shape = self.grid.first, self.grid.counts.shape
        found: Integers = self.problem.counts[first : first + self.grid.counts.size].reshape(shape)
        return found

    @cached_property
    def prices(self) -> Integers:
        """What it costs to move each figure, (periods, groups), and its base where that is not withheld with it.

        They are whole numbers, of which sums are exact: the same table is withheld in the same way everywhere.
        """
        price = np.where(self.hidden, 0, np.where(self.problem.fixed, OUT, np.rint(self.problem.cost * FINE)))
        priced = np.append(price, 0).astype(np.int64)  # what is not published costs nothing
        found: Integers = priced[self.grid.units]
        if not self.both:
            found = found + np.where(self.grid.bases != self.grid.units, priced[self.grid.bases], 0)
        return found

    def _worth(self, outcome: int, time: int, labels: Integers) -> Integers:
        counts = self.counts[outcome, time, labels]
        atoms = self.grid.first + np.ravel_multi_index((outcome, time, labels), self.grid.counts.shape)
        alone = self.problem.alone[atoms]
        return np.where((alone >= 0) & self.hidden[alone], -1, counts)

    def _changes(self, outcome: int, times: Mapping[int, int], labels: Integers, by: Integers) -> Witness:
        _, stretches, width = self.grid.counts.shape
        labels, by = labels[by != 0], by[by != 0]
        atoms, change = [], []
        for each, sign in ((outcome, 1), (1 - outcome, -1))[: 1 + self.both]:
            for time, way in times.items():
                if time < stretches:
                    atoms.append(self.grid.first + (each * stretches + time) * width + labels)
                    change.append(sign * way * by)
        return Witness.of(self.problem, np.concatenate(atoms), np.concatenate(change))


def _sums_of(chosen: Mask, rows: Integers) -> Integers:
    """Return the sum of those rows that are chosen, (sums, rows), at least one for each."""
    sums, which = np.nonzero(chosen)
    found: Integers = np.add.reduceat(rows[which], np.searchsorted(sums, np.arange(len(chosen))), axis=0)
    return found


def centres_of(problem: Problem, cell: int, by: int) -> Integers:
    """Return the atoms of a cell from which it is moved: those of most records, since others can lose few."""
    parts = problem.parts_of(cell)
    some: Integers = parts[np.argsort(-problem.counts[parts], kind="stable")][:4]
    return some[problem.counts[some] > 0] if by < 0 else some[:1]
