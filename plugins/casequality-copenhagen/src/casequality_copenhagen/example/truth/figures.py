"""A figure with all that may be wrong with it, and the verdict that it allows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from fractions import Fraction

import attrs

WHOLE = Fraction(100)


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


def share(yes: int, no: int, *, doubtful: int = 0, swaps: int = 0) -> Figure:
    """Return a share in per cent.

    doubtful: records that may be a yes or a no. swaps: how many of the others may be the opposite of what they are.
    """
    everything = yes + no + doubtful
    return Figure(
        value=WHOLE * yes / (yes + no),
        numerator=yes,
        denominator=yes + no,
        low=WHOLE * (yes - min(swaps, yes)) / everything,
        high=WHOLE * (yes + doubtful + min(swaps, no)) / everything,
    )


def mean(amounts: list[int], ticks: int, *, doubtful: int = 0, longest: int | None = None) -> Figure:
    """Return a mean of whole amounts, of which so many ticks make one.

    doubtful: records that may belong to it, with an amount from 0 to the longest there can be, None for no limit.
    """
    total, count = sum(amounts), len(amounts)
    value = Fraction(total, count)
    at_longest = None if longest is None else Fraction(total + doubtful * longest, count + doubtful)
    return Figure(
        value=value,
        numerator=total * ticks,
        denominator=count,
        low=Fraction(total, count + doubtful),
        high=at_longest if doubtful else value,
    )


def number(count: int, *, doubtful: int = 0) -> Figure:
    """Return a number of records, and of those that may be among them."""
    return Figure(
        value=Fraction(count), numerator=count, denominator=1, low=Fraction(count), high=Fraction(count + doubtful)
    )


def at_least(figure: Figure, target: int) -> str:
    """Return the verdict on a figure that must reach a target, whatever the records in doubt are."""
    if figure.low is not None and figure.low >= target:
        return "met"
    return "missed" if figure.high is not None and figure.high < target else "undecided"


def at_most(figure: Figure, low: Fraction | None, high: Fraction | None) -> str:
    """Return the verdict on a figure that may not be above a target that lies between two numbers."""
    if figure.high is not None and low is not None and figure.high <= low:
        return "met"
    return "missed" if figure.low is not None and high is not None and figure.low > high else "undecided"


def months(first: dt.date, end: dt.date) -> dict[str, tuple[dt.date, dt.date]]:
    """Return the months of a period by their labels, each with its first day and the one after its last."""
    found = {}
    while first < end:
        after = (first.replace(day=28) + dt.timedelta(days=4)).replace(day=1)
        found[f"{first:%Y-%m}"] = first, after
        first = after
    return found
