"""The days of the correspondence set: its as-of, its closing days written down by hand, and what was known."""

from __future__ import annotations

import datetime as dt
from typing import TypeAlias

from tests.golden.walks.figures import date

AS_OF = dt.date(2014, 4, 10)
NEW_ACTS = dt.date(2014, 1, 1)
PERIODS = ("2013-12", "2014-01", "2014-02", "2014-03", "2014-04")
CLOSED = {dt.date(2013, 12, day) for day in (25, 26)} | {
    dt.date(2014, *day) for day in ((1, 1), (4, 17), (4, 18), (4, 21), (5, 16), (5, 29), (6, 9))
}
Days: TypeAlias = dt.date | None


def known(text: str) -> Days:
    """Return a day before the as-of; what happened later is not known."""
    day = date(text)
    return day if day and day < AS_OF else None


def first_of(*days: Days) -> Days:
    return min((day for day in days if day), default=None)
