"""The closing days as the installed `holidays` package knows them, to review the shipped table against.

    python -m casequality.days.review

prints them in the form of `closing_days.csv`.
"""

from __future__ import annotations

import csv
import datetime as dt
import sys
from collections.abc import Iterable

from casequality.days.closing_days import FIRST, LAST, ClosingDay, by_day

BANK = ("dk-bank",)
ADMINISTRATIVE = ("dk-administrative", *BANK)
STATUTORY = ("dk-statutory", *ADMINISTRATIVE)
HALF_OFFICIAL = {(6, 5), (12, 24), (12, 31)}


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


def main() -> None:
    """Print the table as the installed `holidays` package gives it."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(["date", "da", "en", "calendars"])
    for closing in from_holidays():
        writer.writerow([closing.day, closing.da, closing.en, " ".join(closing.calendars)])


if __name__ == "__main__":
    main()
