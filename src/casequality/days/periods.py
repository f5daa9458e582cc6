"""Periods: stretches of days that figures are given for, each with a label to read back and a title in two languages.

Counting on by months is here too: the same day of the month, or its last day where it has none such.
"""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache
from typing import Literal, TypeAlias

import attrs

from casequality.days.arrays import months_after
from casequality.errors import UnknownName, UsageError, Words, check_language, meant

MONTH_NAMES = tuple(
    map(
        Words,
        (
            *("January", "February", "March", "April", "May", "June", "July"),
            *("August", "September", "October", "November", "December"),
        ),
        (
            *("januar", "februar", "marts", "april", "maj", "juni", "juli"),
            *("august", "september", "oktober", "november", "december"),
        ),
    )
)

WEEKDAY_NAMES = tuple(
    map(
        Words,
        ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
        ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag"),
    )
)

_WORDS = {
    "month": Words("{month}", "{month}"),
    "quarter": Words("{quarter} quarter of {year}", "{quarter} kvartal {year}"),
    "half-year": Words("{half} half of {year}", "{half} halvår {year}"),
    "year": Words("{year}", "{year}"),
    "own range": Words("{first} to {last}", "{first} til {last}"),
    "rolling 12 months": Words("12 months to {last}", "12 måneder til og med {last}"),
    "year to date": Words("year to {last}", "året til og med {last}"),
}
_NTH = {"en": ("1st", "2nd", "3rd", "4th"), "da": ("1.", "2.", "3.", "4.")}


def period_title(kind: str, first: dt.date, last: dt.date, lang: str) -> str:
    """Return the words for a period of that kind from `first` to `last`."""
    nth, after_day = _NTH[check_language(lang)], "." if lang == "da" else ""

    def month(day: dt.date) -> str:
        return f"{MONTH_NAMES[day.month - 1][lang]} {day.year}"

    return _WORDS[kind][lang].format(
        year=first.year,
        month=month(first),
        quarter=nth[(first.month - 1) // 3],
        half=nth[(first.month - 1) // 6],
        first=f"{first.day}{after_day} {month(first)}",
        last=f"{last.day}{after_day} {month(last)}",
    )


Part: TypeAlias = Literal["month", "quarter", "half-year", "year"]
Kind: TypeAlias = Part | Literal["own range", "rolling 12 months", "year to date"]

ONE_DAY = dt.timedelta(days=1)
MONTHS: dict[Part, int] = {"month": 1, "quarter": 3, "half-year": 6, "year": 12}
PARTS: dict[str, Part] = {"Q": "quarter", "H": "half-year"}
ROLLING, TO_DATE = "12 months to ", "year to "


@attrs.frozen(cache_hash=True)
class Period:
    """The days from `first` up to but not including `end`; `kind` is what they are called."""

    first: dt.date
    end: dt.date
    kind: Kind = "own range"

    def __attrs_post_init__(self) -> None:
        if self.first >= self.end:
            raise UsageError(
                "A period ends before it begins",
                got=f"{self.first} to {self.last}",
                remedy="give the first and the last day in that order",
            )

    @property
    def last(self) -> dt.date:
        """The last day that belongs to the period."""
        return self.end - ONE_DAY

    @property
    def label(self) -> str:
        """The period as `period` reads it, "2010-Q2" say."""
        year, month = self.first.year, self.first.month
        match self.kind:
            case "month":
                return f"{year}-{month:02}"
            case "quarter":
                return f"{year}-Q{(month + 2) // 3}"
            case "half-year":
                return f"{year}-H{(month + 5) // 6}"
            case "year":
                return f"{year}"
            case "rolling 12 months":
                return f"{ROLLING}{self.last}"
            case "year to date":
                return f"{TO_DATE}{self.last}"
        return f"{self.first}..{self.last}"

    def __str__(self) -> str:
        return self.label

    def __contains__(self, day: dt.date) -> bool:
        return self.first <= day < self.end

    def title(self, lang: str = "en") -> str:
        """Return the period in words, "2nd quarter of 2010" or "2. kvartal 2010"; a range that is one is called so."""
        kind: str = self.kind
        if kind == "own range":
            parts = (
                part for part, months in MONTHS.items() if months_after(_start(self.first, months), months) == self.end
            )
            kind = next((part for part in parts if _start(self.first, MONTHS[part]) == self.first), kind)
        return period_title(kind, self.first, self.last, lang)

    def parts(self, kind: Part) -> tuple[Period, ...]:
        """Return the months, quarters, half-years or years that the period consists of, in order.

        A part that the period cuts is there as an own range, so the parts always make up the period.

        >>> [part.label for part in period("2010-H1").parts("quarter")]
        ['2010-Q1', '2010-Q2']
        """
        if kind not in MONTHS:
            raise UsageError("Unknown kind of part", got=kind, allowed=MONTHS)
        return _parts(self, kind)

    def previous(self) -> Period:
        """Return the period of the same kind and length that ends where this one begins.

        Whole months go back by as many months, other ranges by as many days; a year to date goes back a year.
        """
        if self.kind == "year to date":
            return self.year_before()
        if self.kind == "rolling 12 months":
            return rolling_year(self.first - ONE_DAY)
        if self.first.day == self.end.day == 1:
            months = (self.end.year - self.first.year) * 12 + self.end.month - self.first.month
            return attrs.evolve(self, first=months_after(self.first, -months), end=self.first)
        return attrs.evolve(self, first=self.first - (self.end - self.first), end=self.first)

    def year_before(self) -> Period:
        """Return the same days one year earlier; a period that ends with a month still does."""
        first = months_after(self.first, -12)
        # by its end where it ends with a month: February of a leap year has a 29th, and the one before has none
        end = months_after(self.end, -12) if self.end.day == 1 else months_after(self.last, -12) + ONE_DAY
        return attrs.evolve(self, first=first, end=end)


def period(label: str) -> Period:
    """Return the period of a label: "2010-06", "2010-Q2", "2010-H1", "2010" or "2010-04-01..2010-12-31".

    The labels of `rolling_year` and `year_to_date` are read too. Raises `UnknownName`.

    >>> period("2010-H1").end
    datetime.date(2010, 7, 1)
    """
    try:
        return _read(label)
    except UsageError:
        raise
    except ValueError as error:
        raise UnknownName(
            "Unknown period",
            got=label,
            allowed="2010-06, 2010-Q2, 2010-H1, 2010, 2010-04-01..2010-12-31",
            remedy=meant(_near(label), "write the year with four digits, and both days of an own range"),
        ) from error


@lru_cache(maxsize=256)
def _parts(whole: Period, kind: Part) -> tuple[Period, ...]:
    """Return the parts of a period: each metric of a question asks for the same ones."""
    found, start = [], _start(whole.first, MONTHS[kind])
    while start < whole.end:
        end = months_after(start, MONTHS[kind])
        uncut = whole.first <= start and end <= whole.end
        found.append(Period(max(start, whole.first), min(end, whole.end), kind if uncut else "own range"))
        start = end
    return tuple(found)


def _near(label: str) -> list[str]:
    """Return the label meant, such as 2010-H1 by `2010h1`, 2010-Q2 by `2. kvartal 2010`, 2010-06 by `6/2010`."""
    halves = re.sub(r"kvartal|quarter|k", "q", re.sub(r"halv\w*|half\w*|h", "h", str(label).casefold()))
    parts = sorted(re.findall(r"\d+|[a-z]+", halves), key=lambda part: (len(part) != 4, part.isdigit()))
    match parts:
        case [year, "h" | "q" as kind, number]:
            meant_by_it = f"{year}-{kind.upper()}{number}"
        case [year, number]:
            meant_by_it = f"{year}-{number:0>2}"
        case _:
            return []
    try:
        return [_read(meant_by_it).label]
    except ValueError:
        return []


def rolling_year(end: str | dt.date) -> Period:
    """Return the 12 months up to and including a month ("2010-06") or a day.

    >>> rolling_year("2010-06").first
    datetime.date(2009, 7, 1)
    """
    last = period(end).last if isinstance(end, str) else end
    after = last + ONE_DAY
    first = months_after(after, -12) if after.day == 1 else months_after(last, -12) + ONE_DAY
    return Period(first, after, "rolling 12 months")


def year_to_date(day: dt.date) -> Period:
    """Return the days of a year up to and including `day`."""
    return Period(day.replace(month=1, day=1), day + ONE_DAY, "year to date")


def _read(label: str) -> Period:
    if match := re.fullmatch(r"(\d{4})(?:-(Q[1-4]|H[12]|\d{2}))?", label):
        year, part = match.groups()
        kind: Part = "year" if part is None else PARTS.get(part[0], "month")
        number = 1 if part is None else int(part.lstrip("QH"))
        first = dt.date(int(year), (number - 1) * MONTHS[kind] + 1, 1)
        return Period(first, months_after(first, MONTHS[kind]), kind)
    if label.startswith(ROLLING):
        return rolling_year(dt.date.fromisoformat(label.removeprefix(ROLLING)))
    if label.startswith(TO_DATE):
        return year_to_date(dt.date.fromisoformat(label.removeprefix(TO_DATE)))
    first, last = map(dt.date.fromisoformat, label.split(".."))
    return Period(first, last + ONE_DAY)


def _start(day: dt.date, months: int) -> dt.date:
    return dt.date(day.year, (day.month - 1) // months * months + 1, 1)
