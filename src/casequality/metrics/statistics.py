"""Statistics: how the counts of a period make one exact figure, and how far the records in doubt can move it."""

from __future__ import annotations

import abc
from collections.abc import Sequence
from fractions import Fraction
from typing import Any, ClassVar, Final, Literal, TypeAlias

import attrs
import numpy as np
import numpy.typing as npt

from casequality.arrays import MISSING, Integers, Mask, Spans
from casequality.errors import UsageError
from casequality.metrics.axis import since_1900
from casequality.metrics.bounds import Bounds, Ends, quotient_bounds, rank_bounds, sum_of
from casequality.metrics.counts import KEPT, Counts
from casequality.metrics.extremes import Numbers, Ranks, ranked
from casequality.metrics.outcomes import NO, OPEN, UNKNOWN, YES, Role
from casequality.metrics.states import Term
from casequality.metrics.survival import time_to_end

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
ROLES_OF_RECORDS: Final = (YES, NO, OPEN, UNKNOWN)
WHAT_TO_ADD: Final = {
    "value": "def value(self, counts): its exact figures as Values",
    "bounds": "def bounds(self, counts): the least and the greatest that they can become once the records in doubt are "
    "settled, as Bounds; or build upon Quotient, which makes both of the terms above and below",
    "above": "above = (Term(...),): what each record adds to the numerator",
    "below": "below = (Term(...),): what each record adds to the denominator",
}


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
    """Exact figures; every array has the shape (figures,). why: the place in `WHYS` of the reason for which there is none."""

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


class Statistic(abc.ABC):
    """How counts make figures: two things that each statistic has to say.

    Subclass it, or `Quotient`, with `attrs.frozen`. A class that leaves one of the two out cannot be made.
    tight: whether its bounds are reached, or come as near as one likes, by some way of settling the records.
    joins_facets: whether the facets of a metric make one figure together, not one each.
    is_count: whether it counts cases, so that a longer period has more of them. counts_nothing: whether it is a figure,
    0, where records began in no period shown. is_share: whether it lies between 0 and 1. is_mean: whether it is a sum
    of amounts divided by the cases that have one. by_case: whether each case moves its numerator by one or not at all.
    """

    tight: ClassVar[bool] = True
    joins_facets: ClassVar[bool] = False
    is_count: bool = False
    counts_nothing: bool = False
    is_share: bool = False
    is_mean: bool = False
    by_case: bool = False

    def __new__(cls, *args: Any, **kwargs: Any) -> Statistic:
        """Refuse a class that leaves something out, and say what to add."""
        lacking = sorted(getattr(cls, "__abstractmethods__", ()))
        if lacking:
            raise UsageError(
                "A statistic does not say all that a figure needs",
                where=cls.__qualname__,
                got=f"no {' and no '.join(lacking)}",
                remedy="; ".join(f"add {WHAT_TO_ADD.get(name, name)}" for name in lacking),
            )
        return super().__new__(cls)

    @abc.abstractmethod
    def value(self, counts: Counts, /) -> Values:
        """Return the exact figures."""

    @abc.abstractmethod
    def bounds(self, counts: Counts, /) -> Bounds:
        """Return the least and the greatest that they can become once the records in doubt are settled."""

    def drawn(self, counts: Counts, /) -> tuple[Numbers, Numbers, int] | None:
        """Return, where the records are a sample, its yes and its size by figure, and the figure if all were a yes.

        None for a statistic of which the chance in a sample is not computed.
        """
        return None

    @property
    def named(self) -> tuple[str, Fraction | None]:
        """What it is called where figures are explained, and the share that a quantile is asked at."""
        return _spaced(type(self).__name__), None


class Quotient(Statistic):
    """A quotient of sums: value and bounds follow from what each record adds above and below.

    base: what is below in any case; 1 for a sum that is divided by nothing.
    """

    base: ClassVar[int] = 0

    @property
    @abc.abstractmethod
    def above(self) -> Sequence[Term]:
        """What each record adds to the numerator."""

    @property
    @abc.abstractmethod
    def below(self) -> Sequence[Term]:
        """What each record adds to the denominator."""

    def factor(self, counts: Counts) -> Numbers | None:
        """Return by what each figure's numerator is multiplied; None for nothing."""
        return None

    def value(self, counts: Counts, /) -> Values:
        """Return the exact quotients; pending cases and their ages are known only of a period that is over."""
        number: Any = "amount" if any(term.of == "amount" for term in self.above) else "none"
        upper, lower = (
            sum((sum_of(counts, term, term.roles, number) for term in terms), np.zeros(counts.size, np.int64))
            for terms in (self.above, self.below)
        )
        times = self.factor(counts)
        upper, lower = upper if times is None else upper * times, lower + self.base
        found = Values.of(upper, lower, self.nothing(counts, upper))
        return found.unless(~counts.over, NOT_DUE) if self.waits else found

    def nothing(self, counts: Counts, numerator: Numbers) -> Mask:
        """Return where there is nothing to make a figure of."""
        return np.asarray(counts.rows(*ROLES_OF_RECORDS) == 0, bool)

    @property
    def waits(self) -> bool:
        """Whether there is no figure before a period is over."""
        return any(term.when == "pending" for term in (*self.above, *self.below))

    def bounds(self, counts: Counts, /) -> Bounds:
        """Return the least and the greatest quotients."""
        return quotient_bounds(counts, self.above, self.below, self.base, factor=self.factor(counts))


@attrs.frozen
class Share(Quotient):
    """Yes among yes and no."""

    above = (Term("placed", (YES,)),)
    below = (Term("placed", (YES, NO)),)
    is_share = True
    by_case = True

    def value(self, counts: Counts, /) -> Values:
        """Return the shares; where records are there and none of them is settled, that is the reason."""
        found = super().value(counts)
        return found.unless((found.denominator == 0) & (counts.rows(OPEN, UNKNOWN) > 0), NOTHING_SETTLED)

    def drawn(self, counts: Counts, /) -> tuple[Numbers, Numbers, int] | None:
        """Return the yes among all that are settled."""
        return counts.cases(YES), counts.cases(YES, NO), 1


@attrs.frozen
class Count(Quotient):
    """How many are a yes."""

    above = (Term("placed", (YES,)),)
    below = ()
    base = 1
    is_count = True
    by_case = True

    def nothing(self, counts: Counts, numerator: Numbers) -> Mask:
        """Return where there is no record at all: that each is left out makes a figure of none."""
        return np.asarray(counts.rows(*Role) == 0, bool)


@attrs.frozen
class Sum(Quotient):
    """The sum of the amounts of what is a yes."""

    above = (Term("placed", (YES,), of="amount"),)
    below = ()
    base = 1
    is_count = True


@attrs.frozen
class Mean(Quotient):
    """The mean amount of what is a yes.

    most: the greatest amount that a record can have, where there is one and the least is 0, such as the points of a
    scale.
    """

    most: int | None = None
    is_mean = True

    above = (Term("placed", (YES,), of="amount"),)
    below = (Term("placed", (YES,)),)

    def value(self, counts: Counts, /) -> Values:
        """Return the exact means in the ticks of the amounts."""
        found = super().value(counts)
        waiting = counts.rows(OPEN, UNKNOWN) + counts.rows(YES) > 0
        none = (found.denominator == 0) & waiting & (found.why != WHYS.index(NO_DATA))
        return found.unless(found.denominator == 0, NO_DATA).unless(none, NOTHING_SETTLED)

    def bounds(self, counts: Counts, /) -> Bounds:
        """Return the least and the greatest means."""
        return super().bounds(counts if self.most is None else counts.limited(least=0, most=self.most))

    def drawn(self, counts: Counts, /) -> tuple[Numbers, Numbers, int] | None:
        """Return points as whole cases, on a scale from 0; None without one."""
        return None if self.most is None else (counts.amount(YES), counts.measured(YES), self.most)


@attrs.frozen
class Ratio(Quotient):
    """What is a yes for each that is a no, the facets of a metric counted together.

    For rows that hold counts: a facet for each count, its outcome a yes or a no, `times` the count.
    """

    above = (Term("placed", (YES,)),)
    below = (Term("placed", (NO,)),)
    joins_facets = True

    def nothing(self, counts: Counts, numerator: Numbers) -> Mask:
        """Return where there is neither."""
        return np.asarray((numerator == 0) & (counts.cases(NO) == 0), bool)


FlowFigure: TypeAlias = Literal["inflow", "outflow", "stock", "clearance", "disposition time", "against year before"]
INFLOW: Final = Term("began", KEPT)
OUTFLOW: Final = Term("ended", (YES,))
STOCK: Final = Term("pending", KEPT)
FLOWS: Final[dict[str, tuple[Term, Term | None]]] = {
    "inflow": (INFLOW, None),
    "outflow": (OUTFLOW, None),
    "stock": (STOCK, None),
    "clearance": (OUTFLOW, INFLOW),
    "disposition time": (STOCK, OUTFLOW),
    "against year before": (INFLOW, Term("began a year before", KEPT)),
}


@attrs.frozen
class Flow(Quotient):
    """Cases that come in, are dealt with (a yes) and remain; outcomes that are out count nowhere.

    inflow, outflow: in the period. stock: at its end. clearance: outflow for each case of inflow.
    disposition time: days that the stock would last at the period's outflow.
    against year before: inflow for each case of the year before.
    """

    figure: FlowFigure
    counts_nothing = True

    @property
    def above(self) -> Sequence[Term]:
        """What comes in, goes out or remains."""
        return (FLOWS[self.figure][0],)

    @property
    def below(self) -> Sequence[Term]:
        """What it is divided by."""
        under = FLOWS[self.figure][1]
        return () if under is None else (under,)

    @property
    def base(self) -> int:  # type: ignore[override]
        """1 where it is divided by nothing."""
        return 0 if self.below else 1

    @property
    def is_count(self) -> bool:  # type: ignore[override]
        """Whether a longer period has more of it."""
        return self.figure in ("inflow", "outflow")

    def factor(self, counts: Counts) -> Numbers | None:
        """Return the days of the period for a disposition time."""
        return counts.days if self.figure == "disposition time" else None

    def nothing(self, counts: Counts, numerator: Numbers) -> Mask:
        """Return nowhere: that none came in is a figure."""
        return np.zeros(counts.size, bool)

    def value(self, counts: Counts, /) -> Values:
        """Return the figures; without the year before there is nothing to hold them against."""
        found = super().value(counts)
        if self.figure != "against year before":
            return found
        return found.unless(~counts.year_before_tallied, NO_YEAR_BEFORE)

    @property
    def named(self) -> tuple[str, Fraction | None]:
        """The name of the figure."""
        return self.figure, None


class Rank(Statistic):
    """A quantile of numbers; `value` and `bounds` rank them."""

    p: Fraction

    @property
    def _p(self) -> tuple[int, int]:
        return self.p.numerator, self.p.denominator

    def _ranked(self, counts: Counts, numbers: tuple[Any, Integers, Integers], ticks: int = 1) -> Values:
        figure, number, cases = numbers
        ranks = Ranks(figure, cases, number, number, np.zeros(len(figure), bool))
        found, met = ranked(counts.size, ranks, self._p)
        waiting = counts.rows(OPEN, UNKNOWN) + counts.rows(YES) > 0
        why = np.where(waiting, WHYS.index(NOTHING_SETTLED), WHYS.index(NO_DATA))
        return Values(found * ticks, np.where(met, 1, 0), np.where(met, 0, why))


@attrs.frozen
class Quantile(Rank):
    """The least number that a share `p` of what is a yes does not exceed; stored in bins of `bin` ticks."""

    p: Fraction
    bin: int = 1

    def value(self, counts: Counts, /) -> Values:
        """Return the exact quantiles: the ceil(p n)-th smallest of n numbers."""
        return self._ranked(counts, counts.numbers(YES), self.bin)

    def bounds(self, counts: Counts, /) -> Bounds:
        """Return the least and the greatest quantiles."""
        return rank_bounds(counts, self._p, ticks=self.bin)

    @property
    def named(self) -> tuple[str, Fraction | None]:
        """A quantile, and which."""
        return "quantile", self.p


@attrs.frozen
class PendingAge(Statistic):
    """How many days the cases pending at the period's end have lasted: their mean, or the quantile `p`.

    Needs contributions that are `aged`.
    """

    p: Fraction | None = None

    def value(self, counts: Counts, /) -> Values:
        """Return the ages in days, from the day of beginning to the period's last day."""
        figure, ages, cases = counts.pending_ages()
        total, pending = counts.summed(figure, ages * cases), counts.summed(figure, cases)
        found = Values.of(total, pending, pending == 0)
        if self.p is not None:
            ranks = Ranks(figure, cases, ages, ages, np.zeros(len(figure), bool))
            ranked_age, met = ranked(counts.size, ranks, (self.p.numerator, self.p.denominator))
            found = Values.of(ranked_age, np.where(met, 1, 0), ~met)
        return found.unless(~counts.over, NOT_DUE)

    def bounds(self, counts: Counts, /) -> Bounds:
        """Return the least and the greatest ages."""
        if self.p is None:
            return quotient_bounds(counts, (Term("pending", KEPT, of="age"),), (STOCK,))
        return rank_bounds(counts, (self.p.numerator, self.p.denominator), when="pending", roles=KEPT)

    @property
    def named(self) -> tuple[str, Fraction | None]:
        """The age of what is pending, and which quantile of it."""
        return "pending age", self.p


@attrs.frozen
class TimeToEnd(Rank):
    """The time by which a share `p` of what began had ended, by Kaplan and Meier; stored in bins of `bin` ticks.

    What is a yes ended after the time in its bin; what is open had lasted so long, and counts as waiting up to then.
    """

    p: Fraction
    bin: int = 1

    def value(self, counts: Counts, /) -> Values:
        """Return the least time at which no more than 1 - p are still waiting; a reason where that is not reached."""
        found, met, some = time_to_end(counts.size, counts.numbers(YES), counts.numbers(OPEN), self.p)
        why = np.where(some, WHYS.index(NOT_REACHED), WHYS.index(NO_DATA))
        return Values(found * self.bin, np.where(met, 1, 0), np.where(met, 0, why))

    def bounds(self, counts: Counts, /) -> Bounds:
        """Return the quantiles where what is open ends at once, and where it never does."""
        return rank_bounds(counts, self._p, lasting=True, ticks=self.bin)

    @property
    def named(self) -> tuple[str, Fraction | None]:
        """A time to an end, and which quantile of it."""
        return "time to end", self.p


def whole_seconds(spans: Spans) -> Integers:
    """Return the least whole seconds that each span does not exceed, for `bins`; MISSING for none; shape as given.

    >>> whole_seconds(np.array([2_000_000, 2_000_001], "timedelta64[us]"))
    array([2, 3])
    """
    ticks = spans.view(np.int64)
    seconds: Integers = ticks + 999_999
    seconds //= 1_000_000
    return seconds if ticks.min(initial=0) >= 0 else np.where(ticks == MISSING, ticks, seconds)


def _spaced(name: str) -> str:
    return "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in name).strip()


__all__ = [
    "MISSING",
    "Bounds",
    "Count",
    "Counts",
    "Ends",
    "Flow",
    "Mean",
    "PendingAge",
    "Quantile",
    "Quotient",
    "Ratio",
    "Share",
    "Statistic",
    "Sum",
    "Term",
    "TimeToEnd",
    "Value",
    "Values",
    "since_1900",
    "whole_seconds",
]
