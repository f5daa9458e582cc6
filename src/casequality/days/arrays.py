"""Arrays of days: one value for every day of a range, read for millions of days at once, and working days as positions.

Names for the arrays that the library passes around stand here too; all are read-only once they are part of a value.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import cached_property
from typing import Any, TypeAlias

import attrs
import numpy as np
import numpy.typing as npt
from dateutil.relativedelta import relativedelta

from casequality.errors import OutsideCalendar, UsageError

Days: TypeAlias = npt.NDArray[np.datetime64]
"""datetime64[D]; NaT where there is no day."""

Instants: TypeAlias = npt.NDArray[np.datetime64]
"""datetime64[us] in UTC; NaT where there is no instant."""

Spans: TypeAlias = npt.NDArray[np.timedelta64]
"""timedelta64[us]; NaT where there is no span."""

Mask: TypeAlias = npt.NDArray[np.bool_]
Integers: TypeAlias = npt.NDArray[np.int64]
Tags: TypeAlias = npt.NDArray[np.integer[Any]]
Indices: TypeAlias = npt.NDArray[np.uint8] | npt.NDArray[np.int32]

MISSING = np.iinfo(np.int64).min
"""A count or amount that is not there, in int64; the same bits as NaT."""


def read_only(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return a view of `array` that cannot be written through."""
    view = array.view()
    view.flags.writeable = False
    return view


def known_range(numbers: Integers) -> tuple[int, int]:
    """Return the least and the greatest of the numbers that are not `MISSING`; (1, 0) where there is none."""
    if not len(numbers):
        return 1, 0
    low, high = int(numbers.min()), int(numbers.max())
    if low != MISSING:
        return low, high
    if high == MISSING:
        return 1, 0
    # read without a sign `MISSING` is 2 ** 63, and a negative number is more: where nothing is more than that, the
    # least is the least that is known, and no copy without the missing ones is made
    unsigned = numbers.view(np.uint64)
    if int(unsigned.max()) > 2**63:
        return int(numbers[numbers != MISSING].min()), high
    return int(unsigned.min()), high


BLOCK = 131_072
"""Rows per step: the index of one step stays in the processor's cache."""

EPOCH = dt.date(1970, 1, 1).toordinal()
DAY_UNIT = np.dtype("datetime64[D]")
NO_DAY = np.datetime64("NaT", "D")
SCALAR = (dt.date, np.datetime64, str)
"""What stands for one day: a date, a numpy day, or the ISO text of one."""
CLOCK_UNITS = ("h", "m", "s", "ms", "us", "ns")


def is_clock(kind: np.dtype[Any]) -> bool:
    """Return whether a dtype holds instants rather than days."""
    return kind.kind == "M" and np.datetime_data(kind)[0] in CLOCK_UNITS


def one_day(day: object) -> dt.date | None:
    """Return one day as `date`, NaT as None; refuse anything else.

    day: a `date`, a `numpy.datetime64` of a whole day, ISO text, or pandas' timestamp of a midnight, as frames
    have it.
    """
    if isinstance(day, np.datetime64):
        whole: Any = day if day.dtype == DAY_UNIT else day_numbers(day).view(DAY_UNIT)
        found: dt.date | None = whole.item()
        return found
    if isinstance(day, dt.date) and not isinstance(day, dt.datetime):
        return day
    if isinstance(day, str):
        try:
            return dt.date.fromisoformat(day)
        except ValueError:
            raise UsageError(
                "A day cannot be read", got=day, allowed="2010-04-22", remedy="write it as year-month-day"
            ) from None
    instant = isinstance(day, dt.datetime)
    if isinstance(day, dt.datetime) and hasattr(day, "to_pydatetime"):
        if day != day:  # NaT
            return None
        if day.tzinfo is None and day.time() == dt.time():
            return day.date()
    raise UsageError(
        "A day is needed, not an instant" if instant else "A day is needed",
        got=type(day).__name__,
        allowed="datetime.date, its ISO text, numpy.datetime64 of whole days, arrays of them",
        remedy="take its local day first: casequality.days.local_day(instant, zone)"
        if instant
        else "convert it first: datetime.date.fromisoformat(text), numpy.array(texts, 'datetime64[D]')",
    )


def day_numbers(days: object) -> Integers:
    """Return days as whole days since 1970-01-01, a view where they are datetime64[D]; NaT becomes `MISSING`.

    Finer units are accepted when every value is a midnight, as dataframes store dates; so are lists of whatever
    `one_day` takes, None for no day.
    """
    array = np.asarray(days)
    return (array if array.dtype == DAY_UNIT else _whole_days(array)).view(np.int64)


def _whole_days(array: npt.NDArray[Any]) -> Days:
    if array.ndim and array.dtype.kind in "OU" and not any(getattr(each, "tzinfo", None) for each in array.flat):
        each_day = [NO_DAY if each is None else one_day(each) for each in array.ravel().tolist()]
        return np.array(each_day, DAY_UNIT).reshape(array.shape)
    if array.dtype.kind != "M" or np.datetime_data(array.dtype)[0] in ("Y", "M"):
        raise UsageError(
            "An array of days is needed",
            got=f"dtype {array.dtype}",
            allowed="datetime64[D], or a finer unit at midnight",
            remedy="take instants in UTC without zone: series.dt.tz_convert('UTC').dt.tz_localize(None).to_numpy()"
            if any(getattr(each, "tzinfo", None) for each in array.flat)
            else "convert it first: numpy.array(values, 'datetime64[D]')",
        )
    days: Days = array.astype(DAY_UNIT)
    if not np.array_equal(days.astype(array.dtype), array, equal_nan=True):
        raise UsageError(
            "An array of days is needed, not of instants",
            got=f"dtype {array.dtype} with times of day",
            remedy="take their local days first: casequality.days.local_days(instants, zone)",
        )
    return days


@attrs.frozen
class DayTable:
    """One value for each day from `first` on: a due day, a count, a yes or no.

    `first` is a number of days since 1970-01-01, `name` says in errors what has no answer outside the table,
    and `missing` is the answer for NaT (NaT for days, `MISSING` for int64, else it must be given).
    """

    first: int
    values: npt.NDArray[Any] = attrs.field(converter=read_only, eq=attrs.cmp_using(eq=np.array_equal), hash=False)
    name: str
    missing: Any = attrs.field(eq=False)

    @missing.default
    def _no_value(self) -> Any:
        return NO_DAY if self.values.dtype == DAY_UNIT else MISSING

    @property
    def end(self) -> int:
        """The number of the day after the last one that has an answer."""
        return self.first + len(self.values)

    def at(self, day: dt.date) -> Any:
        """Return the value of one day as a Python object; None where the table holds NaT."""
        index = day.toordinal() - EPOCH - self.first
        if not 0 <= index < len(self.values):
            raise self.outside(np.datetime64(day, "D"), got=day)
        return self.values.item(index)

    def look_up(self, day: Any, out: npt.NDArray[Any] | None = None) -> Any:
        """Return the value in the kind that was asked in: a date's as a Python object, an array's as an array."""
        if not isinstance(day, SCALAR):
            return self.take(day, out)
        found = one_day(day)
        value = self.missing if found is None else self.at(found)
        return np.datetime64(value, "D") if isinstance(day, np.datetime64) and self.values.dtype == DAY_UNIT else value

    def take(self, days: Days, out: npt.NDArray[Any] | None = None) -> npt.NDArray[Any]:
        """Return the value of every day, in the table's dtype and the days' shape.

        `out` is filled and returned when given (C-contiguous, same shape and dtype); it may be `days` itself.
        Raises `OutsideCalendar` when a day has no answer.
        """
        numbers = day_numbers(days)
        found = ready(out, numbers.shape, self.values.dtype)
        rows, target = numbers.reshape(-1), found.reshape(-1)
        index = np.empty(min(BLOCK, rows.size), np.int64)
        for start in range(0, rows.size, BLOCK):
            block = rows[start : start + BLOCK]
            self.fill(block, index[: block.size], target[start : start + BLOCK])
        return found

    def fill(self, numbers: Integers, index: Integers, target: npt.NDArray[Any]) -> bool:
        """Write the value of each numbered day into `target`, `index` being scratch; return whether one was NaT."""
        # seen without a sign, a day before the table, or NaT, is a huge position: one comparison finds all outside
        positions = np.subtract(numbers, self.first, out=index).view(np.uint64)
        if positions.max() < len(self.values):
            # nothing is left to clip; but in its own mode, "raise", NumPy fills a buffer first and copies it
            np.take(self.values, index, out=target, mode="clip")
            return False
        none = numbers == MISSING
        outside = (positions >= len(self.values)) & ~none
        if outside.any():
            raise self.outside(np.datetime64(int(numbers[outside][0]), "D"))
        if len(self.values):
            np.take(self.values, index, out=target, mode="clip")
        np.putmask(target, none, self.missing)
        return True

    def then(self, following: DayTable) -> DayTable:
        """Return the table of going through this one and then `following`, for the days where both answer."""
        numbers = day_numbers(self.values)
        known = np.flatnonzero((numbers >= following.first) & (numbers < following.end) | (numbers == MISSING))
        start, stop = (known[0], known[-1] + 1) if known.size else (0, 0)
        values = following.take(self.values[start:stop])
        return DayTable(self.first + int(start), values, self.name, following.missing)

    def outside(self, day: np.datetime64, *, got: dt.date | None = None) -> OutsideCalendar:
        """Return the error for a day without an answer; `got` is for a day that is an argument, not from a record."""
        first, last = np.array([self.first, self.end - 1]).astype(DAY_UNIT)
        return OutsideCalendar(
            f"No answer for a day in {day.astype('datetime64[Y]')}: {self.name}",
            got=got,
            allowed=f"{first} to {last}" if len(self.values) else "no day at all",
            remedy="check the day, or make a calendar with a longer horizon",
        )


def ready(out: npt.NDArray[Any] | None, shape: tuple[int, ...], dtype: np.dtype[Any]) -> npt.NDArray[Any]:
    """Return `out` if results of that shape and dtype can be written into it, or a new array."""
    if out is None:
        return np.empty(shape, dtype)
    if out.shape != shape or out.dtype != dtype or not out.flags.c_contiguous or not out.flags.writeable:
        raise UsageError(
            "`out` does not fit the result",
            got=f"shape {out.shape}, dtype {out.dtype}",
            allowed=f"a writable, C-contiguous array of shape {shape}, dtype {dtype}",
            remedy="leave `out` away, or make it with numpy.empty(shape, dtype)",
        )
    return out


TABLES_KEPT = 64


@attrs.frozen(slots=False, eq=False, repr=False)
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
            # backwards it is counted from what lies before the day, so that a worked day is not its own first one
            position: int = self.upto.values.item(index) + n - 1 if n > 0 else self._before.item(index) + n
            if 0 <= position < len(self.listed):
                return position
        raise self.add_table(n).outside(np.datetime64(day, "D"), got=day)

    def add_table(self, n: int) -> DayTable:
        """Return the table from each day to the n-th working day after it."""
        table = self._add_tables.get(n)
        if table is None:
            if len(self._add_tables) >= TABLES_KEPT:
                # who asks for ever other numbers must not fill the memory; the tables in use are soon made again
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
        # positions never fall from one day to the next, so the days that have an answer are one stretch
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
        # `listed` counts from 0; backwards the day itself, where it is worked, is none of those to go back over
        position -= 1 if forward_only else np.where(n > 0, 1, self.is_worked.take(days))
        # for n = 0 the position may be -1, before the first working day, and is not looked at
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


MONTH_UNIT = np.dtype("datetime64[M]")


def months_after(day: dt.date, months: int) -> dt.date:
    """Return the same day of the month so many months later (earlier if negative), or the month's last day.

    >>> months_after(dt.date(2009, 10, 31), 4)
    datetime.date(2010, 2, 28)
    """
    return day + relativedelta(months=months)


def months_after_each(days: Days, months: int) -> Days:
    """Return `months_after` for an array of datetime64[D]; NaT stays NaT."""
    month = days.astype(MONTH_UNIT)
    into = days.view(np.int64) - month.astype(DAY_UNIT).view(np.int64)
    start: Days = (month + np.timedelta64(months, "M")).astype(DAY_UNIT)
    following: Days = (month + np.timedelta64(months + 1, "M")).astype(DAY_UNIT)
    return np.minimum(start + into, following - np.timedelta64(1, "D"))
