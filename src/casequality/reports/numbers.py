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
from casequality.reports.words import say

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


@attrs.frozen
class Between:
    """Between what a figure lies, None for no limit; nothing is shown of one that is `settled`."""

    low: Amount | None
    high: Amount | None
    settled: bool = False

    def text(self, lang: str) -> str:
        """Return the two ends with their unit, on one line."""
        if self.settled:
            return ""
        if self.low is None or self.high is None:
            known = self.low or self.high
            if known is None:
                return say("any", lang)
            return (
                say("at most", lang, bound=known.text(lang))
                if self.high
                else say("at least", lang, bound=known.text(lang))
            )
        return say("between", lang, low=attrs.evolve(self.low, unit="").text(lang), high=self.high.text(lang))

    @property
    def ends(self) -> tuple[Fraction | None, Fraction | None]:
        """The two ends, exact."""
        return self.low.exact if self.low else None, self.high.exact if self.high else None

    def plain(self, lang: str) -> tuple[str, str]:
        """Return the two ends for another program."""
        low, high = (say("no limit", lang) if end is None else end.plain(lang) for end in (self.low, self.high))
        return low, high


def between(low: Fraction | None, high: Fraction | None, unit: Unit, lang: str, *, settled: bool = False) -> Between:
    """Return between what a figure lies, in its unit; ends that differ never look equal."""
    least, most = (
        None if end is None else amount(end, unit, lang, apart_from=[] if other is None else [other])
        for end, other in ((low, high), (high, low))
    )
    return Between(least, most, settled)


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
