"""Measurements: what a tally concludes, with everything that a reader needs to trust the figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import partial
from typing import Any, Final

import attrs
import numpy as np
import numpy.typing as npt

from casequality.days import Part, Period, period
from casequality.errors import OutsideCalendar, UnknownName, UsageError
from casequality.metrics.asking import concluded
from casequality.metrics.bounds import Bounds, CellTable, Counts
from casequality.metrics.declaring import (
    BEFORE_SERIES,
    NO_DATA,
    NO_YEAR_BEFORE,
    NOT_DUE,
    ONLY_DOUBT,
    WHYS,
    Reading,
    Unit,
    Values,
)
from casequality.metrics.figures import Figure, Figures, said_of
from casequality.metrics.tallies import BEFORE, UNDATED, Grid, Limits, Tally, shown_labels, unpack


@attrs.frozen(eq=False, repr=False)
class Foreseen:
    """The figures of a tally under one reading that are worked out, by what they are told apart by, and their limits.

    periods: those that will be asked about too. What tells no labels apart is worked out once for all of them, which
    takes hardly longer than one.
    """

    periods: tuple[Period, ...] = ()
    _known: dict[tuple[tuple[int, ...], Limits], Figures] = attrs.field(factory=dict, init=False)

    def figures(self, grid: Grid, reading: Reading) -> Figures:
        """Return the figures that are asked for."""
        apart = grid.shown, grid.limits
        found = self._known.get(apart)
        if found is None or not set(grid.periods) <= set(found.counts.grid.periods):
            more = () if grid.shown or not grid.periods else filter(partial(_has_edges, grid.tally), self.periods)
            wide = attrs.evolve(grid, periods=tuple(dict.fromkeys((*grid.periods, *more))))
            found = self._known[apart] = _figures(wide, reading)
        return found.of(grid.periods)


def _has_edges(tally: Tally, asked: Period) -> bool:
    """Return whether a tally can tell of a period; of one that it cannot, it is said once somebody asks."""
    try:
        return all(tally.assumed.axis.cell_of(day) >= 0 for day in (asked.first, asked.end))
    except OutsideCalendar:
        return False


@attrs.frozen(kw_only=True)
class Measurement:
    """The figures of one metric under one reading, and where every row that was read went."""

    reading: Reading
    figures: Figures
    tally: Tally = attrs.field(repr=False)
    as_of_day: np.datetime64
    foreseen: Foreseen = attrs.field(factory=Foreseen, repr=False, eq=False)

    def __iter__(self) -> Iterator[Figure]:
        return iter(self.figures)

    def __len__(self) -> int:
        return len(self.figures)

    def over(self, periods: Sequence[Period], *, by: Sequence[str] = (), limits: Limits | None = None) -> Measurement:
        """Return the figures of the same tally and reading over other periods; by, limits: as for `conclude`."""
        asked: dict[str, Any] = {"as_of_day": self.as_of_day, "limits": limits, "foreseen": self.foreseen}
        return conclude(self.tally, self.reading, by=by, periods=periods, **asked)

    @property
    def unit(self) -> Unit:
        """What the figures are measured in."""
        return self.reading.metric.unit

    @property
    def facets(self) -> tuple[str, ...]:
        """What the facet of a figure can be: "" alone for a metric without, and where all are counted together."""
        return ("",) if self.reading.metric.statistic.joins_facets else self.tally.facets

    def figure(self, period: str, *, facet: str | None = None, **groups: str | None) -> Figure:
        """Return the figure of one period, facet and group; raise `UnknownName` naming those there are.

        Without a facet it is the figure that has none, where there is one.
        """
        wanted = {"period": period, **({"facet": facet} if facet else {}), **groups}
        fitting = [figure for figure in self.figures if wanted.items() <= figure.place.items()]
        found = [figure for figure in fitting if figure.place == wanted] or fitting
        if len(found) != 1:
            raise UnknownName(
                "There is not one such figure" if not found else "Several figures fit",
                got=_named(wanted),
                allowed=self._told(),
                remedy="name the period as it is shown, a label for each group, and the facet where there are several",
            )
        return found[0]

    def _told(self) -> str:
        """Return which figures there are: each period, facet and declared label; of open codes how many."""
        fields = self.reading.metric.records.fields
        places: dict[str, dict[str | None, None]] = {}
        for figure in self.figures:
            for name, value in figure.place.items():
                places.setdefault(name, {})[value] = None
        told = []
        for name, values in places.items():
            open_ = name in fields and not fields[name].labels
            told.append(f"{name}: " + (f"{len(values)} labels" if open_ else ", ".join(map(str, values))))
        return "; ".join(told)

    @property
    def accounts(self) -> dict[str, int]:
        """Where every row went: the parts add up to what was read.

        Undated are rows without a beginning that no period shows by their end.
        """
        tally = self.tally
        rows = np.where(tally.part("facet") == 0, tally.counted("rows"), 0)
        axis = tally.assumed.axis
        shown = np.zeros(axis.cells, bool)
        for part in self.figures.counts.grid.periods if len(self.figures) else ():
            shown[axis.cell_of(part.first) : axis.cell_of(part.end)] = True
        inside = shown[tally.part("exit" if self.reading.cohort == "closed" else "entry")]
        undated = ~inside & (tally.part("entry") == UNDATED)
        return {
            "read": tally.accounts.read,
            "in the periods": int(rows[inside].sum()),
            "outside the periods": int(rows[~inside & ~undated].sum()),
            "undated": int(rows[undated].sum()),
            "not yet begun": tally.accounts.later,
            "elsewhere": tally.accounts.elsewhere,
            "set aside": tally.accounts.set_aside,
        }

    def in_unit(self, exact: Fraction) -> Fraction:
        """Return a stored value in the metric's unit."""
        return exact * self.unit.scale

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain data; fractions as numerator and denominator."""
        metric = self.reading.metric
        return {
            "metric": metric.id,
            "version": metric.version,
            "title": dict(metric.title),
            "unit": self.unit.name,
            "readings": dict(self.reading.chosen),
            "assumed_readings": list(self.reading.assumed),
            "parameters": dict(self.tally.assumed.parameters),
            "as_of": self.tally.assumed.as_of,
            "zone": self.tally.assumed.axis.zone,
            "calendar": self.tally.assumed.calendar,
            "figures": [self._plain(figure) for figure in self.figures],
            "accounts": self.accounts,
            "findings": dict(self.tally.accounts.findings),
        }

    def _plain(self, figure: Figure) -> dict[str, Any]:
        exact = figure.value.exact
        return {
            **figure.place,
            "value": None if exact is None else float(self.in_unit(exact)),
            "numerator": figure.value.numerator,
            "denominator": figure.value.denominator,
            "reason": figure.value.reason,
            "low": _plain_end(figure.low, self),
            "high": _plain_end(figure.high, self),
            "bounds": said_of(figure.value),
            "doubt": dict(figure.doubt),
            "partial": figure.partial,
            "outcomes": dict(figure.outcomes),
            "convention_sensitive": figure.sensitive,
        }


def _plain_end(end: Fraction | None, measured: Measurement) -> float | None:
    return None if end is None else float(measured.in_unit(end))


def _named(place: Mapping[str, str | None]) -> str:
    return ", ".join(f"{name} {label}" for name, label in place.items())


GRAINS: Final[Sequence[Part]] = ("month", "quarter", "half-year", "year")
WITHOUT_ENDS: Final = (NO_DATA, NOT_DUE, NO_YEAR_BEFORE, BEFORE_SERIES)
"""Why there is no figure, whatever the records in doubt turn out to be."""


def conclude(
    tally: Tally,
    reading: Reading,
    *,
    by: Sequence[str] = (),
    periods: Sequence[Period] = (),
    as_of_day: np.datetime64,
    limits: Limits | None = None,
    foreseen: Foreseen | None = None,
) -> Measurement:
    """Return the figures of a tally under one reading.

    by: a grain of time (month, quarter, half-year, year) and the grouping fields that stay apart; others are pooled.
    Raises `UnknownName` for anything else, and for a tally of another metric or result version than the reading's.
    periods: the periods to show, else all that hold records; with a grain, the parts of each.
    limits: between what an amount lies that nobody can read; the metric's own where they are left out.
    foreseen: what else will be asked of the same tally, reading and day, with `Measurement.over`.
    """
    foreseen = foreseen or Foreseen()
    _refuse_other_count(tally, reading)
    groups, known = tally.assumed.groups, reading.metric.records.fields
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
        raise UsageError("Figures are shown by one grain of time", got=", ".join(grains), remedy="ask for each alone")
    shown = _shown(tally, reading, grains[0] if grains else None, periods)
    fields = tuple(place for place, name in enumerate(groups) if name in by)
    labels = shown_labels(tally, fields)
    place_of = dict(zip(labels, range(len(labels)), strict=True))
    part = [place_of.get(tuple(label[place] for place in fields), -1) for label in tally.labels]
    grid = Grid(
        tally=tally,
        played=reading.roles,
        closed=reading.cohort == "closed",
        periods=tuple(shown),
        shown=fields,
        labels=labels,
        part=np.array(part, np.int64),
        apart=not reading.metric.statistic.joins_facets,
        # a group that is no field says whose delivery it was, which is known
        doubted=tuple(place for place in fields if (field := known.get(groups[place])) and field.unknown is not None),
        as_of_day=as_of_day,
        limits=limits or reading.metric.limits_of_doubt,
        brought_in=reading.metric.child_rows_bring_in,
    )
    figures = foreseen.figures(grid, reading)
    return Measurement(reading=reading, figures=figures, tally=tally, as_of_day=as_of_day, foreseen=foreseen)


def _refuse_other_count(tally: Tally, reading: Reading) -> None:
    assumed, metric = tally.assumed, reading.metric
    if assumed.metric != metric.tallied_as or assumed.version != metric.version:
        raise UnknownName(
            "A tally was made by another metric or another version of it",
            where=metric.id,
            got=f"{assumed.metric}, result version {assumed.version}",
            allowed=f"{metric.tallied_as}, result version {metric.version}",
            remedy="tally the source again",
        )


def _figures(grid: Grid, reading: Reading) -> Figures:
    counts = Counts(CellTable.whole(grid))
    values, bounds = concluded(reading.metric, counts)
    # a figure of a facet and group of which no record is counted is none, whatever a statistic makes of nothing
    none = ~np.repeat(np.isin(np.arange(grid.strata), counts.cells.stratum), len(grid.periods))
    why = np.where(none, WHYS.index(NO_DATA), values.why)
    # a stock of no records is a figure as soon as a record in doubt turns out to count at all, whatever its period
    unheard = none & (values.why == 0) & (_total(bounds.doubt, grid) == 0)
    if unheard.any():
        more = {reason: np.repeat(rows, len(grid.periods)) * unheard for reason, rows in grid.doubted_strata.items()}
        doubt = {reason: bounds.doubt.get(reason, 0) + more.get(reason, 0) for reason in {**bounds.doubt, **more}}
        bounds = attrs.evolve(bounds, doubt=doubt)
    doubtful = _total(bounds.doubt, grid) > 0
    why = np.where((why == WHYS.index(NO_DATA)) & doubtful, WHYS.index(ONLY_DOUBT), why)
    if (begins := reading.metric.begins) is not None:
        earlier = np.array([each.end <= begins for each in grid.periods], bool)
        why = np.where(np.tile(earlier, grid.strata), WHYS.index(BEFORE_SERIES), why)
    # where nothing was counted, or nothing can be yet, there is no figure to lie between two ends
    possible = bounds.possible & ~np.isin(why, [WHYS.index(reason) for reason in WITHOUT_ENDS])
    bounds = attrs.evolve(bounds, possible=possible, undefined=bounds.undefined & possible)
    bounds = bounds if grid.tally.assumed.doubts_kept else _not_known(bounds)
    # counts of their own: what those were worked out by is several times as large as the tally, and done with
    counts = Counts(CellTable.whole(grid))
    return Figures(reading, counts, Values(values.numerator, values.denominator, why), bounds)


def _total(doubt: Mapping[str, npt.NDArray[np.int64]], grid: Grid) -> npt.NDArray[np.int64]:
    return sum(doubt.values(), np.zeros(grid.figures, np.int64))


def _not_known(bounds: Bounds) -> Bounds:
    """Return bounds without limits: nobody knows which records were in doubt, so none is too far out."""
    ends = attrs.evolve(bounds.low, limited=np.zeros_like(bounds.low.limited))
    every = np.ones_like(bounds.possible)
    return attrs.evolve(bounds, low=ends, high=ends, possible=every, undefined=every, loose=every)


def _shown(tally: Tally, reading: Reading, grain: Part | None, periods: Sequence[Period]) -> list[Period]:
    covered = None if periods else _covered(tally, reading)
    if grain is None:
        return [covered] if covered else list(periods)
    if covered:
        # from January on, so that quarters and half-years are whole; those before the first record are dropped
        years = Period(covered.first.replace(month=1), period(f"{covered.last.year}").end)
        return [part for part in years.parts(grain) if part.end > covered.first and part.first < covered.end]
    return list({part.label: part for each in periods for part in each.parts(grain)}.values())


def _covered(tally: Tally, reading: Reading) -> Period | None:
    """Return the months that hold records, as one period, or None for no dated records.

    Records in doubt whose day is known count too: a file of nothing but faulty rows still has its months.
    """
    axis = tally.assumed.axis
    name = "exit" if reading.cohort == "closed" else "entry"
    cells: npt.NDArray[np.int64] = np.concatenate([tally.part(name), unpack(tally.doubts[0], name)])
    # the first cell and the last hold all that lies before 1990 and after 2060: no month can be named for it
    cells = cells[(cells > BEFORE) & (cells < axis.cells - 1)]
    if not len(cells):
        return None
    first, last = axis.days[int(cells.min()) - 2], axis.days[int(cells.max()) - 1] - np.timedelta64(1, "D")
    months = [period(str(day.astype("datetime64[M]"))) for day in (first, last)]
    return Period(months[0].first, months[1].end)
