"""Statistics: how the counts of a period make one exact figure."""

from __future__ import annotations

from fractions import Fraction
from typing import Final, Literal, Protocol, TypeAlias

import attrs
import numpy as np

from casequality.arrays import Integers
from casequality.days import Period
from casequality.metrics.outcomes import NO, OPEN, OUT, UNKNOWN, YES, Role

NO_DATA: Final = "no data"
NOTHING_SETTLED: Final = "nothing settled yet"
NOT_DEFINED: Final = "not defined: divided by none"
NOT_DUE: Final = "not due yet"


@attrs.frozen
class Value:
    """An exact figure, or the reason why there is none.

    numerator, denominator: whole numbers whose quotient is the figure in stored units.
    low, high: the least and the greatest it can become once open and unknown records are settled.
    """

    numerator: int | None = None
    denominator: int | None = None
    reason: str | None = None
    low: Fraction | None = None
    high: Fraction | None = None

    @property
    def exact(self) -> Fraction | None:
        """The figure as a fraction, None where there is none."""
        if self.reason is not None or self.numerator is None or not self.denominator:
            return None
        return Fraction(self.numerator, self.denominator)


def quotient(numerator: int, denominator: int, reason: str = NO_DATA) -> Value:
    """Return the value of a quotient, or `reason` where it is divided by none."""
    if not denominator:
        return Value(numerator, denominator, reason)
    exact = Fraction(numerator, denominator)
    return Value(numerator, denominator, None, exact, exact)


class Counts(Protocol):
    """What a statistic may look at: the counts of one period, group and facet, by role."""

    @property
    def period(self) -> Period: ...
    def cases(self, *roles: Role) -> int: ...
    def measured(self, *roles: Role) -> int: ...
    def amount(self, *roles: Role) -> int: ...
    def numbers(self, *roles: Role) -> tuple[Integers, Integers]: ...
    def inflow(self, period: Period) -> int: ...
    def outflow(self, period: Period) -> int: ...
    def stock(self, period: Period) -> Stock | None: ...


@attrs.frozen
class Stock:
    """Cases pending at a period's end: how many, the sum of the days on which they began, and those days.

    Days count from 1900-01-01, as `since_1900` gives them.
    """

    cases: int
    began: int
    dated: int
    days: Integers
    counts: Integers


class Statistic(Protocol):
    """How counts make a figure."""

    def conclude(self, counts: Counts) -> Value:
        """Return the figure of one period."""
        ...


@attrs.frozen
class Share:
    """Yes among yes and no."""

    def conclude(self, counts: Counts) -> Value:
        """Return the share, with the bounds between which open and unknown records can move it."""
        yes, no = counts.cases(YES), counts.cases(NO)
        unsettled = counts.cases(OPEN, UNKNOWN)
        if not yes + no + unsettled:
            return Value(0, 0, NO_DATA)
        everything = yes + no + unsettled
        low, high = Fraction(yes, everything), Fraction(yes + unsettled, everything)
        return Value(yes, yes + no, None if yes + no else NOTHING_SETTLED, low, high)


@attrs.frozen
class Count:
    """How many are a yes."""

    def conclude(self, counts: Counts) -> Value:
        """Return the number; open and unknown records can only add to it."""
        yes, unsettled = counts.cases(YES), counts.cases(OPEN, UNKNOWN)
        return Value(yes, 1, None, Fraction(yes), Fraction(yes + unsettled))


@attrs.frozen
class Mean:
    """The mean amount of what is a yes."""

    def conclude(self, counts: Counts) -> Value:
        """Return the exact mean in the ticks of the amounts."""
        return quotient(counts.amount(YES), counts.measured(YES))


@attrs.frozen
class Quantile:
    """The least number that a share `p` of what is a yes does not exceed; stored in bins of `bin` ticks."""

    p: Fraction
    bin: int = 1

    def conclude(self, counts: Counts) -> Value:
        """Return the exact quantile: the ceil(p n)-th smallest of n numbers."""
        numbers, cases = counts.numbers(YES)
        found = _ranked(numbers, cases, self.p)
        return Value(0, 0, NO_DATA) if found is None else quotient(found * self.bin, 1)


FlowFigure: TypeAlias = Literal["inflow", "outflow", "stock", "clearance", "disposition time", "against year before"]


@attrs.frozen
class Flow:
    """Cases that come in, are dealt with (a yes) and remain; outcomes that are out count nowhere.

    inflow, outflow: in the period. stock: at its end. clearance: outflow for each case of inflow.
    disposition time: days that the stock would last at the period's outflow.
    against year before: inflow for each case of the year before.
    """

    figure: FlowFigure

    def conclude(self, counts: Counts) -> Value:
        """Return the figure of one period; a stock is not due before the period has ended."""
        period = counts.period
        if self.figure == "inflow":
            return quotient(counts.inflow(period), 1)
        if self.figure == "outflow":
            return quotient(counts.outflow(period), 1)
        if self.figure == "clearance":
            return quotient(counts.outflow(period), counts.inflow(period), NOT_DEFINED)
        if self.figure == "against year before":
            return quotient(counts.inflow(period), counts.inflow(period.year_before()), NOT_DEFINED)
        stock = counts.stock(period)
        if stock is None:
            return Value(reason=NOT_DUE)
        if self.figure == "stock":
            return quotient(stock.cases, 1)
        return quotient(stock.cases * (period.end - period.first).days, counts.outflow(period), NOT_DEFINED)


@attrs.frozen
class PendingAge:
    """How many days the cases pending at the period's end have lasted: their mean, or the quantile `p`.

    Needs amounts, and for a quantile bins, as `since_1900` of the day on which each case began.
    """

    p: Fraction | None = None

    def conclude(self, counts: Counts) -> Value:
        """Return the age in days from the day of beginning to the period's last day."""
        stock = counts.stock(counts.period)
        if stock is None:
            return Value(reason=NOT_DUE)
        last = int(since_1900(np.array([counts.period.end], "datetime64[D]"))[0]) - 1
        if self.p is None:
            return quotient(stock.dated * last - stock.began, stock.dated)
        began = _ranked(-stock.days[::-1], stock.counts[::-1], self.p)
        return Value(0, 0, NO_DATA) if began is None else quotient(last + began, 1)


def since_1900(days: np.ndarray[tuple[int, ...], np.dtype[np.datetime64]]) -> Integers:
    """Return days as whole numbers from 1900-01-01, MISSING for none; shape as given.

    >>> since_1900(np.array(["1900-01-02", "2010-06-01"], "datetime64[D]"))
    array([    1, 40328])
    """
    numbers = days.astype("datetime64[D]", copy=False).view(np.int64)
    counted: Integers = np.where(np.isnat(days), numbers, numbers + 25567)
    return counted


def _ranked(numbers: Integers, cases: Integers, p: Fraction) -> int | None:
    """Return the ceil(p n)-th smallest of n numbers, each given with how often it occurs, in order."""
    running = np.cumsum(cases)
    if not len(running) or not running[-1]:
        return None
    rank = max(1, -(-int(running[-1]) * p.numerator // p.denominator))
    return int(numbers[np.searchsorted(running, rank)])


__all__ = ["OUT", "Count", "Counts", "Flow", "Mean", "PendingAge", "Quantile", "Share", "Statistic", "Stock", "Value", "since_1900"]
