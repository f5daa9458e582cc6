"""Dates made exact: days, instants in UTC, and dates that cannot be meant."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

import attrs
import numpy as np

from casequality.days import MISSING, Integers, Mask, clock, known_range, local_days, local_times, to_instants
from casequality.errors import InputError, NaiveTime, UnknownName
from casequality.records.intake.cells import DAY, INFINITE, Times
from casequality.records.intake.faults import SHOWN_TWICE, Again, Fault


def _day(text: str) -> int:
    return int(np.datetime64(text, "D").astype(np.int64))


FIRST, LAST = _day("1900-01-01"), _day("2060-12-31")
SUSPECTED = {INFINITE: "infinity", -INFINITE: "-infinity"} | {
    _day(text): text
    for text in (
        *("1900-01-01", "1901-01-01", "1970-01-01", "2049-12-31", "2050-12-31", "2059-12-31", "2060-12-31"),
        *("2099-12-31", "2999-12-31", "9999-12-31"),
    )
}
"""Days that systems write for "no date"; those beyond the horizon are set aside as well."""
# between the innermost days of the table above, with a day to spare: a zone moves a time by less than one
_PLAIN = _day("1970-01-03"), _day("2049-12-29")


@attrs.frozen(eq=False, repr=False)
class Screened:
    """Ticks without those that were marked or out of range, and what became of these.

    suspects: the ticks left that fall on a suspected day; `suspected` counts by day, those out of range too.
    """

    ticks: Integers
    unknown: Mask
    faults: Collection[Fault]
    suspects: Mask | None
    suspected: Mapping[str, int]


@attrs.frozen
class SentinelDates:
    """The days, as numbers, that are declared to mean an unknown date or none."""

    unknown: frozenset[int] = frozenset()
    none: frozenset[int] = frozenset()

    def passes(self, low: int, high: int) -> bool:
        """Return whether no day from `low` to `high`, give or take one, is marked, suspected or out of range."""
        plain = _PLAIN[0] <= low and high <= _PLAIN[1]
        return plain and not any(low - 1 <= mark <= high + 1 for mark in self.unknown | self.none)

    def screen(self, ticks: Integers, days: Integers, too_early: Mask | bool, written: Integers) -> Screened:
        """Return what is left of `ticks` by the day on which each falls, `too_early` left out in any case.

        A mark may also be the day by the clock on which the source wrote it.
        """
        known = ticks != MISSING
        unknown, none = (
            known & (np.isin(days, list(marks)) | np.isin(written, list(marks))) for marks in (self.unknown, self.none)
        )
        left = known & ~unknown & ~none
        early, late = left & ((days < FIRST) | too_early), left & (days > LAST)
        suspects = left & np.isin(days, list(SUSPECTED))
        met = days[suspects]
        counts = {text: int(np.count_nonzero(met == number)) for number, text in SUSPECTED.items()}
        suspects &= ~early & ~late
        return Screened(
            ticks=np.where(left & ~early & ~late, ticks, MISSING),
            unknown=unknown,
            faults=[("before 1900", np.flatnonzero(early)), ("after the horizon", np.flatnonzero(late))],
            suspects=suspects if suspects.any() else None,
            suspected={text: count for text, count in counts.items() if count},
        )


_US = np.dtype("datetime64[us]")


@attrs.frozen(eq=False, repr=False)
class Dates:
    """Ticks as the field keeps them, the rows marked unknown, those at fault, and dates that look like marks.

    told: rows of which something is said that is no fault; again: the times that the clock showed twice, undecided.
    """

    ticks: Integers
    faults: Collection[Fault]
    unknown: Mask | None = None
    suspects: Mask | None = None
    suspected: Mapping[str, int] = attrs.field(factory=dict)
    told: Collection[Fault] = ()
    again: Again | None = None


@attrs.frozen(eq=False, repr=False)
class DateReader:
    """What a date field of one source needs to know of: its zone, its marks, and how a repeated hour is read."""

    where: str
    days: bool
    zone: str | None
    marks: SentinelDates
    repeated_hour: str | None = None

    def read(self, times: Times) -> Dates:
        """Return the field's ticks: days, or microseconds in UTC; `MISSING` for none, unknown and faulty."""
        faults: list[Fault] = [("unreadable value", times.bad)]
        unit = 1 if times.days else DAY
        low, high = known_range(times.ticks)
        if low > high:
            return Dates(times.ticks, faults, times.unknown)
        if self.marks.passes(low // unit, high // unit):
            return self._exact(times, low, high, Dates(times.ticks, faults, times.unknown))
        early = False if times.days else times.aware & (times.ticks < FIRST * DAY)
        days = _days_of(self._wall(times), times, unit)
        found = self.marks.screen(times.ticks, days, early, _days_of(_written(times), times, unit))
        faults += found.faults
        unknown = found.unknown if times.unknown is None else found.unknown | times.unknown
        left = attrs.evolve(times, ticks=found.ticks)
        so_far = Dates(found.ticks, faults, unknown, found.suspects, found.suspected)
        return self._exact(left, *known_range(found.ticks), so_far)

    def _wall(self, times: Times) -> Integers:
        """Return what the clock showed, in years that no zone knows with the offset of the nearest."""
        if times.days or self.zone is None or times.aware is False:
            return times.ticks
        return times.ticks + np.where(times.aware, _ahead(times.ticks, self.zone), 0)

    def _exact(self, times: Times, low: int, high: int, found: Dates) -> Dates:
        if self.days:
            return found if times.days else attrs.evolve(found, ticks=self._days(times))
        if times.days:
            raise InputError(
                "A column of days is mapped to a field of instants",
                where=self.where,
                got="days",
                allowed="timestamps",
                remedy="map the field to a column with the time of day; a day does not say when in it",
            )
        return self._instants(times, low, high, found)

    def _days(self, times: Times) -> Integers:
        ticks = times.ticks
        known = ticks != MISSING
        if self.zone is None:
            if (known & times.aware).any():
                raise self._zone_needed("The day on which an instant falls depends on the zone")
            # a midnight is how libraries hold a plain day; with a time of day nobody knows in which zone it was that
            # day
            if (ticks[known] % DAY).any():
                raise self._zone_needed("Times without a zone are to be read as days")
        elif times.aware is not False:
            aware = np.where(known & times.aware, ticks, MISSING)
            local = local_days(aware.view(_US), self.zone).view(np.int64)
            ticks = np.where(aware != MISSING, local * DAY, ticks)
        return np.where(known, ticks // DAY, MISSING)

    def _instants(self, times: Times, low: int, high: int, so_far: Dates) -> Dates:
        ticks, faults = times.ticks, list(so_far.faults)
        if times.only_day is not False:
            alone = (ticks != MISSING) & times.only_day
            faults.append(("unreadable value", np.flatnonzero(alone)))
            ticks = np.where(alone, MISSING, ticks)
        if times.aware is True:
            return attrs.evolve(so_far, ticks=ticks, faults=faults)
        naive = ticks if times.aware is False else np.where(times.aware, MISSING, ticks)
        if self.zone is None:
            if (naive != MISSING).any():
                raise self._zone_needed("Times without a zone do not say when they were")
            return attrs.evolve(so_far, ticks=ticks, faults=faults)
        found, again = _in_utc(naive, self.zone, low, high, faults)
        found = found if times.aware is False else np.where(times.aware, ticks, found)
        return self._chosen(attrs.evolve(so_far, ticks=found, faults=faults), again)

    def _chosen(self, found: Dates, again: Again) -> Dates:
        """Return the dates, those that the clock showed twice read as declared; undeclared, the order may decide."""
        if not len(again.rows):
            return found
        if self.repeated_hour is None:
            return attrs.evolve(found, again=again)
        ticks = found.ticks.copy()
        if self.repeated_hour == "first":
            return attrs.evolve(found, told=[("read as the first of two", again.rows)])
        if self.repeated_hour == "second":
            ticks[again.rows] = again.second
            return attrs.evolve(found, ticks=ticks, told=[("read as the second of two", again.rows)])
        ticks[again.rows] = MISSING
        return attrs.evolve(found, ticks=ticks, faults=[*found.faults, (SHOWN_TWICE, again.rows)])

    def _zone_needed(self, what: str) -> NaiveTime:
        return NaiveTime(what, where=self.where, got="no zone", remedy='declare it: zone="Europe/Copenhagen"')


def _ahead(ticks: Integers, zone: str) -> Integers:
    """Return how far the clock of a zone is ahead of UTC, in years that no zone knows as in the nearest."""
    near = np.clip(ticks, FIRST * DAY, LAST * DAY)
    return local_times(near.view(_US), zone).view(np.int64) - near


def _written(times: Times) -> Integers:
    """Return what the source's own clock showed: that of the column where it names one, else UTC."""
    if times.days or times.clock in (None, "UTC", "Z", "Etc/UTC"):
        return times.ticks
    try:
        return times.ticks + _ahead(times.ticks, str(times.clock))
    except UnknownName:
        # not a name but an offset, as +02:00
        found = re.fullmatch(r"([+-])(\d\d):?(\d\d)", str(times.clock), re.ASCII)
        minutes = int(found[2]) * 60 + int(found[3]) if found else 0
        return times.ticks + (-minutes if found and found[1] == "-" else minutes) * (DAY // 1_440)


def _days_of(wall: Integers, times: Times, unit: int) -> Integers:
    """Return the day of each time by a clock; infinity is one of its own in any unit."""
    days: Integers = wall // unit
    for infinite in (INFINITE, -INFINITE):
        days = np.where(times.ticks == infinite, infinite, days)
    return days


def _in_utc(wall: Integers, zone: str, low: int, high: int, faults: list[Fault]) -> tuple[Integers, Again]:
    """Return the instants of wall times, which lie between `low` and `high` where they are not `MISSING`.

    Those that the clock showed twice are the first of the two, and told beside.
    """
    # where the clock does not change within a block, one subtraction does what a search does for each row
    offset, again = _steady_offset(zone, low, high), Again.none()
    if offset is None:
        instants, twice, skipped = to_instants(wall.view(_US), zone)
        faults.append(("skipped by the clock", np.flatnonzero(skipped)))
        found = np.where(skipped, MISSING, instants.view(np.int64))
        if len(rows := np.flatnonzero(twice)):
            _, jump = clock(zone).to_utc(wall[rows])
            again = Again(rows, found[rows] - jump)
    else:
        found = wall - offset
        found[np.flatnonzero(wall == MISSING)] = MISSING
    # no offset is a day, so what begins a day later cannot come to lie before the first
    if low >= (FIRST + 1) * DAY:
        return found, again
    early = (found != MISSING) & (found < FIRST * DAY)
    faults.append(("before 1900", np.flatnonzero(early)))
    return np.where(early, MISSING, found), again.without(early)


def _steady_offset(zone: str, low: int, high: int) -> int | None:
    """Return the offset of a zone from a day before the time `low` to a day after `high`; None where it changes."""
    known = clock(zone)
    first, last = np.searchsorted(known.changes, [low - DAY, high + DAY])
    return int(known.offsets[first]) if first == last else None
