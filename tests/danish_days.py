"""Danish working days worked out as on paper, by Easter and fixed dates; shares nothing with the library."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from dateutil.easter import easter

FIRST, LAST = dt.date(1990, 1, 1), dt.date(2060, 12, 31)
NAMES = ("dk-statutory", "dk-administrative", "dk-bank")


def closed_days(name: str, year: int) -> set[dt.date]:
    """Return the days of a year that the named calendar closes, by the rules that the law texts give."""
    sunday = easter(year)
    closed = {sunday + dt.timedelta(days=days) for days in (-3, -2, 0, 1, 39, 49, 50)}
    closed |= {dt.date(year, 1, 1), dt.date(year, 12, 25), dt.date(year, 12, 26)}
    if year <= 2023:
        closed.add(sunday + dt.timedelta(days=26))
    if name != "dk-statutory":
        closed |= {dt.date(year, 6, 5), dt.date(year, 12, 24), dt.date(year, 12, 31)}
    if name == "dk-bank":
        closed.add(sunday + dt.timedelta(days=40))
    return closed


def days(first: dt.date = FIRST, last: dt.date = LAST) -> Iterator[dt.date]:
    """Yield every day from the first to the last."""
    while first <= last:
        yield first
        first += dt.timedelta(days=1)


def working_days(name: str) -> set[dt.date]:
    """Return every day from 1990 to 2060 that is worked."""
    closed = {day for year in range(FIRST.year, LAST.year + 1) for day in closed_days(name, year)}
    return {day for day in days() if day.weekday() < 5 and day not in closed}
