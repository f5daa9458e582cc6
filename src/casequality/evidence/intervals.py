"""Chance in a sample: what it leaves open of a figure, and what a change between two samples shows."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator
from fractions import Fraction
from statistics import NormalDist
from typing import Any, Final

import attrs

from casequality.errors import UsageError, Words
from casequality.evidence.said import Finding, rounded, say
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


POWER: Final = Fraction(80, 100)
POWER_Z: Final = NormalDist().inv_cdf(float(POWER))
STEPS: Final = 60
"""Halvings until a share is found as closely as a float tells it."""


@attrs.frozen
class Change:
    """How much greater a later figure is than an earlier one, negative for less, with its interval."""

    value: Fraction
    interval: Interval

    @property
    def shown(self) -> bool:
        """Whether the two samples show that there was a change, at 95 % confidence."""
        return 0 not in self.interval

    def times(self, factor: Fraction) -> Change:
        """Return the change in another unit."""
        return Change(self.value * factor, self.interval.times(factor))


def difference(later: Sample, earlier: Sample, factor: Fraction = Fraction(1)) -> Change:
    """Return how much greater the later share is than the earlier one, or than `factor` times it.

    The interval is Newcombe's hybrid of two score intervals (Statistics in Medicine 17, 1998, method 10); with a
    factor, its extension by Zou and Donner (Statistics in Medicine 27, 2008). The samples are drawn independently.

    >>> drift = difference(Sample(Fraction(56), 70), Sample(Fraction(48), 80))
    >>> round(float(drift.interval.low), 4), round(float(drift.interval.high), 4)
    (0.0524, 0.3339)
    """
    one, other = wilson(later), wilson(earlier)
    value = later.share - factor * earlier.share
    down = math.hypot(later.share - one.low, factor * (other.high - earlier.share))
    up = math.hypot(one.high - later.share, factor * (earlier.share - other.low))
    return Change(value, Interval(value - Fraction(down), value + Fraction(up), "Newcombe"))


@attrs.frozen
class Detectable:
    """The figures nearest to today's that a next sample would probably tell from it; None where there is none.

    fall: the greatest lower figure. rise: the least higher one. size: of the next sample.
    """

    fall: Fraction | None
    rise: Fraction | None
    size: int

    def times(self, factor: Fraction) -> Detectable:
        """Return the figures in another unit."""
        fall, rise = (None if each is None else each * factor for each in (self.fall, self.rise))
        return attrs.evolve(self, fall=fall, rise=rise)


def detectable_change(sample: Sample, size: int | None = None) -> Detectable:
    """Return the smallest changes that a next sample would show with a power of 80 % at a confidence of 95 %.

    By the usual test of two shares, its variance pooled where there is no change (Fleiss, Statistical Methods for
    Rates and Proportions). size: of the next sample; that of this one where it is left out.

    >>> found = detectable_change(Sample(Fraction(5), 100))
    >>> found.fall, round(float(found.rise), 3)
    (None, 0.174)
    """
    following = size or sample.size
    population = sample.population and max(sample.population, following)
    nextly = effective_size(Sample(Fraction(0), following, population))
    sizes = effective_size(sample), nextly
    now = float(sample.share)
    fall, rise = (_nearest(lambda share: _power_reached(now, share, *sizes), now, end) for end in (0.0, 1.0))
    return Detectable(fall, rise, following)


def _power_reached(now: float, then: float, size: float, next_size: float) -> bool:
    drawn, next_drawn = 1 / size, 1 / next_size  # 0 for a census, which leaves nothing to chance
    pooled = (now * next_drawn + then * drawn) / (drawn + next_drawn) if drawn + next_drawn else now
    unchanged = pooled * (1 - pooled) * (drawn + next_drawn)
    changed = now * (1 - now) * drawn + then * (1 - then) * next_drawn
    return abs(then - now) >= Z * math.sqrt(unchanged) + POWER_Z * math.sqrt(changed)


def _nearest(reached: Callable[[float], bool], now: float, end: float) -> Fraction | None:
    """Return the share nearest to `now`, on the way to `end`, at which the power is reached."""
    if now == end or not reached(end):
        return None
    near, far = now, end
    for _ in range(STEPS):
        middle = (near + far) / 2
        near, far = (near, middle) if reached(middle) else (middle, far)
    return Fraction(far)


@attrs.frozen(kw_only=True)
class CountChange(Finding):
    """Whether two counts differ by more than the variation of events that happen by themselves.

    A reading beside the figures and never a verdict: the counts are full counts, and exact; it asks whether the same
    circumstances could as well have brought the other number. ratio, low, high: the later rate as a multiple of the
    earlier, at 95 % confidence (exact, given the sum); None for no limit.
    """

    later: int
    earlier: int
    ratio: Fraction | None
    low: Fraction
    high: Fraction | None

    @property
    def shown(self) -> bool:
        """Whether they differ by more than variation."""
        return self.low > 1 or (self.high is not None and self.high < 1)

    @property
    def sentences(self) -> tuple[Words, ...]:
        """The counts, whether they differ by more than variation, and between what the rates can lie."""
        more = Words("more than", "mere end") if self.shown else Words("no more than", "ikke mere end")
        none = Words("no limit", "ingen grænse")
        return (
            say(
                "From {earlier} to {later}: {more} variation; the underlying rate is between {low} and {high} times "
                "the earlier one, at 95 % confidence.",
                "Fra {earlier} til {later}: {more} variation; det underliggende niveau er mellem {low} og {high} "
                "gange det tidligere, med 95 % sikkerhed.",
                earlier=self.earlier,
                later=self.later,
                more=more,
                low=rounded(self.low, 2, Fraction(1)),
                high=none if self.high is None else rounded(self.high, 2, Fraction(1)),
            ),
        )


def count_change(later: int, earlier: int, *, times: Fraction | int = 1) -> CountChange:
    """Return whether a later number of events is another than an earlier one by more than variation.

    times: how many times as long, or as many cases, the later number was counted over.
    """
    if later < 0 or earlier < 0 or not later + earlier or times <= 0:
        raise UsageError(
            "Two numbers of events cannot be compared", got=f"{later} and {earlier}", allowed="0 or more, not both 0"
        )
    found = interval(Sample(Fraction(later), later + earlier))
    low, high = (None if share == 1 else share / (1 - share) / Fraction(times) for share in (found.low, found.high))
    ratio = Fraction(later, earlier) / Fraction(times) if earlier else None
    assert low is not None
    return CountChange(later=later, earlier=earlier, ratio=ratio, low=low, high=high)


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
    low = _nearest(lambda mean: outer(mean, as_many), float(events), NEGLIGIBLE) if events else None
    high = _nearest(lambda mean: outer(mean, as_few), float(events) or NEGLIGIBLE, wide)
    assert high is not None
    return Interval(low or Fraction(0), high, "Garwood")
