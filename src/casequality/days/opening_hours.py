"""Opening hours: when an office is open, how much open time lies between two instants, and adding open time.

Within, open time is stretches between instants, in plain integers of microseconds since 1970 in UTC.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from typing import Any, TypeAlias, overload

import attrs
import numpy as np

from casequality.citation import Citation, Dated, Entry
from casequality.days.arrays import BLOCK, MISSING, Instants, Integers, Mask, Spans, one_day, read_only
from casequality.days.calendars import Calendar
from casequality.days.calendars import calendar as named_calendar
from casequality.days.office_days import ONE_DAY, DayHours, OfficeDays, SpecialDay, Week
from casequality.days.zones import (
    IN_MICROSECONDS,
    UNIX_EPOCH,
    Segments,
    ZoneOffsets,
    clock,
    local_day,
    moments_of,
    zone_info,
)
from casequality.errors import OutsideCalendar, UsageError

FAR = np.iinfo(np.int64).max


@attrs.frozen(slots=False, eq=False)
class OpenTime:
    """The stretches from `starts` up to, not including, `ends`, in order; they may touch.

    They begin with an empty one at `starts[0]`, before which nothing is known; from `known_to` on nothing is either.
    An instant belongs to the last stretch that has started; `before` is the open time before each stretch.
    """

    starts: Integers = attrs.field(converter=read_only)
    ends: Integers = attrs.field(converter=read_only)
    known_to: int
    name: str

    @classmethod
    def of(cls, opens: Integers, closes: Integers, clock: ZoneOffsets, known: tuple[int, int], name: str) -> OpenTime:
        """Return the instants at which a clock shows a time from one of `opens` up to its `closes`.

        The times are those of the wall, in order. Where the clock is turned back they come twice.
        """
        changes = [-FAR, *clock.changes.tolist(), FAR]
        starts, ends = [], []
        for offset, (since, until) in zip(clock.offsets.tolist(), pairwise(changes), strict=True):
            # an interval during which the clock changes is cut in two there, each part with the offset of its side
            first = np.searchsorted(closes - offset, since, side="right")
            last = np.searchsorted(opens - offset, until, side="left")
            starts.append(np.maximum(opens[first:last] - offset, since))
            ends.append(np.minimum(closes[first:last] - offset, until))
        first, known_to = known
        return cls(np.concatenate([[first], *starts]), np.concatenate([[first], *ends]), known_to, name)

    @cached_property
    def before(self) -> Integers:
        """The open time before each stretch."""
        lengths = self.ends - self.starts
        return read_only(np.cumsum(lengths) - lengths)

    @cached_property
    def _next(self) -> Integers:
        return np.append(self.starts[1:], FAR)

    @cached_property
    def _steps(self) -> Segments:
        # without the first: what begins before the first opening is stretch 0, so that places agree with `starts`
        return Segments(self.starts[1:])

    @cached_property
    def _listed(self) -> tuple[list[int], list[int], list[int]]:
        return self.starts.tolist(), self.ends.tolist(), self.before.tolist()

    def is_open(self, moments: Integers) -> Mask:
        """Return which moments lie within a stretch."""
        found: Mask = moments < self.ends[self._find(moments)]
        return found

    def elapsed(self, moments: Integers) -> Integers:
        """Return the open time from the beginning to each moment."""
        found = self._find(moments)
        spent: Integers = np.minimum(moments, self.ends[found]) - (self.starts - self.before)[found]
        return spent

    def next_open(self, moments: Integers) -> Integers:
        """Return each moment itself where it is open, else the next start of a stretch."""
        found = self._find(moments)
        return self._inside(np.where(moments < self.ends[found], moments, self._next[found]))

    def add(self, moments: Integers, spans: Integers) -> Integers:
        """Return the first moment at which a span of open time has passed; see `add_one`."""
        goal = self.elapsed(moments) + spans
        # going forward, a goal that is reached as the office closes belongs to the stretch that ends, not to the next
        stretch = np.searchsorted(self.before, goal - (spans > 0), side="right") - 1
        found = self._moment(stretch, goal)
        return self._inside(np.where(spans == 0, moments, found))

    def _moment(self, stretch: Integers, goal: Integers) -> Integers:
        """Return when the open time reaches a goal within a stretch; `FAR` where it never does."""
        moment = self.starts[stretch] + (goal - self.before[stretch])
        return np.where((goal < 0) | (moment > self.ends[stretch]), FAR, moment)

    def is_open_at(self, moment: int) -> bool:
        """Return whether one moment lies within a stretch."""
        return moment < self._listed[1][self._find_one(moment)]

    def elapsed_at(self, moment: int) -> int:
        """Return the open time from the beginning to one moment."""
        starts, ends, before = self._listed
        found = self._find_one(moment)
        return before[found] + min(moment, ends[found]) - starts[found]

    def next_open_at(self, moment: int) -> int:
        """Return one moment itself if it is open, else the next start of a stretch."""
        starts, ends, _ = self._listed
        found = self._find_one(moment)
        if moment < ends[found]:
            return moment
        if found + 1 < len(starts):
            return starts[found + 1]
        raise self._no_more()

    def add_one(self, moment: int, span: int) -> int:
        """Return the first moment at which a span of open time has passed since one moment.

        That is a closing time rather than the next opening; a span below 0 goes back, to an opening time.
        """
        starts, ends, before = self._listed
        goal = self.elapsed_at(moment) + span
        if span == 0:
            return moment
        stretch = bisect_right(before, goal - (span > 0)) - 1
        found = starts[stretch] + goal - before[stretch]
        if goal < 0 or found > ends[stretch] or found >= self.known_to:
            raise self._no_more()
        return found

    def _find(self, moments: Integers) -> Integers:
        outside = (moments < self.starts[0]) | (moments >= self.known_to)
        if outside.any():
            raise self._outside(int(moments[outside][0]))
        return np.asarray(self._steps.find(moments))

    def _find_one(self, moment: int) -> int:
        if not self._listed[0][0] <= moment < self.known_to:
            raise self._outside(moment)
        return bisect_right(self._listed[0], moment) - 1

    def _inside(self, moments: Integers) -> Integers:
        if (moments >= self.known_to).any():
            raise self._no_more()
        return moments

    def _outside(self, moment: int) -> OutsideCalendar:
        year = np.datetime64(moment, "us").astype("datetime64[Y]")
        return OutsideCalendar(
            f"No answer for a time in {year}: {self.name}",
            allowed=self._horizon,
            remedy="check the time, or give the opening hours a calendar with a longer horizon",
        )

    def _no_more(self) -> OutsideCalendar:
        return OutsideCalendar(
            f"Not enough open time within what is known: {self.name}",
            allowed=self._horizon,
            remedy="check the opening hours and the span, or give them a calendar with a longer horizon",
        )

    @property
    def _horizon(self) -> str:
        first, end = np.array([self.starts[0], self.known_to]).astype("datetime64[us]").astype("datetime64[m]")
        return f"{first} to {end} UTC"


TICK = dt.timedelta(microseconds=1)
SPAN = np.dtype("timedelta64[us]")
WeekText: TypeAlias = str | Mapping[str, str]


def _by_day(days: Iterable[SpecialDay]) -> tuple[SpecialDay, ...]:
    return tuple(sorted(days, key=lambda special: special.day))


@attrs.frozen(slots=False, kw_only=True)
class OpeningHours:
    """When an office is open, by the clock of its zone: at every instant at which that clock shows an opening hour.

    A day has the hours of its weekday in the week then in force, none on a closing day of the calendar, and those
    of a special day before both. Only the closing days and the horizon are asked of the calendar, not its weekdays;
    `calendar=None` is an office that closes for no holiday. Time is time that passes: 00:00-24:00 is 23 hours on
    the day the clocks go forward and 25 on the day they go back.

    >>> import datetime as dt, zoneinfo
    >>> desk = OpeningHours.parse({"mon-thu": "08:30-12:00, 12:30-17:00", "fri": "08:30-14:00"},
    ...                           zone="Europe/Copenhagen", calendar="dk-statutory")
    >>> lunch = dt.datetime(2010, 4, 29, 12, 10, tzinfo=zoneinfo.ZoneInfo("Europe/Copenhagen"))
    >>> print(desk.next_opening(lunch))
    2010-04-29 12:30:00+02:00
    >>> print(desk.add(lunch, dt.timedelta(hours=5)))               # Friday 30 April was Great Prayer Day
    2010-05-03 09:00:00+02:00
    >>> print(desk.working_time(lunch, dt.datetime(2010, 5, 3, 9, tzinfo=dt.UTC)))
    7:00:00
    """

    weeks: Dated[Week]
    zone: str
    calendar: Calendar | str | None
    special: tuple[SpecialDay, ...] = attrs.field(converter=_by_day, default=())

    @classmethod
    def parse(
        cls,
        hours: WeekText | Sequence[Mapping[str, Any]],
        *,
        zone: str,
        calendar: Calendar | str | None,
        special: Mapping[Any, str | Mapping[str, str]] | None = None,
    ) -> OpeningHours:
        """Return opening hours as one writes them down.

        `hours` is a text ("08:30-17:00" on each working weekday of the calendar, or every day without one), the
        texts by weekday, or their history: [{"hours": ...}, {"since": date, "hours": ..., "source": ...}].
        `special` has a text, or {"hours", "en", "da"}, for each day that differs. Raises `UsageError`.
        """
        on = named_calendar(calendar) if isinstance(calendar, str) else calendar
        worked = on.week if on else (True,) * 7
        history = hours if isinstance(hours, (list, tuple)) else [{"hours": hours}]
        return cls(
            weeks=Dated(tuple(_entry(given, worked) for given in history)),
            zone=zone,
            calendar=calendar,
            special=tuple(SpecialDay.parse(day, given) for day, given in (special or {}).items()),
        )

    def __attrs_post_init__(self) -> None:
        zone_info(self.zone)
        # asked at once, so that hours which contradict each other are refused here and not at the first question
        _ = self.days

    @cached_property
    def days(self) -> OfficeDays:
        """Which hours each day has, and why."""
        on = named_calendar(self.calendar) if isinstance(self.calendar, str) else self.calendar
        return OfficeDays(self.weeks, on, self.special)

    @overload
    def is_open(self, instants: dt.datetime) -> bool: ...
    @overload
    def is_open(self, instants: Instants) -> Mask: ...
    def is_open(self, instants: Any) -> Any:
        """Return whether the office is open at an aware datetime, or at each datetime64[us] in UTC; NaT is not."""
        if isinstance(instants, dt.datetime):
            return self._time.is_open_at(self._moment(instants))
        return _each(self._time.is_open, False, moments_of(instants))[()]

    @overload
    def next_opening(self, instants: dt.datetime) -> dt.datetime: ...
    @overload
    def next_opening(self, instants: Instants) -> Instants: ...
    def next_opening(self, instants: Any) -> Any:
        """Return the instant itself while the office is open, else when it next opens; NaT stays NaT.

        An aware datetime gives one in the office's zone, datetime64[us] in UTC the same.
        """
        if isinstance(instants, dt.datetime):
            return self._local(self._time.next_open_at(self._moment(instants)))
        return _each(self._time.next_open, MISSING, moments_of(instants)).view(IN_MICROSECONDS)[()]

    @overload
    def working_time(self, a: dt.datetime, b: dt.datetime) -> dt.timedelta: ...
    @overload
    def working_time(self, a: Instants | dt.datetime, b: Instants) -> Spans: ...
    @overload
    def working_time(self, a: Instants, b: Instants | dt.datetime) -> Spans: ...
    def working_time(self, a: Any, b: Any) -> Any:
        """Return the open time from a up to b; where b is before a, minus the open time from b to a.

        So working_time(a, b) + working_time(b, c) = working_time(a, c). Aware datetimes give a timedelta; arrays of
        datetime64[us] in UTC give timedelta64[us], NaT where a side is. Raises `OutsideCalendar`.
        """
        if isinstance(a, dt.datetime) and isinstance(b, dt.datetime):
            return (self._time.elapsed_at(self._moment(b)) - self._time.elapsed_at(self._moment(a))) * TICK
        time = self._time
        found = _each(lambda a, b: time.elapsed(b) - time.elapsed(a), MISSING, self._moments(a), self._moments(b))
        return found.view(SPAN)[()]

    @overload
    def add(self, instants: dt.datetime, span: dt.timedelta) -> dt.datetime: ...
    @overload
    def add(self, instants: Instants, span: dt.timedelta | np.timedelta64 | Spans) -> Instants: ...
    def add(self, instants: Any, span: Any) -> Any:
        """Return the first instant at which `span` of open time has passed: closing time, not the next opening.

        It undoes `working_time`: working_time(t, add(t, span)) = span. A negative span goes back, as for a warning
        two open hours before a due time; no span is the instant itself. NaT stays NaT. Raises `OutsideCalendar`.
        """
        if isinstance(instants, dt.datetime) and isinstance(span, dt.timedelta):
            return self._local(self._time.add_one(self._moment(instants), span // TICK))
        return _each(self._time.add, MISSING, self._moments(instants), _ticks(span)).view(IN_MICROSECONDS)[()]

    def hours_on(self, day: dt.date) -> DayHours:
        """Return the hours of a day; none where the office is closed. Raises `OutsideCalendar`."""
        return self.days.hours_on(day)

    def reason(self, day: dt.date, *, lang: str = "en") -> str | None:
        """Return why the office is closed all day or keeps special hours, in English or Danish; else None."""
        return self.days.reason(day, lang)

    def to_dict(self) -> dict[str, Any]:
        """Return the opening hours as plain data."""
        return {
            "hours": [
                {
                    "since": None if entry.since == dt.date.min else entry.since.isoformat(),
                    "week": entry.value and entry.value.to_dict(),
                    "source": entry.citation and entry.citation.to_dict(),
                }
                for entry in self.weeks
            ],
            "special": [special.to_dict() for special in self.special],
            "zone": self.zone,
            "calendar": self.days.calendar and self.days.calendar.name,
        }

    @cached_property
    def _time(self) -> OpenTime:
        days, known = self.days, clock(self.zone)
        midnights = np.array([days.first, days.last + ONE_DAY], IN_MICROSECONDS).view(np.int64)
        first, end = known.start_of(midnights).tolist()
        return OpenTime.of(*days.intervals(), known, (first, end), days.name)

    def _moment(self, instant: dt.datetime) -> int:
        # for its refusal of a time without a zone; the day itself is not used
        local_day(instant, self.zone)
        return (instant - UNIX_EPOCH) // TICK

    def _moments(self, instants: Any) -> Integers:
        if isinstance(instants, dt.datetime):
            return np.array(self._moment(instants))
        return moments_of(instants)

    def _local(self, moment: int) -> dt.datetime:
        return (UNIX_EPOCH + moment * TICK).astimezone(zone_info(self.zone))


def _entry(given: Any, worked: tuple[bool, ...]) -> Entry[Week]:
    if not isinstance(given, Mapping) or "hours" not in given or set(given) - {"since", "hours", "source"}:
        raise UsageError(
            "Opening hours that change over time are a list of tables",
            got=", ".join(map(str, given)) if isinstance(given, Mapping) else type(given).__name__,
            allowed=("since", "hours", "source"),
            remedy='write [{ hours = "09:00-15:00" }, { since = 2010-01-01, hours = "09:00-16:00" }]',
        )
    since, source = one_day(given.get("since", dt.date.min)), given.get("source")
    cited = Citation(title=source) if isinstance(source, str) else source
    return Entry(since or dt.date.min, Week.parse(given["hours"], worked), cited)


def _ticks(span: Any) -> Integers:
    array = np.asarray(span, SPAN if isinstance(span, dt.timedelta) else None)
    if array.dtype.kind != "m" or np.datetime_data(array.dtype)[0] in ("Y", "M", "generic"):
        raise UsageError(
            "Open time is added as a span",
            got=type(span).__name__ if array.dtype == object else f"dtype {array.dtype}",
            allowed="datetime.timedelta, or timedelta64[us]",
            remedy="write datetime.timedelta(hours=8); working days are added by a deadline or a calendar",
        )
    return array.astype(SPAN, copy=False).view(np.int64)


def _each(work: Callable[..., Any], missing: int, *columns: Integers) -> Any:
    """Return what `work` says of each row, block by block; `missing` where a column is."""
    columns = np.broadcast_arrays(*columns)
    found = np.full(columns[0].shape, missing)
    rows, flat = [column.reshape(-1) for column in columns], found.reshape(-1)
    for start in range(0, flat.size, BLOCK):
        parts, target = [row[start : start + BLOCK] for row in rows], flat[start : start + BLOCK]
        there = np.logical_and.reduce([part != MISSING for part in parts])
        if there.all():
            target[:] = work(*parts)
        elif there.any():
            target[there] = work(*(part[there] for part in parts))
    return found
