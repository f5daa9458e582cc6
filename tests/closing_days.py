"""Where two tables of closing days differ, in words, for whoever reviews the shipped one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from casequality.days.working_calendar import ClosingDay


def differences(table: Iterable[ClosingDay], other: Iterable[ClosingDay]) -> list[str]:
    """Return one readable line for each day on which the table and `holidays` close other calendars."""
    ours, theirs = _by_day(table), _by_day(other)
    return [
        f"{day}: the table says {_say(ours.get(day, []))}, holidays says {_say(theirs.get(day, []))}"
        for day in sorted(ours.keys() | theirs.keys())
        if _closed(ours.get(day, [])) != _closed(theirs.get(day, []))
    ]


def _closed(closings: list[ClosingDay]) -> set[str]:
    return {name for closing in closings for name in closing.calendars}


def _say(closings: list[ClosingDay]) -> str:
    return " and ".join(f"{closing.en} (closes {', '.join(closing.calendars)})" for closing in closings) or "open"


def _by_day(closings: Iterable[ClosingDay]) -> dict[dt.date, list[ClosingDay]]:
    found: dict[dt.date, list[ClosingDay]] = {}
    for closing in closings:
        found.setdefault(closing.day, []).append(closing)
    return found
