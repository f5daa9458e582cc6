"""A figure with all that may be wrong with it, and the verdict that it allows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from fractions import Fraction

import attrs

WHOLE = Fraction(100)
PLAUSIBLE = 100
"""An amount that nobody can read is taken to be at most this many times the target."""


@attrs.frozen(kw_only=True)
class Figure:
    """An exact figure, if there is one, and the least and the greatest that it can become; None for no limit."""

    value: Fraction | None
    numerator: int
    denominator: int
    low: Fraction | None
    high: Fraction | None


@attrs.frozen(kw_only=True)
class Truth:
    """What is true of one goal; parts by month (2010-01) or by label."""

    verdict: str
    figure: Figure
    parts: Mapping[str, Truth] = attrs.field(factory=dict)


def share(yes: int, no: int, *, unsettled: int = 0, outside: int = 0, marks: int = 0) -> Figure:
    """Return a share in per cent; a record in doubt may be a yes or a no, one outside may not count at all."""
    everything = yes + no + unsettled + outside
    most = min(yes + unsettled + outside + marks, everything)
    return Figure(
        value=WHOLE * yes / (yes + no),
        numerator=yes,
        denominator=yes + no,
        low=WHOLE * max(yes - marks, 0) / everything,
        high=WHOLE * most / everything,
    )


def mean(amounts: list[int], ticks: int, highest: Fraction, *, added: int = 0, marks: int = 0) -> Figure:
    """Return a mean of whole amounts, of which so many ticks make one.

    added: records that may belong to it, with an amount between nothing and `highest`. marks: amounts in doubt.
    """
    total, count = sum(amounts), len(amounts)
    value = Fraction(total, count)
    if not added + marks:
        return Figure(value=value, numerator=total * ticks, denominator=count, low=value, high=value)
    low = Fraction(0 if marks else total, count + added)
    high = (total + (added + marks) * highest) / (count + added)
    return Figure(value=value, numerator=total * ticks, denominator=count, low=low, high=high)


def number(count: int, *, unsettled: int = 0, outside: int = 0, marks: int = 0) -> Figure:
    """Return a number of records."""
    low, high = Fraction(max(count - marks, 0)), Fraction(count + unsettled + outside + marks)
    return Figure(value=Fraction(count), numerator=count, denominator=1, low=low, high=high)


def at_least(figure: Figure, target: int) -> str:
    """Return the verdict on a figure that must reach a target, whatever the records in doubt are."""
    assert figure.low is not None
    assert figure.high is not None
    return "met" if figure.low >= target else "missed" if figure.high < target else "undecided"


def at_most(figure: Figure, low: Fraction, high: Fraction) -> str:
    """Return the verdict on a figure that may not be above a target that lies between two numbers."""
    assert figure.low is not None
    assert figure.high is not None
    return "met" if figure.high <= low else "missed" if figure.low > high else "undecided"


def months(first: dt.date, end: dt.date) -> dict[str, tuple[dt.date, dt.date]]:
    """Return the months of a period by their labels, each with its first day and the one after its last."""
    found = {}
    while first < end:
        after = (first.replace(day=28) + dt.timedelta(days=4)).replace(day=1)
        found[f"{first:%Y-%m}"] = first, after
        first = after
    return found
