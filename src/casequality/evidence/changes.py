"""Changes between two samples: what a change shows, how large one must be to be seen, and changes of counts."""

from __future__ import annotations

import math
from fractions import Fraction
from statistics import NormalDist
from typing import Final

import attrs

from casequality.errors import UsageError, Words
from casequality.evidence.intervals import Interval, Z, effective_size, interval, nearest, wilson
from casequality.evidence.said import Finding, decimals_of, rounded, say
from casequality.metrics import Figure, Sample, Unit

POWER_Z: Final = NormalDist().inv_cdf(0.80)
NO_LIMIT: Final = Words("no limit", "ingen grænse")


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
    fall, rise = (nearest(lambda share: _power_reached(now, share, *sizes), now, end) for end in (0.0, 1.0))
    return Detectable(fall, rise, following)


def _power_reached(now: float, then: float, size: float, next_size: float) -> bool:
    drawn, next_drawn = 1 / size, 1 / next_size  # 0 for a census, which leaves nothing to chance
    pooled = (now * next_drawn + then * drawn) / (drawn + next_drawn) if drawn + next_drawn else now
    unchanged = pooled * (1 - pooled) * (drawn + next_drawn)
    changed = now * (1 - now) * drawn + then * (1 - then) * next_drawn
    return abs(then - now) >= Z * math.sqrt(unchanged) + POWER_Z * math.sqrt(changed)


@attrs.frozen(kw_only=True)
class FigureChange(Finding):
    """How much greater a later figure of a full count is than an earlier one, negative for less, in the metric's unit.

    low, high: between what the change lies once the records in doubt of both are settled, None for no limit; both are
    the change itself where none is. Nothing is left to chance, so there is no confidence.
    """

    later: Fraction
    earlier: Fraction
    low: Fraction | None
    high: Fraction | None
    unit: Unit

    @property
    def value(self) -> Fraction:
        """The change."""
        return self.later - self.earlier

    @property
    def shown(self) -> bool:
        """Whether there was a change, whatever the records in doubt turn out to be."""
        return (self.low is not None and self.low > 0) or (self.high is not None and self.high < 0)

    @property
    def sentences(self) -> tuple[Words, ...]:
        """The two figures and the change, and between what it lies where records are in doubt."""
        unit, decimals = self.unit, self.unit.decimals
        earlier = rounded(self.earlier, decimals_of(self.earlier, unit, [self.later]))
        later = rounded(self.later, decimals_of(self.later, unit, [self.earlier]))
        apart = Words("percentage points", "procentpoint") if unit.name == "share" else Words(unit.en, unit.da)
        told = say(
            "From {earlier} to {later} {unit}: {change} {apart}.",
            "Fra {earlier} til {later} {unit}: {change} {apart}.",
            earlier=earlier,
            later=later,
            change=rounded(self.value, decimals, Fraction(0)),
            unit=Words(unit.en, unit.da),
            apart=apart,
        )
        if self.low == self.high == self.value:
            return (told,)
        low, high = (NO_LIMIT if end is None else rounded(end, decimals, Fraction(0)) for end in (self.low, self.high))
        doubt = say(
            "Once the records in doubt are settled the change is between {low} and {high} {apart}.",
            "Når de tvivlsomme registreringer er afklaret, er ændringen mellem {low} og {high} {apart}.",
            low=low,
            high=high,
            apart=apart,
        )
        return told, doubt


def figure_change(later: Figure, earlier: Figure, unit: Unit) -> FigureChange:
    """Return how a figure of a full count changed, in the unit; raise `UsageError` where one of the two is none."""
    then, now = earlier.value.exact, later.value.exact
    if then is None or now is None:
        lacking = earlier if then is None else later
        raise UsageError(
            "A change needs a figure in both periods",
            where=lacking.period.label,
            got="no figure",
            remedy="compare periods that have one",
        )
    ends = ((later.value.low, earlier.value.high), (later.value.high, earlier.value.low))
    low, high = (None if one is None or other is None else (one - other) * unit.scale for one, other in ends)
    return FigureChange(later=now * unit.scale, earlier=then * unit.scale, low=low, high=high, unit=unit)


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
                high=NO_LIMIT if self.high is None else rounded(self.high, 2, Fraction(1)),
            ),
        )


def count_change(later: int, earlier: int, *, times: Fraction | int = 1) -> CountChange:
    """Return whether a later number of events is another than an earlier one by more than variation.

    times: how many times as long, or as many cases, the later number was counted over.
    """
    if later < 0 or earlier < 0 or not later + earlier or times <= 0:
        raise UsageError(
            "Two numbers of events cannot be compared", got=f"{later}, {earlier}", allowed="0 or more, not both 0"
        )
    found = interval(Sample(Fraction(later), later + earlier))
    low, high = (None if share == 1 else share / (1 - share) / Fraction(times) for share in (found.low, found.high))
    ratio = Fraction(later, earlier) / Fraction(times) if earlier else None
    assert low is not None
    return CountChange(later=later, earlier=earlier, ratio=ratio, low=low, high=high)
