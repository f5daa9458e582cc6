"""Deadlines that run out at an instant: those of an office with opening hours, and those in hours.

What is received while an office is closed counts from its next opening; hours run on. And which receipts a calendar
can answer at all, asked before an array is counted that may hold any date.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import attrs
import numpy as np

from casequality.citation import Citation, Dated
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
from casequality.deadlines.counting.terms import Term, in_force
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
        clock = shown_at(received, self.zone) if arrives_at_an_instant(received) else None
        if clock is None:
            raise _not_an_instant(received)
        return clock

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


def arrives_at_an_instant(received: Any) -> bool:
    """Return whether a receipt, or an array of them, is an instant rather than a day."""
    if isinstance(received, (np.ndarray, np.datetime64)):
        return is_clock(received.dtype)
    return isinstance(received, dt.datetime)


def shown_at(received: Any, zone: str) -> dt.datetime | None:
    """Return an aware datetime, or a numpy instant in UTC, as clocks of a zone show it; None for NaT."""
    if isinstance(received, np.datetime64):
        if np.isnat(received):
            return None
        received = UNIX_EPOCH + dt.timedelta(microseconds=int(received.astype(MICROSECOND).view(np.int64)))
    local_day(received, zone)
    shown: dt.datetime = received.astimezone(zone_info(zone))
    return shown


def run_out(terms: Dated[Term], received: Any, zone: str, out: Instants | None = None) -> Any:
    """Return when the hours of the term in force on the local day of each receipt have passed; None or NaT for none.

    An aware datetime gives one in the zone, numpy instants give datetime64[us], both in UTC.
    """
    if isinstance(received, dt.datetime):
        day = local_day(received, zone)
        hours = next((held.term.amount for held in in_force(terms) if held.covers(day)), None)
        passed = received.astimezone(dt.UTC) + dt.timedelta(hours=hours or 0)
        return None if hours is None else passed.astimezone(zone_info(zone))
    instants = np.asarray(received).astype(MICROSECOND)
    found = ready(out, instants.shape, MICROSECOND)
    days = local_days(instants, zone)
    ends = np.full(instants.shape, np.datetime64("NaT", "us"))
    for held in in_force(terms):
        ends = np.where(held.covers_each(days), instants + np.timedelta64(held.term.amount, "h"), ends)
    found[...] = ends
    return found if isinstance(received, np.ndarray) else found[()]


def check_hours(name: str, terms: Dated[Term], *, others: bool) -> bool:
    """Return whether terms are in hours; refuse some in hours and some in days, or `others`: what counts in days."""
    kinds = {held.term.counted_in.by_the_hour for held in in_force(terms)}
    if len(kinds) > 1 or (True in kinds and others):
        raise UsageError(
            "A deadline in hours counts all its terms in hours, and nothing stops or moves it",
            where=name,
            allowed="terms in hours alone, without opening hours, pauses, extension and an earlier period",
            remedy="leave these out, or count the terms in days",
        )
    return True in kinds


def check_days(name: str, longer: Term | None, after: Any) -> None:
    """Refuse a longer term, or an earlier period, that is in hours: only a whole deadline is."""
    if (longer and longer.counted_in.by_the_hour) or (after and after.by_the_hour):
        raise UsageError(
            "An extension, or a period before the deadline's own, counts whole days",
            where=name,
            got="hours",
            remedy="write it in days",
        )


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
