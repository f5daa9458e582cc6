"""One value for every day of a range, and the gather that reads it for millions of days at once."""

from __future__ import annotations

import datetime as dt
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt

from casequality.arrays import MISSING, Days, Integers, read_only
from casequality.errors import OutsideCalendar, UsageError

BLOCK = 131_072
"""Rows per step: the index of one step stays in the processor's cache."""

EPOCH = dt.date(1970, 1, 1).toordinal()
DAY_UNIT = np.dtype("datetime64[D]")
NO_DAY = np.datetime64("NaT", "D")
SCALAR = (dt.date, np.datetime64)


def one_day(day: object) -> dt.date | None:
    """Return a `date` or `numpy.datetime64` of a whole day as `date`, NaT as None; refuse anything else."""
    if isinstance(day, np.datetime64):
        whole: Any = day if day.dtype == DAY_UNIT else day_numbers(day).view(DAY_UNIT)
        found: dt.date | None = whole.item()
        return found
    if isinstance(day, dt.date) and not isinstance(day, dt.datetime):
        return day
    instant = isinstance(day, dt.datetime)
    raise UsageError(
        "A day is needed, not an instant" if instant else "A day is needed",
        got=type(day).__name__,
        allowed="datetime.date, numpy.datetime64 of whole days, arrays of them",
        remedy="take its local day first: casequality.days.local_day(instant, zone)"
        if instant
        else "convert it first: datetime.date.fromisoformat(text), numpy.array(texts, 'datetime64[D]')",
    )


def day_numbers(days: object) -> Integers:
    """Return days as whole days since 1970-01-01, a view where they are datetime64[D]; NaT becomes `MISSING`.

    Finer units are accepted when every value is a midnight, as dataframes store dates.
    """
    array = np.asarray(days)
    return (array if array.dtype == DAY_UNIT else _whole_days(array)).view(np.int64)


def _whole_days(array: npt.NDArray[Any]) -> Days:
    if array.dtype.kind != "M" or np.datetime_data(array.dtype)[0] in ("Y", "M"):
        raise UsageError(
            "An array of days is needed",
            got=f"dtype {array.dtype}",
            allowed="datetime64[D], or a finer unit at midnight",
            remedy="convert it first: numpy.array(values, 'datetime64[D]')",
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
        positions = np.subtract(numbers, self.first, out=index).view(np.uint64)
        if positions.max() < len(self.values):
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
