"""What keeps a figure from being judged at all, checked before it is held against a target."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TypeAlias

import numpy as np

from casequality.days import Period
from casequality.goals.coverage import missing_days
from casequality.goals.goal import Goal
from casequality.goals.reasons import Reason, say
from casequality.goals.verdict import Verdict
from casequality.metrics.figures import Figure
from casequality.metrics.measurement import Measurement
from casequality.metrics.outcomes import OPEN, UNKNOWN
from casequality.metrics.statistics import NOT_DEFINED

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
