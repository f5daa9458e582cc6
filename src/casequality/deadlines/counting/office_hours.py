"""The opening hours by which a deadline counts: what is received while they are closed counts from the next opening.

And which receipts a calendar can answer at all, asked before an array is counted that may hold any date.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import attrs
import numpy as np

from casequality.citation import Citation
from casequality.days import (
    BLOCK,
    DAY_UNIT,
    END,
    START,
    UNIX_EPOCH,
    Calendar,
    Days,
    DayTable,
    Instants,
    Mask,
    OpeningHours,
    day_numbers,
    is_clock,
    local_day,
    local_days,
    local_times,
    ready,
    to_instants,
    zone_info,
)
from casequality.errors import UsageError

MICROSECOND = np.dtype("datetime64[us]")


@attrs.frozen
class Opening:
    """The opening hours of the office that a deadline waits for; a `Deadline` makes it of its `OpeningHours`.

    >>> import datetime as dt, zoneinfo
    >>> office = Opening(OpeningHours.parse("08:30-17:00", zone="Europe/Copenhagen", calendar="dk-statutory"))
    >>> evening = dt.datetime(2010, 4, 29, 17, 21, tzinfo=zoneinfo.ZoneInfo("Europe/Copenhagen"))
    >>> print(office.start(evening))                                # Friday 30 April was Great Prayer Day
    2010-05-03 08:30:00+02:00
    """

    hours: OpeningHours

    @property
    def zone(self) -> str:
        """The zone of the office's clock."""
        return self.hours.zone

    @property
    def calendar(self) -> Calendar | None:
        """The calendar whose closing days the office keeps."""
        return self.hours.days.calendar

    @property
    def source(self) -> Citation | None:
        """Where the closing days come from."""
        return self.calendar.source if self.calendar else None

    def clock(self, received: Any) -> dt.datetime:
        """Return an aware datetime, or a numpy instant in UTC, as the office's clock shows it."""
        if isinstance(received, np.datetime64) and is_clock(received.dtype) and not np.isnat(received):
            received = UNIX_EPOCH + dt.timedelta(microseconds=int(received.astype(MICROSECOND).view(np.int64)))
        if not isinstance(received, dt.datetime):
            raise _not_an_instant(received)
        local_day(received, self.zone)
        return received.astimezone(zone_info(self.zone))

    def start(self, received: dt.datetime) -> dt.datetime:
        """Return from when an aware instant counts: itself while the office is open, else the next opening."""
        # here, and for arrays in `due` below, a receipt on a closed day or in the evening is moved to the next opening.
        # A deadline in whole days leaves it where it is, and does not count the closed days after it
        return self.hours.next_opening(self.clock(received))

    def at(self, day: dt.date, clock: dt.time) -> dt.datetime:
        """Return a clock time of the office's zone; one that the clocks jump over is the same moment after the jump.

        One that the clocks show twice is the first of the two.
        """
        zone = zone_info(self.zone)
        # by way of UTC, since a datetime keeps a clock time of its zone that never was
        return dt.datetime.combine(day, clock.replace(fold=0), tzinfo=zone).astimezone(dt.UTC).astimezone(zone)

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
            starts = local_times(self.hours.next_opening(rows[block]), self.zone)
            days = starts.astype(DAY_UNIT)
            wall: Instants = np.add(table.take(days), starts - days)
            target[block] = to_instants(wall, self.zone)[0]
        return found if isinstance(received, np.ndarray) else found[()]

    def reason(self, day: dt.date, *, lang: str = "en") -> str | None:
        """Return why the office is closed all day or keeps special hours, in English or Danish; else None."""
        return self.hours.reason(day, lang=lang)

    def to_dict(self) -> dict[str, Any]:
        """Return the opening hours as plain data."""
        return self.hours.to_dict()


def opening_of(given: OpeningHours | Opening | None) -> Opening | None:
    """Return what a deadline keeps of opening hours."""
    return Opening(given) if isinstance(given, OpeningHours) else given


def _not_an_instant(received: object) -> UsageError:
    kind = getattr(received, "dtype", None)
    return UsageError(
        "This deadline counts from an instant, because its office has opening hours",
        got=type(received).__name__ if kind is None else f"dtype {kind}",
        allowed="an aware datetime, or datetime64[us] in UTC",
        remedy="give the time of receipt, or a deadline without opening hours",
    )


FIRST_INSTANT, END_OF_INSTANTS = np.array([START, END]).view(MICROSECOND)


def within(table: DayTable, received: Days | Instants, zone: str) -> Mask:
    """Return which days, or local days of instants in UTC, a table has an entry for; NaT counts as one that has."""
    known = np.isnat(received)
    if is_clock(received.dtype):
        known |= (received >= FIRST_INSTANT) & (received < END_OF_INSTANTS)
        # what no zone reaches would raise, and is blanked first; unlike what was NaT it counts as not reached
        received = local_days(np.where(known, received, np.datetime64("NaT", "us")).astype(MICROSECOND), zone)
    numbers = day_numbers(received)
    inside: Mask = (numbers >= table.first) & (numbers < table.end)
    return np.where(np.isnat(received), known, inside)
