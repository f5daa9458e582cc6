"""Statistics: how the counts of a period make one exact figure, and how far the records in doubt can move it."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Final, Literal, TypeAlias

import attrs
import numpy as np

from casequality.days import MISSING, Integers, Mask, Spans
from casequality.metrics.bounds import (
    NO_DATA,
    NO_YEAR_BEFORE,
    NOT_DEFINED,
    NOT_DUE,
    NOT_REACHED,
    NOTHING_SETTLED,
    ONLY_DOUBT,
    WHYS,
    Bounds,
    Counts,
    Ends,
    Numbers,
    Term,
    Value,
    Values,
    quotient_bounds,
    rank_bounds,
    time_to_end,
)
from casequality.metrics.declaring.statistic import Quotient, Rank, Statistic
from casequality.metrics.tallies import KEPT, NO, OPEN, UNKNOWN, YES, Role, since_1900


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
    there = tuple(Role)  # that each record is left out makes a figure of none


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
    placed = False

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


@attrs.frozen
class Quantile(Rank):
    """The least number that a share `p` of what is a yes does not exceed; stored in bins of `bin` ticks."""

    p: Fraction
    bin: int = 1

    def value(self, counts: Counts, /) -> Values:
        """Return the exact quantiles: the ceil(p n)-th smallest of n numbers."""
        found, met = counts.quantiles(self.p, YES)
        waiting = counts.rows(OPEN, UNKNOWN) + counts.rows(YES) > 0
        why = np.where(waiting, WHYS.index(NOTHING_SETTLED), WHYS.index(NO_DATA))
        return Values(found * self.bin, np.where(met, 1, 0), np.where(met, 0, why))

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
    placed = False

    def value(self, counts: Counts, /) -> Values:
        """Return the ages in days, from the day of beginning to the period's last day."""
        if self.p is not None:
            age, met = counts.quantiles(self.p, *KEPT, pending=True)
            found = Values.of(age, np.where(met, 1, 0), ~met)
        else:
            total, pending = counts.cells.age_sums(KEPT)
            found = Values.of(total, pending, np.asarray(pending == 0, bool))
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
    >>> whole_seconds(np.array([1, "NaT"], "timedelta64[us]")).tolist() == [1, MISSING]
    True
    """
    ticks = spans.view(np.int64)
    seconds: Integers = ticks + 999_999
    seconds //= 1_000_000
    if ticks.min(initial=0) < 0:  # MISSING is negative too, so that one look says whether any lacks
        # what came of MISSING is made MISSING again by one addition; to choose some rows takes several times as long
        seconds += np.multiply(ticks == MISSING, MISSING - (MISSING + 999_999) // 1_000_000, dtype=np.int64)
    return seconds


__all__ = [
    "MISSING",
    "NOTHING_SETTLED",
    "NOT_DEFINED",
    "NOT_DUE",
    "NOT_REACHED",
    "NO_DATA",
    "NO_YEAR_BEFORE",
    "ONLY_DOUBT",
    "WHYS",
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
