"""Values and their bounds: between what they lie once all records in doubt are settled, and why there is none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Final

import attrs
import numpy as np
import numpy.typing as npt

from casequality.days import MISSING, Mask
from casequality.metrics.bounds.extremes import Numbers, exact_sum
from casequality.metrics.bounds.sight import FigureItems, Keyed
from casequality.metrics.bounds.uncertain import Items, Number
from casequality.metrics.tallies import REASONS, UNDATED


@attrs.frozen(eq=False)
class Ends:
    """The least or the greatest of each figure, shape (figures,): a quotient, or no limit where `limited` is false."""

    numerator: Numbers
    denominator: Numbers
    limited: Mask

    def where(self, rows: Mask, other: Ends) -> Ends:
        """Return these ends in some rows and the other's elsewhere."""
        return Ends(*(np.where(rows, getattr(self, f.name), getattr(other, f.name)) for f in attrs.fields(Ends)))

    def chosen(self, at: npt.NDArray[np.intp]) -> Ends:
        """Return those of some figures."""
        return Ends(self.numerator[at], self.denominator[at], self.limited[at])


@attrs.frozen(eq=False, repr=False)
class Bounds:
    """Between what figures lie, in stored units; every array has the shape (figures,).

    possible: whether any way of settling the records gives a figure. undefined: whether some way gives none.
    loose: whether an end may lie further out than any way reaches.
    doubt: by reason, how many records of each figure are in doubt.
    """

    low: Ends
    high: Ends
    possible: Mask
    undefined: Mask
    loose: Mask
    doubt: Mapping[str, npt.NDArray[np.int64]]

    def chosen(self, at: npt.NDArray[np.intp]) -> Bounds:
        """Return those of some figures."""
        return Bounds(
            low=self.low.chosen(at),
            high=self.high.chosen(at),
            possible=self.possible[at],
            undefined=self.undefined[at],
            loose=self.loose[at],
            doubt={reason: rows[at] for reason, rows in self.doubt.items()},
        )


@attrs.frozen(eq=False, repr=False)
class Why:
    """Which records of which figure are in doubt, for their reasons; every array has the shape (lots,)."""

    figure: npt.NDArray[np.intp]
    key: npt.NDArray[np.intp]
    rows: npt.NDArray[np.int64]
    varies: Mask
    keys: Keyed


def numbers_seen(items: Items, pairs: FigureItems, name: str, number: Number) -> npt.NDArray[np.int64]:
    """Return the amount of each item, or its age at the end of the period from which it is seen; MISSING for none."""
    found = items[name][pairs.item]
    if number != "bin":
        return found
    axis, grid = items.grid.tally.assumed.axis, items.grid
    began = axis.begin_of(items["entry"][pairs.item]) + found
    age = grid.last_days()[pairs.period] - began
    return np.where((found == MISSING) | (items["entry"][pairs.item] == UNDATED), MISSING, age)


def reasons_of(several: Sequence[Why | None], size: int) -> dict[str, npt.NDArray[np.int64]]:
    """Return by reason how many records of each figure are in doubt."""
    found: dict[str, npt.NDArray[np.int64]] = {}
    for each in several:
        if each is None:
            continue
        why = np.array([REASONS.index(key.why()) for key, _ in each.keys], np.int64)
        rows = np.flatnonzero(each.varies)
        told = why[each.key[rows]]
        # np.unique would load NumPy's masked arrays, which takes as long as concluding a year of figures
        for reason in np.flatnonzero(np.bincount(told)).tolist():
            its = rows[told == reason]
            counted = exact_sum(size, each.figure[its], each.rows[its])
            found[REASONS[reason]] = found.get(REASONS[reason], 0) + counted
    return found


NO_DATA: Final = "no data"
NOTHING_SETTLED: Final = "nothing settled yet"
ONLY_DOUBT: Final = "only records in doubt"
NOT_DEFINED: Final = "not defined: divided by none"
NOT_DUE: Final = "not due yet"
NOT_REACHED: Final = "not reached: too few have ended"
NO_YEAR_BEFORE: Final = "the year before was not tallied"
BEFORE_SERIES: Final = "not comparable: before the series begins"
WHYS: Final = (
    *("", NO_DATA, NOTHING_SETTLED, ONLY_DOUBT, NOT_DEFINED),
    *(NOT_DUE, NOT_REACHED, NO_YEAR_BEFORE, BEFORE_SERIES),
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


@attrs.frozen(eq=False, repr=False)
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

    def chosen(self, at: npt.NDArray[np.intp]) -> Values:
        """Return some of the figures."""
        return Values(self.numerator[at], self.denominator[at], self.why[at])

    def unless(self, rows: Mask, reason: str) -> Values:
        """Return the figures without those of some rows, for a reason."""
        return attrs.evolve(self, why=np.where(rows, WHYS.index(reason), self.why))
