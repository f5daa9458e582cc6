"""Audits: what the errors found in a sample show of all cases."""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Final, Literal, TypeAlias

import attrs

from casequality.errors import UsageError, Words
from casequality.evidence.intervals import binomial_tail, hypergeometric_tail
from casequality.evidence.said import Finding, per_cent, say
from casequality.evidence.sampling import CONFIDENCE, HAIR, at_most, at_most_of_many, first_that

Shown: TypeAlias = Literal["shown", "not shown", "refuted"]
PARTS: Final = 10**9
"""How finely a share of a population without a known size is told."""


@attrs.frozen(kw_only=True)
class Audited(Finding):
    """What a sample shows of all cases, held against a limit of faulty ones.

    low, high: the least and the greatest share of faulty cases, each for itself at the one-sided confidence.
    """

    errors: int
    size: int
    population: int | None
    limit: Fraction
    confidence: Fraction
    low: Fraction
    high: Fraction

    @property
    def verdict(self) -> Shown:
        """Whether the sample shows that the limit is kept, refutes it, or shows neither."""
        return "shown" if self.high <= self.limit else "refuted" if self.low > self.limit else "not shown"

    @property
    def sentences(self) -> tuple[Words, ...]:
        """What was found, what that leaves open, and what it shows of the limit."""
        of = Words("", "") if self.population is None else say(" (of {n})", " (af {n})", n=self.population)
        first = say(
            "{errors} of {size} drawn{of} are faulty, {share}; of all cases it is at most {high}, and at least {low}, "
            "each with {sure} confidence.",
            "{errors} af {size} udtrukne{of} har fejl, {share}; af alle sager er det højst {high} og mindst {low}, "
            "hver med {sure} sikkerhed.",
            errors=self.errors,
            size=self.size,
            of=of,
            share=per_cent(Fraction(self.errors, self.size), self.limit),
            high=per_cent(self.high, self.limit),
            low=per_cent(self.low, self.limit),
            sure=per_cent(self.confidence, decimals=0),
        )
        return first, say(VERDICTS[self.verdict].en, VERDICTS[self.verdict].da, limit=per_cent(self.limit))

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data, its verdict too."""
        return {**Finding.to_dict(self), "verdict": self.verdict}


VERDICTS: Final[Mapping[Shown, Words]] = {
    "shown": Words("That at most {limit} are faulty is shown.", "Det er påvist, at højst {limit} har fejl."),
    "not shown": Words(
        "That at most {limit} are faulty is not shown, and not refuted either.",
        "Det er ikke påvist, at højst {limit} har fejl, og heller ikke modbevist.",
    ),
    "refuted": Words("That at most {limit} are faulty is refuted.", "Det er modbevist, at højst {limit} har fejl."),
}


def audit(
    errors: int, size: int, limit: Fraction, *, population: int | None = None, confidence: Fraction = CONFIDENCE
) -> Audited:
    """Return what a sample with so many faulty cases shows of all, at a one-sided confidence.

    The bounds are those that Clopper and Pearson's interval has with twice as much outside; a verdict on a goal, which
    looks both ways at once, is stricter.

    >>> found = audit(2, 60, Fraction(5, 100))
    >>> round(float(found.high), 3), found.verdict
    (0.101, 'not shown')
    """
    if not 0 <= errors <= size or not size or (population or size) < size:
        raise UsageError(
            "A sample holds at least one case, no more errors than cases, and no more cases than there are",
            got=f"{errors} errors in {size} of {population or 'an unknown number'}",
        )
    mark, parts = float(1 - confidence) * HAIR, population or PARTS

    def too_many(faulty: int) -> bool:
        few = (
            at_most_of_many(errors, size, faulty / parts)
            if population is None
            else at_most(errors, size, faulty, parts)
        )
        return few < mark

    def enough(faulty: int) -> bool:
        if population is None:
            return binomial_tail(errors, size, faulty / parts) >= mark
        return hypergeometric_tail(errors, size, faulty, parts) >= mark

    # the sample's own errors are there, and the rest of the sample is sound
    least, most = (errors, parts - size + errors) if population else (0, parts)
    high = first_that(
        lambda faulty: faulty > most or too_many(faulty), math.floor(Fraction(errors, size) * parts), most + 1
    )
    low = first_that(enough, least if population else 0, math.ceil(Fraction(errors, size) * parts)) if errors else 0
    outwards = 0 if population else 1
    return Audited(
        errors=errors,
        size=size,
        population=population,
        limit=limit,
        confidence=confidence,
        low=Fraction(max(low - outwards, 0), parts),
        high=Fraction(min(high - 1 + outwards, parts), parts),
    )
