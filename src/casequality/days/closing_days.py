"""The days on which Danish offices close, 1990-2060: a reviewed table that ships with the package.

The table was built once from the `holidays` package and is what counts at run time;
`casequality.days.review` builds a new one and shows where the two differ.
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
