"""Texts of days and times, read by a dialect."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from functools import cache, partial
from typing import TypeVar

from casequality.records.intake.dialect import Dialect

EPOCH = dt.date(1970, 1, 1).toordinal()
SECOND = 1_000_000
DAY = 86_400 * SECOND

TimeRead = tuple[int, bool, bool]
"""Microseconds, whether they are UTC (else on the wall), whether the text was a day alone."""

_V = TypeVar("_V")


class _Memo(dict[str, _V]):
    """What was read of each text; forgotten when there are too many."""

    def __init__(self, read: Callable[[str], _V]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, text: str) -> _V:
        if len(self) >= 2**17:
            self.clear()
        found = self[text] = self._read(text)
        return found


class TimeTexts:
    """The times of one dialect; a day or a time of day that comes often is taken apart once."""

    def __init__(self, dialect: Dialect) -> None:
        self._alone = _Memo(partial(_day, dialect.day_expression))
        self._day = _Memo(partial(_day, dialect.date_expression))
        self._clock = _Memo(partial(_clock, dialect.clock_expression))

    def read(self, text: str) -> TimeRead | None:
        """Return what a text says, None for another text."""
        first, blank, rest = text.partition(" ")
        if not blank:
            first, blank, rest = text.partition("T")
        if not blank:
            alone = self._alone[text]
            return None if alone is None else (alone, False, True)
        day, clock = self._day[first], self._clock[rest]
        return None if day is None or clock is None else (day + clock[0], clock[1], False)


@cache
def time_texts(dialect: Dialect) -> TimeTexts:
    """Return the reader of a dialect's times."""
    return TimeTexts(dialect)


def _day(expression: re.Pattern[str], text: str) -> int | None:
    found = expression.fullmatch(text)
    if found is None:
        return None
    try:
        return (dt.date(*map(int, found.group("year", "month", "day"))).toordinal() - EPOCH) * DAY
    except ValueError:
        return None


def _clock(expression: re.Pattern[str], text: str) -> tuple[int, bool] | None:
    """Return the microseconds since midnight, less the offset from UTC, and whether there is one."""
    found = expression.fullmatch(text)
    if found is None:
        return None
    part = found.groupdict()
    hour, minute, second = int(part["hour"]), int(part["minute"]), int(part.get("second") or 0)
    if hour > 23 or minute > 59 or second > 59:
        return None
    ticks = ((hour * 60 + minute) * 60 + second) * SECOND + microseconds(part.get("fraction"))
    return ticks - _offset(part["offset"]), part["offset"] is not None


def microseconds(fraction: str | None) -> int:
    """Return the digits after the mark of a second as whole microseconds."""
    return int(fraction[:6].ljust(6, "0")) if fraction else 0


def _offset(text: str | None) -> int:
    if text is None or text == "Z":
        return 0
    minutes = int(text[1:3]) * 60 + int(text[3:].lstrip(":") or 0)
    return (-minutes if text[0] == "-" else minutes) * 60 * SECOND
