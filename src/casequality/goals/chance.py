"""Chance in a sample beside a verdict: what it leaves open, what would show it, and whether a change is shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Final, TypeAlias

import attrs

from casequality.errors import Words
from casequality.evidence import Interval, detectable_change, difference, interval, size_that_shows
from casequality.goals.definition import (
    Baseline,
    Bounds,
    Goal,
    Quantity,
    Reason,
    Ruling,
    Target,
    Verdict,
    called,
    number,
    say,
)
from casequality.goals.preconditions import break_between
from casequality.metrics import Measurement, Role, Sample, Unit

Samples: TypeAlias = tuple[Sample, Sample]
NO_LIMIT: Final[Bounds] = (None, None)
POINTS: Final = Unit("difference", "procentpoint", "percentage points")


def samples_between(sample: Sample | None, bounds: Bounds, doubt: Mapping[str, int]) -> Samples | None:
    """Return the least and the greatest that a sample can become once its records in doubt are settled.

    bounds: those of the figure, in stored units. doubt: by reason, how many of its records are in doubt.
    """
    low, high = bounds
    if sample is None or low is None or high is None:
        return None
    unsettled = doubt.get("open", 0) + doubt.get("unknown", 0)
    outside = sum(rows for reason, rows in doubt.items() if reason in ("set aside", "undated", "unlabelled"))
    size = sample.size + unsettled + outside
    population = None if sample.population is None else max(sample.population + outside, size)
    least, most = (
        attrs.evolve(sample, yes=min(share / sample.most, Fraction(1)) * size, size=size, population=population)
        for share in (low, high)
    )
    return least, most


def interval_of(samples: Samples, unit: Unit) -> Interval:
    """Return the interval of a sample in the metric's unit, as wide as its records in doubt can make it."""
    return interval(*samples).times(samples[0].whole(unit))


def sure_ahead(stated: Target | Baseline, ruling: Ruling, earlier: Ruling | None, unit: Unit) -> Bounds:
    """Return the least and the greatest that the population's figure can be above the target."""
    if ruling.samples is None or ruling.interval is None or ruling.target is None:
        return NO_LIMIT
    if not isinstance(stated, Baseline):
        return ruling.interval.low - ruling.target.number, ruling.interval.high - ruling.target.number
    if earlier is None or earlier.samples is None:
        return NO_LIMIT
    (least, most), (earlier_least, earlier_most) = ruling.samples, earlier.samples
    whole = least.whole(unit)
    return (
        # ahead at the least: this sample at its lowest against that one at its highest
        difference(least, earlier_most, stated.factor).interval.low * whole,
        difference(most, earlier_least, stated.factor).interval.high * whole,
    )


def told(measured: Measurement, ruling: Ruling) -> Iterator[Reason]:
    """Yield how much chance leaves open in the figure of a sample, and which rows its interval says nothing of."""
    if ruling.samples is None or ruling.interval is None:
        yield say("weighted sample")
        return
    sample, found = ruling.samples[0], ruling.interval
    apart = ruling.target.nearest(ruling.value or Fraction(0)) if ruling.target else None
    low, high = (Quantity(bound, measured.unit, apart) for bound in (found.low, found.high))
    if sample.population is None:
        yield say("sample", size=sample.size, low=low, high=high)
    else:
        size, population = sample.size, sample.population
        yield say("sample of population", size=size, population=population, low=low, high=high)
    yield from _left_out(measured, ruling)


def _left_out(measured: Measurement, ruling: Ruling) -> Iterator[Reason]:
    reading = measured.reading
    rows = {
        name: count
        for name, count in (ruling.figure.outcomes if ruling.figure else {}).items()
        if count and reading.roles.get(name) is Role.OUT and name not in (reading.undrawn or ())
    }
    if rows:
        english, danish = (
            ", ".join(f"{called(name, reading.metric, lang)} {number(count, lang)}" for name, count in rows.items())
            for lang in ("en", "da")
        )
        yield say("left out", rows=sum(rows.values()), which=Words(english, danish))


def say_not_shown(ruling: Ruling, counted: Verdict, unit: Unit) -> Reason:
    """Return that a sample does not show on which side of a target its population is."""
    assert ruling.target is not None
    assert ruling.value is not None
    return say(
        "not shown", value=Quantity(ruling.value, unit, ruling.target.nearest(ruling.value)), verdict=counted.words
    )


def would_show(goal: Goal, measured: Measurement, ruling: Ruling) -> Iterator[Reason]:
    """Yield how large a sample with the same figure would show on which side of the goal's own target it is."""
    sample = ruling.figure.sample if ruling.figure else None
    target = ruling.target
    if sample is None or target is None or ruling.value is None or isinstance(goal.target, Baseline):
        return
    aim = target.nearest(ruling.value)
    itself = target.met_by(aim) == target.met_by(ruling.value)
    size = size_that_shows(sample, aim / sample.whole(measured.unit), itself=itself)
    yield say("would show", size=size) if size else say("would not show")


def drift(goal: Goal, measured: Measurement, ruling: Ruling, earlier: Ruling | None) -> Iterator[Reason]:
    """Yield how a first figure differs from that of an earlier sample, and what the next sample could show."""
    sample = ruling.figure.sample if ruling.figure else None
    if sample is None:
        return
    before = earlier.figure.sample if earlier and earlier.figure else None
    if earlier and before and earlier.verdict is Verdict.BASELINE and earlier.period != ruling.period:
        broken = break_between(goal, ruling.period, earlier.period, ruling.groups)
        yield broken or _changed(measured, sample, earlier, before)
    yield from _next(sample, measured.unit)


def _changed(measured: Measurement, sample: Sample, earlier: Ruling, before: Sample) -> Reason:
    assert earlier.value is not None
    unit = measured.unit
    change = difference(sample, before).times(sample.whole(unit))
    low, high = (
        Words(number(bound, "en", unit.decimals), number(bound, "da", unit.decimals))
        for bound in (change.interval.low, change.interval.high)
    )
    points = attrs.evolve(POINTS, decimals=unit.decimals) if unit.en == "%" else unit
    said = {"was": Quantity(earlier.value, unit), "change": Quantity(change.value, points), "low": low, "high": high}
    if change.shown:
        return say("change shown", earlier=earlier.period, **said)
    return say("change not shown", earlier=earlier.period, **said)


def _next(sample: Sample, unit: Unit) -> Iterator[Reason]:
    """Yield what the next sample of the same size could show; a share of none cannot fall, one of all cannot rise."""
    found = detectable_change(sample).times(sample.whole(unit))
    if found.fall is not None:
        yield say("next fall", size=found.size, number=Quantity(found.fall, unit))
    elif sample.share > 0:
        yield say("next no fall", size=found.size)
    if found.rise is not None:
        yield say("next rise", size=found.size, number=Quantity(found.rise, unit))
    elif sample.share < 1:
        yield say("next no rise", size=found.size)
