"""How a cell moves while all that is published stays: what is counted alike changes places, which needs no program."""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from itertools import product

import attrs
import numpy as np
import numpy.typing as npt

from casequality.days import Integers, Mask
from casequality.evidence.disclosure.grids import Sums
from casequality.evidence.disclosure.problem import OUT, Problem, Witness, connected


@attrs.define(eq=False, repr=False)
class Swaps:
    """Moves of one atom, or of several that are known to be equal, of which two that are published alike cancel out.

    moves: what each atom gains by each move. kinds: of moves; those of a kind are swapped. up, down: how often each
    may be made, there and back. marks: of each atom what is published of it, as one number; two moves of one number
    can be swapped, and one of 0 made alone. The numbers are the same each time, and what is found by them is added up
    like every answer.
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
