"""Units: what a figure counts, and how a person reads it."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

import attrs

from casequality.showing import counted


@attrs.frozen
class Unit:
    """What a figure is measured in; `scale` turns a stored number into the unit."""

    name: str
    da: str
    en: str
    scale: Fraction = Fraction(1)
    decimals: int = 1

    def counted(self, shown: str, lang: str) -> str:
        """Return a number as it is shown with the unit's word."""
        return counted(shown, self.da if lang == "da" else self.en)


SHARE: Final = Unit("share", "%", "%", Fraction(100))
SECONDS: Final = Unit("seconds", "sekunder", "seconds", Fraction(1, 1_000_000))
DAYS: Final = Unit("days", "dage", "days")
CASES: Final = Unit("cases", "sager", "cases", decimals=0)
CALLS: Final = Unit("calls", "kald", "calls", decimals=0)
RATE: Final = Unit("per 1,000", "pr. 1.000", "per 1,000", Fraction(1000))
INDEX: Final = Unit("index", "indeks", "index", Fraction(1), 2)
