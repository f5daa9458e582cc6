"""Danish working days by plain rules, one day after the other: the example's own count, not the library's."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

ONE_DAY = dt.timedelta(days=1)
FROM_EASTER = (-3, -2, 1, 26, 39, 50)
"""Days from Easter Sunday: Maundy Thursday, Good Friday, Easter Monday, Great Prayer Day, Ascension, Whit Monday."""


def easter(year: int) -> dt.date:
    """Return Easter Sunday: the Sunday after the first full moon on or after 21 March, by the church's tables."""
    golden, century = year % 19 + 1, year // 100 + 1
    skipped, moon = 3 * century // 4 - 12, (8 * century + 5) // 25 - 5
    epact = (11 * golden + 20 + moon - skipped) % 30
    epact += epact == 24 or (epact == 25 and golden > 11)
    full = 44 - epact if 44 - epact >= 21 else 74 - epact
    sunday = full + 7 - (5 * year // 4 - skipped - 10 + full) % 7
    return dt.date(year, 3, 1) + (sunday - 1) * ONE_DAY


def closed(day: dt.date) -> bool:
    """Return whether a day is a weekend or one of the public holidays of the years before 2024."""
    moving = {easter(day.year) + days * ONE_DAY for days in FROM_EASTER}
    return day.weekday() >= 5 or (day.month, day.day) in ((1, 1), (12, 25), (12, 26)) or day in moving


def office_closed(day: dt.date) -> bool:
    """Return whether offices are closed: also on 5 June, 24 December and 31 December."""
    return closed(day) or (day.month, day.day) in ((6, 5), (12, 24), (12, 31))


def days(first: dt.date, end: dt.date) -> Iterator[dt.date]:
    """Yield the days from `first` up to but not including `end`."""
    while first < end:
        yield first
        first += ONE_DAY
