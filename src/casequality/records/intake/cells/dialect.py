"""How a source writes its numbers, days and times as text, and reading them so."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from functools import cache, cached_property, partial
from typing import Any, TypeVar

import attrs

from casequality.errors import UsageError

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            *("jan januar january", "feb februar february", "mar marts march", "apr april", "maj may", "jun juni june"),
            *("jul juli july", "aug august", "sep sept september", "okt oktober oct october", "nov november"),
            "dec december",
        ),
        start=1,
    )
    for name in names.split()
}
"""The months by their names in Danish and English, long and short, in small letters."""
_LONG = "|".join(name for name in MONTHS if len(name) > 3 and name != "sept") + "|maj|may"
_SHORT = "|".join(name for name in MONTHS if len(name) == 3) + "|sept"
_DATE_PARTS = {
    "yyyy": r"(?P<year>\d{4})",
    "yy": r"(?P<years>\d{2})",
    "mmmm": rf"(?P<name>(?i:{_LONG}))",
    "mmm": rf"(?P<name>(?i:{_SHORT})\.?)",
    "mm": r"(?P<month>\d{2})",
    "m": r"(?P<month>\d{1,2})",
    "dd": r"(?P<day>\d{2})",
    "d": r"(?P<day>\d{1,2})",
}
_CLOCK_PARTS = {
    "HH": r"(?P<hour>\d{2})",
    "H": r"(?P<hour>\d{1,2})",
    "hh": r"(?P<hours>\d{2})",
    "h": r"(?P<hours>\d{1,2})",
    "PM": r"(?P<half>[AaPp])\.?[Mm]\.?",
    "MM": r"(?P<minute>\d{2})",
    ":SS": r"(?::(?P<second>\d{2})(?:[.,](?P<fraction>\d{1,9}))?)?",
    ".SS": r"(?:\.(?P<second>\d{2})(?:,(?P<fraction>\d{1,9}))?)?",
}
_PARTS = _DATE_PARTS | _CLOCK_PARTS
_TOKEN = re.compile("|".join(map(re.escape, _PARTS)) + "|.")
_OFFSET = r" ?(?P<offset>Z|[+-](?:[01]\d|2[0-3])(?::?[0-5]\d)?)?"


@attrs.frozen
class NumberStyle:
    """How numbers are written: the decimal mark, what may set thousands apart, and what a % after one means."""

    decimal: str = "."
    thousands: str | None = None
    percent: str | None = None


@attrs.frozen(slots=False)
class Dialect:
    """How a text source is written; by default with comma, decimal point, ISO 8601 and UTF-8.

    `day` and `instant` are patterns of yyyy, mm, dd, HH, MM, SS and the marks between them; m, d and H take one or
    two digits. mmm and mmmm are the short and the long name of a month, in Danish or English; yy is two digits of a
    year, of the hundred years from `pivot` on; hh and h are an hour of twelve, with PM for AM or PM. In an instant a
    blank or T stands between the day and the time of day; its seconds may be left out or carry a fraction, and an
    offset from UTC may follow.
    Whole thousands may be set apart by the mark that is not the decimal one, as in 1.234,50, or by `thousands` in its
    place: " " for any blank, "'", or "" for nothing; the first group of digits does not begin with 0 then, so that
    0.125 is no number where the decimal mark is a comma. `percent` says what 12.5 % is: "points", 12.5, or "share",
    0.125.

    >>> Dialect.danish().delimiter, Dialect(delimiter="|", day="m/d/yyyy").instant
    (';', 'm/d/yyyy HH:MM:SS')
    """

    delimiter: str = ","
    decimal: str = "."
    day: str = "yyyy-mm-dd"
    instant: str = attrs.field(default=attrs.Factory(lambda self: f"{self.day} HH:MM:SS", takes_self=True))
    encoding: str = "utf-8-sig"
    quote: str = '"'
    thousands: str | None = None
    percent: str | None = None
    pivot: int | None = None

    def __attrs_post_init__(self) -> None:
        for name, given in attrs.asdict(self).items():
            if name != "pivot" and not isinstance(given, str) and (given is not None or name in TEXTS):
                raise UsageError(f"The {name} of a dialect is text", where="Dialect", got=type(given).__name__)
        _demand(self.day_expression, "a day", self.day, ("year", "month", "day"))
        _demand(self.date_expression, "an instant", self.instant, ("year", "month", "day"))
        _demand(self.clock_expression, "an instant", self.instant, ("hour", "minute"))
        for name in ("delimiter", "quote"):
            if len(getattr(self, name)) != 1:
                raise UsageError(f"A {name} is one character", where="Dialect", got=repr(getattr(self, name)))
        if self.decimal not in (".", ","):
            raise UsageError("A decimal mark is a point or a comma", where="Dialect", got=repr(self.decimal))
        self._check_numbers()

    def _check_numbers(self) -> None:
        years = any("years" in each.groupindex for each in (self.day_expression, self.date_expression))
        if (years and type(self.pivot) is not int) or (self.pivot is not None and not 1800 <= self.pivot <= 2000):
            raise UsageError(
                "Two digits of a year do not say of which hundred years",
                where="Dialect",
                got=f"pivot={self.pivot!r}",
                allowed="the first year of the hundred, from 1800 to 2000",
                remedy="declare it: pivot=1950 reads 50 to 99 as 1950 to 1999, and 00 to 49 as 2000 to 2049",
            )
        marks = [mark for mark in THOUSANDS if mark != self.decimal]
        for name, given, known in (("thousands", self.thousands, marks), ("percent", self.percent, PERCENT)):
            if given not in (None, *known):
                allowed = ", ".join(map(repr, known))
                raise UsageError(f"The {name} of a dialect is none", where="Dialect", got=repr(given), allowed=allowed)

    @classmethod
    def danish(cls) -> Dialect:
        """Return the dialect of Danish spreadsheets: semicolon, decimal comma, dd-mm-yyyy, ISO-8859-1."""
        return cls(delimiter=";", decimal=",", day="dd-mm-yyyy", encoding="iso-8859-1")

    @cached_property
    def numbers(self) -> NumberStyle:
        """How its numbers are written."""
        return NumberStyle(self.decimal, self.thousands, self.percent)

    @cached_property
    def date(self) -> str:
        """The pattern of an instant's day: what comes before its time of day."""
        tokens = _TOKEN.findall(self.instant)
        clock = next((at for at, token in enumerate(tokens) if token in _CLOCK_PARTS), len(tokens))
        last = max((at for at, token in enumerate(tokens[:clock]) if token in _DATE_PARTS), default=-1)
        return "".join(tokens[: last + 1])

    @cached_property
    def day_expression(self) -> re.Pattern[str]:
        """What the text of a day matches in full."""
        return _expression(self.day)

    @cached_property
    def date_expression(self) -> re.Pattern[str]:
        """What the text of an instant's day matches in full."""
        return _expression(self.date)

    @cached_property
    def clock_expression(self) -> re.Pattern[str]:
        """What the text of an instant's time of day matches in full."""
        return _expression(self.instant[len(self.date) + 1 :].rstrip(), _OFFSET)


TEXTS = ("delimiter", "decimal", "day", "instant", "encoding", "quote")
THOUSANDS, PERCENT = (".", ",", " ", "'", ""), ("points", "share")


def _expression(pattern: str, suffix: str = "") -> re.Pattern[str]:
    parts = [_PARTS.get(token, re.escape(token)) for token in _TOKEN.findall(pattern)]
    try:
        return re.compile("".join(parts) + suffix, re.ASCII)
    except re.error:
        raise UsageError("A pattern names a part twice", where="Dialect", got=pattern) from None


_INSTEAD = {"year": "years", "month": "name", "hour": "hours"}


def _demand(expression: re.Pattern[str], name: str, pattern: str, parts: tuple[str, ...]) -> None:
    found = expression.groupindex.keys()
    missing = [part for part in parts if part not in found and _INSTEAD.get(part) not in found]
    twice = [part for part, other in _INSTEAD.items() if {part, other} <= found]
    if missing or twice or len(found & {"half", "hours"}) == 1:
        told = f"names the {twice[0]} twice" if twice else f"leaves out the {' and the '.join(missing) or 'PM'}"
        raise UsageError(
            f"The pattern of {name} {told}",
            where="Dialect",
            got=pattern,
            allowed="yyyy, yy with pivot; mm, mmm and mmmm for names; dd; HH, hh with PM; MM SS; m d H h alone",
            remedy='as day="dd-mm-yyyy", "d. mmmm yyyy"; instant="dd-mm-yyyy HH:MM", "m/d/yyyy h:MM PM"',
        )


EPOCH = dt.date(1970, 1, 1).toordinal()
SECOND = 1_000_000
DAY = 86_400 * SECOND

TimeRead = tuple[int, bool, bool]
"""Microseconds, whether they are UTC (else on the wall), whether the text was a day alone."""

_INFINITY = {"infinity": (2**62, True, False), "-infinity": (-(2**62), True, False)}
"""As databases write a date that never comes, or that lies before all time: `INFINITE` of `cells`."""

_V = TypeVar("_V")


class Memo(dict[str, _V]):
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
        self._alone = Memo(partial(_day, dialect.day_expression, dialect.pivot))
        self._day = Memo(partial(_day, dialect.date_expression, dialect.pivot))
        self._clock = Memo(partial(_clock, dialect.clock_expression))
        self._blanks = dialect.day.count(" "), dialect.date.count(" ")
        # else a T may stand within the name of a month
        self._plain = self._blanks == (0, 0) and "mmm" not in dialect.day + dialect.date

    def _halves(self, text: str) -> tuple[str, str | None]:
        """Return the day of a text, and its time of day if it has one."""
        if self._plain:
            first, blank, rest = text.partition(" ")
            if not blank:
                first, blank, rest = text.partition("T")
            return first, rest if blank else None
        alone, within = self._blanks
        if text.count(" ") == alone and self._dialect.day_expression.fullmatch(text):
            return text, None
        pieces = text.split(" ")
        return " ".join(pieces[: within + 1]), " ".join(pieces[within + 1 :]) if len(pieces) > within + 1 else None

    def read(self, text: str) -> TimeRead | None:
        """Return what a text says, None for another text."""
        if text.endswith("infinity"):
            return _INFINITY.get(text)
        first, rest = self._halves(text)
        if rest is None:
            alone = self._alone[text]
            return None if alone is None else (alone, False, True)
        day, clock = self._day[first], self._clock[rest]
        return None if day is None or clock is None else (day + clock[0], clock[1], False)

    def clock(self, text: str) -> tuple[int, bool] | None:
        """Return what a time of day says that stands alone, as the dialect writes it or as h:mm:ss."""
        return self._clock[text] or _clock(_expression("H:MM:SS"), text)

    def parts(self, text: str) -> dict[str, tuple[int, int]] | None:
        """Return where in a text its year, month and so on stand; None where it is no time, or where digits matter.

        Texts that differ in their digits alone have their parts at the same places.
        """
        first, rest = self._halves(text)
        found = (self._dialect.day_expression if rest is None else self._dialect.date_expression).fullmatch(first)
        if found is None or re.search("[0-9]", self._dialect.day + self._dialect.instant):
            return None
        places = {name: found.span(name) for name in found.groupdict()}
        if rest is not None:
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


def _day(expression: re.Pattern[str], pivot: int | None, text: str) -> int | None:
    found = expression.fullmatch(text)
    if found is None:
        return None
    part = found.groupdict()
    year = in_hundred(int(part["years"]), pivot) if "years" in part else int(part["year"])
    month = month_named(part["name"]) if "name" in part else int(part["month"])
    try:
        return (dt.date(year, month, int(part["day"])).toordinal() - EPOCH) * DAY
    except ValueError:
        return None


def in_hundred(years: Any, pivot: int | None) -> Any:
    """Return the year of which two digits are given, a number or an array, out of the hundred years from `pivot` on."""
    return (pivot or 0) + (years - (pivot or 0)) % 100


def month_named(name: str) -> int:
    """Return the number of a month by its name."""
    return MONTHS[name.rstrip(".").lower()]


def _clock(expression: re.Pattern[str], text: str) -> tuple[int, bool] | None:
    """Return the microseconds since midnight, less the offset from UTC, and whether there is one."""
    found = expression.fullmatch(text)
    if found is None:
        return None
    part = found.groupdict()
    hour, minute, second = int(part.get("hour") or 0), int(part["minute"]), int(part.get("second") or 0)
    if "hours" in part:
        if not 1 <= int(part["hours"]) <= 12:
            return None
        hour = int(part["hours"]) % 12 + (12 if part["half"] in "Pp" else 0)
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


def read_number(text: str, decimals: int, style: NumberStyle) -> int | None:
    """Return a number in units of the last of so many decimals; None for another text or more decimals."""
    found = number_expression(style).fullmatch(text)
    if found is None:
        return None
    whole, fraction = _digits(found["whole"]), found["fraction"] or ""
    if style.percent == "share" and found["percent"]:
        whole = whole.rjust(3, "0")
        whole, fraction = whole[:-2], whole[-2:] + fraction
    fraction = fraction.rstrip("0")
    if len(fraction) > decimals:
        return None
    digits = whole.lstrip("0") + fraction.ljust(decimals, "0")
    if len(digits) > LONGEST:
        return None
    value = int(digits or "0")
    return None if value >= LARGEST else -value if found["sign"] == "-" else value


def read_span(text: str, style: NumberStyle) -> int | None:
    """Return the microseconds of h:mm:ss or of a number of seconds."""
    found = SPAN.fullmatch(text)
    if found is None:
        return _seconds(text, style)
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


def _seconds(text: str, style: NumberStyle) -> int | None:
    found = number_expression(attrs.evolve(style, percent=None)).fullmatch(text)
    if found is None:
        return None
    return as_microseconds(float(found["sign"] + _digits(found["whole"]) + "." + (found["fraction"] or "0")))


def _digits(whole: str) -> str:
    return re.sub("[^0-9]", "", whole)


@cache
def number_expression(style: NumberStyle) -> re.Pattern[str]:
    """Return what the text of a number matches in full; grouped thousands never begin with 0."""
    given = style.thousands
    mark = ("." if style.decimal == "," else ",") if given is None else given
    between = "[ \u00a0\u202f]" if mark == " " else "['\u2019]" if mark == "'" else re.escape(mark)
    grouped = rf"[1-9]\d{{0,2}}(?:{between}\d{{3}})+|" if mark else ""
    after = "(?P<percent>[ \u00a0\u202f]?%)?" if style.percent else "(?P<percent>(?!))?"
    return re.compile(
        rf"(?P<sign>[+-]?)(?P<whole>{grouped}\d+)(?:{re.escape(style.decimal)}(?P<fraction>\d+))?{after}", re.ASCII
    )
