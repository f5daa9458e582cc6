"""Figures, units and instants as a Danish or an English reader expects them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from fractions import Fraction
from typing import Final

import attrs
import numpy as np

from casequality.days import local_times
from casequality.goals.spoken import decimals_apart, number, spoken
from casequality.metrics.units import Unit

NBSP: Final = "\N{NO-BREAK SPACE}"
MINUS: Final = "\N{MINUS SIGN}"
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
    """A number with the decimals and the unit that it is shown with; `signed` also shows a plus."""

    exact: Fraction
    decimals: int = 0
    unit: str = ""
    signed: bool = False

    def text(self, lang: str) -> str:
        """Return the number with its unit, on one line: "1.234,5 sekunder" or "75.0 %"."""
        text = number(self.exact, lang, self.decimals).replace("-", MINUS)
        text = f"+{text}" if self.signed and self.exact > 0 else text
        return f"{text}{NBSP}{self.unit}" if self.unit else text

    def plain(self, lang: str) -> str:
        """Return the number for another program: no unit and no separator of thousands."""
        return number(self.exact, lang, self.decimals).replace("." if lang == "da" else ",", "")


def amount(exact: Fraction, unit: Unit, lang: str, *, apart_from: Iterable[Fraction] = ()) -> Amount:
    """Return a figure with as many decimals as its unit has, and more where rounding would hide a difference.

    exact: in the unit. apart_from: numbers that it must not be shown equal to unless it is equal, a target say.
    """
    decimals = max([unit.decimals, *(decimals_apart(exact, other, unit.decimals) for other in apart_from)])
    return Amount(exact, decimals, unit_word(unit, exact, lang))


def unit_word(unit: Unit, exact: Fraction, lang: str) -> str:
    """Return the word after a number: none for an index, the singular for exactly one."""
    if unit.name == "index":
        return ""
    word = unit.da if lang == "da" else unit.en
    return ONE.get(word, word) if exact == 1 and unit.decimals == 0 else word


def moment(instant: str | np.datetime64, zone: str, lang: str) -> str:
    """Return an instant (UTC) as the day it begins in a zone, or as day and clock time."""
    local = local_times(np.array([instant], "datetime64[us]"), zone)[0].item()
    day = spoken(local.date(), lang)
    if local.time() == dt.time():
        return day
    return f"{day} kl. {local:%H.%M}" if lang == "da" else f"{day} at {local:%H:%M}"
