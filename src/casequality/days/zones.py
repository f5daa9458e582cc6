"""Instants and local days: right on both sides of every change of the clock, for one or for millions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from casequality.arrays import MISSING, Days, Instants, Integers, Mask
from casequality.days.clocks import DAY, clock, zone_info
from casequality.days.tables import BLOCK, DAY_UNIT, day_numbers
from casequality.errors import NaiveTime, UsageError

IN_MICROSECONDS = np.dtype("datetime64[us]")


def local_day(instant: dt.datetime, zone: str) -> dt.date:
    """Return the day on which an instant falls in a zone; `NaiveTime` for a time that has no zone itself.

    >>> local_day(dt.datetime(2010, 6, 30, 22, 30, tzinfo=dt.UTC), "Europe/Copenhagen")
    datetime.date(2010, 7, 1)
    """
    if instant.utcoffset() is None:
        raise NaiveTime(
            "A time without a zone does not say when it was",
            got="a naive datetime",
            remedy="give it the zone it was written in: instant.replace(tzinfo=zoneinfo.ZoneInfo('Europe/Copenhagen'))",
        )
    return instant.astimezone(zone_info(zone)).date()


def local_days(instants: Instants, zone: str) -> Days:
    """Return the day on which each instant falls in a zone, as datetime64[D]; NaT stays NaT.

    `instants` is datetime64[us] in UTC. Raises `OutsideCalendar` before 1900 and after 2061.
    """
    numbers, known = moments_of(instants), clock(zone)
    found, flat = _unknown(numbers)
    for rows, block in _blocks(numbers):
        flat[rows] = known.to_wall(block) // DAY
    return found.view(DAY_UNIT)


def local_times(instants: Instants, zone: str) -> Instants:
    """Return what the clocks of a zone show at each instant, as naive datetime64[us]; NaT stays NaT."""
    numbers, known = moments_of(instants), clock(zone)
    found, flat = _unknown(numbers)
    for rows, block in _blocks(numbers):
        flat[rows] = known.to_wall(block)
    return found.view(IN_MICROSECONDS)


def start_of_days(days: Days, zone: str) -> Instants:
    """Return the first instant of each day in a zone, as datetime64[us] in UTC; NaT stays NaT."""
    numbers, known = day_numbers(days), clock(zone)
    found, flat = _unknown(numbers)
    for rows, block in _blocks(numbers):
        flat[rows] = known.start_of(block * DAY)
    return found.view(IN_MICROSECONDS)


def to_instants(local: Instants, zone: str) -> tuple[Instants, Mask, Mask]:
    """Return the instants of naive local times, and which of these were ambiguous and which were skipped.

    A time that the clocks showed twice is read as the first of the two; one that they jumped over is read as if
    they had not yet jumped, so 02:30 in spring means 03:30. NaT stays NaT and is neither.
    """
    numbers, known = moments_of(local), clock(zone)
    found, flat = _unknown(numbers)
    ambiguous, skipped = np.zeros(numbers.size, np.bool_), np.zeros(numbers.size, np.bool_)
    for rows, block in _blocks(numbers):
        flat[rows], jump = known.to_utc(block)
        ambiguous[rows], skipped[rows] = jump < 0, jump > 0
    return found.view(IN_MICROSECONDS), ambiguous.reshape(numbers.shape), skipped.reshape(numbers.shape)


def _unknown(numbers: Integers) -> tuple[Integers, Integers]:
    found = np.full(numbers.shape, MISSING)
    return found, found.reshape(-1)


def _blocks(numbers: Integers) -> Iterator[tuple[slice | npt.NDArray[np.intp], Integers]]:
    """Yield the rows of each block that are not missing, with their values."""
    flat = numbers.reshape(-1)
    for start in range(0, flat.size, BLOCK):
        block = flat[start : start + BLOCK]
        if block.min() != MISSING:
            yield slice(start, start + block.size), block
            continue
        there = np.flatnonzero(block != MISSING)
        if there.size:
            yield there + start, block[there]


def moments_of(instants: Any) -> Integers:
    """Return times as whole microseconds since 1970-01-01, a view where they are datetime64[us]; NaT is `MISSING`."""
    array: npt.NDArray[Any] = np.asarray(instants)
    if array.dtype.kind != "M" or np.datetime_data(array.dtype)[0] in ("Y", "M", "W", "D"):
        raise UsageError(
            "An array of times is needed",
            got=f"dtype {array.dtype}",
            allowed="datetime64[us], or another unit of hours or finer",
            remedy="days need no zone; convert other values with numpy.array(values, 'datetime64[us]')",
        )
    return array.astype(IN_MICROSECONDS, copy=False).view(np.int64)
