"""How a cell moves by changes at the corners of a box, so that the margins beside stay: it needs no program."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property, partial
from operator import itemgetter
from typing import Final

import attrs
import numpy as np

from casequality.days import Integers, Mask
from casequality.evidence.disclosure.grids import TableGrid
from casequality.evidence.disclosure.problem import OUT, Problem, Witness

TRIED: Final = 4
CENTRES: Final = 2
MANY: Final = 256
"""So many labels are tried as the other end of a box."""
ROOM: Final = 1 << 26
"""A table of more labels times groups is left to programs."""


def cornered(problem: Problem, hidden: Mask, cell: int, by: int) -> Witness | None:
    """Return the cheapest changes at the corners of a box that move a cell by so much, None where none of them may be.

    What a stretch of time and a label gain another stretch or other labels lose. Where numbers of records must stay
    too, the other outcome changes by the opposite. Where no box has so many, several have it together.
    """
    change, more, left, sign = np.zeros(len(problem.counts), np.int64), hidden.copy(), abs(by), int(np.sign(by))
    boxes: list[Witness] = []
    while left:
        each = (_boxed(problem, more, cell, sign * size, change) for size in range(left, 0, -1))
        found = next((box for box in each if box is not None), None)
        if found is None:
            return None
        boxes.append(found)
        change[found.atoms] += found.change
        more[found.figures(problem)] = True
        left -= abs(int(found.by[found.moved == cell][0]))
    some = np.flatnonzero(change)
    whole = boxes[0] if len(boxes) == 1 else Witness.of(problem, some, change[some]).mended(problem)
    return whole if cell in whole.moved and whole.stands(problem, more) else None


def _boxed(problem: Problem, hidden: Mask, cell: int, by: int, changed: Integers) -> Witness | None:
    """Return the cheapest box that moves a cell by so much. changed: by how much each atom has changed before."""
    unit = problem.unit[cell]
    tried: list[tuple[int, Callable[[], Witness]]] = []
    for grid in (grid for grid in problem.grids if unit >= 0 and len(grid.within) * grid.within.width <= ROOM):
        for period, group in np.argwhere((grid.units == unit) | (grid.bases == unit)).tolist():
            for both in _ways(problem, grid, period, group):
                boxes = _Boxes(problem, hidden, grid, both, changed)
                for centre in centres_of(problem, cell, by, changed) - grid.first:
                    if 0 <= centre < grid.counts.size:  # and no record that came after an edition
                        tried += boxes.cheapest(period, group, int(centre), by)
    first = not changed.any()
    for _, made in sorted(tried, key=itemgetter(0)):
        found, more = made().mended(problem), hidden.copy()
        more[found.figures(problem)] = True
        if cell in found.moved and (found.stands(problem, more) or not first):
            return found
    return None


def _ways(problem: Problem, grid: TableGrid, period: int, group: int) -> Iterator[bool]:
    """Yield whether the other outcome may have to change by the opposite: where its number of records is kept."""
    if not problem.fixed[grid.bases[period, group]]:
        yield False
    # where the numbers of records are no figures of their own it costs the same to leave them, and needs more
    if len(grid.counts) > 1 and (len(problem.known) > 0 or grid.based):
        yield True


@attrs.frozen(eq=False, slots=False)
class _Boxes:
    """Boxes of a table at whose corners counts change. both: the other outcome by the opposite."""

    problem: Problem
    hidden: Mask
    grid: TableGrid
    both: bool
    changed: Integers

    def cheapest(self, period: int, group: int, centre: int, by: int) -> Iterator[tuple[int, Callable[[], Witness]]]:
        """Yield the cost of the cheapest that move a period and group, with an atom as the first corner, and each."""
        grid = self.grid
        outcome, time, label = (int(each) for each in np.unravel_index(centre, grid.counts.shape))
        corners, signs = grid.corners(label)
        outcomes = ((outcome, np.sign(by)), (1 - outcome, -np.sign(by)))[: 1 + self.both]
        few = [self.counts[each] < abs(by) for each, _ in outcomes]
        # how each group moves with each other label, and each period with each other stretch of time, or with none
        good = grid.moved(label, group) == 1
        for each, (_, sign) in zip(few, outcomes, strict=True):
            for end, ways in zip(corners.T, signs.T, strict=True):
                good &= ~(each[time, end] & (ways == -sign))
        others = np.flatnonzero(good)
        if len(others) > MANY:
            others = np.sort(others[np.argsort(self._worth(outcome, time, others), kind="stable")[:MANY]])
        when = grid.moved_in(time)
        times = np.flatnonzero(when[:, period] == 1)
        if not len(times) or not len(others):
            return
        who = grid.moved(label)[others]
        corners, signs = corners[others], signs[others]
        cost = _sums_of(who != 0, _sums_of(when[times] != 0, self.prices).T).T
        for each, (_, sign) in zip(few, outcomes, strict=True):
            loses = np.append(each, np.zeros_like(each[:1]), axis=0)[times]
            for end, ways in zip(corners.T, signs.T, strict=True):
                cost[loses[:, end] & (ways == sign)] = OUT
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
        atoms = slice(self.grid.first, self.grid.first + self.grid.counts.size)
        found: Integers = (self.problem.counts[atoms] + self.changed[atoms]).reshape(self.grid.counts.shape)
        return found

    @cached_property
    def prices(self) -> Integers:
        """What it costs to move each figure, (periods, groups), and its base where that is not withheld with it.

        They are whole numbers, of which sums are exact: the same table is withheld in the same way everywhere.
        """
        priced = np.append(np.where(self.hidden, 0, self.problem.prices), 0)  # what is not published costs nothing
        found: Integers = priced[self.grid.units]
        if not self.both and self.grid.based:
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


def centres_of(problem: Problem, cell: int, by: int, changed: Integers | None = None) -> Integers:
    """Return the atoms of a cell from which it is moved: those of most records, since others can lose few.

    changed: by how much each atom has changed before.
    """
    parts = problem.parts_of(cell)
    counts = problem.counts[parts] if changed is None else problem.counts[parts] + changed[parts]
    order = np.argsort(-counts, kind="stable")
    some = order[: CENTRES if changed is not None else 4]
    enough = -by if changed is not None else 1
    found: Integers = parts[some[counts[some] >= enough] if by < 0 else order[:1]]
    return found
