"""From many figures at once to sums of atoms: those of one table by period and group, and the cells they give."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import product
from typing import Any, Final

import attrs
import numpy as np
import numpy.typing as npt

from casequality.days import Integers, Mask, Period
from casequality.errors import InputError
from casequality.evidence.disclosure.tables import AtomBlock, FigurePlace, TimeStretches

NOW: Final = -1
FIELDS: Final = 4
"""With more codes a box has more corners than are tried."""
KEPT: Final = 1 << 25
"""Up to so many numbers are kept of how groups move with labels."""


def solver() -> Any:
    """Return SciPy, which only whoever publishes needs."""
    try:
        import scipy.optimize
        import scipy.sparse
    except ImportError:
        raise InputError(
            "SciPy, which finds what must be withheld, is not installed",
            remedy="install it: pip install 'casequality[disclosure]'",
        ) from None
    return scipy


@attrs.frozen(eq=False, slots=False)
class Sums:
    """Sums of numbers, such as of atoms: a sparse matrix without SciPy, whose loading takes longer than many a table.

    lengths: how many numbers each sum adds up. at: which these are, one sum after the other; by: what each counts for.
    width: how many numbers there are.
    """

    lengths: Integers
    at: Integers
    by: npt.NDArray[np.float64]
    width: int

    @classmethod
    def of(cls, lines: Sequence[Mapping[int, int]], width: int) -> Sums:
        """Return the sums of some lines, each with what every number counts for."""
        return cls(
            np.array([*map(len, lines)], np.int64),
            np.array([at for line in lines for at in line], np.int64),
            np.array([by for line in lines for by in line.values()], float),
            width,
        )

    def __len__(self) -> int:
        return len(self.lengths)

    @cached_property
    def starts(self) -> Integers:
        """Where each sum begins, and where the last ends."""
        return np.concatenate([np.zeros(1, np.int64), np.cumsum(self.lengths)])

    @cached_property
    def rows(self) -> Integers:
        """Which sum each number is in."""
        return np.repeat(np.arange(len(self)), self.lengths)

    @property
    def sparse(self) -> Any:
        """Them as a matrix of SciPy, (sums, width)."""
        return solver().sparse.csr_matrix((self.by, self.at, self.starts), shape=(len(self), self.width))

    def __matmul__(self, numbers: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
        """Return the sums of some numbers."""
        return np.bincount(self.rows, self.by * numbers[self.at], minlength=len(self)).astype(np.float64)

    def within(self, sum_: int) -> Integers:
        """Return which numbers a sum adds up."""
        found: Integers = self.at[self.starts[sum_] : self.starts[sum_ + 1]]
        return found

    def entries(self, chosen: Integers) -> tuple[Integers, Integers]:
        """Return the places in `at` of what some sums add up, and which of them each is in."""
        lengths = self.lengths[chosen]
        which = np.repeat(np.arange(len(chosen)), lengths)
        ends = np.cumsum(lengths)
        return np.arange(len(which)) + (self.starts[chosen] - ends + lengths)[which], which

    def chosen(self, sums: Integers) -> Sums:
        """Return some of them."""
        at, _ = self.entries(sums)
        return Sums(self.lengths[sums], self.at[at], self.by[at], self.width)

    def and_then(self, others: Sums) -> Sums:
        """Return them and others of the same numbers."""
        pairs = zip((self.lengths, self.at, self.by), (others.lengths, others.at, others.by), strict=True)
        lengths, at, by = (np.concatenate(pair) for pair in pairs)
        return Sums(lengths, at, by, self.width)

    @cached_property
    def turned(self) -> Sums:
        """For each number the sums that it is in."""
        # what has 16 bits is sorted in one pass
        order = np.argsort(self.at.astype(np.uint16) if self.width <= 1 << 16 else self.at, kind="stable")
        return Sums(np.bincount(self.at, minlength=self.width), self.rows[order], self.by[order], len(self))


@attrs.frozen(eq=False, kw_only=True, slots=False)
class TableGrid:
    """Figures of one table and facet, each of a period and a group of labels.

    counts: of the atoms, (outcomes, times, labels); first: the number of the first. codes: the label of each code,
    (fields, labels). holds: which stretches of time each period has, (periods, times). within: which labels each group
    has, a sum for each group. period, group: of each figure, as the number of one of the periods and groups.
    units: the number of the figure by period
    and group, -1 where there is none; bases: what its whole is shown with.
    """

    counts: Integers
    first: int
    codes: Integers
    holds: Integers
    within: Sums
    period: Integers
    group: Integers
    periods: tuple[Period, ...] = ()
    groups: tuple[tuple[tuple[str, str | None], ...], ...] = ()
    units: Integers = attrs.field(factory=lambda: np.zeros((0, 0), np.int64))
    bases: Integers = attrs.field(factory=lambda: np.zeros((0, 0), np.int64))

    @classmethod
    def of(
        cls, block: AtomBlock, times: TimeStretches, places: Sequence[FigurePlace]
    ) -> tuple[TableGrid, Sequence[FigurePlace]]:
        """Return the figures of a table at some places, and these, each once."""
        periods: dict[Period, int] = {}
        groups: dict[tuple[tuple[str, str | None], ...], int] = {}
        period = np.array([periods.setdefault(each, len(periods)) for _, each, _ in places], np.int64)
        group = np.array([groups.setdefault(each, len(groups)) for _, _, each in places], np.int64)
        _, once = np.unique(period * len(groups) + group, return_index=True)
        if len(once) < len(places):
            once.sort()
            places, period, group = [places[place] for place in once.tolist()], period[once], group[once]
        labels = [block.within(each) for each in groups]
        holds = np.zeros((len(periods), block.counts.shape[1]), np.int64)
        for row, each in zip(holds, periods, strict=True):
            row[times.within(each.first, each.end)] = 1
        lengths = np.array([*map(len, labels)], np.int64)
        at = np.concatenate([*labels, np.zeros(0, np.int64)])
        found = cls(
            counts=block.counts,
            first=block.first,
            codes=block.codes,
            holds=holds,
            within=Sums(lengths, at, np.ones(len(at)), block.counts.shape[2]),
            periods=tuple(periods),
            groups=tuple(groups),
            period=period,
            group=group,
        )
        return found, places

    @cached_property
    def sums(self) -> Integers:
        """The counts of each figure, (figures, parts): the yes, and with a no this and the whole."""
        some, found = np.flatnonzero(self.within.lengths), []
        for counts in self.counts:
            summed = np.zeros((len(self.holds), len(self.within)), np.int64)
            if len(some):
                by_label = (self.holds @ counts)[:, self.within.at]
                summed[:, some] = np.add.reduceat(by_label, self.within.starts[some], axis=1)
            found.append(summed[self.period, self.group])
        return np.stack([*found, *([sum(found)] if len(found) > 1 else [])], axis=1)

    @cached_property
    def leaves(self) -> Integers:
        """How many atoms the yes of each figure sums."""
        found: Integers = self.holds.sum(axis=1)[self.period] * self.within.lengths[self.group]
        return found

    def atoms(self, kept: Mask) -> tuple[Integers, Integers]:
        """Return the atoms of those parts of figures that are kept, one after another, and how many each has.

        The whole has those of the yes, and then those of the no.
        """
        _, stretches, width = self.counts.shape
        leaves, long = self.leaves, self.holds.sum(axis=1)
        at = np.arange(leaves.sum()) - np.repeat(np.cumsum(leaves) - leaves, leaves)
        time, label = np.divmod(at, np.repeat(self.within.lengths[self.group], leaves))
        time = np.nonzero(self.holds)[1][time + np.repeat((np.cumsum(long) - long)[self.period], leaves)]
        label = self.within.at[label + np.repeat(self.within.starts[self.group], leaves)]
        yes, no = self.first + time * width + label, stretches * width
        sizes = leaves[:, None] * np.array([1, 1, 2][: kept.shape[1]]) * kept
        starts = np.cumsum(sizes).reshape(sizes.shape) - sizes
        found = np.empty(sizes.sum(), np.int64)
        # of each part and half of it: how far its atoms lie behind those of the yes
        for part, half, behind in ((0, 0, 0), (1, 0, no), (2, 0, 0), (2, 1, no))[: 1 if kept.shape[1] == 1 else 4]:
            some = np.repeat(kept[:, part], leaves)
            place = np.repeat(starts[:, part] + half * leaves, leaves) + at
            found[place[some]] = yes[some] + behind
        return found, sizes

    @cached_property
    def member(self) -> npt.NDArray[np.int8]:
        """Which groups each label belongs to, (labels, groups)."""
        found = np.zeros((self.within.width, len(self.within)), np.int8)
        found[self.within.at, self.within.rows] = 1
        return found

    @cached_property
    def based(self) -> bool:
        """Say whether a whole is shown with another figure than its parts."""
        return bool((self.bases != self.units).any())

    def moved(self, label: int, group: int | None = None) -> npt.NDArray[np.int8]:
        """Return by how much the groups move with the corners between a label and each other, (labels, groups).

        group: of this one alone, (labels,).
        """
        kept = self.within.width**2 * len(self.within) <= KEPT
        found = self._moved.get(label)
        if found is None:
            corners, signs = self.corners(label)
            some = self.member if kept or group is None else self.member[:, [group]]
            found = np.zeros((len(corners), some.shape[1]), np.int8)
            for end, sign in zip(corners.T, signs.T, strict=True):
                found += some[end] * sign[:, None].astype(np.int8)
            if not kept:
                return found if group is None else found[:, 0]
            self._moved[label] = found
        return found if group is None else found[:, group]

    @cached_property
    def _moved(self) -> dict[int, npt.NDArray[np.int8]]:
        return {}

    def moved_in(self, time: int) -> Integers:
        """Return by how much the periods move from a stretch of time to each, and to none, (times + 1, periods)."""
        if time not in self._moved_in:
            others = np.vstack([self.holds.T, np.zeros_like(self.holds[:, 0])])
            self._moved_in[time] = self.holds[:, time] - others
        return self._moved_in[time]

    @cached_property
    def _moved_in(self) -> dict[int, Integers]:
        return {}

    def corners(self, label: int) -> tuple[Integers, Integers]:
        """Return what `_cornered` does, worked out once for each label."""
        if label not in self._corners:
            self._corners[label] = self._cornered(label)
        return self._corners[label]

    @cached_property
    def _corners(self) -> dict[int, tuple[Integers, Integers]]:
        return {}

    def _cornered(self, label: int) -> tuple[Integers, Integers]:
        """Return, for each label as the other end of a box, its corners and their signs, (labels, corners).

        They have the label of the one end or of the other in each field in which these differ; where one of them is no
        label, the two ends are all. Where there are fewer than columns, a sign is 0.
        """
        radix, keys, order = self._keys
        fields, width = self.codes.shape
        mine = self.codes[:, label]
        apart = self.codes != mine[:, None]
        ends = [*product((False, True), repeat=fields)] if fields <= FIELDS else [(False,) * fields, (True,) * fields]
        whole = np.full(width, fields <= FIELDS) | ~apart.any(axis=0)
        corners, signs = np.empty((2, len(ends), width), np.int64)
        for number, chosen in enumerate(ends):
            some = apart[list(chosen)].all(axis=0)
            key = radix @ np.where(np.array(chosen)[:, None], self.codes, mine[:, None])
            corners[number] = order[np.minimum(np.searchsorted(keys, key, sorter=order), width - 1)]
            whole &= ~some | (keys[corners[number]] == key)
            signs[number] = some * (-1) ** sum(chosen)
        signs[1:, ~whole] = 0
        signs[-1, ~whole] = -1
        return corners.T, signs.T

    @cached_property
    def _keys(self) -> tuple[Integers, Integers, Integers]:
        """What each code counts for in the one number that stands for a label, these numbers, and their order."""
        radix = np.cumprod([1, *(self.codes.max(axis=1, initial=0) + 1)])[: len(self.codes)]
        keys = radix @ self.codes
        return radix, keys, np.argsort(keys)

    def shown_with(self, units: Integers, bases: Integers) -> TableGrid:
        """Return it with the number of each figure, and of what its whole is shown with."""
        placed = np.full((2, len(self.holds), len(self.within)), -1)
        placed[:, self.period, self.group] = units, bases
        return attrs.evolve(self, units=placed[0], bases=placed[1])


@attrs.define(eq=False)
class GatheredCells:
    """Cells as they are gathered, many at a time."""

    atoms: list[Integers] = attrs.field(factory=list)
    told: list[Integers] = attrs.field(factory=list)

    def add(self, atoms: Integers, unit: int, floor: int, asked: tuple[int, int], edition: int = NOW) -> None:
        """Add a cell; asked: its least and most. edition: at which it was so many, of which nobody knows how many."""
        self.add_all(atoms, np.array([[len(atoms)], [unit], [floor], [asked[0]], [asked[1]], [edition]]))

    def add_all(self, atoms: Integers, told: Integers) -> None:
        """Add cells, whose atoms follow each other. told: how many atoms, and then as of one cell, (6, cells)."""
        self.atoms.append(atoms)
        self.told.append(told)

    def columns(self) -> Integers:
        """Return what was told of the cells: atoms, unit, floor, least, most, edition, (6, cells)."""
        return np.concatenate([*self.told, np.zeros((6, 0), np.int64)], axis=1)

    def sums(self, size: int) -> Sums:
        """Return the cells as sums of atoms of now, of which there are so many."""
        atoms = np.concatenate([*self.atoms, np.zeros(0, np.int64)])
        return Sums(self.columns()[0], atoms, np.ones(len(atoms)), size)


def places_of_atoms(
    blocks: Sequence[AtomBlock], times: Mapping[str, TimeStretches]
) -> tuple[Integers, Integers, Integers]:
    """Return the stretch of time and the labels of each atom, and how many periods two stretches share."""
    fields = sorted({field for block in blocks for field in block.fields})
    starts: dict[str, int] = {}
    shared: list[Integers] = []
    when, names = [np.zeros(0, np.int64)], [np.zeros((len(fields), 0), np.int64)]
    codes: dict[tuple[str, str | None], int] = {}
    for block in blocks:
        if block.source not in starts:
            starts[block.source] = sum(map(len, shared))
            holds = times[block.table].holds.astype(np.int64)
            shared.append(holds.T @ holds)
        outcomes, stretches, width = block.counts.shape
        at = starts[block.source] + np.arange(stretches)
        when.append(np.tile(np.repeat(at, width), outcomes))
        mine = np.full((len(fields), width), -1, np.int64)
        for row, field in enumerate(fields):
            if field in block.fields:
                place = block.fields.index(field)
                mine[row] = [codes.setdefault((field, label[place]), len(codes)) for label in block.labels]
        names.append(np.tile(mine, outcomes * stretches))
    near = np.zeros((sum(map(len, shared)),) * 2, np.int64)
    for start, part in zip(starts.values(), shared, strict=True):
        near[start : start + len(part), start : start + len(part)] = part
    return np.concatenate(when), np.concatenate(names, axis=1), near
