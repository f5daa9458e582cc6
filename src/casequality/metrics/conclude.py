"""From a tally to figures: which cells a period holds, and what a statistic makes of them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Final

import attrs
import numpy as np
import numpy.typing as npt

from casequality.arrays import Integers, Mask
from casequality.days import Period, period
from casequality.days.periods import Part
from casequality.metrics.axis import BEFORE, UNDATED, Axis
from casequality.metrics.cells import BITS, unpack
from casequality.metrics.measurement import Figure, Measurement
from casequality.metrics.metric import Reading
from casequality.metrics.outcomes import OUT, YES, Role
from casequality.metrics.statistics import Stock
from casequality.metrics.tally import Tally

GRAINS: Final[Sequence[Part]] = ("month", "quarter", "half-year", "year")


@attrs.frozen(eq=False)
class Slice:
    """One facet and group of a tally in one period: the `Counts` that a statistic looks at."""

    tally: Tally
    reading: Reading
    period: Period
    chosen: Mask
    pairs: Mask
    as_of_day: np.datetime64

    def cases(self, *roles: Role) -> int:
        """Return how many cases of the period play these roles."""
        return self._sum("cases", roles)

    def measured(self, *roles: Role) -> int:
        """Return how many of them have an amount."""
        return self._sum("measured", roles)

    def amount(self, *roles: Role) -> int:
        """Return the sum of their amounts."""
        return self._sum("amount", roles)

    def numbers(self, *roles: Role) -> tuple[Integers, Integers]:
        """Return the numbers of their histogram in order, and how many cases have each."""
        cells, numbers, counts = self.tally.numbers
        wanted = self.pairs & self._within(unpack(cells, self._axis)) & self._plays(unpack(cells, "outcome"), roles)
        return _by_number(numbers[wanted], counts[wanted])

    def outcomes(self) -> dict[str, int]:
        """Return how many rows of the period have each outcome, in declared order."""
        names = self.tally.assumed.outcomes
        rows = np.bincount(
            self.tally.part("outcome")[self._here], self.tally.counted("rows")[self._here], minlength=len(names)
        )
        return {name: int(rows[code]) for code, name in reversed(list(enumerate(names))) if rows[code] or name in self.reading.roles}

    def sensitive(self) -> int:
        """Return how many rows have another outcome on the other Danish calendar."""
        return int(self.tally.counted("sensitive")[self._here].sum())

    def inflow(self, period: Period) -> int:
        """Return how many cases began in a period, but those that are out."""
        return self._flow("entry", period, tuple(set(Role) - {OUT}))

    def outflow(self, period: Period) -> int:
        """Return how many cases that are a yes ended in a period."""
        return self._flow("exit", period, (YES,))

    def stock(self, period: Period) -> Stock | None:
        """Return the cases pending at a period's end, or None before that day has passed."""
        if np.datetime64(period.end, "D") > self.as_of_day:
            return None
        end = self.tally.assumed.axis.cell_of(period.end)
        cells, numbers, counts = self.tally.numbers
        pending, pairs = self.chosen & self._pending(self.tally.cells, end), self.pairs & self._pending(cells, end)
        began = self.tally.assumed.axis.begin_of(unpack(cells[pairs], "entry")) + numbers[pairs]
        return Stock(int(self.tally.counted("cases")[pending].sum()), *_by_number(began, counts[pairs]))

    def _pending(self, cells: Integers, end: int) -> Mask:
        entry, exit_ = unpack(cells, "entry"), unpack(cells, "exit")
        kept = self._plays(unpack(cells, "outcome"), tuple(set(Role) - {OUT}))
        pending: Mask = kept & (entry > UNDATED) & (entry < end) & ((exit_ >= end) | (exit_ == UNDATED))
        return pending

    def _flow(self, axis: str, period: Period, roles: Sequence[Role]) -> int:
        first, end = _bounds(self.tally.assumed.axis, period)
        cell = self.tally.part(axis)
        wanted = self.chosen & (cell >= first) & (cell < end) & self._plays(self.tally.part("outcome"), roles)
        return int(self.tally.counted("cases")[wanted].sum())

    def _sum(self, counted: str, roles: Sequence[Role]) -> int:
        wanted = self._here & self._plays(self.tally.part("outcome"), roles)
        return int(self.tally.counted(counted)[wanted].sum())

    @property
    def _axis(self) -> str:
        return "exit" if self.reading.cohort == "closed" else "entry"

    @cached_property
    def _here(self) -> Mask:
        return self.chosen & self._within(self.tally.part(self._axis))

    def _within(self, cell: Integers) -> Mask:
        first, end = _bounds(self.tally.assumed.axis, self.period)
        within: Mask = (cell >= first) & (cell < end)
        return within

    def _plays(self, outcome: Integers, roles: Sequence[Role]) -> Mask:
        played = np.array([self.reading.roles.get(name, Role.UNKNOWN) in roles for name in self.tally.assumed.outcomes])
        plays: Mask = played[outcome]
        return plays


def conclude(
    tally: Tally, reading: Reading, *, by: Sequence[str] = (), periods: Sequence[Period] = (), as_of_day: np.datetime64
) -> Measurement:
    """Return the figures of a tally under one reading.

    by: a grain of time (month, quarter, half-year, year) and the grouping fields that stay apart; others are pooled.
    periods: the periods to show; with a grain, the parts of each.
    """
    grain = next((grain for grain in GRAINS if grain in by), None)
    kept = [index for index, field in enumerate(tally.assumed.groups) if field in by]
    shown = _shown(tally, reading, grain, periods)
    labels = sorted({tuple(label[index] for index in kept) for label in tally.labels}, key=lambda label: [part or "" for part in label])
    figures = []
    for facet in range(len(tally.facets)):
        for label in labels:
            mine = np.array([tuple(full[index] for index in kept) == label for full in tally.labels], bool)
            chosen, pairs = (
                mine[unpack(cells, "group")] & (unpack(cells, "facet") == facet) for cells in (tally.cells, tally.numbers[0])
            )
            for each in shown:
                part = Slice(tally, reading, each, chosen, pairs, as_of_day)
                groups = {tally.assumed.groups[index]: value for index, value in zip(kept, label, strict=True)}
                figures.append(
                    Figure(
                        period=each,
                        groups=groups,
                        facet=tally.facets[facet],
                        value=reading.metric.statistic.conclude(part),
                        outcomes=part.outcomes(),
                        sensitive=part.sensitive(),
                        partial=bool(np.datetime64(each.end, "D") > as_of_day),
                    )
                )
    return Measurement(reading=reading, figures=tuple(figures), tally=tally, as_of_day=as_of_day)


def _shown(tally: Tally, reading: Reading, grain: Part | None, periods: Sequence[Period]) -> list[Period]:
    if not periods:
        periods = _covered(tally, reading)
    if grain is None:
        return list(periods)
    return list({part.label: part for each in periods for part in each.parts(grain)}.values())


def _covered(tally: Tally, reading: Reading) -> list[Period]:
    """Return the years that hold records, as one period, or nothing for no dated records."""
    axis = tally.assumed.axis
    cells = tally.part("exit" if reading.cohort == "closed" else "entry")
    cells = cells[(cells > BEFORE) & (cells < axis.cells - 1)]
    if not len(cells):
        return []
    first = axis.days[int(cells.min()) - 2].astype("datetime64[M]")
    last = axis.days[int(cells.max()) - 1].astype("datetime64[M]").astype("datetime64[D]")
    return [period(f"{first.astype('datetime64[D]')}..{last - np.timedelta64(1, 'D')}")]


def _bounds(axis: Axis, period: Period) -> tuple[int, int]:
    return axis.cell_of(period.first), axis.cell_of(period.end)


def _by_number(numbers: Integers, counts: Integers) -> tuple[Integers, npt.NDArray[np.int64]]:
    different, position = np.unique(numbers, return_inverse=True)
    summed = np.zeros(len(different), np.int64)
    np.add.at(summed, position, counts)
    return different, summed


assert sum(BITS.values()) == 63
