"""Chance in a sample: what it leaves open of a figure, and how large one must be to show something."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import lru_cache
from statistics import NormalDist
from typing import Any, Final

import attrs

from casequality.metrics import Figure, Sample, Unit

NEGLIGIBLE = 1e-17


def binomial_tail(yes: int, size: int, share: float) -> float:
    """Return how probable `yes` or more of `size` are where each is a yes with probability `share`.

    Meant for tails: at or above the expected number.

    >>> round(binomial_tail(2, 3, 0.5), 12)
    0.5
    """
    if yes <= 0 or share >= 1:
        return 1.0
    if share <= 0:
        return 0.0
    odds = share / (1 - share)
    first = _log_choose(size, yes) + yes * math.log(share) + (size - yes) * math.log1p(-share)
    return _summed(first, ((size - each) / (each + 1) * odds for each in range(yes, size)))


def hypergeometric_tail(yes: int, size: int, marked: int, population: int) -> float:
    """Return how probable `yes` or more of `size` drawn are where `marked` of the `population` are a yes.

    Meant for tails: at or above the expected number.

    >>> round(hypergeometric_tail(1, 1, 1, 4), 12)
    0.25
    """
    least, most = max(0, size - (population - marked)), min(size, marked)
    if yes <= least:
        return 1.0
    if yes > most:
        return 0.0
    others = population - marked
    first = _log_choose(marked, yes) + _log_choose(others, size - yes) - _log_choose(population, size)
    return _summed(
        first,
        ((marked - each) * (size - each) / ((each + 1) * (others - size + each + 1)) for each in range(yes, most)),
    )


def _summed(log_first: float, ratios: Iterator[float]) -> float:
    """Return the sum of terms, each so many times the one before it."""
    total = term = 1.0
    for ratio in ratios:
        term *= ratio
        total += term
        # ratios fall from term to term, so once one is below 1 the rest is less than a multiple of this term
        if ratio < 1 and term < NEGLIGIBLE * total:
            break
    return min(1.0, math.exp(log_first) * total)


def _log_choose(several: int, few: int) -> float:
    return math.lgamma(several + 1) - math.lgamma(few + 1) - math.lgamma(several - few + 1)


CONFIDENCE: Final = Fraction(95, 100)
ONE_SIDE: Final = float((1 - CONFIDENCE) / 2)
OUTER: Final = ONE_SIDE * (1 - 1e-9)
"""A tail below this is less than 2.5 %; nearer to it than floats can tell, it is taken as 2.5 % and shows nothing."""
Z: Final = NormalDist().inv_cdf(1 - ONE_SIDE)
FINE: Final = 10**12
"""A bound that is not an exact share is rounded outwards to this part."""
LARGEST: Final = 10**6
"""Samples larger than this are not thought of."""


@attrs.frozen
class Interval:
    """The least and the greatest that a population's figure is, at 95 % confidence; both belong to it.

    method: whose interval it is.
    """

    low: Fraction
    high: Fraction
    method: str

    def times(self, factor: Fraction) -> Interval:
        """Return the interval in another unit."""
        return attrs.evolve(self, low=self.low * factor, high=self.high * factor)

    def to_dict(self) -> dict[str, Any]:
        """Return the interval as plain data."""
        low, high = float(self.low), float(self.high)
        return {"low": low, "high": high, "confidence": float(CONFIDENCE), "method": self.method}

    def __contains__(self, number: object) -> bool:
        return isinstance(number, int | Fraction) and self.low <= number <= self.high


def interval(sample: Sample, best: Sample | None = None) -> Interval:
    """Return the exact interval of a share: every share under which the sample is not in the outer 2.5 % on a side.

    Clopper and Pearson (Biometrika 26, 1934), with the binomial distribution where the population's size is not
    known; where it is, the same with the hypergeometric distribution, over the whole numbers of yes in the population.
    The points of a mean are taken as whole cases of yes, rounded outwards.
    best: the greatest that the sample can become once its records in doubt are settled; `sample` is then the least.

    >>> low, high = interval(Sample(Fraction(5), 100)).low, interval(Sample(Fraction(5), 100)).high
    >>> round(float(low), 4), round(float(high), 4)
    (0.0164, 0.1128)
    """
    best = best or sample
    flipped = attrs.evolve(best, yes=best.size - best.yes)
    method = "Clopper-Pearson" if sample.population is None else "Clopper-Pearson, finite population"
    return Interval(_lowest(sample), 1 - _lowest(flipped), method)


def figure_interval(figure: Figure, unit: Unit) -> Interval | None:
    """Return the interval of a figure in its metric's unit; None where it is of no sample."""
    return interval(figure.sample).times(figure.sample.whole(unit)) if figure.sample else None


def _lowest(sample: Sample) -> Fraction:
    """Return the lower bound of a share: exact where the population is known, else rounded outwards."""
    parts = sample.population or FINE
    yes = math.floor(sample.yes)
    # of a known population at most those are a yes that were not drawn as a no; of an unknown one no more than drawn
    most = parts * yes // sample.size if sample.population is None else parts - (sample.size - yes)
    bound = _first(lambda part: not _above(sample, Fraction(part, parts)), 0, most)
    return Fraction(bound if sample.population else max(bound - 1, 0), parts)


def _above(sample: Sample, share: Fraction) -> bool:
    """Say whether a sample shows that its population has more than a share: it were else among the outer 2.5 %."""
    yes, size, population = math.floor(sample.yes), sample.size, sample.population
    if population is None:
        return binomial_tail(yes, size, float(share)) < OUTER
    return hypergeometric_tail(yes, size, math.floor(share * population), population) < OUTER


def _first(holds: Callable[[int], bool], low: int, high: int) -> int:
    """Return the first number from `low` at which something holds that holds from there on, `high` at the latest."""
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle + 1, high)
    return low


def wilson(sample: Sample) -> Interval:
    """Return the score interval of a share (Wilson, J. Amer. Statist. Assoc. 22, 1927), without continuity correction.

    A known population makes the sample count as `effective_size` cases.

    >>> found = wilson(Sample(Fraction(5), 100))
    >>> round(float(found.low), 4), round(float(found.high), 4)
    (0.0215, 0.1118)
    """
    if sample.census:
        return Interval(sample.share, sample.share, "Wilson")
    share, size = float(sample.share), effective_size(sample)
    middle = share + Z * Z / (2 * size)
    arm = Z * math.sqrt(share * (1 - share) / size + Z * Z / (4 * size * size))
    # floats may miss the sample's own share, which belongs to the interval
    low, high = (Fraction((middle + way * arm) / (1 + Z * Z / size)) for way in (-1, 1))
    return Interval(max(min(low, sample.share), Fraction(0)), min(max(high, sample.share), Fraction(1)), "Wilson")


def effective_size(sample: Sample) -> float:
    """Return how many cases of an unlimited population would leave as much to chance; infinite for a census."""
    if sample.population is None:
        return sample.size
    if sample.census:
        return math.inf
    return sample.size * (sample.population - 1) / (sample.population - sample.size)


def size_that_shows(sample: Sample, target: Fraction, *, itself: bool = False) -> int | None:
    """Return about how large a sample with the same share would lie wholly on its side of a target.

    itself: whether the target itself is on that side. None where hardly any would do: the share is the target's, or
    very near. With a known population it is never larger than that.
    """
    above = sample.share > target
    share, aim = (sample.share, target) if above else (1 - sample.share, 1 - target)
    excluded = aim
    if itself and sample.population is not None:
        excluded = Fraction(math.ceil(aim * sample.population) - 1, sample.population)

    def shows(size: int) -> bool:
        yes = math.floor(share * size)
        return yes > aim * size and _above(Sample(Fraction(yes), size, sample.population), excluded)

    limit = sample.population or LARGEST
    return _first(shows, sample.size, limit) if shows(limit) else None


STEPS: Final = 60
"""Halvings until a share is found as closely as a float tells it."""


def nearest(reached: Callable[[float], bool], now: float, end: float) -> Fraction | None:
    """Return the share nearest to `now`, on the way to `end`, at which the power is reached."""
    if now == end or not reached(end):
        return None
    near, far = now, end
    for _ in range(STEPS):
        middle = (near + far) / 2
        near, far = (near, middle) if reached(middle) else (middle, far)
    return Fraction(far)


@lru_cache(maxsize=4096)
def poisson_interval(events: int) -> Interval:
    """Return the exact interval of a mean number of events that happen by themselves (Garwood, Biometrika 28, 1936).

    >>> found = poisson_interval(22)
    >>> round(float(found.low), 2), round(float(found.high), 2)
    (13.79, 33.31)
    """

    def outer(mean: float, ratios: Callable[[float], Iterator[float]]) -> bool:
        return _summed(events * math.log(mean) - mean - math.lgamma(events + 1), ratios(mean)) < OUTER

    def as_many(mean: float) -> Iterator[float]:
        return (mean / (each + 1) for each in itertools.count(events))

    def as_few(mean: float) -> Iterator[float]:
        return (each / mean for each in range(events, 0, -1))

    wide = events + 10 * math.sqrt(events) + 10
    low = nearest(lambda mean: outer(mean, as_many), float(events), NEGLIGIBLE) if events else None
    high = nearest(lambda mean: outer(mean, as_few), float(events) or NEGLIGIBLE, wide)
    assert high is not None
    return Interval(low or Fraction(0), high, "Garwood")
