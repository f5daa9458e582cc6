"""Dates that cannot be meant: marks for no date, and days out of range."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import attrs
import numpy as np

from casequality.arrays import MISSING, Integers, Mask
from casequality.records.intake.faults import Fault


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
_PLAIN = _day("1970-01-03"), _day("2049-12-29")


@attrs.frozen(eq=False)
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
class Screen:
    """The days, as numbers, that are declared to mean an unknown date or none."""

    unknown: frozenset[int] = frozenset()
    none: frozenset[int] = frozenset()

    def passes(self, low: int, high: int) -> bool:
        """Return whether no day from `low` to `high`, give or take one, is marked, suspected or out of range."""
        plain = _PLAIN[0] <= low and high <= _PLAIN[1]
        return plain and not any(low - 1 <= mark <= high + 1 for mark in self.unknown | self.none)

    def screen(self, ticks: Integers, days: Integers, too_early: Mask | bool) -> Screened:
        """Return what is left of `ticks` by the day on which each falls, `too_early` left out in any case."""
        known = ticks != MISSING
        unknown = known & np.isin(days, list(self.unknown))
        left = known & ~unknown & ~np.isin(days, list(self.none))
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


_SIGN = 2**63


def bounds(ticks: Integers) -> tuple[int, int]:
    """Return the least and the greatest of the ticks that are not `MISSING`; (1, 0) where all are."""
    if not len(ticks):
        return 1, 0
    low, high = int(ticks.min()), int(ticks.max())
    if low != MISSING:
        return low, high
    if high == MISSING:
        return 1, 0
    unsigned = ticks.view(np.uint64)
    if int(unsigned.max()) > _SIGN:
        return int(ticks[ticks != MISSING].min()), high
    return int(unsigned.min()), high
