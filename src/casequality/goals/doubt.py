"""Doubt: the records that a figure cannot vouch for, and how far they could move it."""

from __future__ import annotations

from fractions import Fraction
from typing import Final, TypeAlias

import attrs
import numpy as np

from casequality.arrays import Mask
from casequality.goals.target import Bound
from casequality.metrics.axis import UNDATED
from casequality.metrics.conclude import Slice, Stratum
from casequality.metrics.measurement import Figure, Measurement
from casequality.metrics.outcomes import NO, OPEN, UNKNOWN, YES
from casequality.metrics.statistics import (
    Count,
    Counts,
    Flow,
    Mean,
    PendingAge,
    Quantile,
    Share,
    Statistic,
    Value,
    joins_facets,
)
from casequality.metrics.tally import Accounts

Bounds: TypeAlias = tuple[Bound, Bound]

PLAUSIBLE: Final = 100
"""An amount that nobody can read is taken to be between 0 and this many times the target."""


@attrs.frozen(kw_only=True)
class Doubt:
    """How many records could change a figure, by why.

    open, unknown: in the figure's period and not settled; `unknown` holds those without an amount too.
    set_aside, undated, unlabelled: not in the figure and perhaps part of it. marks: perhaps read with a wrong date.
    weighty: rows stand for numbers of cases, so that one in doubt can weigh any amount.
    """

    open: int = 0
    unknown: int = 0
    set_aside: int = 0
    undated: int = 0
    unlabelled: int = 0
    marks: int = 0
    weighty: bool = False

    @property
    def unsettled(self) -> int:
        """Records of the figure that are not settled."""
        return self.open + self.unknown

    @property
    def outside(self) -> int:
        """Records that may be part of the figure and are not in it."""
        return self.set_aside + self.undated + self.unlabelled

    @property
    def rows(self) -> int:
        """All records in doubt."""
        return self.unsettled + self.outside + self.marks


def doubt_of(measured: Measurement, counts: Slice, unlabelled: int = 0) -> Doubt:
    """Return the records in doubt for one figure; each that may belong to it is counted as if it did."""
    tally = measured.tally
    group = counts.stratum.tally
    received = measured.reading.cohort == "received"
    return attrs.evolve(
        _unsettled(measured.reading.metric.statistic, counts),
        set_aside=tally.accounts.set_aside - _repeated(tally.accounts),
        undated=int(group.counted("rows")[_undated(counts.stratum, received)].sum()),
        unlabelled=unlabelled,
        marks=sum(tally.accounts.marks.values()),
        weighty=not np.array_equal(tally.counted("rows"), tally.counted("cases")),
    )


def _unsettled(statistic: Statistic, counts: Counts) -> Doubt:
    if isinstance(statistic, Flow | PendingAge):
        return Doubt()
    known = counts.cases(YES)
    if isinstance(statistic, Mean):
        known = counts.measured(YES)
    elif isinstance(statistic, Quantile):
        known = int(counts.numbers(YES)[1].sum())
    return Doubt(open=counts.cases(OPEN), unknown=counts.cases(UNKNOWN) + counts.cases(YES) - known)


def _undated(stratum: Stratum, received: bool) -> Mask:
    """Return which cells hold records that may belong to any period: undated, or ended nobody knows when."""
    cells = stratum.cells
    undated: Mask = cells.entry == UNDATED if received else cells.exit == UNDATED
    return undated if received else undated & stratum.plays(cells, [UNKNOWN])


def _repeated(accounts: Accounts) -> int:
    """Return the rows that were set aside because the same row is counted: nothing about them is in doubt."""
    return sum(rows for finding, rows in accounts.findings.items() if finding.endswith(": repeated row"))


def counts_behind(measured: Measurement, figure: Figure) -> Slice:
    """Return the counts that a figure was concluded from."""
    facet = None if joins_facets(measured.reading.metric.statistic) else figure.facet
    stratum = Stratum(measured.tally.only(facet, figure.groups), measured.reading)
    return Slice(stratum, figure.period, measured.as_of_day)


def reach(statistic: Statistic, counts: Counts, value: Value, doubt: Doubt, highest: Bound) -> Bounds:
    """Return the least and the greatest that a figure can be, in stored units; None where there is no limit.

    highest: the greatest amount that a record in doubt can have.
    """
    exact, outside, marks = value.exact, doubt.outside, doubt.marks
    if doubt.weighty and (outside or marks):
        return Fraction(0), Fraction(1) if isinstance(statistic, Share) else None
    if isinstance(statistic, Share | Count):
        yes, unsettled = counts.cases(YES), doubt.unsettled
        least, most = max(yes - marks, 0), yes + unsettled + outside + marks
        if isinstance(statistic, Count):
            return Fraction(least), Fraction(most)
        everything = counts.cases(YES, NO) + unsettled + outside
        return Fraction(least, everything), min(Fraction(most, everything), Fraction(1))
    if not doubt.rows or exact is None:
        return exact, exact
    if isinstance(statistic, Mean):
        return _mean(value, doubt, highest if statistic.most is None else Fraction(statistic.most))
    if isinstance(statistic, Quantile):
        return _quantile(statistic, counts, doubt)
    if isinstance(statistic, Flow):
        return _flow(statistic, counts, value, doubt)
    return None, None


def _mean(value: Value, doubt: Doubt, highest: Bound) -> Bounds:
    assert value.numerator is not None
    measured, added = value.denominator or 0, doubt.unsettled + doubt.outside
    low = Fraction(0 if doubt.marks else value.numerator, measured + added)
    if highest is None:
        return low, None
    return low, (value.numerator + (added + doubt.marks) * highest) / (measured + added)


def _quantile(statistic: Quantile, counts: Counts, doubt: Doubt) -> Bounds:
    numbers, cases = counts.numbers(YES)
    known, added = int(cases.sum()), doubt.unsettled + doubt.outside
    rank = max(1, -(-(known + added) * statistic.p.numerator // statistic.p.denominator))
    running = np.cumsum(cases)

    def ranked(place: int) -> Fraction:
        return Fraction(int(numbers[np.searchsorted(running, place)]) * statistic.bin)

    low, high = rank - added - doubt.marks, rank + doubt.marks
    return ranked(low) if low > 0 else Fraction(0), ranked(high) if high <= known else None


def _flow(statistic: Flow, counts: Counts, value: Value, doubt: Doubt) -> Bounds:
    assert value.numerator is not None
    assert value.denominator is not None
    weight = (counts.period.end - counts.period.first).days if statistic.figure == "disposition time" else 1
    moved = doubt.outside + doubt.marks
    least, most = max(value.numerator - doubt.marks * weight, 0), value.numerator + moved * weight
    if statistic.figure in ("inflow", "outflow", "stock"):
        return Fraction(least), Fraction(most)
    fewest = value.denominator - doubt.marks
    return Fraction(least, value.denominator + moved), Fraction(most, fewest) if fewest > 0 else None
