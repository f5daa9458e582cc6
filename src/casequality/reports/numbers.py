"""Numbers, units and days as a Danish or an English reader expects them, rounded exactly."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from fractions import Fraction
from typing import Final

import attrs
import numpy as np

from casequality.days import local_times
from casequality.deadlines.sentences import MONTHS
from casequality.metrics.units import Unit

NBSP: Final = "\N{NO-BREAK SPACE}"
MINUS: Final = "\N{MINUS SIGN}"
DANISH: Final = str.maketrans(",.", ".,")
ONE: Final = {
    "seconds": "second",
    "sekunder": "sekund",
    "days": "day",
    "dage": "dag",
    "cases": "case",
    "sager": "sag",
    "calls": "call",
}


@attrs.frozen
class Amount:
    """A number with the decimals and the unit that it is shown with."""

    exact: Fraction
    decimals: int = 0
    unit: str = ""

    def text(self, lang: str) -> str:
        """Return the number with its unit, "1.234,5 sekunder" or "75.0 %"."""
        return with_unit(number(self.exact, lang, self.decimals), self.unit)

    def plain(self, lang: str) -> str:
        """Return the number for another program: no unit and no separator of thousands."""
        text = _digits(self.exact, self.decimals)
        return text.replace(".", ",") if lang == "da" else text


def number(exact: Fraction | int, lang: str, decimals: int = 0) -> str:
    """Return a number rounded half away from zero.

    >>> number(Fraction(24691, 20), "da", 1)
    '1.234,6'
    """
    whole, _, part = _digits(abs(exact), decimals).partition(".")
    text = f"{int(whole):,}" + (f".{part}" if part else "")
    sign = MINUS if exact < 0 and text.strip("0.") else ""
    return sign + (text.translate(DANISH) if lang == "da" else text)


def amount(exact: Fraction, unit: Unit, lang: str, *, apart_from: Iterable[Fraction] = ()) -> Amount:
    """Return a figure with as many decimals as its unit has, and more where rounding would hide a difference.

    exact: in the unit. apart_from: numbers that it must not be shown equal to unless it is equal, a target say.
    """
    decimals = unit.decimals
    for other in apart_from:
        decimals = max(decimals, decimals_apart(exact, other, unit.decimals))
    return Amount(exact, decimals, unit_word(unit, exact, lang))


def decimals_apart(exact: Fraction, other: Fraction, least: int) -> int:
    """Return how many decimals, at least `least`, show two numbers as different, if they are.

    >>> decimals_apart(Fraction(7496, 100), Fraction(75), 1)
    2
    """
    decimals = least
    while exact != other and _digits(exact, decimals) == _digits(other, decimals):
        decimals += 1
    return decimals


def unit_word(unit: Unit, exact: Fraction, lang: str) -> str:
    """Return the word after a number: none for an index, the singular for exactly one."""
    if unit.name == "index":
        return ""
    word = unit.da if lang == "da" else unit.en
    return ONE.get(word, word) if exact == 1 and unit.decimals == 0 else word


def with_unit(text: str, unit: str) -> str:
    """Return a number and its unit on one line, never broken apart."""
    return f"{text}{NBSP}{unit}" if unit else text


def tidy(exact: Fraction, lang: str) -> str:
    """Return a number with no more decimals than it has, at most six.

    >>> tidy(Fraction(199, 2), "da")
    '99,5'
    """
    decimals = next((count for count in range(6) if (exact * 10**count).denominator == 1), 6)
    return number(exact, lang, decimals)


def day(date: dt.date, lang: str) -> str:
    """Return a day in words.

    >>> day(dt.date(2010, 6, 1), "da")
    '1. juni 2010'
    """
    stop = "." if lang == "da" else ""
    return f"{date.day}{stop} {MONTHS[date.month - 1][lang]} {date.year}"


def moment(instant: str | np.datetime64, zone: str, lang: str) -> str:
    """Return an instant (UTC) as the day it begins in a zone, or as day and clock time."""
    local = local_times(np.array([instant], "datetime64[us]"), zone)[0].item()
    if local.time() == dt.time():
        return day(local.date(), lang)
    return f"{day(local.date(), lang)} " + (f"kl. {local:%H.%M}" if lang == "da" else f"at {local:%H:%M}")


def _digits(exact: Fraction | int, decimals: int) -> str:
    scaled = int(abs(exact) * 10**decimals + Fraction(1, 2))
    text = f"{scaled:0{decimals + 1}d}"
    text = f"{text[:-decimals]}.{text[-decimals:]}" if decimals else text
    return f"-{text}" if exact < 0 and scaled else text
