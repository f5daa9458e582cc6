"""Opening hours: when an office is open, how much open time lies between two instants, and adding open time.

Within, open time is stretches between instants, in plain integers of microseconds since 1970 in UTC.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, TypeAlias, overload

import attrs
import numpy as np

from casequality.citation import Citation, Dated, Entry
from casequality.days.arrays import BLOCK, MISSING, Instants, Integers, Mask, Spans, one_day
from casequality.days.calendars import calendar as named_calendar
from casequality.days.office_days import ONE_DAY, DayHours, OfficeDays, SpecialDay, Week
from casequality.days.open_time import OpenTime
from casequality.days.working_calendar import Calendar
from casequality.days.zones import IN_MICROSECONDS, UNIX_EPOCH, clock, local_day, moments_of, zone_info
from casequality.errors import UsageError

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
