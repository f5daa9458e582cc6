"""Figures: many at once as columns, each an object only when it is asked for; and the sample they rest on, if any."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from typing import ClassVar, Final, overload

import attrs
import numpy as np
import numpy.typing as npt

from casequality.days import Period
from casequality.errors import UsageError
from casequality.metrics.bounds import Bounds, CellTable, Counts, Ends, Numbers, exact_sum
from casequality.metrics.declaring import (
    BEFORE_SERIES,
    NO_DATA,
    NO_YEAR_BEFORE,
    NOT_DUE,
    NOT_REACHED,
    ONLY_DOUBT,
    WHYS,
    Reading,
    Unit,
    Value,
    Values,
)
from casequality.metrics.tallies import OPEN, REASONS, UNKNOWN, unpack


@attrs.frozen
class Sample:
    """Cases drawn by chance, and how many of them are a yes.

    yes: in a mean on a scale from 0, how many times the scale's greatest number its points make.
    population: how many cases there are to draw from; None where the records do not say.
    most: the figure if every case were a yes: 1 in a share, the greatest number of a scale in a mean.

    >>> Sample(Fraction(5), 100, 640).share
    Fraction(1, 20)
    """

    yes: Fraction
    size: int
    population: int | None = None
    most: int = 1

    def __attrs_post_init__(self) -> None:
        if not 0 <= self.yes <= self.size or not self.size or (self.population or self.size) < self.size:
            raise UsageError(
                "A sample holds at least one case, no more than its population, and no more that are a yes",
                got=f"{self.yes} of {self.size}, drawn from {self.population or 'a population of unknown size'}",
                remedy="give the counts of one sample",
            )

    @property
    def share(self) -> Fraction:
        """How many of the sample are a yes, between 0 and 1."""
        return self.yes / self.size

    def whole(self, unit: Unit) -> Fraction:
        """Return what the figure would be, in its unit, if every case were a yes."""
        return unit.scale * self.most

    @property
    def census(self) -> bool:
        """Whether the whole population was drawn, so that nothing is left to chance."""
        return self.size == self.population


@attrs.frozen(kw_only=True)
class Figure:
    """One figure: a period, its groups and facet, the exact value with its bounds, and what it was counted from.

    outcomes: rows by outcome; they add up to every row of the period, in a ratio of facets once for each facet.
    doubt: by reason, how many records may be something else than they were counted as, or belong here and do not.
    sensitive: rows whose outcome differs on the other Danish calendar.
    partial: whether the period had not ended at the as-of.
    sample: what it rests on where the records are read as a sample; None for a full count, and for a sample whose rows
    stand for numbers of cases.
    """

    period: Period
    groups: Mapping[str, str | None]
    facet: str
    value: Value
    outcomes: Mapping[str, int]
    sensitive: int
    partial: bool
    doubt: Mapping[str, int] = attrs.field(factory=dict)
    sample: Sample | None = None

    @property
    def place(self) -> Mapping[str, str | None]:
        """What tells it from the other figures: its period, its group and, where there are facets, its facet."""
        return {"period": self.period.label, **self.groups, **({"facet": self.facet} if self.facet else {})}

    @property
    def rows(self) -> int:
        """How many rows the figure was counted from."""
        return sum(self.outcomes.values())

    @property
    def low(self) -> Fraction | None:
        """The least that it can become once the records in doubt are settled, in stored units; None for no limit."""
        return self.value.low

    @property
    def high(self) -> Fraction | None:
        """The greatest that it can become, in stored units; None for no limit."""
        return self.value.high


def said_of(value: Value) -> str:
    """Return how low and high are meant: "exact", "loose", without limit on a side, or "none" where there are none."""
    if not value.possible:
        return "none"
    lacking = " and ".join(name for name, end in (("lower", value.low), ("upper", value.high)) if end is None)
    return f"no {lacking} limit" if lacking else "loose" if value.loose else "exact"


UNCOUNTED: Final = (NOT_DUE, NOT_REACHED, NO_YEAR_BEFORE, BEFORE_SERIES)
"""Reasons for which there is nothing to divide."""


@attrs.frozen(eq=False, repr=False, slots=False)
class Figures(Sequence[Figure]):
    """The figures of a measurement: columns of whole numbers, one for each facet, group and period in this order."""

    reading: Reading
    counts: Counts
    values: Values
    bounds: Bounds

    def __len__(self) -> int:
        return self.counts.size

    def __iter__(self) -> Iterator[Figure]:
        return map(self._figure, range(len(self)))

    @overload
    def __getitem__(self, place: int) -> Figure: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Figure, ...]: ...
    def __getitem__(self, place: int | slice) -> Figure | tuple[Figure, ...]:
        if isinstance(place, slice):
            return tuple(map(self._figure, range(*place.indices(len(self)))))
        return self._figure(range(len(self))[place])

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Sequence)
            and len(self) == len(other)
            and all(a == b for a, b in zip(self, other, strict=True))
        )

    __hash__: ClassVar[None]  # type: ignore[assignment]

    def of(self, periods: tuple[Period, ...]) -> Figures:
        """Return the figures of some of the periods, each as it is beside the others."""
        grid = self.counts.grid
        if periods == grid.periods:
            return self
        places = np.array([grid.periods.index(each) for each in periods], np.intp)
        at = (np.arange(grid.strata)[:, None] * len(grid.periods) + places).ravel()
        counts = Counts(CellTable.whole(attrs.evolve(grid, periods=periods)))
        return Figures(self.reading, counts, self.values.chosen(at), self.bounds.chosen(at))

    def place_of(self, figure: int) -> tuple[str, Mapping[str, str | None], Period]:
        """Return facet, groups and period of a figure by its number."""
        grid = self.counts.grid
        stratum, period = divmod(figure, len(grid.periods))
        facet, label = divmod(stratum, len(grid.labels))
        names = grid.tally.facets if grid.apart and grid.tally.facets else ("",)
        shown = [grid.tally.assumed.groups[place] for place in grid.shown]
        return names[facet], dict(zip(shown, grid.labels[label], strict=True)), grid.periods[period]

    def value(self, figure: int) -> Value:
        """Return one figure's value with its bounds."""
        values, bounds = self.values, self.bounds
        reason = WHYS[int(values.why[figure])] or None
        possible = bool(bounds.possible[figure])
        none = reason in UNCOUNTED
        nothing = reason in (NO_DATA, ONLY_DOUBT)
        return Value(
            numerator=None if none else 0 if nothing else int(values.numerator[figure]),
            denominator=None if none else 0 if nothing else int(values.denominator[figure]),
            reason=reason,
            low=_end(bounds.low, figure) if possible else None,
            high=_end(bounds.high, figure) if possible else None,
            possible=possible,
            undefined=bool(bounds.undefined[figure]),
            loose=bool(bounds.loose[figure]),
        )

    @cached_property
    def outcomes(self) -> npt.NDArray[np.int64]:
        """How many rows of each figure have each outcome, by its code; shape (outcomes, figures)."""
        cells, grid = self.counts.cells, self.counts.grid
        rows, period = grid.within(cells.times[grid.placed])
        figure = cells.stratum[rows] * len(grid.periods) + period
        shape = len(grid.tally.assumed.outcomes), len(self)
        code = unpack(cells.packed[rows], "outcome")
        return exact_sum(shape[0] * shape[1], code * shape[1] + figure, cells.values[0][rows]).reshape(shape)

    @cached_property
    def sensitive(self) -> Numbers:
        """How many rows of each figure have another outcome on the other Danish calendar."""
        grid = self.counts.grid
        return self.counts.cells.total(4, grid.placed, tuple(type(OPEN)), grid.edges)

    def _figure(self, figure: int) -> Figure:
        facet, groups, period = self.place_of(figure)
        grid = self.counts.grid
        named = zip(reversed(grid.tally.assumed.outcomes), self.outcomes[::-1, figure].tolist(), strict=True)
        return Figure(
            period=period,
            groups=groups,
            facet=facet,
            value=self.value(figure),
            outcomes={name: count for name, count in named if count or name in self.reading.roles},
            doubt=self.doubt(figure),
            sensitive=int(self.sensitive[figure]),
            partial=bool(np.datetime64(period.end, "D") > grid.as_of_day),
            sample=self._sample(figure),
        )

    def doubt(self, figure: int) -> dict[str, int]:
        """Return by reason how many records of a figure are in doubt."""
        found = {reason: int(self.bounds.doubt[reason][figure]) for reason in REASONS if reason in self.bounds.doubt}
        return {reason: rows for reason, rows in found.items() if rows}

    @cached_property
    def _drawn(self) -> tuple[Numbers, Numbers, int, Numbers, bool] | None:
        drawn = self.reading.metric.statistic.drawn(self.counts)
        if drawn is None or not self.reading.sampled:
            return None
        rows, cases = self.counts.cells.values[:2]
        return *drawn, self.counts.cases(OPEN, UNKNOWN), bool((rows != cases).any())

    def _sample(self, figure: int) -> Sample | None:
        """Return the sample behind a figure; None where it holds no case, or where rows stand for numbers of cases."""
        undrawn = self.reading.undrawn
        if undrawn is None or self._drawn is None:
            return None
        yes, sizes, most, unsettled, weighty = self._drawn
        size = int(sizes[figure])
        # rows that stand for numbers of cases: an interval would need the sum of squared weights, which no tally keeps
        if not size or weighty:
            return None
        names = self.counts.grid.tally.assumed.outcomes
        rest = sum(int(self.outcomes[names.index(name), figure]) for name in undrawn if name in names)
        population = size + int(unsettled[figure]) + rest if undrawn else None
        return Sample(Fraction(int(yes[figure]), most), size, population, most)


def _end(ends: Ends, figure: int) -> Fraction | None:
    return Fraction(int(ends.numerator[figure]), int(ends.denominator[figure])) if ends.limited[figure] else None
