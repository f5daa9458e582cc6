"""The time axis of a tally: every month from 1990 to 2060, and further edges where a period needs them."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterable
from typing import Any, Final

import attrs
import numpy as np
import numpy.typing as npt

from casequality.arrays import Integers
from casequality.days import start_of_days
from casequality.errors import OutsideCalendar

UNDATED: Final = 0
BEFORE: Final = 1
FIRST, END = np.datetime64("1990-01", "M"), np.datetime64("2061-01", "M")
QUARTER_HOUR: Final = 900_000_000
FEW: Final = 4


def _in_order(days: Iterable[dt.date]) -> tuple[dt.date, ...]:
    return tuple(sorted(set(days)))


@attrs.frozen
class Axis:
    """Cells of time: undated, before 1990, one between each two edges, after 2060.

    zone: whose days count where records are placed by instants.
    further: edges beside the first day of each month, for periods that begin or end inside one.
    """

    zone: str
    further: tuple[dt.date, ...] = attrs.field(default=(), converter=_in_order)

    @property
    def days(self) -> npt.NDArray[np.datetime64]:
        """The first day of each cell but the first two; shape (cells - 2,)."""
        return _edge_days(self)

    @property
    def cells(self) -> int:
        """How many cells there are."""
        return len(self.days) + 2

    def cell_of(self, day: dt.date) -> int:
        """Return the cell that begins on `day`; raise `OutsideCalendar` where none does."""
        found = int(np.searchsorted(self.days, np.datetime64(day, "D")))
        if found == len(self.days) or self.days[found].item() != day:
            raise OutsideCalendar(
                "A tally has no edge on that day",
                got=day,
                allowed=f"the first of a month from {self.days[0]} to {self.days[-1]}"
                + (f", and {', '.join(map(str, self.further))}" if self.further else ""),
                remedy="ask for a period of whole months, or tally again for this period",
            )
        return found + 2

    def place(self, values: npt.NDArray[np.datetime64]) -> tuple[npt.NDArray[np.integer[Any]] | int, int, int]:
        """Return each value's cell (or the one cell of all), the lowest cell and the highest.

        values: datetime64[D] or datetime64[us] in UTC; NaT is undated; shape (records,).
        """
        ticks = values.view(np.int64)
        if not len(ticks):
            return UNDATED, UNDATED, UNDATED
        edges = _edge_ticks(self, values.dtype.str)
        low, high = (int(np.searchsorted(edges, tick, side="right")) + 1 for tick in (ticks.min(), ticks.max()))
        if ticks.min() == np.iinfo(np.int64).min:
            cells = np.searchsorted(edges, ticks, side="right") + 1
            cells[np.isnat(values)] = UNDATED
            return cells, UNDATED, int(cells.max())
        if low == high:
            return low, low, high
        if high - low <= FEW:
            placed = np.full(len(ticks), low, np.int64)
            for edge in edges[low - 1 : high - 1]:
                placed += ticks >= edge
            return placed, low, high
        if low <= BEFORE or high >= self.cells - 1:
            return np.searchsorted(edges, ticks, side="right") + 1, low, high
        return _through_table(self, ticks, values.dtype.str), low, high


@functools.lru_cache(maxsize=16)
def _edge_days(axis: Axis) -> npt.NDArray[np.datetime64]:
    months = np.arange(FIRST, END + 1).astype("datetime64[D]")
    return np.unique(np.concatenate([months, np.array(axis.further, "datetime64[D]")]))


@functools.lru_cache(maxsize=32)
def _edge_ticks(axis: Axis, dtype: str) -> Integers:
    days = axis.days
    return (days if np.dtype(dtype) == np.dtype("M8[D]") else start_of_days(days, axis.zone)).view(np.int64)


def _through_table(axis: Axis, ticks: Integers, dtype: str) -> npt.NDArray[np.int16]:
    step, first, table = _table(axis, dtype)
    slots = ticks - first
    if step > 1:
        slots //= step
    return table.take(slots, mode="clip")


@functools.lru_cache(maxsize=8)
def _table(axis: Axis, dtype: str) -> tuple[int, int, npt.NDArray[np.int16]]:
    edges = _edge_ticks(axis, dtype)
    step = 1 if np.dtype(dtype) == np.dtype("M8[D]") else QUARTER_HOUR
    slots = np.arange(int(edges[0]), int(edges[-1]), step)
    return step, int(edges[0]), (np.searchsorted(edges, slots, side="right") + 1).astype(np.int16)
