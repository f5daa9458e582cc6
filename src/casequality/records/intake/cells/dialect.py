"""How a source writes its numbers, days and times, as text or as the numbers of a workbook, and reading them so."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable
from functools import cache, cached_property, partial
from typing import TypeVar

import attrs

from casequality.errors import UsageError

_PARTS = {
    "yyyy": r"(?P<year>\d{4})",
    "mm": r"(?P<month>\d{2})",
    "m": r"(?P<month>\d{1,2})",
    "dd": r"(?P<day>\d{2})",
    "d": r"(?P<day>\d{1,2})",
    "HH": r"(?P<hour>\d{2})",
    "H": r"(?P<hour>\d{1,2})",
    "MM": r"(?P<minute>\d{2})",
    ":SS": r"(?::(?P<second>\d{2})(?:[.,](?P<fraction>\d{1,9}))?)?",
    ".SS": r"(?:\.(?P<second>\d{2})(?:,(?P<fraction>\d{1,9}))?)?",
}
_TOKEN = re.compile("|".join(map(re.escape, _PARTS)) + "|.")
_OFFSET = r" ?(?P<offset>Z|[+-]\d{2}(?::?\d{2})?)?"


@attrs.frozen(slots=False)
class Dialect:
    """How a text source is written; by default with comma, decimal point, ISO 8601 and UTF-8.

    `day` and `instant` are patterns of yyyy, mm, dd, HH, MM, SS and the marks between them; m, d and H take one or
    two digits. In an instant a blank or T stands between the day and the time of day; its seconds may be left out or
    carry a fraction, and an offset from UTC may follow.
    Whole thousands may be set apart by the mark that is not the decimal one, as in 1.234,50; the first group of
    digits does not begin with 0 then, so that 0.125 is no number where the decimal mark is a comma.

    >>> Dialect.danish().delimiter, Dialect(delimiter="|", day="m/d/yyyy").instant
    (';', 'm/d/yyyy HH:MM:SS')
    """

    delimiter: str = ","
    decimal: str = "."
    day: str = "yyyy-mm-dd"
    instant: str = attrs.field(default=attrs.Factory(lambda self: f"{self.day} HH:MM:SS", takes_self=True))
    encoding: str = "utf-8-sig"
    quote: str = '"'

    def __attrs_post_init__(self) -> None:
        for name, given in attrs.asdict(self).items():
            if not isinstance(given, str):
                raise UsageError(f"The {name} of a dialect is text", where="Dialect", got=type(given).__name__)
        if re.search("[ T]", self.day):
            raise UsageError("The pattern of a day holds a blank or T", where="Dialect", got=self.day)
        _demand(self.day_expression, "a day", self.day, ("year", "month", "day"))
        _demand(self.date_expression, "an instant", self.instant, ("year", "month", "day"))
        _demand(self.clock_expression, "an instant", self.instant, ("hour", "minute"))
        for name in ("delimiter", "quote"):
            if len(getattr(self, name)) != 1:
                raise UsageError(f"A {name} is one character", where="Dialect", got=repr(getattr(self, name)))
        if self.decimal not in (".", ","):
            raise UsageError("A decimal mark is a point or a comma", where="Dialect", got=repr(self.decimal))

    @classmethod
    def danish(cls) -> Dialect:
        """Return the dialect of Danish spreadsheets: semicolon, decimal comma, dd-mm-yyyy, ISO-8859-1."""
        return cls(delimiter=";", decimal=",", day="dd-mm-yyyy", encoding="iso-8859-1")

    @cached_property
    def day_expression(self) -> re.Pattern[str]:
        """What the text of a day matches in full."""
        return _expression(self.day)

    @cached_property
    def date_expression(self) -> re.Pattern[str]:
        """What the text of an instant's day matches in full."""
        return _expression(re.split("[ T]", self.instant, maxsplit=1)[0])

    @cached_property
    def clock_expression(self) -> re.Pattern[str]:
        """What the text of an instant's time of day matches in full."""
        return _expression(re.split("[ T]", f"{self.instant} ", maxsplit=1)[1].rstrip(), _OFFSET)


def _expression(pattern: str, suffix: str = "") -> re.Pattern[str]:
    parts = [_PARTS.get(token, re.escape(token)) for token in _TOKEN.findall(pattern)]
    try:
        return re.compile("".join(parts) + suffix, re.ASCII)
    except re.error:
        raise UsageError("A pattern names a part twice", where="Dialect", got=pattern) from None


def _demand(expression: re.Pattern[str], name: str, pattern: str, parts: tuple[str, ...]) -> None:
    if missing := [part for part in parts if part not in expression.groupindex]:
        raise UsageError(
            f"The pattern of {name} leaves out the {' and the '.join(missing)}",
            where="Dialect",
            got=pattern,
            allowed="yyyy mm dd HH MM SS; m, d, H for one or two digits",
            remedy='write it as in day="dd-mm-yyyy", instant="dd-mm-yyyy HH:MM"',
        )


EPOCH = dt.date(1970, 1, 1).toordinal()
SECOND = 1_000_000
DAY = 86_400 * SECOND

TimeRead = tuple[int, bool, bool]
"""Microseconds, whether they are UTC (else on the wall), whether the text was a day alone."""

_INFINITY = {"infinity": (2**62, True, False), "-infinity": (-(2**62), True, False)}
"""As databases write a date that never comes, or that lies before all time: `INFINITE` of `cells`."""

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
        self._dialect = dialect
        self._alone = _Memo(partial(_day, dialect.day_expression))
        self._day = _Memo(partial(_day, dialect.date_expression))
        self._clock = _Memo(partial(_clock, dialect.clock_expression))

    def read(self, text: str) -> TimeRead | None:
        """Return what a text says, None for another text."""
        if text.endswith("infinity"):
            return _INFINITY.get(text)
        first, blank, rest = text.partition(" ")
        if not blank:
            first, blank, rest = text.partition("T")
        if not blank:
            alone = self._alone[text]
            return None if alone is None else (alone, False, True)
        day, clock = self._day[first], self._clock[rest]
        return None if day is None or clock is None else (day + clock[0], clock[1], False)

    def parts(self, text: str) -> dict[str, tuple[int, int]] | None:
        """Return where in a text its year, month and so on stand; None where it is no time, or where digits matter.

        Texts that differ in their digits alone have their parts at the same places.
        """
        first, blank, rest = text.partition(" ")
        if not blank:
            first, blank, rest = text.partition("T")
        found = (self._dialect.date_expression if blank else self._dialect.day_expression).fullmatch(first)
        if found is None or re.search("[0-9]", self._dialect.day + self._dialect.instant):
            return None
        places = {name: found.span(name) for name in found.groupdict()}
        if blank:
            clock, ahead = self._dialect.clock_expression.fullmatch(rest), len(first) + 1
            if clock is None:
                return None
            spans = {name: clock.span(name) for name, part in clock.groupdict().items() if part is not None}
            places |= {name: (ahead + begin, ahead + end) for name, (begin, end) in spans.items()}
        return places


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


LARGEST = 2**53
"""Numbers from here on, in the units that are kept, are no counts of anything: more than 285 years of microseconds.

Every whole number below it is exact in every library, whichever way the source holds it.
"""
LONGEST = 30
"""How many digits are looked at; a number of more is too large without being read."""

SPAN = re.compile(r"(-?)(?:(\d+) days? )?(\d+):([0-5]\d):([0-5]\d)(?:[.,](\d{1,9}))?", re.ASCII)


def read_number(text: str, decimals: int, mark: str) -> int | None:
    """Return a number in units of the last of so many decimals; None for another text or more decimals."""
    found = number_expression(mark).fullmatch(text)
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
    found = SPAN.fullmatch(text)
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
    found = number_expression(mark).fullmatch(text)
    if found is None:
        return None
    return as_microseconds(float(found["sign"] + _digits(found["whole"]) + "." + (found["fraction"] or "0")))


def _digits(whole: str) -> str:
    return whole.replace(".", "").replace(",", "")


@cache
def number_expression(mark: str) -> re.Pattern[str]:
    """Return what the text of a number matches in full; grouped thousands never begin with 0."""
    thousands = r"\." if mark == "," else ","
    return re.compile(
        rf"(?P<sign>[+-]?)(?P<whole>[1-9]\d{{0,2}}(?:{thousands}\d{{3}})+|\d+)(?:{re.escape(mark)}(?P<fraction>\d+))?",
        re.ASCII,
    )


_WHOLE = re.compile(r"[+-]?\d{1,18}", re.ASCII)
_PLAIN = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)


def read_plain_number(text: str) -> int | float | None:
    """Return a number as a workbook writes it, None for another text and for one beyond a float."""
    text = text.strip()
    if _WHOLE.fullmatch(text):
        return int(text)
    if len(text) > 400 or not _PLAIN.fullmatch(text) or math.isinf(float(text)):
        return None
    # 15 digits are what Excel shows: a sum that it writes as 0.30000000000000004 is 0.3 to whoever looks at it
    return float(f"{float(text):.15g}")


def read_iso(text: str) -> dt.date | None:
    """Return a day or a time as a workbook may write it, None for another text."""
    text = text.strip()
    try:
        return dt.date.fromisoformat(text) if len(text) == 10 else dt.datetime.fromisoformat(text)
    except ValueError:
        return None


MILLISECONDS = 86_400_000
BEYOND = {False: 2_958_466, True: 2_957_004}
"""The number of 1 January 10000, by whether days are counted from 1904."""


def read_serial(number: float, shows: str, since_1904: bool) -> dt.date | dt.time | dt.timedelta | None:
    """Return the day, time or length of time as which a workbook shows a number; None where it can show none."""
    if not 0 <= number < BEYOND[since_1904]:
        return None
    # times are exact to a millisecond, as Excel shows them: few seconds are an exact part of a day
    days, ticks = divmod(round(number * MILLISECONDS), MILLISECONDS)
    if shows == "elapsed":
        return dt.timedelta(days, milliseconds=ticks)
    minutes, rest = divmod(ticks, 60_000)
    clock = dt.time(minutes // 60, minutes % 60, rest // 1_000, rest % 1_000 * 1_000)
    if shows == "clock" and not days:
        return clock
    # Excel shows days that never were: 0 January 1900, and 29 February 1900
    if days == BEYOND[since_1904] or (not since_1904 and days in (0, 60)):
        return None
    zero = dt.date(1904, 1, 1) if since_1904 else dt.date(1899, 12, 31 if days < 60 else 30)
    day = zero + dt.timedelta(days)
    return day if shows == "day" and not ticks else dt.datetime.combine(day, clock)


BUILT_IN = {
    **dict.fromkeys((*range(14, 18), *range(27, 32), 36, *range(50, 55), 57, 58), "day"),
    **dict.fromkeys((*range(18, 22), *range(32, 36), 45, 47, 55, 56), "clock"),
    22: "instant",
    46: "elapsed",
}
_LITERAL = re.compile(r'"[^"]*"?|[\\_*].?')


def shown_as(code: str) -> str:
    """Return what a workbook's number format, or the number of a built-in one, shows: "" for a number.

    >>> [shown_as(code) for code in ("dd-mm-yyyy", '0.00" d"', "[h]:mm", "[Red]0", "m/d/yy h:mm", "h:mm AM/PM", "14")]
    ['day', '', 'elapsed', '', 'instant', 'clock', 'day']
    """
    if code.isascii() and code.isdecimal() and len(code) < 6:
        return BUILT_IN.get(int(code), "")
    first = _LITERAL.sub("", code).partition(";")[0].lower()
    if re.search(r"\[(h+|m+|s+)\]", first):
        return "elapsed"
    letters = set(re.sub(r"\[[^\]]*\]|general|am/pm|a/p", "", first))
    if letters & set("hs"):
        return "instant" if letters & set("dy") else "clock"
    return "day" if letters & set("dmy") else ""
