"""How a text source writes its numbers, days and times."""

from __future__ import annotations

import re
from functools import cached_property

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
    Whole thousands may be set apart by the mark that is not the decimal one, as in 1.234,50.

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
