"""The grid of figures that are asked for: facets and groups, each in every period."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, Final, Literal, TypeAlias

import attrs
import numpy as np
import numpy.typing as npt

from casequality.days import Integers, Mask, Period
from casequality.errors import OutsideCalendar
from casequality.metrics.tallies.axis import BEFORE, Axis
from casequality.metrics.tallies.cells import unpack
from casequality.metrics.tallies.doubts import AWAY, COUNTED, KINDS, LABELS, SET_ASIDE, STRAY, fields_of, told_apart
from casequality.metrics.tallies.doubts import COLUMNS as DOUBT_COLUMNS
from casequality.metrics.tallies.outcomes import NO, OPEN, OUT, UNKNOWN, YES, Role
from casequality.metrics.tallies.tally import Tally, in_order

Time: TypeAlias = Literal["entry", "exit", "over"]
FigureNumbers: TypeAlias = npt.NDArray[np.intp]
KEPT: Final = tuple(role for role in Role if role is not OUT)
DECIDED: Final = (YES, NO)
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
    apart: whether facets stay apart. brought_in: whether a row of a child table may make a record count that is left
    out.
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
    brought_in: bool = False

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
    def doubts(self) -> npt.NDArray[np.int64]:
        """The records in doubt, without what is said of labels that are not shown."""
        table = self.tally.doubts
        every = len(self.shown) == len(self.tally.assumed.groups)
        return table if every else told_apart(table, {place: place for place in self.shown})

    @cached_property
    def told(self) -> Integers:
        """Which grouping fields tell what becomes of a record, a bit for each: of a blank, `AWAY` says what that is."""
        found: Integers = np.bitwise_or.reduce(fields_of(self.doubts[1], AWAY), initial=0)
        return found

    def fitting(self, label: int, blur: int, away: int = 0, *, aside: bool = False) -> list[int]:
        """Return the places of the shown labels that a record can belong to, of which some labels are not known.

        away: a bit for each field of which it must have another label than its own. aside: whether nothing is known of
        it, so that it may be anything with any label.
        """
        own, told = self.tally.labels[label], 0 if away or aside else self.told
        unknown = {field for field in self.shown if blur >> field & 1 or (field in self.doubted and own[field] is None)}
        free = {field for field in unknown if not told >> field & 1}
        found = []
        for place, each in enumerate(self.labels):
            other = {field for field, shown in zip(self.shown, each, strict=True) if own[field] != shown}
            if other <= free and (not away or any(away >> field & 1 for field in other)):
                found.append(place)
        return found

    @cached_property
    def doubted_strata(self) -> dict[str, Integers]:
        """By reason, how many records in doubt may count in each facet and group, whatever the period: (strata,)."""
        cells, flags = self.doubts[:2]
        kind = flags & (COUNTED - 1)
        facet = unpack(cells, "facet") if self.apart else 0 * cells
        where = np.stack([facet, unpack(cells, "group"), fields_of(flags, LABELS), fields_of(flags, AWAY), kind])
        # a child row of nobody is no record
        different, which = np.unique(where[:, kind != STRAY], axis=1, return_inverse=True)
        rows = np.bincount(which.ravel(), self.doubts[DOUBT_COLUMNS.index("rows")][kind != STRAY])
        found: dict[str, Integers] = {}
        for (first, label, unknown, away, of_kind), many in zip(different.T.tolist(), rows.tolist(), strict=True):
            strata = found.setdefault(KINDS[of_kind].why, np.zeros(self.strata, np.int64))
            fitting = self.fitting(label, unknown, away, aside=of_kind == SET_ASIDE)
            strata[[first * len(self.labels) + place for place in fitting]] += int(many)
        return found

    @cached_property
    def edges(self) -> npt.NDArray[np.int64]:
        """The first cell of time of each period and the one after its last, shape (2, periods)."""
        return _edges(self.tally.assumed.axis, self.periods)

    @cached_property
    def edges_before(self) -> tuple[npt.NDArray[np.int64], Mask]:
        """The same of the periods a year earlier, and which of them were tallied."""
        return _edges_before(self.tally.assumed.axis, self.periods)

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
        # periods in order that do not overlap: one search finds the one of each cell
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
        # an outcome that is not among the reading's is the one that the core adds: not known
        played = [self.played.get(name, UNKNOWN) for name in self.tally.assumed.outcomes]
        return np.array([ROLES.index(role) for role in played], np.int64)

    @cached_property
    def leaves_out(self) -> bool:
        """Whether what is not known of a record may be an outcome that the reading leaves out."""
        return OUT in self.played.values()

    def certain_of(self, *counted: Sequence[Role]) -> tuple[Role, ...]:
        """Return which roles of records that are not settled are certain: they count as a yes and a no alike would.

        counted: the roles that each term counts. An open case is there whatever becomes of it; an unknown one may not
        be where the reading leaves some outcome out.
        """
        alike = (OPEN,) if self.leaves_out else (OPEN, UNKNOWN)
        return tuple(
            role for role in alike if all(len({each in roles for each in (YES, NO, role)}) == 1 for roles in counted)
        )

    @property
    def placed(self) -> Time:
        """What decides which period a record belongs to."""
        return "exit" if self.closed else "entry"


@functools.lru_cache(maxsize=64)
def _edges(axis: Axis, periods: tuple[Period, ...]) -> npt.NDArray[np.int64]:
    found = [(axis.cell_of(each.first), axis.cell_of(each.end)) for each in periods]
    return np.array(found, np.int64).reshape(-1, 2).T


@functools.lru_cache(maxsize=64)
def _edges_before(axis: Axis, periods: tuple[Period, ...]) -> tuple[npt.NDArray[np.int64], Mask]:
    found, known = [], []
    for each in periods:
        try:
            before = each.year_before()
            found.append((axis.cell_of(before.first), axis.cell_of(before.end)))
            known.append(True)
        except OutsideCalendar:
            found.append((BEFORE, BEFORE))
            known.append(False)
    return np.array(found, np.int64).reshape(-1, 2).T, np.array(known, bool)


def shown_labels(tally: Tally, fields: Sequence[int]) -> tuple[tuple[str | None, ...], ...]:
    """Return the labels that are shown: those that records bear, and those asked for that one in doubt may bear."""
    if not fields:
        return ((),)
    kinds, groups = tally.doubts[1], unpack(tally.doubts[0], "group")
    blurred = np.zeros(len(kinds), bool)
    for field in fields:
        blurred |= (kinds >> (LABELS + field) & 1) > 0
    borne = np.flatnonzero(np.bincount(np.concatenate([tally.part("group"), groups[~blurred]]))).tolist()
    if len(fields) == len(tally.assumed.groups) and not blurred.any():
        return tuple(tally.labels[group] for group in borne)  # a tally keeps its labels in order
    found = {tuple(tally.labels[group][place] for place in fields) for group in borne}
    if len(fields) == 1 and blurred.any():
        asked = dict(tally.assumed.where).get(tally.assumed.groups[fields[0]], ())
        found |= {(label,) for label in asked}
    return tuple(sorted(found, key=in_order))
