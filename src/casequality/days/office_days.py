"""Which hours an office has on each day: of the week then in force, of a closing day, or of a special day."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any, TypeAlias

import attrs
import numpy as np

from casequality.citation import Dated
from casequality.days.arrays import DAY_UNIT, EPOCH, DayTable, Integers, WorkDays, one_day
from casequality.days.working_calendar import Calendar
from casequality.days.zones import DAY, FIRST_YEAR, LAST_YEAR, SECOND
from casequality.errors import OutsideCalendar, UsageError, check_language

Interval: TypeAlias = tuple[int, int]
"""From the first up to, not including, the second: microseconds since midnight, as the clock shows them."""

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
CLOCK = re.compile(r"(\d{1,2}):([0-5]\d)(?::([0-5]\d)(?:\.(\d{1,6}))?)?")
NO_HOURS = ("", "closed")
HOURS_REMEDY = "write '08:30-12:00, 12:30-17:00', '00:00-24:00' or 'closed'"


def _in_order(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    return tuple(sorted(intervals))


@attrs.frozen
class DayHours:
    """The intervals in which a day is open, in order; they may touch but not overlap.

    >>> print(DayHours.parse("12:30-17:00, 8:30-12:00"))
    08:30-12:00, 12:30-17:00
    """

    intervals: tuple[Interval, ...] = attrs.field(converter=_in_order)

    def __attrs_post_init__(self) -> None:
        last = 0
        for opens, closes in self.intervals:
            if not 0 <= opens < closes <= DAY:
                raise UsageError(
                    "An interval of opening hours ends after it begins, on the same day",
                    got=_text((opens, closes)),
                    remedy="write hours past midnight as '22:00-24:00' on one day and '00:00-02:00' on the next",
                )
            if opens < last:
                raise UsageError(
                    "Two intervals of opening hours overlap", got=str(self), remedy="join them, or mend their times"
                )
            last = closes

    @classmethod
    def parse(cls, text: str) -> DayHours:
        """Return the hours of a text such as "08:30-12:00, 12:30-17:00"; "" and "closed" are none."""
        if not isinstance(text, str):
            raise UsageError("Opening hours are a text", got=type(text).__name__, remedy=HOURS_REMEDY)
        if text.strip() in NO_HOURS:
            return cls(())
        return cls(tuple(_interval(part) for part in text.split(",")))

    def __str__(self) -> str:
        return ", ".join(map(_text, self.intervals)) or "closed"


CLOSED = DayHours(())


def _every_weekday(days: tuple[DayHours, ...]) -> tuple[DayHours, ...]:
    if len(days) != len(WEEKDAYS):
        raise UsageError("A week has the hours of seven days, Monday first", got=f"{len(days)} days")
    return days


@attrs.frozen
class Week:
    """The hours of each weekday, Monday first."""

    days: tuple[DayHours, ...] = attrs.field(converter=_every_weekday)

    @classmethod
    def parse(cls, given: str | Mapping[str, str], worked: tuple[bool, ...]) -> Week:
        """Return the week of a mapping such as {"mon-thu": "09:00-15:00", "fri": "09:00-13:00"}.

        A weekday left out has no hours. A plain text is the hours of every weekday that is `worked`.
        """
        if not isinstance(given, Mapping):
            hours = DayHours.parse(given)
            return cls(tuple(hours if at_work else CLOSED for at_work in worked))
        found: dict[int, DayHours] = {}
        for names, text in given.items():
            hours = DayHours.parse(text)
            for weekday in _weekdays(names):
                if weekday in found:
                    raise UsageError(
                        "A weekday has its opening hours twice",
                        got=WEEKDAYS[weekday],
                        remedy="write all its intervals in one text",
                    )
                found[weekday] = hours
        return cls(tuple(found.get(weekday, CLOSED) for weekday in range(len(WEEKDAYS))))

    def to_dict(self) -> dict[str, str]:
        """Return the hours of the weekdays that have some, as `parse` reads them."""
        return {name: str(hours) for name, hours in zip(WEEKDAYS, self.days, strict=True) if hours.intervals}


@attrs.frozen
class SpecialDay:
    """A named day with other hours than its weekday, or none, and why, in English and Danish."""

    day: dt.date
    hours: DayHours
    en: str = "special hours"
    da: str = "særlig åbningstid"

    @classmethod
    def parse(cls, day: dt.date | str, given: str | Mapping[str, str]) -> SpecialDay:
        """Return a special day of "10:00-12:00", "closed", or a mapping with `hours`, `en` and `da`."""
        try:
            found = one_day(day)
        except UsageError:
            found = None
        if found is None:
            raise UsageError("A special day is not a day", got=day, allowed="as 2010-12-24")
        if not isinstance(given, Mapping):
            hours = DayHours.parse(given)
            return cls(found, hours) if hours.intervals else cls(found, hours, "closed this day", "lukket denne dag")
        if set(given) != {"hours", "en", "da"}:
            raise UsageError(
                "A special day has its hours, and its reason in both languages",
                where=f"special day {found}",
                got=", ".join(given),
                remedy='write { hours = "closed", en = "...", da = "..." }, or just "closed"',
            )
        return cls(found, DayHours.parse(given["hours"]), given["en"], given["da"])

    def to_dict(self) -> dict[str, str]:
        """Return the special day as plain data."""
        return {"day": self.day.isoformat(), "hours": str(self.hours), "en": self.en, "da": self.da}


def _weekdays(names: Any) -> range:
    first, _, last = str(names).replace(" ", "").partition("-")
    if first in WEEKDAYS and (last or first) in WEEKDAYS:
        weekdays = range(WEEKDAYS.index(first), WEEKDAYS.index(last or first) + 1)
        if weekdays:
            return weekdays
    raise UsageError(
        "Not a weekday or a range of them", got=names, allowed=WEEKDAYS, remedy="write 'mon', or 'mon-thu' in order"
    )


def _interval(text: str) -> Interval:
    opens, _, closes = text.partition("-")
    return _clock(opens, text), _clock(closes, text)


def _clock(text: str, whole: str) -> int:
    match = CLOCK.fullmatch(text.strip())
    if match is None:
        raise UsageError("Opening hours cannot be read", got=whole.strip(), remedy=HOURS_REMEDY)
    hours, minutes, seconds, fraction = match.groups()
    whole_seconds = (int(hours) * 60 + int(minutes)) * 60 + int(seconds or 0)
    return whole_seconds * SECOND + int((fraction or "").ljust(6, "0"))


def _text(interval: Interval) -> str:
    return "-".join(map(_clock_text, interval))


def _clock_text(moment: int) -> str:
    minutes, rest = divmod(moment, 60 * SECOND)
    clock = f"{minutes // 60:02}:{minutes % 60:02}"
    seconds, fraction = divmod(rest, SECOND)
    return f"{clock}:{seconds:02}" + (f".{fraction:06}" if fraction else "") if rest else clock


ONE_DAY = dt.timedelta(days=1)
FIRST, LAST = dt.date(FIRST_YEAR, 1, 2), dt.date(LAST_YEAR, 12, 30)
"""The days that are whole in every zone within what is known of zones."""


@attrs.frozen(slots=False)
class OfficeDays:
    """The hours of each day from `first` to `last`: a special day goes before a closing day, that before the week."""

    weeks: Dated[Week]
    calendar: Calendar | None
    special: tuple[SpecialDay, ...]

    def __attrs_post_init__(self) -> None:
        if any(entry.value is None for entry in self.weeks):
            raise UsageError("Opening hours do not end", remedy="give the time after it a week without hours, 'closed'")
        days = [special.day for special in self.special]
        if len(set(days)) < len(days):
            raise UsageError("A special day is given twice", remedy="write all its intervals in one text")
        for day in days:
            if not self.first <= day <= self.last:
                raise OutsideCalendar(
                    f"A special day in {day.year} lies outside what is known: {self.name}",
                    got=day,
                    allowed=f"{self.first} to {self.last}",
                    remedy="leave the day out, or give the calendar a longer horizon",
                )
        if not any(hours.intervals for hours in self._kinds):
            raise UsageError(
                "Opening hours without a single hour",
                remedy="give at least one weekday its hours, as {'mon-fri': '09:00-15:00'}",
            )

    @property
    def name(self) -> str:
        """What errors call these days."""
        return f"opening hours, {self.calendar.name if self.calendar else 'no calendar'}"

    @property
    def first(self) -> dt.date:
        """The first day whose hours are known."""
        return max(FIRST, self.weeks.entries[0].since, self.calendar.first if self.calendar else FIRST)

    @property
    def last(self) -> dt.date:
        """The last day whose hours are known."""
        return min(LAST, self.calendar.last if self.calendar else LAST)

    def hours_on(self, day: dt.date) -> DayHours:
        """Return the hours of a day."""
        kind: int = self._kind_of.at(day)
        return self._kinds[kind]

    def reason(self, day: dt.date, lang: str) -> str | None:
        """Return why a day has special hours or none; None for one with the hours of its weekday."""
        english = check_language(lang) == "en"
        for special in self.special:
            if special.day == day:
                return special.en if english else special.da
        if self.hours_on(day).intervals:
            return None
        closed = self.calendar and self.calendar.reason(day, lang=lang)
        return closed or ("no opening hours" if english else "ingen åbningstid")

    @cached_property
    def next_day(self) -> DayTable:
        """From each day that has an answer to the first day with hours after it."""
        has_hours = np.array([bool(hours.intervals) for hours in self._kinds])
        return WorkDays(self.name, self._kind_of.first, has_hours[self._kind_of.values]).add_table(1)

    def intervals(self) -> tuple[Integers, Integers]:
        """Return when the office opens and closes, in order, in microseconds since 1970 by the clock on its wall."""
        opens, closes = [], []
        for kind, hours in enumerate(self._kinds):
            midnights = (np.flatnonzero(self._kind_of.values == kind) + self._kind_of.first) * DAY
            opens += [midnights + since for since, _ in hours.intervals]
            closes += [midnights + until for _, until in hours.intervals]
        return np.sort(np.concatenate(opens)), np.sort(np.concatenate(closes))

    @cached_property
    def _kinds(self) -> list[DayHours]:
        """The hours of each weekday in each week, of a closing day, and of each special day."""
        by_weekday = [hours for entry in self.weeks if entry.value for hours in entry.value.days]
        return [*by_weekday, CLOSED, *(special.hours for special in self.special)]

    @cached_property
    def _kind_of(self) -> DayTable:
        """Which of `_kinds` each day has."""
        first = self.first.toordinal() - EPOCH
        days = np.arange(first, self.last.toordinal() - EPOCH + 1).astype(DAY_UNIT)
        monday = np.datetime64("1970-01-05")
        weekday = (days - monday).view(np.int64) % len(WEEKDAYS)
        # each is written over what was there: the week, then closing days, then special days
        found = self.weeks.index(days) * len(WEEKDAYS) + weekday
        closed = len(WEEKDAYS) * len(self.weeks.entries)
        if self.calendar:
            found[np.isin(days, self.calendar.closed)] = closed
        for kind, special in enumerate(self.special, closed + 1):
            found[(special.day - self.first).days] = kind
        return DayTable(first, found, self.name)
