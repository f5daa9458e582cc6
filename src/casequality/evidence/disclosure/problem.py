"""What an attacker sees: counts that nobody publishes, the figures that are sums of them, and what is known beside."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt

from casequality.days import Integers, Mask
from casequality.evidence.disclosure.grids import Grid, solver


@attrs.frozen(eq=False, kw_only=True, slots=False)
class Problem:
    """The atoms, the smallest groups of records that any figure tells apart, and all that is said of them.

    counts: how many records each atom has, (atoms,). cells: each published count as a sum of atoms, a sparse 0/1 matrix
    (cells, atoms). unit: the figure that each cell is shown or withheld with, -1 for one that is never shown.
    floor: the least that a withheld cell can be, as everybody knows. least, most: between these an attacker must find
    every value possible, least > most where a cell needs no protection. once: cells of an earlier edition that are
    other ones now, of which nobody knows whether they were small: what was possible of them must stay so.
    cost: of withholding each figure.
    fixed: figures that are never withheld. also: those to withhold for a count between two of them. known: sums that
    were published before or are the same for several goals, (facts, atoms); play: how far each of these may fall and
    rise, (2, facts). time: the stretch of time of each atom;
    labels: its label by field, (fields, atoms), -1 for a field that it is not told apart by. near: how many periods two
    stretches of time share. grids: the figures by table.
    """

    counts: Integers
    cells: Any
    unit: Integers
    floor: Integers
    least: Integers
    most: Integers
    once: Mask
    cost: npt.NDArray[np.float64]
    fixed: Mask
    also: Integers
    known: Any
    play: npt.NDArray[np.float64]
    time: Integers
    labels: Integers
    near: Integers
    grids: tuple[Grid, ...] = ()

    @cached_property
    def values(self) -> Integers:
        """The count of each cell."""
        found: Integers = np.rint(self.cells @ self.counts).astype(np.int64)
        return found

    @cached_property
    def room(self) -> npt.NDArray[np.float64]:
        """How far each cell may fall and rise, were it withheld, (2, cells)."""
        down = (self.values - np.minimum(self.floor, self.values)).astype(float)
        # without a floor its atoms say as much, and it needs no line of its own
        return np.stack([np.where(self.floor > 0, down, np.inf), np.full(len(down), np.inf)])

    @cached_property
    def by_atom(self) -> Any:
        """Cells and then facts, quick to take apart by atoms."""
        found = solver().sparse.vstack([self.cells, self.known]).tocsc()
        found.sort_indices()
        return found

    def said_of(self, atoms: Integers) -> tuple[Integers, Integers, npt.NDArray[np.float64]]:
        """Return what is said of some atoms: cell or fact, the place of the atom, and its coefficient."""
        begin, end = self.by_atom.indptr[atoms], self.by_atom.indptr[atoms + 1]
        length = end - begin
        starts = np.cumsum(length) - length
        at = np.arange(length.sum()) + np.repeat(begin - starts, length)
        return self.by_atom.indices[at], np.repeat(np.arange(len(atoms)), length), self.by_atom.data[at]

    @cached_property
    def leaves(self) -> Integers:
        """How many atoms each cell sums."""
        found: Integers = np.diff(self.cells.indptr).astype(np.int64)
        return found

    @cached_property
    def protected(self) -> Integers:
        """The cells that need protection, those of most atoms first, and those of earlier editions last."""
        found = np.flatnonzero(self.least <= self.most)
        return found[np.lexsort((-self.leaves[found], self.once[found]))]

    @cached_property
    def primary(self) -> Mask:
        """The figures that are withheld for their own sake."""
        found = np.zeros(len(self.cost), bool)
        units = self.unit[self.protected]
        found[units[units >= 0]] = True
        found[self.also] = True
        return found

    @cached_property
    def alone(self) -> Integers:
        """The figure that shows each atom by itself, -1 for none."""
        found = np.full(len(self.counts), -1, np.int64)
        single = np.flatnonzero((self.leaves == 1) & (self.unit >= 0))
        found[self.cells.indices[self.cells.indptr[single]]] = self.unit[single]
        return found

    def parts_of(self, cell: int) -> Integers:
        """Return the atoms of a cell."""
        found: Integers = self.cells.indices[self.cells.indptr[cell] : self.cells.indptr[cell + 1]]
        return found

    def withheld(self, hidden: Mask) -> Mask:
        """Return which cells are withheld with their figures."""
        found: Mask = (self.unit >= 0) & hidden[np.maximum(self.unit, 0)]
        return found


@attrs.frozen(eq=False)
class Witness:
    """Another table of whole counts that shows the same published figures: the atoms that differ, and by how much.

    moved, by: the cells, and after them the facts, that differ with them, and by how much.
    """

    atoms: Integers
    change: Integers
    moved: Integers
    by: Integers

    @classmethod
    def of(cls, problem: Problem, atoms: Integers, change: Integers) -> Witness:
        """Return it with what differs by these atoms."""
        rows, places, coefficients = problem.said_of(atoms)
        found = np.bincount(rows, coefficients * change[places], minlength=problem.by_atom.shape[0])
        moved = np.flatnonzero(found)
        return cls(atoms, change, moved, np.rint(found[moved]).astype(np.int64))

    def mirrored(self) -> Witness:
        """Return what differs by the opposite."""
        return Witness(self.atoms, -self.change, self.moved, -self.by)

    def figures(self, problem: Problem) -> Integers:
        """Return the figures that must be withheld for it."""
        units: Integers = problem.unit[self.moved[: self._cells(problem)]]
        return units[units >= 0]

    def _cells(self, problem: Problem) -> int:
        return int(np.searchsorted(self.moved, len(problem.unit)))

    def stands(self, problem: Problem, hidden: Mask) -> bool:
        """Say whether it is a table at all, and shows what is published; this is addition only."""
        cells = self._cells(problem)
        seen, facts = self.moved[:cells], self.moved[cells:] - len(problem.unit)
        unit, value = problem.unit[seen], problem.values[seen]
        return bool(
            (problem.counts[self.atoms] + self.change >= 0).all()
            and ((unit < 0) | hidden[unit]).all()
            and (-problem.play[0, facts] <= self.by[cells:]).all()
            and (self.by[cells:] <= problem.play[1, facts]).all()
            and (value + self.by[:cells] >= np.minimum(problem.floor[seen], value)).all()
        )

    def reaches(self, problem: Problem, low: Integers, high: Integers) -> None:
        """Note in the least and the most that was found possible of each cell what it makes of them."""
        seen = self.moved[: self._cells(problem)]
        left = problem.values[seen] + self.by[: len(seen)]
        low[seen], high[seen] = np.minimum(low[seen], left), np.maximum(high[seen], left)


@attrs.frozen(eq=False)
class Pattern:
    """Which figures are withheld, and the witnesses that prove that nothing protected can be found out.

    given_away: protected cells that what was published before, or is public, tells whatever is withheld now.
    not_small: cells of an earlier edition that it told not to be small.
    """

    hidden: Mask
    witnesses: tuple[Witness, ...] = ()
    given_away: tuple[int, ...] = ()
    not_small: tuple[int, ...] = ()

    def proves(self, problem: Problem) -> bool:
        """Say whether the witnesses leave every protected cell between its least and its most."""
        low, high = problem.values.copy(), problem.values.copy()
        for each in self.witnesses:
            witness = Witness.of(problem, each.atoms, each.change)  # added up once more
            if not witness.stands(problem, self.hidden):
                return False
            witness.reaches(problem, low, high)
        asked = np.setdiff1d(problem.protected, (*self.given_away, *self.not_small))
        return bool((low[asked] <= problem.least[asked]).all() and (high[asked] >= problem.most[asked]).all())

    def secondary(self, problem: Problem) -> Iterator[int]:
        """Yield the figures that are withheld for the sake of others, the costliest first."""
        others = np.flatnonzero(self.hidden & ~problem.primary)
        yield from others[np.argsort(-problem.cost[others], kind="stable")].tolist()
