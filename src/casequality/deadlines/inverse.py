"""Deadlines asked backwards: the latest receipt for a due day, and how many working days are left."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import Any, overload

import numpy as np

from casequality.arrays import Days, Integers
from casequality.days import Calendar, DayTable, Roll
from casequality.days.tables import DAY_UNIT, NO_DAY, day_numbers
from casequality.deadlines.deadline import Deadline
from casequality.deadlines.moment import moment_of
from casequality.deadlines.term import calendar_of
from casequality.errors import OutsideCalendar, UsageError

NEVER = np.iinfo(np.int64).max


@overload
def latest_receipt(
    rule: Deadline, due: dt.date, *, calendar: Calendar | str | None = None, roll: Roll | None = None
) -> dt.date: ...
@overload
def latest_receipt(
    rule: Deadline, due: np.datetime64, *, calendar: Calendar | str | None = None, roll: Roll | None = None
) -> np.datetime64: ...
@overload
def latest_receipt(
    rule: Deadline, due: Days, *, calendar: Calendar | str | None = None, roll: Roll | None = None
) -> Days: ...
def latest_receipt(
    rule: Deadline, due: Any, *, calendar: Calendar | str | None = None, roll: Roll | None = None
) -> Any:
    """Return the last day of receipt whose due day is not after a given day, pauses apart; a date for a date.

    It is looked up among the due days themselves, since no counting back would undo a month's end or a roll.
    An array has NaT where no receipt is due so early because the deadline was not yet in force; for one such day,
    and for days near the ends of the calendar that it cannot answer, `OutsideCalendar` is raised.

    >>> from casequality.deadlines import deadline
    >>> latest_receipt(deadline("copenhagen/reply-guarantee"), dt.date(2010, 5, 7))
    datetime.date(2010, 4, 22)
    """
    if rule.opening:
        raise _needs_days(rule)
    found = _receipts(rule, calendar, roll).look_up(due)
    if found is None or (isinstance(found, np.datetime64) and np.isnat(found) and not np.isnat(due)):
        raise OutsideCalendar(
            "No receipt is due as early as that: the deadline was not in force",
            where=rule.id,
            got=due,
            remedy="ask for a later day, or use the deadline that was in force",
        )
    return found


@overload
def working_days_left(
    rule: Deadline,
    due: dt.date | np.datetime64,
    *,
    as_of: dt.date | str,
    calendar: Calendar | str | None = None,
) -> int: ...
@overload
def working_days_left(
    rule: Deadline, due: Days, *, as_of: dt.date | str, calendar: Calendar | str | None = None
) -> Integers: ...
def working_days_left(rule: Deadline, due: Any, *, as_of: dt.date | str, calendar: Calendar | str | None = None) -> Any:
    """Return the working days after the as-of's day up to and including a due day, on the deadline's own calendar.

    Negative: overdue by so many working days. 0 on the due day itself, and while only closed days lie between.
    `MISSING` where an array has NaT.

    >>> from casequality.deadlines import deadline
    >>> working_days_left(deadline("copenhagen/reply-guarantee"), dt.date(2010, 5, 7), as_of="2010-04-29")
    5
    """
    on = calendar_of(rule.calendar if calendar is None else calendar)
    return on.count(moment_of(as_of, rule.zone).day, due)


@lru_cache(maxsize=64)
def _receipts(rule: Deadline, calendar: Calendar | str | None, roll: Roll | None) -> DayTable:
    """Return the table from a due day to the latest receipt: the last whose due day, or a later one's, is by then."""
    forward = rule.table(calendar, roll=roll)
    due = day_numbers(forward.values)
    in_force = ~np.isnat(forward.values)
    soonest = np.minimum.accumulate(np.where(in_force, due, NEVER)[::-1])[::-1]
    first = int(soonest[0]) if in_force[0] else forward.first
    end = int(due[-1]) if in_force[-1] else forward.end
    position = np.searchsorted(soonest, np.arange(first, end), side="right") - 1
    receipts = np.where(position < 0, NO_DAY, (forward.first + position).astype(DAY_UNIT))
    return DayTable(first, receipts, f"{rule.id}, latest receipt")


def _needs_days(rule: Deadline) -> UsageError:
    return UsageError(
        "A deadline with opening hours is due at an instant, and its receipts are instants too",
        where=rule.id,
        remedy="ask the same deadline without opening hours: attrs.evolve(rule, opening=None)",
    )
