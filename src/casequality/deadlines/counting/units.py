"""What the length of a term is counted in: working days, calendar days, weeks, months, years or hours."""

from __future__ import annotations

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Mapping
from functools import lru_cache
from typing import Final, Literal, TypeAlias

import attrs
import numpy as np

from casequality.days import DAY_UNIT, EPOCH, Calendar, Days, DayTable, months_after, months_after_each
from casequality.errors import Words

Unit: TypeAlias = Literal["working days", "calendar days", "weeks", "months", "years", "hours"]

FIRST_PLAIN, LAST_PLAIN = dt.date(1900, 1, 1), dt.date(2199, 12, 31)
"""The receipt days of a term that asks no calendar."""

DAY = dt.timedelta(days=1)


@attrs.frozen
class TermUnit(ABC):
    """What the length of a term is counted in; a class that leaves out a part cannot be made.

    A new one is a class here, its line in `TERM_UNITS` and its name in `Unit`. The checker of ledgers, which takes
    nothing from the library, has its own count of each.
    """

    only_worked = False
    """Whether only the working days of a calendar are counted."""
    by_the_hour = False
    """Whether a term runs out at an instant, where the instant of receipt is known."""

    @property
    @abstractmethod
    def name(self) -> Unit:
        """How terms and ledgers write it, in the plural."""

    @property
    @abstractmethod
    def one(self) -> Words: ...

    @property
    @abstractmethod
    def more(self) -> Words: ...

    @property
    @abstractmethod
    def example(self) -> str:
        """A term in it, as errors show it."""

    @property
    @abstractmethod
    def last(self) -> Words:
        """What a ledger says of the day on which a term in it ends."""

    @abstractmethod
    def after(self, day: dt.date, amount: int, on: Calendar) -> dt.date:
        """Return the day that lies so much later on a calendar, before an end on a closed day moves."""

    @abstractmethod
    def table(self, amount: int, on: Calendar) -> DayTable:
        """Return `after` for every receipt day that has an answer."""

    def said_of_end(self, start: dt.date, end: dt.date) -> Words:
        """Return what a ledger says of the day on which a term from `start` ends, where nothing stopped it."""
        return self.last


class WorkingDays(TermUnit):
    """Days on which the calendar of the deadline works."""

    name: Unit = "working days"
    one, more = Words("working day", "arbejdsdag"), Words("working days", "arbejdsdage")
    example = "10 working days"
    last = Words("working day: the term ends", "arbejdsdag: fristen udløber")
    only_worked = True

    def after(self, day: dt.date, amount: int, on: Calendar) -> dt.date:
        return on.add(day, amount)

    def table(self, amount: int, on: Calendar) -> DayTable:
        return on.add_table(amount)


class _EachDay(TermUnit):
    """A unit in which every day counts, whatever the calendar."""

    @abstractmethod
    def after_each(self, days: Days, amount: int) -> Days:
        """Return `after` for an array of days."""

    def table(self, amount: int, on: Calendar) -> DayTable:
        return _plain_table(self, amount)


class CalendarDays(_EachDay):
    """All days."""

    name: Unit = "calendar days"
    one, more = Words("calendar day", "kalenderdag"), Words("calendar days", "kalenderdage")
    example = "10 calendar days"
    last = Words("calendar day: the term ends", "kalenderdag: fristen udløber")

    def after(self, day: dt.date, amount: int, on: Calendar) -> dt.date:
        return day + amount * DAY

    def after_each(self, days: Days, amount: int) -> Days:
        return days + np.timedelta64(amount, "D")


class Weeks(_EachDay):
    """Weeks, which end on the same weekday."""

    name: Unit = "weeks"
    one, more = Words("week", "uge"), Words("weeks", "uger")
    example = "4 weeks"
    last = Words("same weekday: the term ends", "samme ugedag: fristen udløber")

    def after(self, day: dt.date, amount: int, on: Calendar) -> dt.date:
        return day + 7 * amount * DAY

    def after_each(self, days: Days, amount: int) -> Days:
        return days + np.timedelta64(7 * amount, "D")


class Months(_EachDay):
    """Months, which end on the same day of the month, or on the last day of one that has no such day."""

    name: Unit = "months"
    one, more = Words("month", "måned"), Words("months", "måneder")
    example = "1 month"
    last = Words("same day of the month: the term ends", "samme dag i måneden: fristen udløber")
    shortened = Words("last day of a shorter month: the term ends", "sidste dag i en kortere måned: fristen udløber")

    def after(self, day: dt.date, amount: int, on: Calendar) -> dt.date:
        return months_after(day, amount)

    def after_each(self, days: Days, amount: int) -> Days:
        return months_after_each(days, amount)

    def said_of_end(self, start: dt.date, end: dt.date) -> Words:
        return self.last if end.day == start.day else self.shortened


class Years(_EachDay):
    """Years, which end on the same date; one that begins on a leap day ends on the last day of February."""

    name: Unit = "years"
    one, more = Words("year", "år"), Words("years", "år")
    example = "3 years"
    last = Words("same date: the term ends", "samme dato: fristen udløber")
    shortened = Words("last day of February: the term ends", "sidste dag i februar: fristen udløber")

    def after(self, day: dt.date, amount: int, on: Calendar) -> dt.date:
        return months_after(day, 12 * amount)

    def after_each(self, days: Days, amount: int) -> Days:
        return months_after_each(days, 12 * amount)

    def said_of_end(self, start: dt.date, end: dt.date) -> Words:
        return self.last if end.day == start.day else self.shortened


class Hours(_EachDay):
    """Hours that have passed, at night and on closed days too; `Deadline.due` counts them from an instant.

    Of what was received on a day at a time that nobody noted, `after` is the last day on which they can run out.
    """

    name: Unit = "hours"
    one, more = Words("hour", "time"), Words("hours", "timer")
    example = "24 hours"
    last = Words(
        "the hours run out on this day at the latest: the term ends",
        "timerne udløber senest denne dag: fristen udløber",
    )
    by_the_hour = True

    def after(self, day: dt.date, amount: int, on: Calendar) -> dt.date:
        return day + whole_days(amount) * DAY

    def after_each(self, days: Days, amount: int) -> Days:
        return days + np.timedelta64(whole_days(amount), "D")


def whole_days(hours: int) -> int:
    """Return the days that so many hours last at most, begun ones counted whole."""
    return -(-hours // 24)


WORKING_DAYS, CALENDAR_DAYS = WorkingDays(), CalendarDays()
TERM_UNITS: Final[Mapping[str, TermUnit]] = {
    each.name: each for each in (WORKING_DAYS, CALENDAR_DAYS, Weeks(), Months(), Years(), Hours())
}
"""Every unit of a term, by its name."""


@lru_cache(maxsize=64)
def _plain_table(unit: _EachDay, amount: int) -> DayTable:
    first = FIRST_PLAIN.toordinal() - EPOCH
    days = np.arange(first, LAST_PLAIN.toordinal() - EPOCH + 1).astype(DAY_UNIT)
    return DayTable(first, unit.after_each(days, amount), f"{amount} {unit.name}")
