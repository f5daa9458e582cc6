"""How a cell moves while what is published stays, by swaps or at the corners of a box: it needs no program."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property, partial, reduce
from itertools import product
from operator import itemgetter
from typing import Final

import attrs
import numpy as np
import numpy.typing as npt

from casequality.days import Integers, Mask
from casequality.evidence.disclosure.grids import Grid, Sums
from casequality.evidence.disclosure.problem import OUT, Problem, Witness, connected

TRIED: Final = 4
CENTRES: Final = 2
MANY: Final = 256
"""So many labels are tried as the other end of a box."""
ROOM: Final = 1 << 26
"""A table of more labels times groups is left to programs."""


@attrs.define(eq=False)
class Swaps:
    """Moves of one atom, or of several that are known to be equal, of which two that are published alike cancel out.

    moves: what each atom gains by each move; kinds: of moves, those of a
    kind are swapped. up, down: how often each may be made, there and back. marks: of each atom
    what is published of it, as one number; two moves of one number can be swapped, and one of 0 made alone. The numbers
    are the same each time, and what is found by them is added up like every answer.
    """

    problem: Problem
    marks: npt.NDArray[np.uint64]
    weights: npt.NDArray[np.uint64]
    moves: Sums
    kinds: Integers
    up: Integers
    down: Integers

    @classmethod
    def of(cls, problem: Problem, hidden: Mask) -> Swaps:
        """Return those of a table of which some figures are withheld."""
        said, figures = problem.cells.and_then(problem.known), len(problem.unit)
        weights = np.random.default_rng(len(said)).integers(1, 1 << 62, len(said)).astype(np.uint64)
        weights[:figures][(problem.unit < 0) | hidden[problem.unit]] = 0
        weights[figures:][problem.between >= 0] = 0
        marks = np.zeros(len(problem.counts), np.uint64)
        np.add.at(marks, said.at, _times(weights[said.rows], said.by))
        between = problem.between[problem.between >= 0]
        marks[between] = np.arange(1, len(between) + 1)  # like no other
        # how much each atom can lose before a sum that has it is less than everybody knows
        cap, (down, _) = problem.counts.copy(), problem.room
        bound = np.isfinite(down[problem.cells.rows])
        np.minimum.at(cap, problem.cells.at[bound], down[problem.cells.rows[bound]].astype(np.int64))
        kinds = _moves(problem)
        moves = reduce(Sums.and_then, kinds)
        kind = np.repeat(np.arange(len(kinds)), [*map(len, kinds)])
        gives = np.where(moves.by > 0, cap[moves.at], OUT), np.where(moves.by < 0, cap[moves.at], OUT)
        down, up = (np.minimum.reduceat(each, moves.starts[:-1]) for each in gives)
        return cls(problem, marks, weights, moves, kind, up, down)

    def hide(self, units: Integers) -> None:
        """Take out what is withheld too."""
        cells = np.flatnonzero(np.isin(self.problem.unit, units))
        at, which = self.problem.cells.entries(cells)
        np.subtract.at(self.marks, self.problem.cells.at[at], self.weights[cells][which])
        self.weights[cells] = 0

    def found(self, cell: int, by: int) -> Iterator[Witness]:
        """Yield swaps that may move a cell by so much. No figure has to be withheld for them."""
        inside = np.zeros(len(self.marks))
        inside[self.problem.parts_of(cell)] = 1
        moves, many, sign = self.moves, abs(by), int(np.sign(by))
        effect = np.add.reduceat(inside[moves.at] * moves.by, moves.starts[:-1])
        marks = np.add.reduceat(_times(self.marks[moves.at], moves.by), moves.starts[:-1])
        marks, down = np.append(marks, np.uint64(0)), np.append(self.down, OUT)
        for kind, (gained, lost) in product(range(self.kinds.max() + 1), ((sign, 0), (0, -sign))):
            mine = self.kinds == kind
            gain = mine & (effect == gained) & (self.up >= many)
            lose = mine & (effect == lost) & (self.down > 0)
            # the last is no move at all, for one that nobody sees
            gain, lose = np.flatnonzero(np.append(gain, not gained)), np.flatnonzero(np.append(lose, not lost))
            found = self._swapped(gain, lose, marks, down, many)
            if found is not None:
                yield found

    def _swapped(
        self, gain: Integers, lose: Integers, marks: npt.NDArray[np.uint64], down: Integers, many: int
    ) -> Witness | None:
        """Return so many of one move less those of others with its number."""
        if not len(gain) or not len(lose):
            return None
        each, first = np.unique(marks[gain], return_index=True)
        place = np.minimum(np.searchsorted(each, marks[lose]), len(each) - 1)
        fits = each[place] == marks[lose]
        supply = np.bincount(place[fits], np.minimum(down[lose[fits]], many), minlength=len(each))
        best = int(supply.argmax())
        if supply[best] < many:
            return None
        losers = lose[fits & (place == best)]
        losers = losers[np.argsort(-down[losers], kind="stable")]
        left = np.clip(many - np.cumsum(down[losers]) + down[losers], 0, down[losers])
        change = np.zeros(len(self.marks), np.int64)
        for move, times in zip([gain[first[best]], *losers], [many, *(-left)], strict=True):
            if move < len(self.moves) and times:
                atoms = slice(self.moves.starts[move], self.moves.starts[move + 1])
                change[self.moves.at[atoms]] += times * self.moves.by[atoms].astype(np.int64)
        some = np.flatnonzero(change)
        return Witness.of(self.problem, some, change[some]).mended(self.problem)


def _times(weights: npt.NDArray[np.uint64], by: npt.NDArray[np.float64]) -> npt.NDArray[np.uint64]:
    """Return multiples of numbers, in which what is too much begins again from 0."""
    found: npt.NDArray[np.uint64] = weights * by.astype(np.int64).astype(np.uint64)
    return found


def _moves(problem: Problem) -> list[Sums]:
    """Return moves by kind: of all atoms that are equal, or are kept so, and of a yes that is taken from the no."""
    known, many = problem.known, len(problem.counts)
    two = np.flatnonzero((known.lengths == 2) & (np.bincount(known.rows, known.by, minlength=len(known)) == 0))
    pairs = known.at[known.starts[two][:, None] + np.arange(2)].reshape(-1, 2).T
    # and what lies between two goals may stay, where these move together
    three = np.flatnonzero((known.lengths == 3) & (problem.between >= 0))
    beside = known.at[known.starts[three][:, None] + np.arange(3)].reshape(-1, 3)
    beside = beside[beside != problem.between[three][:, None]].reshape(-1, 2).T
    ends = [np.concatenate([pairs, beside], axis=1), pairs]
    both = [grid.first + np.arange(grid.counts[0].size) for grid in problem.grids if len(grid.counts) > 1]
    yes = np.concatenate([*both, np.zeros(0, np.int64)])
    no = np.concatenate([*(each + len(each) for each in both), np.zeros(0, np.int64)])
    found = []
    for joined in ends[not beside.size :]:
        group = connected(many, *joined)
        order = np.argsort(group, kind="stable")
        sizes = np.bincount(group, minlength=many)
        each = Sums(sizes, order, np.ones(many), many)
        found.append(each.chosen(np.unique(group)))
        if len(known) or problem.fixed.any():
            for mine, theirs in ((yes, no), (no, yes)):
                apart = group[mine] != group[theirs]
                more, less = each.chosen(group[mine[apart]]), each.chosen(group[theirs[apart]])
                rows = np.concatenate([more.rows, less.rows])
                at = np.argsort(rows, kind="stable")
                by = np.concatenate([more.by, -less.by])[at]
                found.append(Sums(more.lengths + less.lengths, np.concatenate([more.at, less.at])[at], by, many))
    return found


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


def _ways(problem: Problem, grid: Grid, period: int, group: int) -> Iterator[bool]:
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
    grid: Grid
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
