"""Dates made exact: marks for no date, the range of years, the zone."""

from __future__ import annotations

from collections.abc import Mapping

import attrs
import numpy as np

from casequality.arrays import MISSING, Integers, Mask
from casequality.days.zones import local_days, local_times, to_instants
from casequality.errors import InputError, NaiveTime
from casequality.records.intake.cells import Positions, Times
from casequality.records.intake.text import DAY


def _day(text: str) -> int:
    return int(np.datetime64(text, "D").astype(np.int64))


FIRST, LAST = _day("1900-01-01"), _day("2060-12-31")
SUSPECTED = {
    _day(text): text
    for text in (
        *("1900-01-01", "1901-01-01", "1970-01-01", "2049-12-31", "2050-12-31", "2059-12-31", "2060-12-31"),
        *("2099-12-31", "2999-12-31", "9999-12-31"),
    )
}
"""Days that systems write for "no date"; the last three lie beyond the horizon and are set aside as well."""
PLAIN = _day("1970-01-03"), _day("2049-12-29")
"""Between these no date is suspected or out of range, whatever its zone."""


@attrs.frozen(eq=False)
class Dates:
    """Ticks as the field keeps them, with the rows that were marked unknown and those at fault."""

    ticks: Integers
    faults: Mapping[str, Positions]
    unknown: Mask | None = None
    suspected: Mapping[str, int] = attrs.field(factory=dict)


@attrs.frozen(eq=False)
class DateReader:
    """What a date field of one source needs to know of: its zone, and its marks as day numbers."""

    where: str
    days: bool
    zone: str | None
    unknown: frozenset[int] = frozenset()
    none: frozenset[int] = frozenset()

    def read(self, times: Times) -> Dates:
        """Return the field's ticks: days, or microseconds in UTC; `MISSING` for none, unknown and faulty."""
        faults = {"unreadable value": times.bad}
        low, high = bounds(times.ticks)
        if low > high:
            return Dates(times.ticks, faults, times.unknown)
        unit = 1 if times.days else DAY
        unknown = times.unknown
        suspected: dict[str, int] = {}
        if not self._plain(low // unit, high // unit):
            times, unknown, found, suspected = self._screened(times)
            faults |= found
        ticks, found = self._days(times) if self.days else self._instants(times)
        return Dates(ticks, faults | found, unknown, suspected)

    def _plain(self, low: int, high: int) -> bool:
        inside = PLAIN[0] <= low and high <= PLAIN[1]
        return inside and not any(low - 1 <= mark <= high + 1 for mark in self.unknown | self.none)

    def _screened(self, times: Times) -> tuple[Times, Mask, dict[str, Positions], dict[str, int]]:
        known = times.ticks != MISSING
        day = times.ticks if times.days else self._wall(times) // DAY
        unknown = known & np.isin(day, list(self.unknown))
        left = known & ~unknown & ~np.isin(day, list(self.none))
        early, late = left & (day < FIRST), left & (day > LAST)
        faults = {"before 1900": np.flatnonzero(early), "after the horizon": np.flatnonzero(late)}
        counts = {text: int((left & (day == number)).sum()) for number, text in SUSPECTED.items()}
        ticks = np.where(left & ~early & ~late, times.ticks, MISSING)
        return attrs.evolve(times, ticks=ticks), unknown, faults, {text: n for text, n in counts.items() if n}

    def _wall(self, times: Times) -> Integers:
        """Return what the clock showed, also for years that no zone knows: there with the offset of the nearest."""
        if self.zone is None or times.aware is False:
            return times.ticks
        near = np.clip(times.ticks, FIRST * DAY, LAST * DAY)
        offset = local_times(near.view(_US), self.zone).view(np.int64) - near
        return times.ticks + np.where(times.aware, offset, 0)

    def _days(self, times: Times) -> tuple[Integers, dict[str, Positions]]:
        ticks = times.ticks
        if times.days:
            return ticks, {}
        known = ticks != MISSING
        if self.zone is None:
            if (known & times.aware).any():
                raise self._zone_needed("The day on which an instant falls depends on the zone")
            if (ticks[known] % DAY).any():
                raise self._zone_needed("Times without a zone are to be read as days")
        elif times.aware is not False:
            aware = np.where(known & times.aware, ticks, MISSING)
            local = local_days(aware.view(_US), self.zone).view(np.int64)
            ticks = np.where(aware != MISSING, local * DAY, ticks)
        return np.where(known, ticks // DAY, MISSING), {}

    def _instants(self, times: Times) -> tuple[Integers, dict[str, Positions]]:
        ticks, faults = times.ticks, {}
        if times.days:
            raise InputError(
                "A column of days is mapped to a field of instants",
                where=self.where,
                got="days",
                allowed="timestamps",
                remedy="map the field to a column with the time of day; a day does not say when in it",
            )
        if times.only_day is not False:
            alone = (ticks != MISSING) & times.only_day
            faults["unreadable value"] = np.flatnonzero(alone)
            ticks = np.where(alone, MISSING, ticks)
        if times.aware is True:
            return ticks, faults
        naive = np.where(times.aware, MISSING, ticks) if times.aware is not False else ticks
        if self.zone is None:
            if (naive != MISSING).any():
                raise self._zone_needed("Times without a zone do not say when they were")
            return ticks, faults
        instants, _, skipped = to_instants(naive.view(_US), self.zone)
        found = instants.view(np.int64)
        if skipped.any():
            faults["skipped by the clock"] = np.flatnonzero(skipped)
            found = np.where(skipped, MISSING, found)
        return np.where(times.aware, ticks, found) if times.aware is not False else found, faults

    def _zone_needed(self, what: str) -> NaiveTime:
        return NaiveTime(what, where=self.where, got="no zone", remedy='declare it: zone="Europe/Copenhagen"')


_US = np.dtype("datetime64[us]")
_SIGN = 2**63


def bounds(ticks: Integers) -> tuple[int, int]:
    """Return the least and the greatest of the ticks that are not `MISSING`; (1, 0) where all are."""
    high = int(ticks.max(initial=MISSING))
    if high == MISSING:
        return 1, 0
    unsigned = ticks.view(np.uint64)
    if int(unsigned.max()) > _SIGN:
        return int(ticks[ticks != MISSING].min()), high
    return int(unsigned.min()), high
