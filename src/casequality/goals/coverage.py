"""Coverage: the days on which a source promises records and has none."""

from __future__ import annotations

import datetime as dt

from casequality.days import Period, calendar
from casequality.metrics.tally import Tally

OFFICE = "dk-administrative"
"""The calendar of a rhythm in working days where the tally names none: offices are also closed on its further days."""


def missing_days(tally: Tally, period: Period) -> tuple[dt.date, ...]:
    """Return the days of a period on which the source promises records and none began."""
    rhythm, covered = tally.accounts.expects, set(tally.accounts.covered)
    if not rhythm:
        return ()
    days = (period.first + dt.timedelta(days=count) for count in range((period.end - period.first).days))
    missing = (day for day in days if day.isoformat() not in covered)
    if rhythm == "day":
        return tuple(missing)
    counted = tally.assumed.calendar
    working = calendar(counted if counted.startswith("dk-") and "," not in counted else OFFICE)
    return tuple(day for day in missing if working.is_working(day))
