"""Which hours an office has on each day: those of the week then in force, of a closing day, or of a special day."""

from __future__ import annotations

import datetime as dt
from functools import cached_property

import attrs
import numpy as np

from casequality.arrays import Integers
from casequality.dated import Dated
from casequality.days.calendars import Calendar
from casequality.days.clocks import DAY, FIRST_YEAR, LAST_YEAR
from casequality.days.day_hours import CLOSED, WEEKDAYS, DayHours, SpecialDay, Week
from casequality.days.tables import DAY_UNIT, EPOCH, DayTable
from casequality.days.workdays import WorkDays
from casequality.errors import OutsideCalendar, UsageError
from casequality.words import check_language

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
        found = self.weeks.index(days) * len(WEEKDAYS) + weekday
        closed = len(WEEKDAYS) * len(self.weeks.entries)
        if self.calendar:
            found[np.isin(days, self.calendar.closed)] = closed
        for kind, special in enumerate(self.special, closed + 1):
            found[(special.day - self.first).days] = kind
        return DayTable(first, found, self.name)
