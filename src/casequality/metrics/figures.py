"""Figures: many at once as columns, each an object only when it is asked for; and the sample they rest on, if any."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import attrs

from casequality.days import Period
from casequality.errors import UsageError
from casequality.metrics.declaring import Unit, Value


@attrs.frozen
class Sample:
    """Cases drawn by chance, and how many of them are a yes.

    yes: in a mean on a scale from 0, how many times the scale's greatest number its points make.
    population: how many cases there are to draw from; None where the records do not say.
    most: the figure if every case were a yes: 1 in a share, the greatest number of a scale in a mean.

    >>> Sample(Fraction(5), 100, 640).share
    Fraction(1, 20)
    """

    yes: Fraction
    size: int
    population: int | None = None
    most: int = 1

    def __attrs_post_init__(self) -> None:
        if not 0 <= self.yes <= self.size or not self.size or (self.population or self.size) < self.size:
            raise UsageError(
                "A sample holds at least one case, no more than its population, and no more that are a yes",
                got=f"{self.yes} of {self.size}, drawn from {self.population or 'a population of unknown size'}",
                remedy="give the counts of one sample",
            )

    @property
    def share(self) -> Fraction:
        """How many of the sample are a yes, between 0 and 1."""
        return self.yes / self.size

    def whole(self, unit: Unit) -> Fraction:
        """Return what the figure would be, in its unit, if every case were a yes."""
        return unit.scale * self.most

    @property
    def census(self) -> bool:
        """Whether the whole population was drawn, so that nothing is left to chance."""
        return self.size == self.population


@attrs.frozen(kw_only=True)
class Figure:
    """One figure: a period, its groups and facet, the exact value with its bounds, and what it was counted from.

    outcomes: rows by outcome; they add up to every row of the period, in a ratio of facets once for each facet.
    doubt: by reason, how many records may be something else than they were counted as, or belong here and do not.
    sensitive: rows whose outcome differs on the other Danish calendar.
    partial: whether the period had not ended at the as-of.
    sample: what it rests on where the records are read as a sample; None for a full count, and for a sample whose rows
    stand for numbers of cases.
    """

    period: Period
    groups: Mapping[str, str | None]
    facet: str
    value: Value
    outcomes: Mapping[str, int]
    sensitive: int
    partial: bool
    doubt: Mapping[str, int] = attrs.field(factory=dict)
    sample: Sample | None = None

    @property
    def place(self) -> Mapping[str, str | None]:
        """What tells it from the other figures: its period, its group and, where there are facets, its facet."""
        return {"period": self.period.label, **self.groups, **({"facet": self.facet} if self.facet else {})}

    @property
    def rows(self) -> int:
        """How many rows the figure was counted from."""
        return sum(self.outcomes.values())

    @property
    def low(self) -> Fraction | None:
        """The least that it can become once the records in doubt are settled, in stored units; None for no limit."""
        return self.value.low

    @property
    def high(self) -> Fraction | None:
        """The greatest that it can become, in stored units; None for no limit."""
        return self.value.high


def said_of(value: Value) -> str:
    """Return how low and high are meant: "exact", "loose", without limit on a side, or "none" where there are none."""
    if not value.possible:
        return "none"
    lacking = " and ".join(name for name, end in (("lower", value.low), ("upper", value.high)) if end is None)
    return f"no {lacking} limit" if lacking else "loose" if value.loose else "exact"
