"""Counting on by months: the same day of the month, or its last day where it has none such."""

from __future__ import annotations

import calendar as gregorian
import datetime as dt

import numpy as np

from casequality.arrays import Days
from casequality.days.tables import DAY_UNIT

MONTH_UNIT = np.dtype("datetime64[M]")


def months_after(day: dt.date, months: int) -> dt.date:
    """Return the same day of the month so many months later (earlier if negative), or the month's last day.

    >>> months_after(dt.date(2009, 10, 31), 4)
    datetime.date(2010, 2, 28)
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, gregorian.monthrange(year, month + 1)[1]))


def months_after_each(days: Days, months: int) -> Days:
    """Return `months_after` for an array of datetime64[D]; NaT stays NaT."""
    month = days.astype(MONTH_UNIT)
    into = days.view(np.int64) - month.astype(DAY_UNIT).view(np.int64)
    start: Days = (month + np.timedelta64(months, "M")).astype(DAY_UNIT)
    following: Days = (month + np.timedelta64(months + 1, "M")).astype(DAY_UNIT)
    return np.minimum(start + into, following - np.timedelta64(1, "D"))
