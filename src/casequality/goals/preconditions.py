"""What stands between a figure and a verdict: days without records, a break of the series, and chance in a sample."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Final, TypeAlias

import attrs
import numpy as np

from casequality.days import Period, calendar
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
    Unstated,
    Verdict,
    called,
    number,
    say,
)
from casequality.metrics import NOT_DEFINED, OPEN, UNKNOWN, Figure, Measurement, Role, Sample, Tally, Unit

OFFICE = "dk-administrative"
"""The calendar of a rhythm in working days where the tally names none: offices are also closed on its further days."""


@attrs.frozen
class Promised:
    """The units from each of which a source promises records in every period, and the tally of all that it holds.

    units: the labels of each code, by field; the tally tells these fields apart.
    """

    units: Mapping[str, Sequence[str]]
    tally: Tally = attrs.field(repr=False)

    def missing(self, period: Period, asked: Mapping[str, Collection[str | None]]) -> tuple[str, ...]:
        """Return the units of which no record began in a period; asked: the labels that matter, where not all do."""
        assumed, began = self.tally.assumed, self.tally.part("entry")
        inside = (began >= assumed.axis.cell_of(period.first)) & (began < assumed.axis.cell_of(period.end))
        there = [self.tally.labels[group] for group in set(self.tally.part("group")[inside].tolist())]
        missing: list[str] = []
        for field, labels in self.units.items():
            found = {label[assumed.groups.index(field)] for label in there}
            missing += [label for label in labels if label in asked.get(field, labels) and label not in found]
        return tuple(missing)


def missing_days(tally: Tally, period: Period) -> tuple[dt.date, ...]:
    """Return the days of a period on which the source promises records and none began."""
    rhythm, covered = tally.accounts.expects, set(tally.accounts.covered)
    if not rhythm:
        return ()
    days = (period.first + dt.timedelta(days=count) for count in range((period.end - period.first).days))
    missing = (day for day in days if day.isoformat() not in covered)
    if rhythm == "day":
        return tuple(missing)
    counted = tally.assumed.calendar
    working = calendar(counted if counted.startswith("dk-") and "," not in counted else OFFICE)
    return tuple(day for day in missing if working.is_working(day))


Hindrance: TypeAlias = tuple[Verdict, Reason]
Groups: TypeAlias = Mapping[str, str | None]
DAYS_NAMED = 5


def has_ended(measured: Measurement, period: Period) -> bool:
    """Say whether a period had ended at the as-of."""
    return bool(np.datetime64(period.end, "D") <= measured.as_of_day)


def hindrance(measured: Measurement, period: Period, figure: Figure | None) -> Hindrance | None:
    """Return why there can be no verdict on a figure, or None; a period without any record has no figure."""
    if not has_ended(measured, period):
        return Verdict.NOT_DUE_YET, say("not over", last=period.last)
    begins = measured.reading.metric.begins
    if begins is not None and period.end <= begins:
        return Verdict.NOT_COMPARABLE, say("before the series", first=begins, period=period)
    missing = missing_days(measured.tally, period)
    if missing:
        named: tuple[dt.date | str, ...] = missing[:DAYS_NAMED]
        days = (*named, "...") if len(missing) > DAYS_NAMED else named
        return Verdict.INCOMPLETE, say("missing days", count=len(missing), days=days)
    if not measured.tally.assumed.doubts_kept:
        return Verdict.UNDECIDED, say("doubts not kept")
    statistic = measured.reading.metric.statistic
    if figure is None or (not figure.rows and not figure.doubt and not statistic.counts_nothing):
        return Verdict.NO_DATA, say("no records", period=period)
    if figure.value.exact is not None:
        return None
    if figure.value.reason == NOT_DEFINED and figure.value.certain_of_none:
        return Verdict.NO_DATA, say("divided by none", period=period)
    if not figure.value.possible:
        return Verdict.NO_DATA, say("nothing counts", rows=figure.rows, period=period)
    return Verdict.UNDECIDED, _only_doubt(measured, period, figure)


def _only_doubt(measured: Measurement, period: Period, figure: Figure) -> Reason:
    """Return what is so of a figure that has no value and could have one."""
    doubtful, roles = sum(figure.doubt.values()), measured.reading.roles
    if not figure.rows:
        return say("only doubt", rows=doubtful, period=period)
    if all(roles.get(name, UNKNOWN) in (OPEN, UNKNOWN) for name, rows in figure.outcomes.items() if rows):
        return say("nothing settled", rows=figure.rows, period=period)
    return say("nothing certain", rows=figure.rows, doubtful=doubtful, period=period)


def part_of_series(measured: Measurement, period: Period) -> Reason | None:
    """Return which days of a period its figure holds, where the series begins inside it."""
    begins = measured.reading.metric.begins
    if begins is None or not period.first < begins < period.end:
        return None
    return say("part of the series", first=begins, last=period.last, period=period)


def breaks_inside(goal: Goal, period: Period, groups: Groups) -> tuple[Reason, ...]:
    """Return the series breaks inside a period, which the figure of some groups does not show."""
    return tuple(
        say("break inside", day=each.on, period=period, note=each.note)
        for each in goal.series_breaks
        if period.first < each.on < period.end and each.touches(groups)
    )


def break_between(goal: Goal, period: Period, earlier: Period, groups: Groups) -> Reason | None:
    """Return the series break that lies between an earlier period and the one judged, or inside one of them."""
    first, end = min(earlier.first, period.first), max(earlier.end, period.end)
    for each in goal.series_breaks:
        if first < each.on < end and each.touches(groups):
            return say("break between", day=each.on, earlier=earlier, period=period, note=each.note)
    return None


def beside(goal: Goal, measured: Measurement, ruling: Ruling, earlier: Ruling | None) -> Iterator[Reason]:
    """Yield the first measurement that a figure without a target is shown beside, or why it cannot be."""
    if not isinstance(goal.target, Unstated) or not goal.target.beside:
        return
    before = goal.period_before(ruling.period)
    broken = break_between(goal, ruling.period, before, ruling.groups) or other_length(measured, ruling.period, before)
    if broken is not None:
        yield broken
    elif earlier is None or earlier.value is None:
        lacking = earlier.reasons[0] if earlier and earlier.reasons else say("no records", period=before)
        yield say("earlier unusable", earlier=before, why=lacking)
    else:
        yield say("beside first", earlier=before, was=Quantity(earlier.value, measured.unit))


def other_length(measured: Measurement, period: Period, earlier: Period) -> Reason | None:
    """Return why a number of cases cannot be held against that of a longer or shorter period, None where it can."""
    if not measured.reading.metric.statistic.is_count or _length(period) == _length(earlier):
        return None
    return say("other length", period=period, earlier=earlier)


def _length(period: Period) -> tuple[int, int]:
    """Return a period's whole months, or its days where it is not made of months."""
    if period.first.day == period.end.day == 1:
        return (period.end.year - period.first.year) * 12 + period.end.month - period.first.month, 0
    return 0, (period.end - period.first).days


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


def tipping(ruling: Ruling, measured: Measurement, doubtful: int) -> Reason | None:
    """Return the average at which the records in doubt turn the verdict on a mean; None for no such average.

    doubtful: how many records of the figure are in doubt, whatever the reason.
    """
    added = sum(rows for code, rows in ruling.doubt.items() if code not in ("marks", "orphans"))
    if not measured.reading.metric.statistic.is_mean or not added or added != doubtful:
        return None
    assert ruling.target is not None
    assert ruling.value is not None
    known, unit = ruling.denominator or 0, measured.unit
    average = (ruling.target.nearest(ruling.value) * (known + added) - ruling.value * known) / added
    if average <= 0:
        return None
    side = Words("above", "over") if average > ruling.value else Words("below", "under")
    at = Quantity(average, attrs.evolve(unit, decimals=0) if average.denominator == 1 else unit)
    return (
        say("turns at one", side=side, tipping=at) if added == 1 else say("turns at", rows=added, side=side, tipping=at)
    )


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
