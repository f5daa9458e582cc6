"""From a tally to figures: which cells a period holds, and what a statistic makes of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Final, Literal, TypeAlias

import attrs
import numpy as np
import numpy.typing as npt

from casequality.arrays import Integers, Mask, Tags
from casequality.days import Period, period
from casequality.days.periods import Part
from casequality.errors import UnknownName, UsageError
from casequality.metrics.axis import BEFORE, UNDATED
from casequality.metrics.cells import sum_by_key, unpack
from casequality.metrics.measurement import Figure, Measurement
from casequality.metrics.metric import Reading
from casequality.metrics.outcomes import OUT, YES, Role
from casequality.metrics.running import Running
from casequality.metrics.samples import sample_of
from casequality.metrics.statistics import NO_DATA, Value, joins_facets
from casequality.metrics.tally import Tally
from casequality.metrics.trace import concluded

GRAINS: Final[Sequence[Part]] = ("month", "quarter", "half-year", "year")
KEPT: Final = tuple(role for role in Role if role is not OUT)
Time: TypeAlias = Literal["entry", "exit", "over"]


@attrs.frozen(eq=False)
class Coordinates:
    """When the records of each cell began and ended, and what became of them; every array has the shape (cells,)."""

    entry: Tags
    exit: Tags
    outcome: Tags

    @classmethod
    def of(cls, cells: Integers) -> Coordinates:
        """Return the coordinates of packed cells."""
        return cls(*(unpack(cells, name).astype(np.int16) for name in ("entry", "exit", "outcome")))

    @property
    def over(self) -> Tags:
        """The cell of time from which on each record had both begun and ended, `UNDATED` where that never was."""
        both = (self.entry > UNDATED) & (self.exit > UNDATED)
        return np.where(both, np.maximum(self.entry, self.exit), UNDATED)


@attrs.frozen(eq=False, slots=False)
class Beginnings:
    """How many cases began on each day and ended in which cell of time, in order of the days."""

    days: Integers
    counts: Integers
    exit: Tags

    def pending(self, day: int, end: int) -> tuple[Integers, Integers]:
        """Return the days on which cases pending before a day began, and how many; `end` is that day's cell of time."""
        days = int(np.searchsorted(self._days, day))
        if not days:
            return self.days[:0], self.counts[:0]
        cases = int(self._starts[days])
        lasting = self.exit[:cases] >= end
        counts = np.add.reduceat(self.counts[:cases] * lasting, self._starts[:days])
        met = np.flatnonzero(counts)
        return self._days[met], counts[met]

    @cached_property
    def _starts(self) -> npt.NDArray[np.intp]:
        """Where each day begins, and the end."""
        return np.append(np.flatnonzero(np.diff(self.days, prepend=self.days[:1] - 1)), len(self.days))

    @cached_property
    def _days(self) -> Integers:
        return self.days[self._starts[:-1]]


@attrs.frozen(eq=False, slots=False)
class Stratum:
    """The cells of one facet and group, under one reading: what the figures of its periods have in common."""

    tally: Tally
    reading: Reading

    @cached_property
    def cells(self) -> Coordinates:
        """The coordinates of the tally's cells."""
        return Coordinates.of(self.tally.cells)

    @cached_property
    def pairs(self) -> Coordinates:
        """The coordinates of the pairs of its histogram."""
        return Coordinates.of(self.tally.numbers[0])

    @cached_property
    def beginnings(self) -> Beginnings:
        """The pairs of its histogram that are not out, by the day on which their cases began."""
        wanted = np.flatnonzero(self.plays(self.pairs, KEPT))
        _, numbers, counts = self.tally.numbers[:, wanted]
        axis = self.tally.assumed.axis
        began, ended = axis.begin_of(self.pairs.entry[wanted]) + numbers, self.pairs.exit[wanted]
        lasting = np.where(ended == UNDATED, axis.cells, ended)
        order = np.argsort(began, kind="stable")
        return Beginnings(began[order], counts[order], lasting[order])

    @property
    def placed_by(self) -> Time:
        """What decides which period a cell belongs to."""
        return "exit" if self.reading.cohort == "closed" else "entry"

    @cached_property
    def weighty(self) -> bool:
        """Whether rows stand for numbers of cases."""
        return not np.array_equal(self.tally.counted("rows"), self.tally.counted("cases"))

    def running(self, counted: str, time: Time) -> Running:
        """Return the running sums of one of `COUNTED` by the cells' entry or exit, or where both had been."""
        found = self._running.get((counted, time))
        if found is None:
            cells, kinds = self.cells, len(self.tally.assumed.outcomes)
            found = Running.of(getattr(cells, time), cells.outcome, kinds, self.tally.counted(counted))
            self._running[counted, time] = found
        return found

    @cached_property
    def _running(self) -> dict[tuple[str, Time], Running]:
        return {}

    def playing(self, roles: Sequence[Role]) -> Sequence[int]:
        """Return the codes of the outcomes that play one of these roles."""
        return [code for role in roles for code in self._playing[role]]

    @cached_property
    def _playing(self) -> dict[Role, list[int]]:
        played = [self.reading.roles.get(name, Role.UNKNOWN) for name in self.tally.assumed.outcomes]
        return {role: [code for code, each in enumerate(played) if each is role] for role in Role}

    def plays(self, cells: Coordinates, roles: Sequence[Role]) -> Mask:
        """Return which cells play one of these roles."""
        played = np.zeros(len(self.tally.assumed.outcomes), bool)
        played[self.playing(roles)] = True
        return played[cells.outcome]


@attrs.frozen(eq=False, slots=False)
class Slice:
    """One facet and group of a tally in one period: the `Counts` that a statistic looks at."""

    stratum: Stratum
    period: Period
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
        pairs, (_, numbers, counts) = self.stratum.pairs, self.stratum.tally.numbers
        first, end = self._bounds
        placed: Tags = getattr(pairs, self.stratum.placed_by)
        wanted = (placed >= first) & (placed < end) & self.stratum.plays(pairs, roles)
        return _by_number(numbers[wanted], counts[wanted])

    def outcomes(self) -> dict[str, int]:
        """Return how many rows of the period have each outcome, in declared order."""
        counted = self.stratum.running("rows", self.stratum.placed_by).between(*self._bounds)
        named = reversed(list(zip(self.stratum.tally.assumed.outcomes, counted, strict=True)))
        return {name: count for name, count in named if count or name in self.stratum.reading.roles}

    def sensitive(self) -> int:
        """Return how many rows have another outcome on the other Danish calendar."""
        return sum(self.stratum.running("sensitive", self.stratum.placed_by).between(*self._bounds))

    def inflow(self, period: Period) -> int:
        """Return how many cases began in a period, but those that are out."""
        return self._moved("entry", self._cells(period), KEPT)

    def outflow(self, period: Period) -> int:
        """Return how many cases that are a yes ended in a period."""
        return self._moved("exit", self._cells(period), (YES,))

    def stock(self, period: Period) -> int | None:
        """Return how many cases are pending at a period's end, or None before that day has passed."""
        if self._lasts(period):
            return None
        before = BEFORE, self._cells(period)[1]
        return self._moved("entry", before, KEPT) - self._moved("over", before, KEPT)

    def pending_since(self, period: Period) -> tuple[Integers, Integers] | None:
        """Return the days on which the cases pending at a period's end began, and how many began on each."""
        if self._lasts(period):
            return None
        _, end = self._cells(period)
        day = int(self.stratum.tally.assumed.axis.begin_of(np.array([end]))[0])
        return self.stratum.beginnings.pending(day, end)

    def _lasts(self, period: Period) -> bool:
        return bool(np.datetime64(period.end, "D") > self.as_of_day)

    def _sum(self, counted: str, roles: Sequence[Role]) -> int:
        stratum = self.stratum
        return stratum.running(counted, stratum.placed_by).total(*self._bounds, stratum.playing(roles))

    def _moved(self, time: Time, cells: tuple[int, int], roles: Sequence[Role]) -> int:
        return self.stratum.running("cases", time).total(*cells, self.stratum.playing(roles))

    @cached_property
    def _bounds(self) -> tuple[int, int]:
        return self._cells(self.period)

    def _cells(self, period: Period) -> tuple[int, int]:
        """Return the first cell of time of a period, and the one after its last."""
        axis = self.stratum.tally.assumed.axis
        return axis.cell_of(period.first), axis.cell_of(period.end)


def conclude(
    tally: Tally, reading: Reading, *, by: Sequence[str] = (), periods: Sequence[Period] = (), as_of_day: np.datetime64
) -> Measurement:
    """Return the figures of a tally under one reading.

    by: a grain of time (month, quarter, half-year, year) and the grouping fields that stay apart; others are pooled.
    Raises `UnknownName` for anything else.
    periods: the periods to show, else all that hold records; with a grain, the parts of each.
    """
    groups = tally.assumed.groups
    unknown = [name for name in by if name not in GRAINS and name not in groups]
    if unknown:
        raise UnknownName(
            "Figures are told apart by something that was not tallied",
            got=", ".join(unknown),
            allowed=(*GRAINS, *groups),
            remedy="tally again by this code, or leave it out",
        )
    grains = [grain for grain in GRAINS if grain in by]
    if len(grains) > 1:
        raise UsageError(
            "Figures are shown by one grain of time", got=", ".join(grains), remedy="ask for each by itself"
        )
    shown = _shown(tally, reading, grains[0] if grains else None, periods)
    apart = not joins_facets(reading.metric.statistic)
    figures: list[Figure] = []
    for facet, named, part in tally.strata([field for field in groups if field in by], facets=apart):
        stratum = Stratum(part, reading)
        figures += [_figure(stratum, Slice(stratum, each, as_of_day), facet, named) for each in shown]
    return Measurement(reading=reading, figures=tuple(figures), tally=tally, as_of_day=as_of_day)


def _figure(stratum: Stratum, counts: Slice, facet: str, groups: Mapping[str, str | None]) -> Figure:
    met, outcomes = len(stratum.tally.cells) > 0, counts.outcomes()
    statistic, undrawn = stratum.reading.metric.statistic, stratum.reading.undrawn
    return Figure(
        period=counts.period,
        groups=groups,
        facet=facet,
        value=concluded(stratum.reading.metric, counts) if met else Value(0, 0, NO_DATA),
        outcomes=outcomes,
        sensitive=counts.sensitive(),
        partial=bool(np.datetime64(counts.period.end, "D") > counts.as_of_day),
        sample=None if undrawn is None else sample_of(statistic, undrawn, counts, outcomes, stratum.weighty),
    )


def _shown(tally: Tally, reading: Reading, grain: Part | None, periods: Sequence[Period]) -> list[Period]:
    covered = None if periods else _covered(tally, reading)
    if grain is None:
        return [covered] if covered else list(periods)
    if covered:
        years = Period(covered.first.replace(month=1), period(f"{covered.last.year}").end)
        return [part for part in years.parts(grain) if part.end > covered.first and part.first < covered.end]
    return list({part.label: part for each in periods for part in each.parts(grain)}.values())


def _covered(tally: Tally, reading: Reading) -> Period | None:
    """Return the months that hold records, as one period, or None for no dated records."""
    axis = tally.assumed.axis
    cells = tally.part("exit" if reading.cohort == "closed" else "entry")
    cells = cells[(cells > BEFORE) & (cells < axis.cells - 1)]
    if not len(cells):
        return None
    first, last = axis.days[int(cells.min()) - 2], axis.days[int(cells.max()) - 1] - np.timedelta64(1, "D")
    months = [period(str(day.astype("datetime64[M]"))) for day in (first, last)]
    return Period(months[0].first, months[1].end)


def _by_number(numbers: Integers, counts: Integers) -> tuple[Integers, Integers]:
    different, summed = sum_by_key(numbers, counts[None, :])
    return different, summed[0]
