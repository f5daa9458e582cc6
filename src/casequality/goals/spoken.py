"""Exact numbers, days and labels as a sentence says them, in English and Danish."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import Any, Final

import attrs

from casequality.days import Period
from casequality.deadlines.sentences import MONTHS
from casequality.metrics.metric import Metric
from casequality.metrics.units import Unit

LIMIT: Final = 12
"""Decimals that nobody reads past."""

_DANISH = str.maketrans(",.", ".,")


@attrs.frozen
class Quantity:
    """An exact figure with its unit, shown with as many decimals as keep it apart from another figure.

    >>> Quantity(Fraction(7496, 100), Unit("share", "%", "%"), apart_from=Fraction(75))["da"]
    '74,96 %'
    """

    exact: Fraction
    unit: Unit
    apart_from: Fraction | None = None

    def __getitem__(self, lang: str) -> str:
        decimals = decimals_apart(self.exact, self.apart_from, self.unit.decimals)
        word = self.unit.da if lang == "da" else self.unit.en
        return f"{number(self.exact, lang, decimals)} {word}"


def number(exact: Fraction | int, lang: str, decimals: int = 0) -> str:
    """Return a number rounded half away from zero.

    >>> number(Fraction(24691, 20), "da", 1)
    '1.234,6'
    """
    scaled = int(abs(exact) * 10**decimals + Fraction(1, 2))
    whole, rest = divmod(scaled, 10**decimals)
    text = f"{whole:,}" + (f".{rest:0{decimals}}" if decimals else "")
    sign = "-" if exact < 0 and scaled else ""
    return sign + (text.translate(_DANISH) if lang == "da" else text)


def called(name: str, metric: Metric, lang: str) -> str:
    """Return what a label of the records or a field is called: in the metric's own `words`, else by its name."""
    return metric.words.get(name, {}).get(lang, name)


def plain_number(exact: Fraction, lang: str) -> str:
    """Return a number with the decimals that it has.

    >>> plain_number(Fraction(199, 2), "en")
    '99.5'
    """
    decimals = next((count for count in range(LIMIT) if (exact * 10**count).denominator == 1), LIMIT)
    return number(exact, lang, decimals)


def decimals_apart(exact: Fraction, other: Fraction | None, least: int) -> int:
    """Return how many decimals, at least `least`, show two different numbers as different."""
    if other is None or exact == other:
        return least
    alike = (count for count in range(least, LIMIT) if number(exact, "en", count) != number(other, "en", count))
    return next(alike, LIMIT)


def spoken(value: Any, lang: str) -> str:
    """Return a value as text in one language: counts, days, periods, words in both languages, lists of them."""
    if isinstance(value, int):
        return number(value, lang)
    if isinstance(value, dt.date):
        stop = "." if lang == "da" else ""
        return f"{value.day}{stop} {MONTHS[value.month - 1][lang]} {value.year}"
    if isinstance(value, Period):
        return value.title(lang)
    if isinstance(value, tuple):
        return ", ".join(spoken(each, lang) for each in value)
    return value if isinstance(value, str) else str(value[lang])
