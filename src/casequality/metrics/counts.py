"""Counts: what a statistic may look at, for many periods and groups at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, Final, Literal, TypeAlias

import attrs
import numpy as np
import numpy.typing as npt

from casequality.arrays import MISSING, Integers, Mask
from casequality.days import Period
from casequality.errors import OutsideCalendar
from casequality.metrics.axis import BEFORE, UNDATED
from casequality.metrics.cells import sum_by_row, unpack
from casequality.metrics.doubts import COUNTED, floor_of, is_coarse
from casequality.metrics.extremes import Numbers, exact_sum
from casequality.metrics.outcomes import NO, OPEN, OUT, UNKNOWN, YES, Role
from casequality.metrics.tally import Tally

Time: TypeAlias = Literal["entry", "exit", "over"]
Figures: TypeAlias = npt.NDArray[np.intp]
KEPT: Final = tuple(role for role in Role if role is not OUT)
SETTLED: Final = (YES, NO)
ROLES: Final = (YES, NO, OPEN, UNKNOWN, OUT)


@attrs.frozen
class Limits:
    """Between what an amount lies that nobody can read, and how many cases a row can stand for; None for no limit."""

    least: int | None = 0
    most: int | None = None
    heaviest: int | None = None


@attrs.frozen(eq=False, slots=False)
class Grid:
    """The figures that are asked for: each stratum (a facet and labels) in each period, period by period within it.

    played: the role of each outcome. closed: whether records count in the period in which they ended.
    shown: the places of the grouping fields that stay apart. labels: theirs. part: of each of the tally's labels, which
    of these it belongs to. doubted: those of the fields in which a blank may be any label.
    apart: whether facets stay apart.
    """

    tally: Tally
    played: Mapping[str, Role]
    closed: bool
    periods: tuple[Period, ...]
    shown: tuple[int, ...]
    labels: tuple[tuple[str | None, ...], ...]
    part: npt.NDArray[np.int64]
    apart: bool
    doubted: tuple[int, ...]
    as_of_day: np.datetime64
    limits: Limits = Limits()

    def limited(self, **limits: int | None) -> Grid:
        """Return the same figures with other limits."""
        return attrs.evolve(self, limits=attrs.evolve(self.limits, **limits))

    @property
    def figures(self) -> int:
        """How many figures there are."""
        return self.strata * len(self.periods)

    @property
    def facets(self) -> int:
        """How many facets stay apart."""
        return max(len(self.tally.facets), 1) if self.apart else 1

    @property
    def strata(self) -> int:
        """How many facets and groups stay apart."""
        return self.facets * len(self.labels)

    def stratum(self, cells: Integers) -> npt.NDArray[np.int64]:
        """Return the stratum of packed cells."""
        facet = unpack(cells, "facet") if self.apart else 0
        return facet * len(self.labels) + self.part[unpack(cells, "group")]

    @cached_property
    def edges(self) -> npt.NDArray[np.int64]:
        """The first cell of time of each period and the one after its last, shape (2, periods)."""
        axis = self.tally.assumed.axis
        found = [(axis.cell_of(each.first), axis.cell_of(each.end)) for each in self.periods]
        return np.array(found, np.int64).reshape(-1, 2).T

    @cached_property
    def edges_before(self) -> tuple[npt.NDArray[np.int64], Mask]:
        """The same of the periods a year earlier, and which of them were tallied."""
        axis, found, known = self.tally.assumed.axis, [], []
        for each in self.periods:
            try:
                before = each.year_before()
                found.append((axis.cell_of(before.first), axis.cell_of(before.end)))
                known.append(True)
            except OutsideCalendar:
                found.append((BEFORE, BEFORE))
                known.append(False)
        return np.array(found, np.int64).reshape(-1, 2).T, np.array(known, bool)

    @cached_property
    def over(self) -> Mask:
        """Which periods had ended at the as-of, shape (periods,)."""
        return np.array([np.datetime64(each.end, "D") <= self.as_of_day for each in self.periods], bool)

    @cached_property
    def days(self) -> npt.NDArray[np.int64]:
        """How many days each period has."""
        return np.array([(each.end - each.first).days for each in self.periods], np.int64)

    def last_days(self) -> npt.NDArray[np.int64]:
        """Return the last day of each period, in whole days from 1900-01-01."""
        return np.array([(each.last - dt.date(1900, 1, 1)).days for each in self.periods], np.int64)

    def within(self, times: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
        """Return position and period of each of some cells of time that lies in a period, once for each period."""
        first, end = self.edges
        if len(first) and (first[1:] >= end[:-1]).all():
            place = np.searchsorted(first, times, side="right") - 1
            rows = np.flatnonzero((place >= 0) & (times < end[place]))
            return rows, place[rows]
        found = [np.flatnonzero((times >= low) & (times < high)) for low, high in self.edges.T.tolist()]
        lengths = [len(each) for each in found]
        return np.concatenate([*found, np.zeros(0, np.intp)]), np.repeat(np.arange(len(found)), lengths)

    def by_figure(self, per_period: Any) -> npt.NDArray[Any]:
        """Return values (periods,) repeated for each stratum, shape (figures,)."""
        return np.tile(np.asarray(per_period), self.strata)

    @cached_property
    def roles(self) -> npt.NDArray[np.int64]:
        """By outcome's code, the place in `ROLES` of the role that it plays."""
        played = [self.played.get(name, UNKNOWN) for name in self.tally.assumed.outcomes]
        return np.array([ROLES.index(role) for role in played], np.int64)

    @property
    def placed(self) -> Time:
        """What decides which period a record belongs to."""
        return "exit" if self.closed else "entry"


@attrs.frozen(eq=False, slots=False)
class Cells:
    """The cells of a tally, or those of its records that are not in doubt by themselves, by where they count."""

    grid: Grid
    packed: Integers
    values: npt.NDArray[np.int64]
    numbers: npt.NDArray[np.int64]

    @cached_property
    def dated(self) -> Cells:
        """The cells of records whose beginning is known."""
        return self.chosen(self.times["entry"] > UNDATED)

    def chosen(self, cells: Mask) -> Cells:
        """Return some of the cells, with their pairs of the histogram."""
        if cells.all():
            return self
        kept = np.isin(self.numbers[0], self.packed[cells])
        return Cells(self.grid, self.packed[cells], self.values[:, cells], self.numbers[:, kept])

    @classmethod
    def whole(cls, grid: Grid) -> Cells:
        """Return all cells, from which values come."""
        return cls(grid, grid.tally.cells, grid.tally.values, grid.tally.numbers)

    @cached_property
    def sound(self) -> Cells:
        """The cells without the records that the table of doubts tells apart."""
        grid = self.grid
        tally = grid.tally
        kept = (tally.doubts[1] & COUNTED) > 0
        if not kept.any():
            return self
        cells, _, amount, bins, rows, cases, total = tally.doubts[:, kept]
        at = np.searchsorted(tally.cells, cells)
        values = tally.values.copy()
        measured = np.where(amount == MISSING, 0, cases)
        for row, taken in zip(
            (0, 1, 2, 3, 5), (rows, cases, measured, total, np.where(cases == 0, rows, 0)), strict=True
        ):
            np.subtract.at(values[row], at, taken)
        return Cells(
            grid, tally.cells, values, _without(tally.numbers, cells, bins, cases, coarse=is_coarse(tally.doubts))
        )

    @cached_property
    def stratum(self) -> npt.NDArray[np.int64]:
        """The stratum of each cell."""
        return self.grid.stratum(self.packed)

    @cached_property
    def times(self) -> dict[Time, npt.NDArray[np.int64]]:
        """By what they are placed: the cell of time of each; "over": from which on a record had begun and ended."""
        entry, end = (unpack(self.packed, name) for name in ("entry", "exit"))
        both = (entry > UNDATED) & (end > UNDATED)
        return {"entry": entry, "exit": end, "over": np.where(both, np.maximum(entry, end), UNDATED)}

    @cached_property
    def role(self) -> npt.NDArray[np.int64]:
        """The place in `ROLES` of what each cell's outcome plays."""
        found: npt.NDArray[np.int64] = self.grid.roles[unpack(self.packed, "outcome")]
        return found

    def plays(self, roles: Sequence[Role]) -> Mask:
        """Return which cells play one of these roles."""
        wanted = np.array([role in roles for role in ROLES])
        found: Mask = wanted[self.role]
        return found

    def total(self, counted: int | Numbers, time: Time, roles: Sequence[Role], edges: npt.NDArray[np.int64]) -> Numbers:
        """Return the sum of one of `cells.COUNTED` by figure, of the cells placed between two edges of its period.

        Cells are put in order of stratum and time once, and each figure is the difference of two running sums.
        """
        order, keys, width = self._ordered(time)
        values = self.values[counted] if isinstance(counted, int) else counted
        values = np.where(self.plays(roles), values, 0)[order]
        if float(np.abs(values.astype(float)).sum()) >= 1 << 62:
            values = values.astype(object)
        running = np.concatenate([np.zeros(1, values.dtype), np.cumsum(values)])
        strata = np.arange(self.grid.strata)[:, None] * width
        first, end = (np.searchsorted(keys, (strata + edge[None, :]).ravel()) for edge in edges)
        found: Numbers = running[end] - running[first]
        return found

    def _ordered(self, time: Time) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.int64], int]:
        found = self._orders.get(time)
        if found is None:
            width = 1 << 12
            keys = self.stratum * width + self.times[time]
            order = np.argsort(keys, kind="stable")
            found = self._orders[time] = (order, keys[order], width)
        return found

    @cached_property
    def _orders(self) -> dict[Time, tuple[npt.NDArray[np.intp], npt.NDArray[np.int64], int]]:
        return {}

    @cached_property
    def pairs(self) -> Cells:
        """The pairs of the histogram as cells, their counts in the place of rows and cases."""
        packed, numbers, counts = self.numbers
        return Cells(self.grid, packed, np.stack([counts, counts, numbers]), self.numbers[:, :0])

    def placed_numbers(self, roles: Sequence[Role]) -> tuple[Figures, Integers, Integers]:
        """Return figure, number and count of the pairs of the histogram that count in a period, in no order."""
        pairs, grid = self.pairs, self.grid
        wanted = np.flatnonzero(pairs.plays(roles))
        rows, period = grid.within(pairs.times[grid.placed][wanted])
        rows = wanted[rows]
        figure = (pairs.stratum[rows] * len(grid.periods) + period).astype(np.intp)
        return figure, pairs.values[2][rows], pairs.values[0][rows]

    def pending_ages(self, roles: tuple[Role, ...] = KEPT) -> tuple[Figures, Integers, Integers]:
        """Return figure, age in days and count of the cases pending at the end of each period that is over."""
        if roles not in self._ages:
            self._ages[roles] = self._pending_ages(roles)
        return self._ages[roles]

    @cached_property
    def _ages(self) -> dict[Sequence[Role], tuple[Figures, Integers, Integers]]:
        return {}

    def _pending_ages(self, roles: Sequence[Role]) -> tuple[Figures, Integers, Integers]:
        pairs, grid = self.pairs, self.grid
        axis, wanted = grid.tally.assumed.axis, np.flatnonzero(pairs.plays(roles) & (pairs.times["entry"] > UNDATED))
        entry, end = (pairs.times[name][wanted] for name in ("entry", "exit"))
        began = axis.begin_of(entry) + pairs.values[2][wanted]
        found: list[tuple[Figures, Integers, Integers]] = []
        for period, last in enumerate(grid.last_days().tolist()):
            close = grid.edges[1, period]
            if not grid.over[period]:
                continue
            met = np.flatnonzero((entry < close) & ((end == UNDATED) | (end >= close)))
            figure = pairs.stratum[wanted[met]] * len(grid.periods) + period
            found.append((figure.astype(np.intp), last - began[met], pairs.values[0][wanted[met]]))
        if not found:
            return np.zeros(0, np.intp), np.zeros(0, np.int64), np.zeros(0, np.int64)
        return tuple(np.concatenate(each) for each in zip(*found, strict=True))  # type: ignore[return-value]


def _without(
    numbers: npt.NDArray[np.int64], cells: Integers, bins: Integers, cases: Integers, *, coarse: bool
) -> npt.NDArray[np.int64]:
    """Return the pairs of a histogram without those of some records."""
    known = bins != MISSING
    if not known.any():
        return numbers
    held = np.stack([numbers[0], floor_of(numbers[1]) if coarse else numbers[1], numbers[2]])
    taken = np.stack([cells[known], bins[known], -cases[known]])
    left = sum_by_row(np.concatenate([held, taken], axis=1), 2)
    return left[:, left[2] > 0]


@attrs.frozen(eq=False, slots=False)
class Counts:
    """What a statistic may look at: counts by role, one for each figure; every array has the shape (figures,).

    Sums that could leave int64 come as Python's own integers.
    """

    cells: Cells

    @property
    def grid(self) -> Grid:
        """The figures that are asked for."""
        return self.cells.grid

    @property
    def size(self) -> int:
        """How many figures there are."""
        return self.grid.figures

    def limited(self, **limits: int | None) -> Counts:
        """Return the same counts with other limits of what nobody can read: least, most, heaviest."""
        return Counts(attrs.evolve(self.cells, grid=self.grid.limited(**limits)))

    def rows(self, *roles: Role) -> Numbers:
        """Return how many rows of the period play these roles."""
        return self._placed(0, roles)

    def cases(self, *roles: Role) -> Numbers:
        """Return how many cases of the period play these roles."""
        return self._placed(1, roles)

    def measured(self, *roles: Role) -> Numbers:
        """Return how many of them have an amount."""
        return self._placed(2, roles)

    def amount(self, *roles: Role) -> Numbers:
        """Return the sum of their amounts."""
        return self._placed(3, roles)

    def numbers(self, *roles: Role) -> tuple[Figures, Integers, Integers]:
        """Return figure, number and how many cases have it, of their histogram; in no order."""
        return self.cells.placed_numbers(roles)

    def began(self, *roles: Role) -> Numbers:
        """Return how many cases with these roles began in the period."""
        return self.cells.total(1, "entry", roles, self.grid.edges)

    def began_a_year_before(self, *roles: Role) -> Numbers:
        """Return how many began in the same period one year earlier, 0 where that was not tallied."""
        return self.cells.total(1, "entry", roles, self.grid.edges_before[0])

    def ended(self, *roles: Role) -> Numbers:
        """Return how many cases with these roles ended in the period."""
        return self.cells.total(1, "exit", roles, self.grid.edges)

    def pending(self, *roles: Role) -> Numbers:
        """Return how many cases are pending at the period's end; only for periods that are over."""
        edges = np.stack([np.full_like(self.grid.edges[1], BEFORE), self.grid.edges[1]])
        return self.cells.total(1, "entry", roles, edges) - self.cells.total(1, "over", roles, edges)

    def pending_ages(self) -> tuple[Figures, Integers, Integers]:
        """Return figure, age in days at the period's end, and how many pending cases have it; in no order.

        None where the metric does not keep the days of beginning (`Contribution.aged`).
        """
        return self.cells.pending_ages()

    @property
    def days(self) -> npt.NDArray[np.int64]:
        """How many days the period has."""
        return self.grid.by_figure(self.grid.days)

    @property
    def over(self) -> Mask:
        """Whether the period had ended at the as-of."""
        return self.grid.by_figure(self.grid.over)

    @property
    def year_before_tallied(self) -> Mask:
        """Whether the same period one year earlier was tallied."""
        return self.grid.by_figure(self.grid.edges_before[1])

    def summed(self, figure: Figures, values: Numbers) -> Numbers:
        """Return the exact sum of values by figure."""
        return exact_sum(self.size, figure, values)

    def _placed(self, counted: int, roles: Sequence[Role]) -> Numbers:
        return self.cells.total(counted, self.grid.placed, roles, self.grid.edges)
