"""The days on which Danish offices close, 1990-2060: a reviewed table that ships with the package.

The table was built once from the `holidays` package and is what counts at run time;
`from_holidays` builds a new one, `differences` says where the two differ, `docs/closing_days.py` prints it.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files

import attrs

FIRST = dt.date(1990, 1, 1)
LAST = dt.date(2060, 12, 31)
BANK = ("dk-bank",)
ADMINISTRATIVE = ("dk-administrative", *BANK)
STATUTORY = ("dk-statutory", *ADMINISTRATIVE)
HALF_OFFICIAL = {(6, 5), (12, 24), (12, 31)}


@attrs.frozen(order=True)
class ClosingDay:
    """A day that is not worked, why in English and Danish, and the calendars that close for it."""

    day: dt.date
    en: str
    da: str
    calendars: tuple[str, ...] = ()


@lru_cache(maxsize=1)
def closing_days() -> tuple[ClosingDay, ...]:
    """Return the reviewed table, in order of day."""
    lines = files("casequality.days").joinpath("closing_days.csv").read_text("utf-8").splitlines()
    return tuple(
        ClosingDay(dt.date.fromisoformat(row["date"]), row["en"], row["da"], tuple(row["calendars"].split()))
        for row in csv.DictReader(lines)
    )


def by_day(closings: Iterable[ClosingDay]) -> dict[dt.date, list[ClosingDay]]:
    """Return the reasons of each closed day, since one day can have several."""
    found: dict[dt.date, list[ClosingDay]] = {}
    for closing in closings:
        found.setdefault(closing.day, []).append(closing)
    return found


def from_holidays(first_year: int = FIRST.year, last_year: int = LAST.year) -> tuple[ClosingDay, ...]:
    """Return the closing days as the installed `holidays` package knows them, in order of day."""
    import holidays

    years = range(first_year, last_year + 1)
    found: list[ClosingDay] = []
    for category, calendars in (("public", STATUTORY), ("optional", ADMINISTRATIVE)):
        english, danish = (
            holidays.country_holidays("DK", years=years, categories=(category,), language=language)
            for language in ("en_US", "da")
        )
        closed = [day for day in english if category == "public" or (day.month, day.day) in HALF_OFFICIAL]
        found.extend(ClosingDay(day, english[day], danish[day], calendars) for day in closed)
    ascensions = [closing.day for closing in found if closing.da == "Kristi himmelfartsdag"]
    friday = ("Friday after Ascension Day", "Fredag efter Kristi himmelfartsdag", BANK)
    found.extend(ClosingDay(day + dt.timedelta(days=1), *friday) for day in ascensions)
    return tuple(sorted(found))


def differences(table: Iterable[ClosingDay], other: Iterable[ClosingDay]) -> list[str]:
    """Return one readable line for each day on which the table and `holidays` close other calendars."""
    ours, theirs = by_day(table), by_day(other)
    return [
        f"{day}: the table says {_say(ours.get(day, []))}, holidays says {_say(theirs.get(day, []))}"
        for day in sorted(ours.keys() | theirs.keys())
        if _closed(ours.get(day, [])) != _closed(theirs.get(day, []))
    ]


def _closed(closings: list[ClosingDay]) -> set[str]:
    return {name for closing in closings for name in closing.calendars}


def _say(closings: list[ClosingDay]) -> str:
    return " and ".join(f"{closing.en} (closes {', '.join(closing.calendars)})" for closing in closings) or "open"
