"""Statistics: how the counts of a period make one exact figure."""

from __future__ import annotations

from fractions import Fraction
from typing import Final, Literal, Protocol, TypeAlias

import attrs
import numpy as np

from casequality.arrays import MISSING, Integers, Spans
from casequality.days import Period
from casequality.errors import OutsideCalendar
from casequality.metrics.axis import since_1900
from casequality.metrics.outcomes import NO, OPEN, UNKNOWN, YES, Role

NO_DATA: Final = "no data"
NOTHING_SETTLED: Final = "nothing settled yet"
NOT_DEFINED: Final = "not defined: divided by none"
NOT_DUE: Final = "not due yet"
NOT_REACHED: Final = "not reached: too few have ended"
NO_YEAR_BEFORE: Final = "the year before was not tallied"


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
    def period(self) -> Period:
        """The period itself."""
        ...

    def cases(self, *roles: Role) -> int:
        """Return how many cases of the period play these roles."""
        ...

    def measured(self, *roles: Role) -> int:
        """Return how many of them have an amount."""
        ...

    def amount(self, *roles: Role) -> int:
        """Return the sum of their amounts."""
        ...

    def numbers(self, *roles: Role) -> tuple[Integers, Integers]:
        """Return the numbers of their histogram in order, and how many cases have each."""
        ...

    def inflow(self, period: Period) -> int:
        """Return how many cases began in a period, but those that are out."""
        ...

    def outflow(self, period: Period) -> int:
        """Return how many cases that are a yes ended in a period."""
        ...

    def stock(self, period: Period) -> int | None:
        """Return how many cases are pending at a period's end, or None before that day has passed."""
        ...

    def pending_since(self, period: Period) -> tuple[Integers, Integers] | None:
        """Return the days on which the cases pending at a period's end began, in order, and how many began on each.

        Days are whole numbers from 1900-01-01; none where the metric does not keep them (`Contribution.aged`).
        """
        ...


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
        if not counts.cases(*Role):
            return Value(0, 0, NO_DATA)
        yes, unsettled = counts.cases(YES), counts.cases(OPEN, UNKNOWN)
        return Value(yes, 1, None, Fraction(yes), Fraction(yes + unsettled))


@attrs.frozen
class Mean:
    """The mean amount of what is a yes.

    most: the greatest amount that a record can have, where there is one and the least is 0, such as the points of a
    scale; open and unknown records then have bounds.
    """

    most: int | None = None

    def conclude(self, counts: Counts) -> Value:
        """Return the exact mean in the ticks of the amounts."""
        amount, measured = counts.amount(YES), counts.measured(YES)
        unsettled = counts.cases(OPEN, UNKNOWN)
        if self.most is None or not unsettled:
            return quotient(amount, measured)
        low, high = (Fraction(amount + each * unsettled, measured + unsettled) for each in (0, self.most))
        return Value(amount, measured, None if measured else NOTHING_SETTLED, low, high)


@attrs.frozen
class Ratio:
    """What is a yes for each that is a no, the facets of a metric counted together.

    For rows that hold counts: a facet for each count, its outcome a yes or a no, `times` the count.
    """

    def conclude(self, counts: Counts) -> Value:
        """Return the quotient; not defined where there is a yes and no no, no data where there is neither."""
        yes = counts.cases(YES)
        return quotient(yes, counts.cases(NO), NOT_DEFINED if yes else NO_DATA)


def joins_facets(statistic: Statistic) -> bool:
    """Return whether all facets of a metric make one figure, rather than a figure each."""
    return isinstance(statistic, Ratio)


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
            return _against_year_before(counts)
        stock = counts.stock(period)
        if stock is None:
            return Value(reason=NOT_DUE)
        if self.figure == "stock":
            return quotient(stock, 1)
        return quotient(stock * (period.end - period.first).days, counts.outflow(period), NOT_DEFINED)


def _against_year_before(counts: Counts) -> Value:
    try:
        before = counts.inflow(counts.period.year_before())
    except OutsideCalendar:
        return Value(reason=NO_YEAR_BEFORE)
    return quotient(counts.inflow(counts.period), before, NOT_DEFINED)


@attrs.frozen
class PendingAge:
    """How many days the cases pending at the period's end have lasted: their mean, or the quantile `p`.

    Needs contributions that are `aged`.
    """

    p: Fraction | None = None

    def conclude(self, counts: Counts) -> Value:
        """Return the age in days, from the day of beginning to the period's last day."""
        pending = counts.pending_since(counts.period)
        if pending is None:
            return Value(reason=NOT_DUE)
        last = int(since_1900(np.array([counts.period.end], "datetime64[D]"))[0]) - 1
        ages, cases = last - pending[0][::-1], pending[1][::-1]
        if self.p is None:
            return quotient(int((ages * cases).sum()), int(cases.sum()))
        found = _ranked(ages, cases, self.p)
        return Value(0, 0, NO_DATA) if found is None else quotient(found, 1)


@attrs.frozen
class TimeToEnd:
    """The time by which a share `p` of what began had ended, by Kaplan and Meier; stored in bins of `bin` ticks.

    What is a yes ended after the time in its bin; what is open had lasted so long, and counts as waiting up to then.
    """

    p: Fraction
    bin: int = 1

    def conclude(self, counts: Counts) -> Value:
        """Return the least time at which no more than 1 - p are still waiting; a reason where that is not reached."""
        ended = dict(zip(*(each.tolist() for each in counts.numbers(YES)), strict=True))
        waited = dict(zip(*(each.tolist() for each in counts.numbers(OPEN)), strict=True))
        left, waiting = sum(ended.values()) + sum(waited.values()), Fraction(1)
        if not left:
            return Value(0, 0, NO_DATA)
        for time in sorted(ended.keys() | waited.keys()):
            waiting *= 1 - Fraction(ended.get(time, 0), left)
            if waiting <= 1 - self.p:
                return quotient(time * self.bin, 1)
            left -= ended.get(time, 0) + waited.get(time, 0)
        return Value(reason=NOT_REACHED)


def whole_seconds(spans: Spans) -> Integers:
    """Return the least whole seconds that each span does not exceed, for `bins`; MISSING for none; shape as given.

    >>> whole_seconds(np.array([2_000_000, 2_000_001], "timedelta64[us]"))
    array([2, 3])
    """
    ticks = spans.view(np.int64)
    seconds: Integers = ticks + 999_999
    seconds //= 1_000_000
    return seconds if ticks.min(initial=0) >= 0 else np.where(ticks == MISSING, ticks, seconds)


def _ranked(numbers: Integers, cases: Integers, p: Fraction) -> int | None:
    """Return the ceil(p n)-th smallest of n numbers, each given with how often it occurs, in order."""
    running = np.cumsum(cases)
    if not len(running) or not running[-1]:
        return None
    rank = -(-int(running[-1]) * p.numerator // p.denominator)
    return int(numbers[np.searchsorted(running, rank)])


__all__ = [
    "Count",
    "Counts",
    "Flow",
    "Mean",
    "PendingAge",
    "Quantile",
    "Ratio",
    "Share",
    "Statistic",
    "TimeToEnd",
    "Value",
    "since_1900",
    "whole_seconds",
]
