"""When an office is open: what is received while it is closed counts from the next opening."""

from __future__ import annotations

import datetime as dt
from typing import Any

import attrs
import numpy as np

from casequality.arrays import Days, Instants, Spans
from casequality.days import Calendar, DayTable, local_day, local_times, to_instants
from casequality.days.clocks import zone_info
from casequality.days.tables import BLOCK, DAY_UNIT, ready
from casequality.deadlines.term import calendar_of
from casequality.errors import UsageError

CLOCK_UNITS = ("h", "m", "s", "ms", "us", "ns")
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
MICROSECOND = np.dtype("datetime64[us]")


@attrs.frozen
class Opening:
    """The hours from `opens` up to, not including, `closes` on each working day of a calendar, by the clock of a zone.

    >>> import datetime as dt, zoneinfo
    >>> office = Opening(dt.time(8, 30), dt.time(17), "Europe/Copenhagen", "dk-statutory")
    >>> evening = dt.datetime(2010, 4, 29, 17, 21, tzinfo=zoneinfo.ZoneInfo("Europe/Copenhagen"))
    >>> print(office.start(evening))                                # Friday 30 April was Great Prayer Day
    2010-05-03 08:30:00+02:00
    """

    opens: dt.time
    closes: dt.time
    zone: str
    calendar: Calendar | str

    def __attrs_post_init__(self) -> None:
        if self.opens.tzinfo or self.closes.tzinfo or not self.opens < self.closes:
            raise UsageError(
                "Opening hours begin before they end, as plain clock times",
                got=f"{self.opens} to {self.closes}",
                remedy="state the zone as `zone`; an office that is open past midnight is not covered",
            )

    def clock(self, received: Any) -> dt.datetime:
        """Return an aware datetime, or a numpy instant in UTC, as the office's clock shows it."""
        if isinstance(received, np.datetime64) and is_clock(received.dtype) and not np.isnat(received):
            received = EPOCH + dt.timedelta(microseconds=int(received.astype(MICROSECOND).view(np.int64)))
        if not isinstance(received, dt.datetime):
            raise _not_an_instant(received)
        local_day(received, self.zone)
        return received.astimezone(zone_info(self.zone))

    def start(self, received: dt.datetime) -> dt.datetime:
        """Return from when an aware instant counts: itself while the office is open, else the next opening."""
        clock, days = self.clock(received), calendar_of(self.calendar)
        day = clock.date()
        if not days.is_working(day) or clock.time() >= self.closes:
            return self.at(days.add(day, 1), self.opens)
        return self.at(day, self.opens) if clock.time() < self.opens else clock

    def at(self, day: dt.date, clock: dt.time) -> dt.datetime:
        """Return a clock time of the office's zone; one that the clocks jump over is the same moment after the jump."""
        zone = zone_info(self.zone)
        return dt.datetime.combine(day, clock, tzinfo=zone).astimezone(dt.UTC).astimezone(zone)

    def due(self, received: Any, table: DayTable, out: Instants | None = None) -> Any:
        """Return the start moved through a table of due days, at the same clock time; None or NaT where it has none.

        An aware datetime gives one in the office's zone, numpy instants give datetime64[us], both in UTC.
        """
        if isinstance(received, dt.datetime):
            start = self.start(received)
            day = table.at(start.date())
            return None if day is None else self.at(day, start.time())
        instants = np.asarray(received)
        if not is_clock(instants.dtype):
            raise _not_an_instant(received)
        found = ready(out, instants.shape, MICROSECOND)
        rows, target = instants.reshape(-1), found.reshape(-1)
        for first in range(0, rows.size, BLOCK):
            block = slice(first, first + BLOCK)
            days, clock = self._starts(local_times(rows[block], self.zone))
            wall: Instants = np.add(table.take(days), clock)
            target[block] = to_instants(wall, self.zone)[0]
        return found if isinstance(received, np.ndarray) else found[()]

    def to_dict(self) -> dict[str, str]:
        """Return the opening hours as plain data."""
        name = calendar_of(self.calendar).name
        return {"opens": str(self.opens), "closes": str(self.closes), "zone": self.zone, "calendar": name}

    def _starts(self, local: Instants) -> tuple[Days, Spans]:
        days, worked = local.astype(DAY_UNIT), calendar_of(self.calendar)
        clock, opens, closes = local - days, _since_midnight(self.opens), _since_midnight(self.closes)
        today = worked.is_working(days) & (clock < closes)
        return np.where(today, days, worked.add(days, 1)), np.where(today & (clock > opens), clock, opens)


def is_clock(kind: np.dtype[Any]) -> bool:
    """Return whether a dtype holds instants rather than days."""
    return kind.kind == "M" and np.datetime_data(kind)[0] in CLOCK_UNITS


def _since_midnight(clock: dt.time) -> np.timedelta64:
    day = dt.date.min
    return np.timedelta64(dt.datetime.combine(day, clock) - dt.datetime.combine(day, dt.time()), "us")


def _not_an_instant(received: object) -> UsageError:
    kind = getattr(received, "dtype", None)
    return UsageError(
        "This deadline counts from an instant, because its office has opening hours",
        got=type(received).__name__ if kind is None else f"dtype {kind}",
        allowed="an aware datetime, or datetime64[us] in UTC",
        remedy="give the time of receipt, or a deadline without opening hours",
    )
