"""The arithmetic of working days on plain arrays: positions in the list of days that are worked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import cached_property
from typing import Any

import attrs
import numpy as np

from casequality.arrays import MISSING, Days, Integers, Mask, read_only
from casequality.days.tables import BLOCK, DAY_UNIT, EPOCH, NO_DAY, DayTable, day_numbers, ready
from casequality.errors import UsageError

TABLES_KEPT = 64


@attrs.frozen(slots=False, eq=False)
class WorkDays:
    """Which days are worked, one mark a day from `first` (days since 1970-01-01); `name` is for errors."""

    name: str
    first: int
    worked: Mask = attrs.field(converter=read_only)

    @cached_property
    def is_worked(self) -> DayTable:
        """Day to whether it is worked; NaT is not."""
        return DayTable(self.first, self.worked, self.name, missing=False)

    @cached_property
    def upto(self) -> DayTable:
        """Day to the number of working days up to and including it."""
        return DayTable(self.first, np.cumsum(self.worked, dtype=np.int64), self.name)

    @cached_property
    def listed(self) -> Days:
        """Every working day, in order."""
        return read_only((np.flatnonzero(self.worked) + self.first).astype(DAY_UNIT))

    @cached_property
    def _before(self) -> Integers:
        return read_only(self.upto.values - self.worked)

    @cached_property
    def _add_tables(self) -> dict[int, DayTable]:
        return {}

    def position(self, day: dt.date, n: int) -> int:
        """Return where the n-th working day after a day (n not 0) stands in `listed`."""
        index = day.toordinal() - EPOCH - self.first
        if 0 <= index < len(self.worked):
            position: int = self.upto.values.item(index) + n - 1 if n > 0 else self._before.item(index) + n
            if 0 <= position < len(self.listed):
                return position
        raise self.add_table(n).outside(np.datetime64(day, "D"), got=day)

    def add_table(self, n: int) -> DayTable:
        """Return the table from each day to the n-th working day after it."""
        table = self._add_tables.get(n)
        if table is None:
            if len(self._add_tables) >= TABLES_KEPT:
                self._add_tables.clear()
            table = self._add_tables[n] = self._build_add_table(n)
        return table

    def _build_add_table(self, n: int) -> DayTable:
        if n == 0:
            return DayTable(self.first, np.arange(self.first, self.first + len(self.worked)).view(DAY_UNIT), self.name)
        position = self.upto.values + (n - 1) if n > 0 else self._before + n
        return self._table(position, f"{self.name}, {n} working days")

    @cached_property
    def forward(self) -> DayTable:
        """Day to itself if worked, else the next working day."""
        return self._table(self._before, f"{self.name}, roll forward")

    @cached_property
    def backward(self) -> DayTable:
        """Day to itself if worked, else the last working day before it."""
        return self._table(self.upto.values - 1, f"{self.name}, roll backward")

    def _table(self, position: Integers, name: str) -> DayTable:
        start, stop = np.searchsorted(position, [0, len(self.listed)])
        return DayTable(self.first + int(start), self.listed[position[start:stop]], name)

    def add_each(self, days: Any, n: Any, out: Days | None) -> Days:
        """Return, row by row, the n-th working day after a day; a missing day or n gives NaT."""
        if n.dtype.kind not in "iu":
            raise UsageError("Working days are added in whole numbers", got=f"dtype {n.dtype}", allowed="integers")
        numbers, n = np.broadcast_arrays(day_numbers(days), n.astype(np.int64, copy=False))
        found = ready(out, numbers.shape, DAY_UNIT)
        rows, steps, target = numbers.reshape(-1), n.reshape(-1), found.reshape(-1)
        for block in blocks(rows.size):
            target[block] = self._add_block(rows[block].view(DAY_UNIT), steps[block])
        return found

    def _add_block(self, days: Days, n: Integers) -> Days:
        forward_only = n.min() > 0
        none = np.isnat(days) | (n == MISSING)
        position = self.upto.take(days) + n
        position -= 1 if forward_only else np.where(n > 0, 1, self.is_worked.take(days))
        outside = (position.view(np.uint64) >= len(self.listed)) & (n != 0) & ~none
        if outside.any():
            row = outside.argmax()
            raise self.add_table(int(n[row])).outside(days[row])
        found: Days = self.listed.take(position, mode="clip")
        if not forward_only:
            np.copyto(found, days, where=n == 0)
        np.putmask(found, none, NO_DAY)
        return found

    def count_each(self, a: Any, b: Any, out: Integers | None) -> Integers:
        """Return, row by row, the working days after a up to and including b; `MISSING` where a side is NaT."""
        a, b = np.broadcast_arrays(day_numbers(a), day_numbers(b))
        found = ready(out, a.shape, np.dtype(np.int64))
        starts, ends, target = a.reshape(-1), b.reshape(-1), found.reshape(-1)
        scratch = np.empty((3, min(BLOCK, starts.size)), np.int64)
        for block in blocks(starts.size):
            counts = target[block]
            index, before, upto = scratch[:, : counts.size]
            undated = self.upto.fill(starts[block], index, before)
            undated |= self.upto.fill(ends[block], index, upto)
            np.subtract(upto, before, out=counts)
            if undated:
                np.putmask(counts, (before == MISSING) | (upto == MISSING), MISSING)
        return found


def blocks(rows: int) -> Iterator[slice]:
    """Yield the steps in which rows are gone through."""
    return (slice(start, start + BLOCK) for start in range(0, rows, BLOCK))
