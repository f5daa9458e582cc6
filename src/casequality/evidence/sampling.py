"""Samples that can show what they are drawn for: how large, drawn how, and what their errors show of all cases."""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from fractions import Fraction
from typing import Any, Final, Literal, TypeAlias

import attrs

from casequality.errors import UsageError, Words
from casequality.evidence.intervals import binomial_tail, hypergeometric_tail
from casequality.evidence.said import Finding, per_cent, say

Shown: TypeAlias = Literal["shown", "not shown", "refuted"]
HAIR: Final = 1 - 1e-9
"""A tail nearer to its mark than floats can tell is taken as the mark itself, and shows nothing."""
PARTS: Final = 10**9
"""How finely a share of a population without a known size is told."""
CONFIDENCE: Final = Fraction(95, 100)
LARGEST: Final = 10**6


def _few(errors: int, size: int, faulty: int, population: int) -> float:
    """Return how probable so few errors or fewer are in a sample where so many of the population are faulty."""
    return hypergeometric_tail(size - errors, size, population - faulty, population)


def _few_of_many(errors: int, size: int, share: float) -> float:
    return binomial_tail(size - errors, size, 1 - share)


@attrs.frozen(kw_only=True)
class SamplePlan(Finding):
    """How many cases must be drawn to show that at most `limit` of all are faulty, by how many errors are found.

    population: None where its size is not known, or has no bound. sizes: the least size for 0, 1, 2 errors and so on,
    None where not even the whole population would show it. confidence: one-sided.
    """

    population: int | None
    limit: Fraction
    confidence: Fraction
    sizes: tuple[int | None, ...]

    @property
    def size(self) -> int | None:
        """The least size, with which no error may be found."""
        return self.sizes[0]

    @property
    def sentences(self) -> tuple[Words, ...]:
        """The size without an error, and with each number of errors."""
        given = {"limit": per_cent(self.limit), "sure": per_cent(self.confidence, decimals=0)}
        of = Words("", "") if self.population is None else say(" of {n}", " af {n}", n=self.population)
        if self.size is None:
            return (
                say(
                    "No sample{of} can show with {sure} confidence that at most {limit} are faulty.",
                    "Ingen stikprøve{of} kan vise med {sure} sikkerhed, at højst {limit} har fejl.",
                    of=of,
                    **given,
                ),
            )
        first = say(
            "A sample of {size}{of} without an error shows with {sure} confidence that at most {limit} are faulty.",
            "En stikprøve på {size}{of} uden fejl viser med {sure} sikkerhed, at højst {limit} har fejl.",
            size=self.size,
            of=of,
            **given,
        )
        further = [(errors, size) for errors, size in enumerate(self.sizes) if errors and size is not None]
        if not further:
            return (first,)
        listed = ", ".join(f"{errors}: {size}" for errors, size in further)
        return first, say("Sizes by errors found: {listed}.", "Størrelser efter fundne fejl: {listed}.", listed=listed)


def plan_sample(
    population: int | None, limit: Fraction, confidence: Fraction = CONFIDENCE, *, most_errors: int = 3
) -> SamplePlan:
    """Return how many cases to draw, so that finding few errors shows that at most `limit` of all are faulty.

    population: how many cases there are to draw from, None where nobody knows. By the exact distribution: of a sample
    from a population with one faulty case too many, so few errors would be found less often than 1 - confidence.

    >>> [plan_sample(population, Fraction(5, 100)).size for population in (200, 400, 1000, None)]
    [47, 52, 56, 59]
    """
    wrong = population is not None and population < 1
    if wrong or not 0 <= limit < 1 or not 0 < confidence < 1 or most_errors < 0:
        raise UsageError(
            "A sample is planned for a limit and a confidence",
            got=f"population {population}, limit {limit}, confidence {confidence}",
            allowed="a population of at least 1, a limit from 0 and below 1, a confidence between 0 and 1",
        )
    mark = float(1 - confidence) * HAIR
    sizes = tuple(_size(errors, population, limit, mark) for errors in range(most_errors + 1))
    return SamplePlan(population=population, limit=limit, confidence=confidence, sizes=sizes)


def _size(errors: int, population: int | None, limit: Fraction, mark: float) -> int | None:
    most = population or LARGEST

    def shows(size: int) -> bool:
        if population is None:
            return _few_of_many(errors, size, float(limit)) < mark
        return _few(errors, size, math.floor(limit * population) + 1, population) < mark

    if errors >= most or not shows(most):
        return None
    return _first(shows, errors + 1, most)


def _first(holds: Callable[[int], bool], low: int, high: int) -> int:
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle + 1, high)
    return low


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
        few = _few_of_many(errors, size, faulty / parts) if population is None else _few(errors, size, faulty, parts)
        return few < mark

    def enough(faulty: int) -> bool:
        if population is None:
            return binomial_tail(errors, size, faulty / parts) >= mark
        return hypergeometric_tail(errors, size, faulty, parts) >= mark

    # the sample's own errors are there, and the rest of the sample is sound
    least, most = (errors, parts - size + errors) if population else (0, parts)
    high = _first(
        lambda faulty: faulty > most or too_many(faulty), math.floor(Fraction(errors, size) * parts), most + 1
    )
    low = _first(enough, least if population else 0, math.ceil(Fraction(errors, size) * parts)) if errors else 0
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


@attrs.frozen(kw_only=True)
class Draw(Finding):
    """A sample that anyone can draw again from the same cases with the same seed.

    keys: the drawn cases, in the order of drawing. strata: how many were drawn of each, and how many there are.
    """

    seed: str
    size: int
    population: int
    keys: tuple[Any, ...] = attrs.field(repr=False)
    strata: Mapping[str, tuple[int, int]] = attrs.field(factory=dict)

    @property
    def sentences(self) -> tuple[Words, ...]:
        """How many were drawn of how many, and how to draw them again; no case is named."""
        first = say(
            "{size} of {population} cases were drawn with the seed »{seed}«; whoever has the cases and the seed draws "
            "the same.",
            "{size} af {population} sager er udtrukket med nøglen »{seed}«; enhver med sagerne og nøglen udtrækker "
            "de samme.",
            size=self.size,
            population=self.population,
            seed=self.seed,
        )
        if not self.strata:
            return (first,)
        en, da = (
            ", ".join(f"{name}: {drawn} {word} {there}" for name, (drawn, there) in self.strata.items())
            for word in ("of", "af")
        )
        return first, say("By group: {listed}.", "Fordelt på grupper: {listed}.", listed=Words(en, da))


def draw_sample(keys: Sequence[Hashable], size: int, seed: str, *, strata: Sequence[str] | None = None) -> Draw:
    """Return `size` of the cases, drawn by chance and the same on every machine whatever order they come in.

    Each case is ranked by the SHA-256 of seed and key, and the first are drawn: so a longer sample begins with the
    shorter one. seed: any text that is published, and chosen before anyone can see what it draws, such as the draw of a
    lottery on a day to come. strata: the group of each case; each gets its share of the sample, rounded by the
    greatest remainders, and at least one case.
    """
    names = [str(key) for key in keys]
    groups = list(strata) if strata is not None else [""] * len(names)
    counts = Counter(groups)
    if len(set(names)) < len(names) or len(groups) != len(names) or not len(counts) <= size <= len(names) or not size:
        raise UsageError(
            "A sample is drawn of cases that can be told apart",
            got=f"{len(names)} keys, {len(set(names))} of them different, {len(groups)} groups, size {size}",
            allowed="keys that differ, a group for each, and a size from one for each group up to all cases",
        )
    ranks = [hashlib.sha256(f"{seed}\n{name}".encode()).digest() for name in names]
    order = sorted(range(len(names)), key=ranks.__getitem__)
    wanted = _shared_out(counts, size)
    drawn, chosen = Counter[str](), []
    for place in order:
        if drawn[groups[place]] < wanted[groups[place]]:
            drawn[groups[place]] += 1
            chosen.append(keys[place])
    told = {} if strata is None else {name: (wanted[name], counts[name]) for name in sorted(counts)}
    return Draw(seed=seed, size=size, population=len(names), keys=tuple(chosen), strata=told)


def _shared_out(counts: Mapping[str, int], size: int) -> dict[str, int]:
    """Return how many of each group, in proportion by the greatest remainders and at least one."""
    total = sum(counts.values())
    exact = {name: Fraction(size * count, total) for name, count in counts.items()}
    found = {name: max(1, math.floor(share)) for name, share in exact.items()}

    def ahead(name: str) -> tuple[Fraction, str]:
        return found[name] - exact[name], name

    while (lacking := size - sum(found.values())) > 0:
        found[min((name for name in counts if found[name] < counts[name]), key=ahead)] += 1
    while lacking < 0:
        found[max((name for name in counts if found[name] > 1), key=ahead)] -= 1
        lacking += 1
    return found
