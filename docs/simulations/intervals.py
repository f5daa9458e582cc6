"""How often exact intervals hold a known truth: `python docs/simulations/intervals.py [seeds]`.

Samples are drawn from a truth that is known: shares of a large population, shares of one of known size, and numbers of
events that happen by themselves. Nominal is 95 of 100; an exact interval is never below it, and often above.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from fractions import Fraction

import numpy as np

from casequality.evidence import Interval, interval, poisson_interval
from casequality.metrics import Sample

Drawn = Iterator[tuple[Interval, Fraction]]
SIZE, POPULATION = 60, 400


def of_many(draw: np.random.Generator, seeds: int) -> Drawn:
    """Samples of 60 of which a share of 1, 5, 20 and 50 per cent is faulty, from a population without bound."""
    for number in range(seeds):
        truth = Fraction((1, 5, 20, 50)[number % 4], 100)
        yield interval(Sample(Fraction(int(draw.binomial(SIZE, float(truth)))), SIZE)), truth


def of_few(draw: np.random.Generator, seeds: int) -> Drawn:
    """Samples of 60 from 400, of which 4, 20, 80 and 200 are faulty."""
    for number in range(seeds):
        faulty = (4, 20, 80, 200)[number % 4]
        found = int(draw.hypergeometric(faulty, POPULATION - faulty, SIZE))
        yield interval(Sample(Fraction(found), SIZE, POPULATION)), Fraction(faulty, POPULATION)


def of_events(draw: np.random.Generator, seeds: int) -> Drawn:
    """Counts of 0.5, 3, 22 and 250 events on average."""
    for number in range(seeds):
        truth = Fraction((1, 6, 44, 500)[number % 4], 2)
        yield poisson_interval(int(draw.poisson(float(truth)))), truth


KINDS: dict[str, Callable[[np.random.Generator, int], Drawn]] = {
    "a share, Clopper and Pearson": of_many,
    "a share of a known number": of_few,
    "a number of events, Garwood": of_events,
}


def covered(kind: str, seeds: int) -> int:
    """Return in how many samples the interval holds the truth."""
    return sum(found.low <= truth <= found.high for found, truth in KINDS[kind](np.random.default_rng(1934), seeds))


def main(seeds: int) -> None:
    """Print how often the truth is held."""
    for kind in KINDS:
        print(f"{kind:30} held in {covered(kind, seeds):,} of {seeds:,}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2] or ("4000",)))
