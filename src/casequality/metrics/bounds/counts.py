"""Counts: what a statistic may look at, for many periods and groups at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import cached_property
from typing import Final, TypeAlias

import attrs
import numpy as np
import numpy.typing as npt

from casequality.days import MISSING, Integers, Mask, Tags
from casequality.metrics.bounds.extremes import Numbers, Ranks, exact_sum, ranked
from casequality.metrics.tallies import (
    BEFORE,
    CERTAIN,
    COUNTED,
    KEPT,
    ROLES,
    UNDATED,
    FigureNumbers,
    Grid,
    Role,
    Time,
    floor_of,
    is_coarse,
    sum_by_row,
    unpack,
)

Beginnings: TypeAlias = tuple[Integers, Integers, Integers, Integers, Integers]
"""Stratum, day of beginning, how many cases, and from when and until when they are there; shape (rows,)."""
TOGETHER: Final = 12
"""How many periods are looked at among the records that are there in any of them."""
FEW: Final = 1 << 13
"""So many places a table of each stratum at each time may have however few cells there are."""


@attrs.frozen(eq=False, repr=False, slots=False)
class CellTable:
    """The cells of a tally, or those of its records that are not in doubt by themselves, by where they count."""

    grid: Grid
    packed: Integers
    values: npt.NDArray[np.int64]
    _pairs: Callable[[], npt.NDArray[np.int64]] = attrs.field(repr=False)

    @cached_property
    def numbers(self) -> npt.NDArray[np.int64]:
        """The pairs of their histogram, as in a tally; made only for a statistic that looks at them."""
        return self._pairs()

    @cached_property
    def dated(self) -> CellTable:
        """The cells of records whose beginning is known."""
        return self.chosen(self.times["entry"] > UNDATED)

    def chosen(self, cells: Mask) -> CellTable:
        """Return some of the cells, with their pairs of the histogram."""
        if cells.all():
            return self
        packed = self.packed[cells]

        def pairs() -> npt.NDArray[np.int64]:
            return self.numbers[:, np.isin(self.numbers[0], packed)]

        return CellTable(self.grid, packed, self.values[:, cells], pairs)

    @classmethod
    def whole(cls, grid: Grid) -> CellTable:
        """Return all cells, from which values come."""
        return cls(grid, grid.tally.cells, grid.tally.values, lambda: grid.tally.numbers)

    @cached_property
    def sound(self) -> CellTable:
        """The cells without the records that the table of doubts tells apart."""
        grid = self.grid
        tally = grid.tally
        kept = (grid.doubts[1] & COUNTED) > 0
        if not kept.any():
            return self
        cells, kinds, amount, bins, rows, cases, total = grid.doubts[:, kept]
        at = np.searchsorted(tally.cells, cells)
        values = tally.values.copy()
        measured = np.where(amount == MISSING, 0, cases)
        settled, light = np.where(kinds & CERTAIN > 0, rows, 0), np.where(cases == 0, rows, 0)
        for row, taken in zip((0, 1, 2, 3, 5, 6), (rows, cases, measured, total, light, settled), strict=True):
            np.subtract.at(values[row], at, taken)

        def pairs() -> npt.NDArray[np.int64]:
            return _without(tally.numbers, cells, bins, cases, coarse=is_coarse(grid.doubts))

        return CellTable(grid, tally.cells, values, pairs)

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
        """Return the sum of one of `cells.COUNTS` by figure, of the cells placed between two edges of its period.

        Or of any counts of shape (..., cells), as (..., figures).
        Each figure is the difference of two running sums: of a table of each stratum at each time where that is small,
        else of the cells, put in order of stratum and time once.
        """
        values = self.values[counted] if isinstance(counted, int) else counted
        values = np.where(self.plays(roles), values, 0)
        rough = values.astype(float)
        most, size = float(np.abs(rough).sum()), self.grid.tally.assumed.axis.cells
        # floats add whole numbers exactly as long as no sum can reach 2**53
        small = values.ndim == 1 and self.grid.strata * size <= max(FEW, 2 * values.shape[-1])
        if small and most < 1 << 52:
            at = np.bincount(self.stratum * size + self.times[time], rough, self.grid.strata * size)
            sums = np.zeros((self.grid.strata, size + 1), np.int64)
            np.cumsum(at.reshape(-1, size), axis=1, out=sums[:, 1:], dtype=np.int64)
            between: Numbers = (sums[:, edges[1]] - sums[:, edges[0]]).ravel()
            return between
        order, keys, width = self._ordered(time)
        values = values[..., order]
        # NumPy's running sums wrap around without a word; Python's integers do not
        if most >= 1 << 62:
            values = values.astype(object)
        # a running sum over all strata at once: the difference of two of its places is the sum of what lies between
        none = np.zeros((*values.shape[:-1], 1), values.dtype)
        running = np.concatenate([none, np.cumsum(values, axis=-1)], axis=-1)
        strata = np.arange(self.grid.strata)[:, None] * width
        first, end = (np.searchsorted(keys, (strata + edge[None, :]).ravel()) for edge in edges)
        found: Numbers = running[..., end] - running[..., first]
        return found

    def _ordered(self, time: Time) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.int64], int]:
        found = self._orders.get(time)
        if found is None:
            # as many as the cells of time that a tally can have
            width = 1 << 12
            keys = self.stratum * width + self.times[time]
            order = np.argsort(keys, kind="stable")
            found = self._orders[time] = (order, keys[order], width)
        return found

    @cached_property
    def _orders(self) -> dict[Time, tuple[npt.NDArray[np.intp], npt.NDArray[np.int64], int]]:
        return {}

    @cached_property
    def pairs(self) -> CellTable:
        """The pairs of the histogram as cells, their counts in the place of rows and cases."""
        packed, numbers, counts = self.numbers
        return CellTable(self.grid, packed, np.stack([counts, counts, numbers]), lambda: self.numbers[:, :0])

    def placed_numbers(self, roles: Sequence[Role]) -> tuple[FigureNumbers, Integers, Integers]:
        """Return figure, number and count of the pairs of the histogram that count in a period, in no order."""
        pairs, grid = self.pairs, self.grid
        wanted = np.flatnonzero(pairs.plays(roles))
        rows, period = grid.within(pairs.times[grid.placed][wanted])
        rows = wanted[rows]
        figure = (pairs.stratum[rows] * len(grid.periods) + period).astype(np.intp)
        return figure, pairs.values[2][rows], pairs.values[0][rows]

    def numbers_of(self, pending: bool, roles: tuple[Role, ...]) -> tuple[FigureNumbers, Integers, Integers]:
        """Return the numbers of what counts in each period, or the ages of what is pending at its end."""
        return self.pending_ages(roles) if pending else self.placed_numbers(roles)

    def quantiles(self, pending: bool, roles: tuple[Role, ...], p: tuple[int, int]) -> tuple[Integers, Mask]:
        """Return the ceil(p n)-th smallest of these numbers by figure, and where there is any."""
        asked = (pending, roles, p)
        if asked not in self._quantiles:
            self._quantiles[asked] = self.ages_ranked(roles, p) if pending else self._ranked(roles, p)
        return self._quantiles[asked]

    def _ranked(self, roles: tuple[Role, ...], p: tuple[int, int]) -> tuple[Integers, Mask]:
        figure, number, cases = self.placed_numbers(roles)
        return ranked(self.grid.figures, Ranks(figure, cases, number, number, np.zeros(len(figure), bool)), p)

    def ages_ranked(
        self, roles: tuple[Role, ...], p: tuple[int, int], more: Sequence[Beginnings] = ()
    ) -> tuple[Integers, Mask]:
        """Rank ages period by period: put in order once, they stay so, and are never all there together.

        more: of others that are pending, with the first and the end of the periods in which they are.
        """
        grid, own = self.grid, self._beginnings(roles)
        stratum, began, counts, entry, end = (np.concatenate(each) for each in zip(own, *more, strict=True))
        order = np.lexsort((-began, stratum)) if more else np.arange(len(stratum))
        stratum, began, counts = (each[order] for each in (stratum, began, counts))
        # cells of time and periods are few: looked at in each period, they are kept narrow
        entry, end = (each[order].astype(np.int16) for each in (entry, end))
        other = order >= len(own[0])
        found = np.zeros((grid.strata, len(grid.periods)), np.int64)
        met = np.zeros_like(found, dtype=bool)
        last_days, several = grid.last_days(), np.arange(len(grid.periods))
        for some in np.array_split(several, -(-len(several) // TOGETHER)) if len(several) else ():
            # most of what began in many years is not there in any of a few periods: those are looked at without it
            closes = grid.edges[1, some]
            near = (entry < closes.max()) & ((end == UNDATED) | (end >= closes.min()))
            near = np.where(other, (entry <= some[-1]) & (end > some[0]), near) if more else near
            at = np.flatnonzero(near)
            own_entry, own_end, theirs, many = entry[at], end[at], other[at], counts[at]
            edges = np.searchsorted(stratum[at], np.arange(grid.strata + 1))
            running = np.zeros(len(at) + 1, np.int64)
            for period in some.tolist():
                there = _pending(own_entry, own_end, grid.edges[1, period]) & bool(grid.over[period])
                if more:
                    there = np.where(theirs, (own_entry <= period) & (period < own_end), there)
                # who is not there counts nothing, and leaves the running sum as it was
                np.cumsum(many * there, out=running[1:])
                before, total = running[edges[:-1]], np.diff(running[edges])
                rank = np.maximum(-(-total * p[0] // p[1]), 1)
                shown = np.flatnonzero(total > 0)
                place = np.searchsorted(running, (before + rank)[shown]) - 1
                found[shown, period], met[shown, period] = last_days[period] - began[at[place]], True
        return found.ravel(), met.ravel()

    @cached_property
    def _quantiles(self) -> dict[tuple[bool, tuple[Role, ...], tuple[int, int]], tuple[Integers, Mask]]:
        return {}

    def pending_ages(self, roles: tuple[Role, ...] = KEPT) -> tuple[FigureNumbers, Integers, Integers]:
        """Return figure, age in days and count of the cases pending at the end of each period that is over."""
        if roles not in self._ages:
            self._ages[roles] = self._pending_ages(roles)
        return self._ages[roles]

    @cached_property
    def _ages(self) -> dict[Sequence[Role], tuple[FigureNumbers, Integers, Integers]]:
        return {}

    def _pending_ages(self, roles: Sequence[Role]) -> tuple[FigureNumbers, Integers, Integers]:
        grid, (stratum, began, counts, entry, end) = self.grid, self._beginnings(tuple(roles))
        found: list[tuple[FigureNumbers, Integers, Integers]] = []
        for period, last in enumerate(grid.last_days().tolist()):
            if grid.over[period]:
                rows = np.flatnonzero(_pending(entry, end, grid.edges[1, period]))
                figure = (stratum[rows] * len(grid.periods) + period).astype(np.intp)
                found.append((figure, last - began[rows], counts[rows]))
        if not found:
            return np.zeros(0, np.intp), np.zeros(0, np.int64), np.zeros(0, np.int64)
        return tuple(np.concatenate(each) for each in zip(*found, strict=True))  # type: ignore[return-value]

    def age_sums(self, roles: Sequence[Role]) -> tuple[Numbers, Numbers]:
        """Return the sum of the ages in days of what is pending at each period's end, and how many they are."""
        pairs, grid = self.pairs, self.grid
        # ages as a sum of days of beginning: no age is written down, so that one tally serves every period's end
        began = grid.tally.assumed.axis.begin_of(pairs.times["entry"]) + pairs.values[2]
        edges = np.stack([np.full_like(grid.edges[1], BEFORE), grid.edges[1]])
        days, cases = (
            pairs.total(values, "entry", roles, edges) - pairs.total(values, "over", roles, edges)
            for values in (began * pairs.values[0], pairs.values[0])
        )
        over = grid.by_figure(grid.over)
        return np.where(over, grid.by_figure(grid.last_days()) * cases - days, 0), np.where(over, cases, 0)

    def _beginnings(self, roles: tuple[Role, ...]) -> Beginnings:
        """Return stratum, day of beginning, count, entry and exit of the dated pairs, the youngest of each first."""
        pairs, axis = self.pairs, self.grid.tally.assumed.axis
        wanted = np.flatnonzero(pairs.plays(roles) & (pairs.times["entry"] > UNDATED))
        began = axis.begin_of(pairs.times["entry"][wanted]) + pairs.values[2][wanted]
        order = np.lexsort((-began, pairs.stratum[wanted]))
        rows = wanted[order]
        return (
            pairs.stratum[rows],
            began[order],
            pairs.values[0][rows],
            *(pairs.times[name][rows] for name in ("entry", "exit")),
        )


def _pending(entry: Tags, end: Tags, close: int) -> Mask:
    found: Mask = (entry < close) & ((end == UNDATED) | (end >= close))
    return found


def _without(
    numbers: npt.NDArray[np.int64], cells: Integers, bins: Integers, cases: Integers, *, coarse: bool
) -> npt.NDArray[np.int64]:
    """Return the pairs of a histogram without those of some records."""
    known = bins != MISSING
    if not known.any():
        return numbers
    # numbers that kept their first digits only are taken from among those that begin with these
    held = np.stack([numbers[0], floor_of(numbers[1]) if coarse else numbers[1], numbers[2]])
    taken = np.stack([cells[known], bins[known], -cases[known]])
    left = sum_by_row(np.concatenate([held, taken], axis=1), 2)
    return left[:, left[2] > 0]


@attrs.frozen(eq=False, slots=False)
class Counts:
    """What a statistic may look at: counts by role, one for each figure; every array has the shape (figures,).

    Sums that could leave int64 come as Python's own integers.
    """

    cells: CellTable

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

    def numbers(self, *roles: Role) -> tuple[FigureNumbers, Integers, Integers]:
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

    def quantiles(self, p: Fraction, *roles: Role, pending: bool = False) -> tuple[Integers, Mask]:
        """Return the ceil(p n)-th smallest number of their histogram, or of ages, and where there is any."""
        return self.cells.quantiles(pending, roles, (p.numerator, p.denominator))

    def pending_ages(self) -> tuple[FigureNumbers, Integers, Integers]:
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

    def summed(self, figure: FigureNumbers, values: Numbers) -> Numbers:
        """Return the exact sum of values by figure."""
        return exact_sum(self.size, figure, values)

    def _placed(self, counted: int, roles: Sequence[Role]) -> Numbers:
        return self.cells.total(counted, self.grid.placed, roles, self.grid.edges)
