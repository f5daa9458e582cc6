"""What an attacker sees: counts that nobody publishes, the figures that are sums of them, and what is known beside."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Final

import attrs
import numpy as np
import numpy.typing as npt

from casequality.days import Integers, Mask
from casequality.evidence.disclosure.grids import Sums, TableGrid

OUT: Final = 1 << 40
"""More than any figures cost, in parts of `FINE`."""
FINE: Final = 1024


@attrs.frozen(eq=False, kw_only=True, slots=False)
class Problem:
    """The atoms, the smallest groups of records that any figure tells apart, and all that is said of them.

    counts: how many records each atom has, (atoms,). cells: each published count as a sum of atoms.
    unit: the figure that each cell is shown or withheld with, -1 for one that is never shown. floor: the
    least that a withheld cell can be, as everybody knows. least, most: between these an attacker must find every value
    possible, least > most where a cell needs no protection. once: cells of an earlier edition that are
    other ones now, of which nobody knows whether they were small: what was possible of them must stay so.
    cost: of withholding each figure.
    fixed: figures that are never withheld. also: those to withhold for a count between two of them. known: sums that
    were published before or are the same for several goals, (facts, atoms); play: how far each of these may fall and
    rise, (2, facts). time: the stretch of time of each atom;
    labels: its label by field, (fields, atoms), -1 for a field that it is not told apart by. near: how many periods two
    stretches of time share. grids: the figures by table.
    """

    counts: Integers
    cells: Sums
    unit: Integers
    floor: Integers
    least: Integers
    most: Integers
    once: Mask
    cost: npt.NDArray[np.float64]
    fixed: Mask
    also: Integers
    known: Sums
    play: npt.NDArray[np.float64]
    time: Integers
    labels: Integers
    near: Integers
    grids: tuple[TableGrid, ...] = ()

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
    def by_atom(self) -> Sums:
        """The cells and then facts that each atom is in."""
        return self.cells.and_then(self.known).turned

    def said_of(self, atoms: Integers) -> tuple[Integers, Integers, npt.NDArray[np.float64]]:
        """Return what is said of some atoms: cell or fact, the place of the atom, and its coefficient."""
        at, place = self.by_atom.entries(atoms)
        return self.by_atom.at[at], place, self.by_atom.by[at]

    @cached_property
    def prices(self) -> Integers:
        """The cost of each figure as a whole number, of which sums are exact."""
        return np.where(self.fixed, OUT, np.rint(self.cost * FINE)).astype(np.int64)

    @cached_property
    def leaves(self) -> Integers:
        """How many atoms each cell sums."""
        return self.cells.lengths

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
        found[self.cells.at[self.cells.starts[single]]] = self.unit[single]
        return found

    @cached_property
    def between(self) -> Integers:
        """The atom that each fact alone has, and no figure, -1 for none: what lies between two goals gives way."""
        known, figures = self.known, np.flatnonzero(self.unit >= 0)
        counted = np.zeros(len(self.counts), bool)
        counted[self.cells.at[self.cells.entries(figures)[0]]] = True
        alone = (np.bincount(known.at, minlength=len(self.counts)) == 1) & ~counted
        found, some = np.full(len(known), -1), alone[known.at] & (known.by == 1)
        found[known.rows[some]] = known.at[some]
        return found

    def parts_of(self, cell: int) -> Integers:
        """Return the atoms of a cell."""
        return self.cells.within(cell)

    def islands(self) -> list[Island]:
        """Return the parts of it that have nothing in common: what is said of one says nothing of the other."""
        every = self.cells.and_then(self.known)
        grids = [grid for grid in self.grids if grid.counts.size]
        ones = [every.at, *(grid.first + np.arange(grid.counts.size) for grid in grids)]
        others = [every.at[every.starts[every.rows]], *(np.repeat(grid.first, grid.counts.size) for grid in grids)]
        island = connected(len(self.counts), np.concatenate(ones), np.concatenate(others))
        rows = np.flatnonzero(every.lengths)  # what adds up nothing is known to be nothing
        of_row = island[every.at[every.starts[rows]]]
        order = np.argsort(island, kind="stable")
        rows = rows[np.argsort(of_row, kind="stable")]
        number = np.empty(len(order), np.int64)
        number[order] = np.arange(len(order))
        held: dict[int, list[TableGrid]] = {}
        for grid in grids:
            held.setdefault(int(island[grid.first]), []).append(grid)
        names, first = np.unique(island[order], return_index=True)
        starts = np.searchsorted(np.sort(of_row), [*names.tolist(), len(order)])
        parts = zip(names.tolist(), np.split(order, first[1:]), itertools.pairwise(starts.tolist()), strict=True)
        return [self._part(atoms, rows[begin:end], number, held.get(name, ())) for name, atoms, (begin, end) in parts]

    def _part(self, atoms: Integers, rows: Integers, number: Integers, grids: Iterable[TableGrid]) -> Island:
        """Return the part of some atoms. rows: its cells and facts. number: of each atom, consecutive in a part."""
        cells, facts = rows[rows < len(self.unit)], rows[rows >= len(self.unit)] - len(self.unit)
        unit = self.unit[cells]
        units = np.unique(unit[unit >= 0])
        short = np.full(len(self.cost) + 1, -1)
        short[units] = np.arange(len(units))
        first = number[atoms[0]]

        def of(sums: Sums, chosen: Integers) -> Sums:
            some = sums.chosen(chosen)
            return Sums(some.lengths, number[some.at] - first, some.by, len(atoms))

        part = Problem(
            counts=self.counts[atoms],
            cells=of(self.cells, cells),
            unit=short[unit],
            floor=self.floor[cells],
            least=self.least[cells],
            most=self.most[cells],
            once=self.once[cells],
            cost=self.cost[units],
            fixed=self.fixed[units],
            also=short[self.also][short[self.also] >= 0],
            known=of(self.known, facts),
            play=self.play[:, facts],
            time=self.time[atoms],
            labels=self.labels[:, atoms],
            near=self.near,
            grids=tuple(
                attrs.evolve(
                    grid, first=int(number[grid.first] - first), units=short[grid.units], bases=short[grid.bases]
                )
                for grid in grids
            ),
        )
        return Island(part, atoms, cells, units)

    def may_be_blank(self, hidden: Mask) -> bool:
        """Say whether nothing is shown but that there is none, and nothing was told by an earlier edition."""
        shown = (self.unit >= 0) & ~hidden[self.unit] & (self.values > 0)
        return not shown.any() and not self.once.any() and not (self.known @ self.counts).any()

    def withheld(self, hidden: Mask) -> Mask:
        """Return which cells are withheld with their figures."""
        found: Mask = (self.unit >= 0) & hidden[np.maximum(self.unit, 0)]
        return found


def connected(many: int, ones: Integers, others: Integers) -> Integers:
    """Return for each of so many the least that it is connected with, by pairs of neighbours."""
    least = np.arange(many)
    while True:
        lower = np.minimum(least[ones], least[others])
        if (least[ones] == lower).all() and (least[others] == lower).all():
            return least
        for ends in (ones, others):
            np.minimum.at(least, least[ends], lower)
        while not np.array_equal(least, least[least]):
            least = least[least]


@attrs.frozen(eq=False)
class Island:
    """A part of a problem that has nothing in common with the rest, and the number of its atoms, cells and figures."""

    problem: Problem
    atoms: Integers
    cells: Integers
    units: Integers


@attrs.frozen(eq=False, slots=False)
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
        order = np.argsort(rows, kind="stable")
        rows, by = rows[order], (coefficients * change[places])[order]
        first = np.flatnonzero(np.diff(rows, prepend=-1))
        summed = np.rint(np.add.reduceat(by, first)).astype(np.int64) if len(rows) else np.zeros(0, np.int64)
        return cls(atoms, change, rows[first][summed != 0], summed[summed != 0])

    def mended(self, problem: Problem) -> Witness:
        """Return it with what lies between goals changed as well, so that what is known of these stays so."""
        cells = self._cells(problem)
        if cells == len(self.moved):
            return self
        atoms = problem.between[self.moved[cells:] - len(problem.unit)]
        give = (atoms >= 0) & ~np.isin(atoms, self.atoms)
        more, by = np.append(self.atoms, atoms[give]), np.append(self.change, -self.by[cells:][give])
        return Witness.of(problem, more, by)

    @cached_property
    def steps(self) -> int:
        """Of how many equal whole steps it is made: after each of them it is such a table too."""
        return int(np.gcd.reduce(self.change))

    def farthest(self, problem: Problem, hidden: Mask, sign: int, most: int) -> Witness | None:
        """Return as many of its steps as there may be, at most so many; sign: 1, or -1 for steps back."""
        change, by = (sign * each // self.steps for each in (self.change, self.by))
        cells = self._cells(problem)
        seen, facts = self.moved[:cells], self.moved[cells:] - len(problem.unit)
        unit = problem.unit[seen]
        if not ((unit < 0) | hidden[unit]).all():
            return None
        room = problem.values[seen] - np.minimum(problem.floor[seen], problem.values[seen])
        play = np.where(by[cells:] < 0, problem.play[0, facts], problem.play[1, facts])
        lost = ((-change, problem.counts[self.atoms]), (-by[:cells], room), (np.abs(by[cells:]), play))
        # what may move without a limit is infinite, which `//` would make no number
        times = int(min(float((has[takes > 0] / takes[takes > 0]).min(initial=most)) for takes, has in lost))
        return Witness(self.atoms, times * change, self.moved, times * by) if times > 0 else None

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


@attrs.frozen(eq=False)
class PossibleRange:
    """What was found possible of each cell: all from the least (low) to the greatest (high), and what else there is."""

    problem: Problem
    low: Integers
    high: Integers
    further: dict[int, set[int]] = attrs.field(factory=dict)

    @classmethod
    def of(cls, problem: Problem) -> PossibleRange:
        """Return what is known before anything moves: each cell may be what it is."""
        return cls(problem, problem.values.copy(), problem.values.copy())

    def note(self, cells: Integers, by: Integers, steps: Integers) -> None:
        """Note that cells moved by so much, in so many equal steps of whole numbers."""
        ones = np.abs(by) == steps
        left = self.problem.values[cells] + by
        np.minimum.at(self.low, cells[ones], left[ones])
        np.maximum.at(self.high, cells[ones], left[ones])
        asked = ~ones & (by != 0) & (self.problem.least[cells] <= self.problem.most[cells])
        for cell, moved, many in zip(cells[asked].tolist(), by[asked].tolist(), steps[asked].tolist(), strict=True):
            value, step = int(self.problem.values[cell]), moved // many
            self.further.setdefault(cell, set()).update(range(value, value + moved + step, step))

    def lacking(self, cell: int) -> Iterator[int]:
        """Yield by how much a cell must still be able to rise and fall, the nearest first; as it is noted meanwhile."""
        value, least, most = (int(each[cell]) for each in (self.problem.values, self.problem.least, self.problem.most))
        for asked in sorted(range(least, most + 1), key=lambda each: (abs(each - value), each)):
            if not self.low[cell] <= asked <= self.high[cell] and asked not in self.further.get(cell, ()):
                yield asked - value


@attrs.frozen(eq=False)
class Pattern:
    """Which figures are withheld, and the witnesses that prove that nothing protected can be found out.

    given_away: protected cells that what was published before, or is public, tells whatever is withheld now.
    not_small: cells of an earlier edition that it told not to be small. blank: protected cells that no witness moves,
    of which nothing is published: what is left to know of them is only what somebody may know beside.
    """

    hidden: Mask
    witnesses: tuple[Witness, ...] = ()
    given_away: tuple[int, ...] = ()
    not_small: tuple[int, ...] = ()
    blank: tuple[int, ...] = ()

    def proves(self, problem: Problem) -> bool:
        """Say whether the witnesses leave every protected cell between its least and its most: by addition only."""
        atoms = np.concatenate([np.zeros(0, np.int64), *(each.atoms for each in self.witnesses)])
        change = np.concatenate([np.zeros(0, np.int64), *(each.change for each in self.witnesses)])
        which = np.repeat(np.arange(len(self.witnesses)), [len(each.atoms) for each in self.witnesses])
        rows, place, by = problem.said_of(atoms)
        key, at = np.unique(which[place] * problem.by_atom.width + rows, return_inverse=True)
        moved = np.rint(np.bincount(at, by * change[place], minlength=len(key))).astype(np.int64)
        row = key % problem.by_atom.width
        cell, seen, told = row[row < len(problem.unit)], moved[row < len(problem.unit)], moved[row >= len(problem.unit)]
        fact = row[row >= len(problem.unit)] - len(problem.unit)
        unit, value = problem.unit[cell], problem.values[cell]
        stands = (
            (problem.counts[atoms] + change >= 0).all()
            and ((seen == 0) | (unit < 0) | self.hidden[unit]).all()
            and (value + seen >= np.minimum(problem.floor[cell], value)).all()
            and ((-problem.play[0, fact] <= told) & (told <= problem.play[1, fact])).all()
        )
        asked = np.setdiff1d(problem.protected, (*self.given_away, *self.not_small, *self.blank))
        stands = stands and self._tells_nothing(problem)
        reached = PossibleRange.of(problem)
        starts = np.cumsum([0, *(len(each.atoms) for each in self.witnesses)])[:-1]
        steps = np.gcd.reduceat(np.abs(change), starts) if len(starts) else starts
        reached.note(cell, seen, steps[(key // problem.by_atom.width)[row < len(problem.unit)]])
        return bool(stands) and not any(next(reached.lacking(each), 0) for each in asked.tolist())

    def _tells_nothing(self, problem: Problem) -> bool:
        """Say whether of all that has to do with the blank cells nothing is shown, and nothing was."""
        found = [part for part in problem.islands() if np.isin(part.cells, self.blank).any()] if self.blank else []
        return all(part.problem.may_be_blank(self.hidden[part.units]) for part in found)

    def secondary(self, problem: Problem) -> Iterator[int]:
        """Yield the figures that are withheld for the sake of others, the costliest first."""
        others = np.flatnonzero(self.hidden & ~problem.primary)
        yield from others[np.argsort(-problem.cost[others], kind="stable")].tolist()
