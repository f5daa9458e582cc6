"""Texts of numbers and of lengths of time, read by a decimal mark."""

from __future__ import annotations

import re
from functools import cache

from casequality.records.intake.time_texts import SECOND, microseconds

LARGEST = 2**53
"""Numbers from here on, in the units that are kept, are no counts of anything: more than 285 years of microseconds.

Every whole number below it is exact in every library, whichever way the source holds it.
"""
LONGEST = 30
"""How many digits are looked at; a number of more is too large without being read."""

_SPAN = re.compile(r"(-?)(?:(\d+) days? )?(\d+):([0-5]\d):([0-5]\d)(?:[.,](\d{1,9}))?", re.ASCII)


def read_number(text: str, decimals: int, mark: str) -> int | None:
    """Return a number in units of the last of so many decimals; None for another text or more decimals."""
    found = _number(mark).fullmatch(text)
    if found is None:
        return None
    fraction = (found["fraction"] or "").rstrip("0")
    if len(fraction) > decimals:
        return None
    digits = _digits(found["whole"]).lstrip("0") + fraction.ljust(decimals, "0")
    if len(digits) > LONGEST:
        return None
    value = int(digits or "0")
    return None if value >= LARGEST else -value if found["sign"] == "-" else value


def read_span(text: str, mark: str) -> int | None:
    """Return the microseconds of h:mm:ss or of a number of seconds."""
    found = _SPAN.fullmatch(text)
    if found is None:
        return _seconds(text, mark)
    sign, days, hours, minutes, seconds, fraction = found.groups()
    if max(len(days or ""), len(hours)) > LONGEST:
        return None
    whole = ((int(days or 0) * 24 + int(hours)) * 60 + int(minutes)) * 60 + int(seconds)
    ticks = whole * SECOND + microseconds(fraction)
    return None if ticks >= LARGEST else -ticks if sign else ticks


def as_microseconds(seconds: float) -> int | None:
    """Return a number of seconds in whole microseconds, the nearest; None for too many."""
    ticks = seconds * SECOND
    return round(ticks) if abs(ticks) < LARGEST else None


def _seconds(text: str, mark: str) -> int | None:
    found = _number(mark).fullmatch(text)
    if found is None:
        return None
    return as_microseconds(float(found["sign"] + _digits(found["whole"]) + "." + (found["fraction"] or "0")))


def _digits(whole: str) -> str:
    return whole.replace(".", "").replace(",", "")


@cache
def _number(mark: str) -> re.Pattern[str]:
    thousands = r"\." if mark == "," else ","
    return re.compile(
        rf"(?P<sign>[+-]?)(?P<whole>\d{{1,3}}(?:{thousands}\d{{3}})+|\d+)(?:{re.escape(mark)}(?P<fraction>\d+))?",
        re.ASCII,
    )
