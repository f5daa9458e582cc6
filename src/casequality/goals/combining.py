"""One verdict of several parts: the parts of a period each for itself, or their mean."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from operator import attrgetter
from typing import Final

import attrs
import numpy as np

from casequality.errors import Words
from casequality.goals.definition import Bound, Goal, Reason, Ruling, Verdict, called, fields_called, say
from casequality.goals.evaluate import shown_by, verdict_on
from casequality.goals.preconditions import breaks_inside, say_not_shown
from casequality.metrics import Measurement, Metric

EACH: Final = {
    "month": Words("months", "måneder"),
    "quarter": Words("quarters", "kvartaler"),
    "half-year": Words("half-years", "halvår"),
    "year": Words("years", "år"),
}


def combine(goal: Goal, measured: Measurement, whole: Ruling, parts: Sequence[Ruling]) -> Ruling:
    """Return the ruling on a goal from that on the whole period and those on its parts."""
    cut = _cut(goal, measured, whole)
    if cut is not None:
        return _unjudged(whole, cut)
    if goal.aggregate == "pooled" or whole.verdict is Verdict.NOT_DUE_YET:
        return whole
    if not parts:
        return _without_parts(goal, measured.reading.metric, whole)
    metric = measured.reading.metric
    ruling = _each(goal, metric, whole, parts) if goal.aggregate == "each" else _mean(goal, measured, whole, parts)
    told = dict.fromkeys((*ruling.reasons, *breaks_inside(goal, whole.period, {})))
    return attrs.evolve(ruling, reasons=tuple(told))


def cut_unjudged(goal: Goal, measured: Measurement, parts: Sequence[Ruling]) -> tuple[Ruling, ...]:
    """Return the rulings on the parts of a goal, with no verdict on a part that the period cuts: half a year, say."""
    cuts = [_cut(goal, measured, part) for part in parts]
    return tuple(part if cut is None else _unjudged(part, cut) for part, cut in zip(parts, cuts, strict=True))


def _unjudged(ruling: Ruling, why: tuple[Verdict, Reason]) -> Ruling:
    return attrs.evolve(ruling, verdict=why[0], reasons=(why[1],), could_flip=())


def _cut(goal: Goal, measured: Measurement, ruling: Ruling) -> tuple[Verdict, Reason] | None:
    """Return why a period that cuts a year, say, gives no verdict on a goal that is judged by years."""
    if goal.grain is None:
        return None
    *_, last = ruling.period.parts(goal.grain)
    if all(part.kind == goal.grain for part in ruling.period.parts(goal.grain)):
        return None
    year = attrs.evolve(
        last, first=last.first.replace(month=1, day=1), end=last.first.replace(last.first.year + 1, 1, 1)
    )
    full = next(part for part in year.parts(goal.grain) if last.last in part)
    verdict = Verdict.NOT_COMPARABLE if np.datetime64(full.end, "D") <= measured.as_of_day else Verdict.NOT_DUE_YET
    if verdict is Verdict.NOT_DUE_YET and ruling.period.first == full.first and ruling.period.end <= full.end:
        return verdict, say("so far", each=EACH[goal.grain], period=ruling.period)
    return verdict, say("not whole", each=EACH[goal.grain], period=ruling.period)


def _without_parts(goal: Goal, metric: Metric, whole: Ruling) -> Ruling:
    """Return the ruling where no record says which part it belongs to."""
    rows = whole.figure.rows if whole.figure else 0
    reasons = (say("unlabelled", rows=rows, fields=fields_called(goal.groups, metric)),) if rows else whole.reasons
    return Ruling(period=whole.period, verdict=Verdict.NO_DATA, reasons=reasons, figure=whole.figure)


def _binding(parts: Sequence[Ruling]) -> Verdict:
    return min((part.verdict for part in parts), key=attrgetter("binds"))


def _each(goal: Goal, metric: Metric, whole: Ruling, parts: Sequence[Ruling]) -> Ruling:
    """Return the ruling where every part must meet the target; its numbers are those of the worst part."""
    if len(parts) == 1 and parts[0].period == whole.period and not parts[0].groups:
        return parts[0]
    verdict = _binding(parts)
    deciding = [part for part in parts if part.verdict is verdict]
    worst = min(deciding, key=lambda part: math.inf if part.margin is None else part.margin)
    reasons = [say("parts met", met=sum(part.verdict is Verdict.MET for part in parts), parts=len(parts))]
    if verdict is Verdict.MISSED:
        reasons.append(say("parts missed", parts=_names(goal, metric, deciding)))
    elif verdict is not Verdict.MET:
        reasons += [say("parts lacking", parts=_names(goal, metric, deciding)), *worst.reasons]
    if worst.margin is not None:
        reasons.append(say("worst part", part=_names(goal, metric, [worst])))
    flips = _flips(deciding)
    return attrs.evolve(
        worst, period=whole.period, groups={}, verdict=verdict, reasons=tuple(reasons), could_flip=flips
    )


def _mean(goal: Goal, measured: Measurement, whole: Ruling, parts: Sequence[Ruling]) -> Ruling:
    """Return the ruling on the mean of the parts' figures, which needs a figure of every part."""
    metric = measured.reading.metric
    lacking = [part for part in parts if not part.verdict.judges or part.value is None]
    if lacking:
        verdict = _binding(lacking)
        reasons = (say("parts lacking", parts=_names(goal, metric, lacking)), *lacking[0].reasons)
        return Ruling(period=whole.period, verdict=verdict, reasons=reasons, could_flip=_flips(lacking))
    value, low, high = (_mean_of([getattr(part, name) for part in parts]) for name in ("value", "low", "high"))
    mean = Ruling(period=whole.period, verdict=Verdict.BASELINE, value=value, low=low, high=high, figure=whole.figure)
    number = _mean_of([part.target.number if part.target else None for part in parts])
    if number is None or value is None or parts[0].target is None:
        return attrs.evolve(mean, verdict=parts[0].verdict, reasons=parts[0].reasons[:1])
    target = attrs.evolve(parts[0].target, number=number)
    aheads = [part.ahead or (None, None) for part in parts]
    ahead = _mean_of([least for least, _ in aheads]), _mean_of([most for _, most in aheads])
    sures = [part.sure or part.ahead or (None, None) for part in parts]
    sure = _mean_of([least for least, _ in sures]), _mean_of([most for _, most in sures])
    counted = verdict_on(target, ahead)
    mean = attrs.evolve(mean, target=target, ahead=ahead, sure=sure if measured.reading.sampled else None)
    verdict = shown_by(mean, counted)
    lacks = (say_not_shown(mean, counted, measured.unit),) if verdict is Verdict.NOT_SHOWN else ()
    met = sum(part.verdict is Verdict.MET for part in parts)
    return attrs.evolve(
        mean,
        verdict=verdict,
        margin=target.margin(value),
        reasons=(say("parts met", met=met, parts=len(parts)), *lacks),
        could_flip=_flips(parts) if verdict is Verdict.UNDECIDED else (),
    )


def _mean_of(numbers: Sequence[Bound]) -> Bound:
    """Return the mean, None where one of the numbers has no limit."""
    known = [number for number in numbers if number is not None]
    return sum(known, Fraction(0)) / len(known) if len(known) == len(numbers) else None


def _names(goal: Goal, metric: Metric, parts: Sequence[Ruling]) -> tuple[Words, ...]:
    """Return what each part is called: its period where the goal is judged over time, and its labels."""
    return tuple(Words(_name(goal, metric, part, "en"), _name(goal, metric, part, "da")) for part in parts)


def _name(goal: Goal, metric: Metric, part: Ruling, lang: str) -> str:
    title = [part.period.title(lang)] if goal.grain else []
    return " ".join([*title, *(called(label, metric, lang) for label in part.groups.values() if label)])


def _flips(parts: Sequence[Ruling]) -> tuple[Reason, ...]:
    """Return what keeps the parts undecided, each said once."""
    return tuple(dict.fromkeys(reason for part in parts for reason in part.could_flip))
