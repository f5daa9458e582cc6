"""The moment from which a case is looked at: which day it is, and what is known by then."""

from __future__ import annotations

import datetime as dt

import attrs

from casequality.days import local_day
from casequality.errors import NaiveTime, UsageError

DAY = dt.timedelta(days=1)
MOMENTS = "a date, or a time with its offset such as 2010-08-01T12:00:00+02:00"


@attrs.frozen
class Moment:
    """A local day, and the first day whose events are not known.

    A bare date is its start: what happens on that day is not yet known. At a later time of day it is.
    """

    day: dt.date
    known_before: dt.date

    def knows(self, day: dt.date | None) -> bool:
        """Return whether an event of that day is known; None, no event, is not."""
        return day is not None and day < self.known_before


def moment_of(as_of: dt.date | str, zone: str) -> Moment:
    """Return the moment of a date, an aware datetime or the ISO text of one; `NaiveTime` for a time without offset."""
    at = read_moment(as_of)
    if at is None:
        raise UsageError(
            "An as-of cannot be read",
            got=as_of if isinstance(as_of, str) else type(as_of).__name__,
            allowed=MOMENTS,
            remedy="state from which moment the case is looked at; nothing here asks the clock",
        )
    if not isinstance(at, dt.datetime):
        return Moment(at, at)
    if at.utcoffset() is None:
        raise NaiveTime(
            "An as-of with a clock time has no offset",
            got="a naive datetime",
            allowed=MOMENTS,
            remedy="use datetime.now(datetime.UTC), or write the offset",
        )
    day = local_day(at, zone)
    before = local_day(at - dt.timedelta(microseconds=1), zone)
    return Moment(day, day if before < day else day + DAY)


def read_moment(given: object) -> dt.date | None:
    """Return a date or a datetime, given as itself or as ISO text; None for anything else."""
    if isinstance(given, dt.date):
        return given
    if not isinstance(given, str):
        return None
    try:
        return dt.date.fromisoformat(given) if len(given) <= len("2010-08-01") else dt.datetime.fromisoformat(given)
    except ValueError:
        return None
