"""Samples: what a figure rests on where a reading says that its records were drawn from a population."""

from __future__ import annotations

from fractions import Fraction

import attrs

from casequality.errors import UsageError
from casequality.metrics.units import Unit


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
