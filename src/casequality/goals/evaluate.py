"""Holding figures against a target, exactly, with every record in doubt at its worst and best."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import attrs

from casequality.goals.definition import (
    Baseline,
    Bound,
    Bounds,
    Goal,
    Quantity,
    Reason,
    Ruling,
    Target,
    Unstated,
    Verdict,
    fields_called,
    marks_called,
    number,
    say,
)
from casequality.goals.preconditions import (
    beside,
    break_between,
    breaks_inside,
    drift,
    hindrance,
    interval_of,
    other_length,
    part_of_series,
    samples_between,
    say_not_shown,
    sure_ahead,
    tipping,
    told,
    would_show,
)
from casequality.metrics import Figure, Measurement, Unit


def evaluate(goal: Goal, measured: Measurement, figure: Figure, earlier: Ruling | None = None) -> Ruling:
    """Return the ruling on one figure: its bounds are the figure's own, and are only compared with a target here.

    earlier: the ruling on the figure that a baseline goal is held against. The figure of the very period that others
    are held against is a first measurement.
    """
    if isinstance(goal.target, Baseline) and goal.target.period_for(figure.period) == figure.period:
        goal = attrs.evolve(goal, target=None)
    unit, value = measured.unit, figure.value
    target = _target(goal, earlier, unit)
    exact = None if value.exact is None else value.exact * unit.scale
    low, high = _times(value.low, unit.scale), _times(value.high, unit.scale)
    samples = samples_between(figure.sample, (value.low, value.high), figure.doubt)
    ruling = Ruling(
        period=figure.period,
        groups=figure.groups,
        verdict=Verdict.BASELINE,
        value=exact,
        numerator=value.numerator,
        denominator=value.denominator,
        low=low,
        high=high,
        bounded=value.possible,
        target=target,
        margin=target.margin(exact) if target and exact is not None else None,
        ahead=_ahead(goal.target, target, (low, high), earlier) if value.possible else None,
        figure=figure,
        samples=samples,
        interval=interval_of(samples, unit) if samples else None,
    )
    hindered = hindrance(measured, figure.period, figure) or _not_comparable(goal, measured, figure, earlier)
    if hindered is None:
        return _judged(goal, measured, ruling, earlier)
    verdict, why = hindered
    if verdict is Verdict.UNDECIDED and ruling.ahead is not None and ruling.target is not None:
        # without a figure of its own, every way of settling the records may still lie on one side of the target
        verdict = verdict_on(ruling.target, ruling.ahead)
        if verdict is not Verdict.UNDECIDED:
            return attrs.evolve(ruling, verdict=verdict, reasons=(why, say("stands", rows=_doubtful(ruling))))
    flips = tuple(_in_doubt(goal, measured, ruling, earlier)) if verdict is Verdict.UNDECIDED else ()
    return attrs.evolve(ruling, verdict=verdict, reasons=(why,), could_flip=flips)


def verdict_on(target: Target, ahead: Bounds) -> Verdict:
    """Return the verdict on a figure that is ahead of its target by something between two bounds."""
    # what is ahead is less the target already, so it is held against nothing
    met = attrs.evolve(target, number=Fraction(0)).over(*ahead)
    return Verdict.UNDECIDED if met is None else Verdict.MET if met else Verdict.MISSED


def _judged(goal: Goal, measured: Measurement, ruling: Ruling, earlier: Ruling | None) -> Ruling:
    unit, sampled = measured.unit, measured.reading.sampled
    part = part_of_series(measured, ruling.period)
    notes = (*([part] if part else []), *breaks_inside(goal, ruling.period, ruling.groups))
    notes = (*(told(measured, ruling) if sampled else ()), *notes)
    if isinstance(goal.target, Unstated):
        if goal.target.beside and goal.period_before(ruling.period) == ruling.period:
            return attrs.evolve(ruling, reasons=(say("first measurement"), *notes))
        notes = (*beside(goal, measured, ruling, earlier), *notes)
        return attrs.evolve(ruling, verdict=Verdict.NOT_IN_THE_SOURCE, reasons=(say("target unstated"), *notes))
    if goal.target is None or ruling.target is None or ruling.ahead is None:
        changes = drift(goal, measured, ruling, earlier) if sampled else ()
        return attrs.evolve(ruling, reasons=(say("first measurement"), *notes, *changes))
    verdict = verdict_on(ruling.target, ruling.ahead)
    notes = (*_close_calls(ruling, unit, measured), *notes)
    if verdict is Verdict.UNDECIDED:
        assert ruling.value is not None
        counted = Verdict.MET if ruling.target.met_by(ruling.value) else Verdict.MISSED
        quantity = Quantity(ruling.value, unit, ruling.target.nearest(ruling.value))
        as_counted = say("as counted", value=quantity, verdict=counted.words)
        reasons = tuple(filter(None, (as_counted, tipping(ruling, measured, _doubtful(ruling)), *notes)))
        flips = tuple(_in_doubt(goal, measured, ruling, earlier))
        return attrs.evolve(ruling, verdict=verdict, reasons=reasons, could_flip=flips)
    rows = _doubtful(ruling)
    stands = say("stands", rows=rows) if rows else None
    ruling = attrs.evolve(ruling, sure=sure_ahead(goal.target, ruling, earlier, unit) if sampled else None)
    shown = shown_by(ruling, verdict)
    if shown is Verdict.NOT_SHOWN:
        stands = None
        notes = (say_not_shown(ruling, verdict, unit), *would_show(goal, measured, ruling), *notes)
    return attrs.evolve(ruling, verdict=shown, reasons=tuple(filter(None, (stands, *notes))))


def shown_by(ruling: Ruling, counted: Verdict) -> Verdict:
    """Return the verdict on a figure as counted, unless it is of a sample that does not show it."""
    if ruling.sure is None or ruling.target is None or counted is Verdict.UNDECIDED:
        return counted
    return Verdict.NOT_SHOWN if verdict_on(ruling.target, ruling.sure) is Verdict.UNDECIDED else counted


def _times(number: Bound, scale: Fraction) -> Bound:
    return None if number is None else number * scale


def _doubtful(ruling: Ruling) -> int:
    return sum(ruling.doubt.values())


def _target(goal: Goal, earlier: Ruling | None, unit: Unit) -> Target | None:
    if not isinstance(goal.target, Baseline):
        return goal.target if isinstance(goal.target, Target) else None
    return goal.target.target(earlier.value, unit.en) if earlier and earlier.value is not None else None


def _ahead(
    stated: Target | Baseline | Unstated | None, target: Target | None, found: Bounds, earlier: Ruling | None
) -> Bounds | None:
    if target is None:
        return None
    low, high = found
    if not isinstance(stated, Baseline):
        return _less(low, target.number), _less(high, target.number)
    assert earlier is not None
    # against the other end of the earlier figure: it may have been the greatest where this one is the least
    return _less(low, earlier.high, stated.factor), _less(high, earlier.low, stated.factor)


def _less(number: Bound, other: Bound, factor: Fraction = Fraction(1)) -> Bound:
    return None if number is None or other is None else number - factor * other


def _not_comparable(
    goal: Goal, measured: Measurement, figure: Figure, earlier: Ruling | None
) -> tuple[Verdict, Reason] | None:
    if not isinstance(goal.target, Baseline):
        return None
    before = goal.target.period_for(figure.period)
    why = break_between(goal, figure.period, before, figure.groups) or other_length(measured, figure.period, before)
    if why is None and (earlier is None or earlier.verdict is not Verdict.BASELINE):
        lacking = earlier.reasons[0] if earlier else say("no records", period=before)
        why = say("earlier unusable", earlier=before, why=lacking)
    return (Verdict.NOT_COMPARABLE, why) if why else None


def _in_doubt(goal: Goal, measured: Measurement, ruling: Ruling, earlier: Ruling | None) -> Iterator[Reason]:
    """Yield a sentence for each kind of records in doubt, and for what else leaves the figure or its target open."""
    more: dict[str, dict[str, Any]] = {
        "unlabelled": {"fields": fields_called((*goal.groups, *goal.where), measured.reading.metric)},
        "marks": {"marks": marks_called(measured.tally.accounts.marks)},
    }
    for code, rows in ruling.doubt.items():
        yield say(code, rows=rows, **more.get(code, {}))
    before = earlier if isinstance(goal.target, Baseline) else None
    if before and before.doubt:
        yield say("earlier in doubt", rows=_doubtful(before), earlier=before.period)
    if any(each and each.bounded and None in (each.low, each.high) for each in (ruling, before)):
        yield say("no limit")
    if ruling.figure and ruling.figure.value.undefined:
        yield say("may be undefined")


def _close_calls(ruling: Ruling, unit: Unit, measured: Measurement) -> Iterator[Reason]:
    """Yield what a reader should know of a figure that lies close to its target."""
    assert ruling.target is not None
    if ruling.value is None:
        return
    aim, decimals = ruling.target.nearest(ruling.value), unit.decimals
    # the exact figures differ and their texts do not: a reader would see a target met or missed by nothing
    if ruling.value != aim and number(ruling.value, "en", decimals) == number(aim, "en", decimals):
        yield say("rounding", value=Quantity(ruling.value, unit, aim))
    moved = ruling.sensitive
    if moved and measured.reading.metric.statistic.by_case and ruling.numerator is not None and ruling.denominator:
        low, high = (Fraction(ruling.numerator + sign * moved, ruling.denominator) * unit.scale for sign in (-1, 1))
        if ruling.target.over(low, high) is None:
            yield say("calendar", rows=moved)
