"""Values: exact figures, one by one or many at once, or the reasons for which there are none."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

import attrs
import numpy as np
import numpy.typing as npt

from casequality.arrays import Mask
from casequality.metrics.extremes import Numbers

NO_DATA: Final = "no data"
NOTHING_SETTLED: Final = "nothing settled yet"
ONLY_DOUBT: Final = "only records in doubt"
NOT_DEFINED: Final = "not defined: divided by none"
NOT_DUE: Final = "not due yet"
NOT_REACHED: Final = "not reached: too few have ended"
NO_YEAR_BEFORE: Final = "the year before was not tallied"
WHYS: Final = (
    *("", NO_DATA, NOTHING_SETTLED, ONLY_DOUBT, NOT_DEFINED),
    *(NOT_DUE, NOT_REACHED, NO_YEAR_BEFORE),
)
"""The reasons for which there is no figure, by their code in `Values`; the first is none."""


@attrs.frozen
class Value:
    """An exact figure, or the reason why there is none, and between what it lies.

    numerator, denominator: whole numbers whose quotient is the figure in stored units.
    low, high: the least and the greatest that it can become once the records in doubt are settled, None for no limit.
    possible: whether any way of settling them gives a figure; low and high say nothing where none does.
    undefined: whether some way gives none, since it divides by none. loose: whether low or high may lie further out
    than any way reaches.
    """

    numerator: int | None = None
    denominator: int | None = None
    reason: str | None = None
    low: Fraction | None = None
    high: Fraction | None = None
    possible: bool = False
    undefined: bool = False
    loose: bool = False

    @property
    def exact(self) -> Fraction | None:
        """The figure as a fraction, None where there is none."""
        if self.reason is not None or self.numerator is None or not self.denominator:
            return None
        return Fraction(self.numerator, self.denominator)

    @property
    def certain_of_none(self) -> bool:
        """Whether there is no figure, whatever the records in doubt turn out to be."""
        return self.exact is None and not self.possible

    @property
    def certain(self) -> bool:
        """Whether no record in doubt can change it."""
        return self.possible and self.low == self.high == self.exact and not self.undefined


@attrs.frozen(eq=False)
class Values:
    """Exact figures; every array has the shape (figures,).

    why: the place in `WHYS` of the reason for which there is none, 0 where there is one.
    """

    numerator: Numbers
    denominator: Numbers
    why: npt.NDArray[np.int64]

    @classmethod
    def of(cls, numerator: Numbers, denominator: Numbers, nothing: Mask, reason: str = NOT_DEFINED) -> Values:
        """Return quotients; no data where there is `nothing`, and `reason` where something is divided by none."""
        why = np.where(denominator == 0, WHYS.index(reason), 0)
        return cls(numerator, denominator, np.where(nothing, WHYS.index(NO_DATA), why))

    def unless(self, rows: Mask, reason: str) -> Values:
        """Return the figures without those of some rows, for a reason."""
        return attrs.evolve(self, why=np.where(rows, WHYS.index(reason), self.why))
