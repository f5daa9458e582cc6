"""An office's open time found by looking at the clock on its wall every minute: slow, plain, only zoneinfo."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from zoneinfo import ZoneInfo

MINUTE = dt.timedelta(minutes=1)
Hours = Sequence[tuple[int, int]]


def is_open(
    instant: dt.datetime,
    zone: str,
    week: Mapping[int, Hours],
    closed: Collection[dt.date] = (),
    special: Mapping[dt.date, Hours] | None = None,
) -> bool:
    """Return whether the clock shows an open minute; hours are minutes since midnight, `week` is by weekday."""
    wall = instant.astimezone(ZoneInfo(zone))
    day = wall.date()
    hours = [] if day in closed else week.get(day.weekday(), [])
    hours = (special or {}).get(day, hours)
    return any(opens <= wall.hour * 60 + wall.minute < closes for opens, closes in hours)


def minutes(a: dt.datetime, b: dt.datetime) -> Iterator[dt.datetime]:
    """Yield every minute that passes from a up to b, in UTC."""
    moment = a.astimezone(dt.UTC)
    while moment < b:
        yield moment
        moment += MINUTE


def text(hours: Hours) -> str:
    """Return hours as one writes them down."""
    shown = [f"{o // 60:02}:{o % 60:02}-{c // 60:02}:{c % 60:02}" for o, c in hours]
    return ", ".join(shown) or "closed"
