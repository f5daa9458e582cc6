"""Instants and local days: right on both sides of every change of the clock, for one or for millions.

The offset of a zone from UTC is kept as stretches of time, in plain integers of microseconds.
"""

from __future__ import annotations

import datetime as dt
import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import attrs
import numpy as np
import numpy.typing as npt

from casequality.days.arrays import (
    BLOCK,
    DAY_UNIT,
    MISSING,
    NO_DAY,
    Days,
    Instants,
    Integers,
    Mask,
    day_numbers,
    read_only,
)
from casequality.errors import NaiveTime, OutsideCalendar, UnknownName, UsageError, Words

UNIX_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
SECOND = 1_000_000
ONE_MICROSECOND = dt.timedelta(microseconds=1)
DAY = 86_400 * SECOND
FIRST_YEAR, LAST_YEAR = 1900, 2061
START, END = ((dt.datetime(year, 1, 1, tzinfo=dt.UTC) - UNIX_EPOCH).days * DAY for year in (FIRST_YEAR, LAST_YEAR + 1))
STEP = 6 * DAY
"""No zone has changed its offset twice within six days since 1900, so a walk in such steps sees every change."""


@attrs.frozen(slots=False, eq=False, repr=False)
class Segments:
    """The time between edges: stretch 0 ends at edge 0, the last one begins at the last edge."""

    edges: Integers = attrs.field(converter=read_only)

    @cached_property
    def next_edge(self) -> Integers:
        """The edge at which each stretch ends; the last ends beyond all time."""
        return np.append(self.edges, np.iinfo(np.int64).max)

    @cached_property
    def _at_midnight(self) -> Integers:
        return np.searchsorted(self.edges, np.arange(START, END, DAY), side="right").astype(np.int64)

    @cached_property
    def _most_in_a_day(self) -> int:
        return int(np.diff(self._at_midnight, append=len(self.edges)).max())

    def find(self, moments: Integers) -> Any:
        """Return the stretch of each moment, or one number where all lie in the same."""
        earliest, latest = moments.min(), moments.max()
        if earliest < START or latest >= END:
            raise _outside(earliest if earliest < START else latest)
        first, last = np.searchsorted(self.edges, [earliest, latest], side="right")
        if first == last:
            return first
        # the midnight before is looked up; what changes after it on the same day is passed one edge at a time
        found = self._at_midnight.take((moments - START) // DAY, mode="clip")
        for _ in range(self._most_in_a_day):
            found += moments >= self.next_edge.take(found, mode="clip")
        return found


@attrs.frozen(slots=False, eq=False, repr=False)
class ZoneOffsets:
    """The clocks of a zone: `changes` are the instants at which the offset changes, `offsets` one more than they."""

    changes: Integers = attrs.field(converter=read_only)
    offsets: Integers = attrs.field(converter=read_only)

    @cached_property
    def utc(self) -> Segments:
        """The stretches of one offset, by instant."""
        return Segments(self.changes)

    @cached_property
    def wall(self) -> Segments:
        """The same by what the clock shows; a stretch begins when its times are no longer in doubt."""
        return Segments(self.changes + np.maximum(self.offsets[:-1], self.offsets[1:]))

    @cached_property
    def jumps(self) -> Integers:
        """How far the clock jumps at the end of each stretch."""
        return np.append(np.diff(self.offsets), 0)

    def to_wall(self, instants: Integers) -> Integers:
        """Return what the clock shows at each instant."""
        found: Integers = instants + self.offsets[self.utc.find(instants)]
        return found

    def to_utc(self, wall: Integers) -> tuple[Integers, Integers]:
        """Return the instant of each wall time, and the jump of the clock that it falls into, 0 for none.

        A time that occurs twice (jump < 0) is read as the first, a skipped one (jump > 0) as if not yet jumped.
        """
        stretch = self.wall.find(wall)
        jump = self.jumps[stretch]
        # the edge stands where doubt ends: so near before it a time was skipped, or is shown twice
        in_doubt = self.wall.next_edge[stretch] - wall <= abs(jump)
        return wall - self.offsets[stretch], np.where(in_doubt, jump, 0)

    def start_of(self, midnights: Integers) -> Integers:
        """Return the first instant of each day, given by its midnight on the wall."""
        instants, jump = self.to_utc(midnights)
        # where the clock jumps over midnight, as it does in some zones, the day begins once it has jumped
        change = self.utc.next_edge[self.wall.find(midnights)]
        return np.where(jump > 0, change, instants)


@lru_cache
def zone_info(zone: str) -> ZoneInfo:
    """Return the zone of an IANA name; raise `UnknownName`."""
    try:
        return ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UnknownName(
            "Unknown time zone",
            got=zone,
            allowed="IANA names, as Europe/Copenhagen",
            remedy="check the spelling; on a machine without zone data install the package tzdata",
        ) from error


@lru_cache
def clock(zone: str) -> ZoneOffsets:
    """Return the clock of a zone from 1900 to 2061, found once a process by walking through that time."""
    info = zone_info(zone)
    # only a zone of one offset for ever, such as UTC, answers without a time
    never_changed = info.utcoffset(None)
    if never_changed is not None:
        return ZoneOffsets(np.empty(0, np.int64), np.array([never_changed // ONE_MICROSECOND]))

    def offset_at(moment: int) -> int:
        offset = (UNIX_EPOCH + dt.timedelta(microseconds=moment)).astimezone(info).utcoffset()
        assert offset is not None
        return offset // ONE_MICROSECOND

    first, step = UNIX_EPOCH + dt.timedelta(microseconds=START), dt.timedelta(microseconds=STEP)
    walked = [(first + number * step).astimezone(info).utcoffset() for number in range((END - START) // STEP + 2)]
    before = [START + number * STEP for number, (old, new) in enumerate(pairwise(walked)) if old != new]
    offsets = [offset_at(moment) for moment in (START, *(moment + STEP for moment in before))]
    changes = [_change(offset_at, moment, moment + STEP) for moment in before]
    return ZoneOffsets(np.array(changes, np.int64), np.array(offsets, np.int64))


def _change(offset_at: Callable[[int], int], before: int, after: int) -> int:
    old = offset_at(before)
    # the zone database knows changes to the second, so nothing finer is searched
    seconds = range(before, after + SECOND, SECOND)
    return seconds[bisect_left(seconds, True, key=lambda moment: offset_at(moment) != old)]


def _outside(moment: np.int64) -> OutsideCalendar:
    year = np.datetime64(int(moment), "us").astype("datetime64[Y]")
    return OutsideCalendar(
        f"A time in {year} lies outside what is known of time zones",
        got=year,
        allowed=f"{FIRST_YEAR} to {LAST_YEAR}",
        remedy="check the time; declare marks such as 9999-12-31 in the mapping",
    )


IN_MICROSECONDS = np.dtype("datetime64[us]")
NO_OFFSET = re.compile(r"[+-]\d{2}(:?[6-9]|:?\d{2}:?\d)", re.ASCII)
"""What follows the clock of a time where that is no offset from UTC."""


def day_or_time(text: str) -> dt.date:
    """Return the day that a text such as 2010-08-01 says, or the datetime that a longer one does, its offset kept.

    Raises `ValueError` for any other text, also for an offset of 60 minutes or more, which Python reads all the same.

    >>> day_or_time("2010-08-01"), day_or_time("2010-08-01T12:00")
    (datetime.date(2010, 8, 1), datetime.datetime(2010, 8, 1, 12, 0))
    """
    if len(text) <= len("2010-08-01"):
        return dt.date.fromisoformat(text)
    if NO_OFFSET.search(text, len("2010-08-01")):
        raise ValueError("an offset of 60 minutes or more, or of parts of a minute")
    return dt.datetime.fromisoformat(text)


def as_received(given: Any) -> Any:
    """Return when something was received: the day or time that a text or a pandas timestamp says, else what is given.

    A timestamp without zone is a day where it is a midnight, as frames store days; pandas' NaT is NumPy's of a day.
    """
    if isinstance(given, str):
        try:
            return day_or_time(given)
        except ValueError:
            raise UsageError(
                Words("A day of receipt cannot be read", "En modtagelsesdag kan ikke læses"),
                got=given,
                allowed="2010-04-22, or 2010-04-22T16:30:00+02:00",
                remedy=Words("write it as year-month-day", "skriv den som år-måned-dag"),
            ) from None
    return NO_DAY if isinstance(given, dt.datetime) and given != given else from_frame(given)


def from_frame(given: Any) -> Any:
    """Return a pandas timestamp as Python has it: a day where it is a midnight without zone, as frames store days."""
    if not isinstance(given, dt.datetime) or not hasattr(given, "to_pydatetime") or given != given:
        return given
    plain: dt.datetime = given.to_pydatetime(warn=False)
    return plain.date() if plain.tzinfo is None and plain.time() == dt.time() else plain


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


@lru_cache(maxsize=64)
def day_of(instant: np.datetime64, zone: str) -> np.datetime64:
    """Return the day on which one instant in UTC falls in a zone, as `local_days` does.

    >>> print(day_of(np.datetime64("2010-06-30T22:30", "us"), "Europe/Copenhagen"))
    2010-07-01
    """
    shown: Any = instant.item()
    moment = shown.replace(tzinfo=dt.UTC)
    if FIRST_YEAR <= moment.year <= LAST_YEAR:  # spares finding every change of the clock for one day
        return np.datetime64(local_day(moment, zone), "D")
    found: np.datetime64 = local_days(np.array([instant]), zone)[0]
    return found


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
        # `MISSING` is the least of all numbers, so the minimum says whether there is one
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


MOMENTS = "a date, or a time with its offset such as 2010-08-01T12:00:00+02:00"


@attrs.frozen
class AsOfDay:
    """A local day, and the first day whose events are not known.

    A bare date is its start: what happens on that day is not yet known. At a later time of day it is. `at` is the
    moment itself.
    """

    day: dt.date
    known_before: dt.date
    at: dt.datetime | None = attrs.field(default=None, eq=False)

    def knows(self, day: dt.date | None) -> bool:
        """Return whether an event of that day is known; None, no event, is not."""
        return day is not None and day < self.known_before


def as_of_day(as_of: dt.date | str, zone: str) -> AsOfDay:
    """Return the moment of a date, an aware datetime or the ISO text of one; `NaiveTime` for a time without offset."""
    at = read_as_of(as_of)
    if at is None:
        raise UsageError(
            "An as-of cannot be read",
            got=as_of if isinstance(as_of, str) else type(as_of).__name__,
            allowed=MOMENTS,
            remedy="state from which moment the case is looked at; nothing here asks the clock",
        )
    if not isinstance(at, dt.datetime):
        return AsOfDay(at, at, dt.datetime.combine(at, dt.time(), zone_info(zone)))
    if at.utcoffset() is None:
        raise NaiveTime(
            "An as-of with a clock time has no offset",
            got="a naive datetime",
            allowed=MOMENTS,
            remedy="use datetime.now(datetime.UTC), or write the offset",
        )
    day = local_day(at, zone)
    # midnight knows nothing of its day; a microsecond earlier shows that it is one, since not every day begins at 00:00
    before = local_day(at - dt.timedelta(microseconds=1), zone)
    return AsOfDay(day, day if before < day else day + dt.timedelta(days=1), at)


def read_as_of(given: object) -> dt.date | None:
    """Return a date or a datetime, given as itself or as ISO text; None for anything else."""
    if isinstance(given, dt.date):
        return None if given != given else from_frame(given)
    if not isinstance(given, str):
        return None
    try:
        return day_or_time(given)
    except ValueError:
        return None
