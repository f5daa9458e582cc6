"""Judging a goal over a period: its figure and the figures of its parts, each held against the target."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import Any, Final

import attrs
import numpy as np

from casequality.days import Period
from casequality.errors import GoalError, UsageError, Words
from casequality.evidence import Budget, Cohorts, budget, decimals_of, number
from casequality.goals.combining import combine, cut_unjudged
from casequality.goals.definition import (
    Baseline,
    Goal,
    Quantity,
    Reason,
    Ruling,
    Unstated,
    Verdict,
    called,
    say,
    so_far,
)
from casequality.goals.evaluate import evaluate
from casequality.goals.preconditions import Promised, break_between, has_ended, hindrance
from casequality.metrics import NO, YES, Figure, Measurement, Reading, Unit, conclude, limits_in
from casequality.showing import Showable, StyledCell, TextTable

HALF_YEARS_BACK: Final = 4


@attrs.frozen(kw_only=True)
class Judgement(Ruling, Showable):
    """The verdict on a goal over a period.

    parts: the ruling on each month, or whatever the goal is judged for. readings: how the goal's words were read;
    assumed: those of them that nobody chose. shares_cases: whether its figure is a share of all cases, each counted
    once. look: what counts its cohorts, once they are asked for.
    """

    goal: Goal
    unit: Unit
    parts: tuple[Ruling, ...] = ()
    readings: dict[str, str] = attrs.field(factory=dict)
    assumed: tuple[str, ...] = ()
    shares_cases: bool = attrs.field(default=False, repr=False)
    look: Callable[[], Cohorts | None] | None = attrs.field(default=None, repr=False, eq=False)

    @property
    def cohorts(self) -> Cohorts | None:
        """Open cases beside the figure of a time goal: closed, with overdue, matured and estimated; None without.

        They are counted when they are first asked for; a source that can be read again is read for the time of each
        case.
        """
        return self.look() if self.look else None

    @property
    def budget(self) -> Budget | None:
        """What the figure can still become, and how many open cases may still count against the target.

        Records in doubt are told beside the open cases; of a period that is not over only what is known so far.
        None for a figure that is no share of cases, a target that is none of at least, at most, above and below, and
        where a record in doubt can do other than turn out either way: the figure's own bounds then say what it can be.
        """
        if not self.shares_cases or self.target is None or not self.denominator:
            return None
        compared = self.target.comparison
        if compared == "exactly" or compared == "between":
            return None
        assert self.numerator is not None
        share = self.target.number / self.unit.scale
        still = self.doubt.get("open", 0)
        found = budget(
            self.numerator,
            self.denominator - self.numerator,
            still,
            share,
            compared=compared,
            doubtful=sum(self.doubt.values()) - still,
            running=self.verdict is Verdict.NOT_DUE_YET,
        )
        ends = found.least * self.unit.scale, found.most * self.unit.scale
        return found if (self.low, self.high) == ends else None

    @property
    def _target_words(self) -> Words:
        if self.target is not None:
            return self.target.words(self.unit)
        return self.goal.target.words() if self.goal.target else Verdict.BASELINE.words

    def text_table(self, lang: str) -> TextTable:
        """Return the goal, its figure with what it lies between, the verdict, and the reasons."""
        english = lang == "en"

        def written(exact: Fraction | None) -> str:
            if exact is None:
                return ""
            apart = [self.target.nearest(exact)] if self.target else []
            return self.unit.counted(number(exact, lang, decimals_of(exact, self.unit, apart)), lang)

        ends = " \N{EN DASH} ".join(written(end) or "..." for end in (self.low, self.high)) if self.bounded else ""
        facts = {
            "period" if english else "periode": self.period.title(lang),
            "target" if english else "måltal": self._target_words[lang],
            "value" if english else "resultat": written(self.value),
            "between" if english else "mellem": ends,
            "verdict" if english else "vurdering": StyledCell(self.verdict.words[lang], tone=self.verdict.tone),
        }
        reasons = dict.fromkeys((*self.reasons, *self.could_flip))
        title = self.goal.title[lang] if self.goal.title else self.goal.metric
        return TextTable.of_facts(f"{title} ({self.goal.id})", facts, lang, [reason[lang] for reason in reasons])

    def to_dict(self) -> dict[str, Any]:
        """Return the judgement as plain data, its parts too."""
        return {
            "goal": self.goal.id,
            "metric": self.goal.metric,
            "source": self.goal.source,
            "unit": self.unit.name,
            **Ruling.to_dict(self),
            "target": "baseline" if self.goal.target is None else str(self.goal.target),
            "aggregate": self.goal.aggregate,
            "parts": [part.to_dict() for part in self.parts],
            "readings": dict(self.readings),
            "assumed_readings": list(self.assumed),
        }


def judge(
    goal: Goal, measured: Measurement, period: Period, promised: Promised | None = None, *, beside: bool = True
) -> Judgement:
    """Return the verdict on a goal over a period; on the whole year, say, that it ends, where it is judged by years.

    Within such a year the figure so far is shown and not judged.
    measured: figures of the goal's metric under its readings; their tally must tell apart `goal.groups`, have an edge
    at both ends of all `goal.periods(period)`, and hold the records of an earlier period that the goal names.
    promised: the units from which the source promises records in every period; without one, nothing is judged.
    beside: whether the latest half-year of which all cases have fallen due is told too, which judges nothing.
    """
    _check_tally(goal, measured)
    asked, period = period, _judged_for(goal, measured, period)
    [whole] = _rulings(goal, measured, period, ())
    parts = cut_unjudged(goal, measured, _rulings(goal, measured, period, goal.each)) if goal.each else ()
    parts = tuple(_complete(goal, part, promised) for part in parts)
    ruling = combine(goal, measured, _complete(goal, whole, promised), parts)
    # a part that is complete and has missed decides, whatever a unit that lacks would add
    if ruling.verdict is not Verdict.MISSED:
        ruling = _complete(goal, ruling, promised)
    ended = goal.whole_of(asked) == period and has_ended(measured, period)
    told = [say("judged whole", whole=period, asked=asked)] if ended else []
    due = _all_due(goal, measured, ruling) if beside else ()
    ruling = attrs.evolve(ruling, reasons=(*told, *ruling.reasons, *due))
    return Judgement(
        **attrs.asdict(ruling, recurse=False),
        goal=goal,
        unit=measured.unit,
        parts=parts,
        readings=dict(measured.reading.chosen),
        assumed=measured.reading.assumed,
        shares_cases=_shares_cases(measured.reading, ruling),
    )


def _shares_cases(reading: Reading, ruling: Ruling) -> bool:
    """Say whether a figure is a share of all cases, of which each row is one."""
    statistic, figure = reading.metric.statistic, ruling.figure
    if not statistic.is_share or not statistic.by_case or statistic.joins_facets or reading.sampled or figure is None:
        return False
    settled = sum(rows for name, rows in figure.outcomes.items() if reading.roles.get(name) in (YES, NO))
    return settled == ruling.denominator


def _judged_for(goal: Goal, measured: Measurement, asked: Period) -> Period:
    """Return the period that is judged where one is asked for: the year, say, that it ends, or the year so far."""
    whole = goal.whole_of(asked)
    if whole is None or (has_ended(measured, whole) and whole.end != asked.end):
        return asked
    return whole if whole.end == asked.end else so_far(whole, asked)


def _all_due(goal: Goal, measured: Measurement, ruling: Ruling) -> Iterator[Reason]:
    """Yield the latest half-year of which every case has fallen due, beside a figure of which some have not."""
    if not ruling.doubt.get("open") or (ruling.period.kind != "half-year" and goal.grain != "year"):
        return
    plain, first = attrs.evolve(goal, target=None), ruling.period.last.replace(month=1, day=1)
    halves = Period(first, first.replace(first.year + 1)).parts("half-year")
    half = next(each for each in halves if ruling.period.last in each)
    for _ in range(HALF_YEARS_BACK):
        half = half.previous()
        [found] = _rulings(plain, measured, half, ())
        if found.value is not None and not found.doubt.get("open") and not break_between(goal, ruling.period, half, {}):
            yield say("all due", period=half, value=Quantity(found.value, measured.unit))
            return


def _complete(goal: Goal, ruling: Ruling, promised: Promised | None) -> Ruling:
    """Return a ruling as incomplete where a unit lacks: its figure is one of fewer cases."""
    asked = {**goal.where, **{field: (label,) for field, label in ruling.groups.items()}}
    missing = promised.missing(ruling.period, asked) if promised else ()
    if not missing or ruling.verdict is Verdict.NOT_DUE_YET:
        return ruling
    why = say("missing units", units=missing, period=ruling.period)
    return attrs.evolve(ruling, verdict=Verdict.INCOMPLETE, reasons=(why,), could_flip=())


def judge_undelivered(
    goal: Goal, reading: Reading, period: Period, as_of_day: np.datetime64, why: Words, *, said: str = "not delivered"
) -> Judgement:
    """Return what can be said of a goal whose source nobody handed over: that it is missing, and why.

    said: "not in the store" where what a store keeps does not give its figure.
    """
    lacking = say(said, source=goal.source, why=why)
    if np.datetime64(period.end, "D") <= as_of_day:
        return unjudged(goal, reading, period, Verdict.INCOMPLETE, lacking)
    return unjudged(goal, reading, period, Verdict.NOT_DUE_YET, say("not over", last=period.last), lacking)


def unjudged(goal: Goal, reading: Reading, period: Period, verdict: Verdict, *reasons: Reason) -> Judgement:
    """Return a judgement without a figure, and why there is none."""
    return Judgement(
        period=period,
        verdict=verdict,
        reasons=reasons,
        goal=goal,
        unit=reading.metric.unit,
        readings=dict(reading.chosen),
        assumed=reading.assumed,
    )


def _rulings(goal: Goal, measured: Measurement, period: Period, by: Sequence[str]) -> tuple[Ruling, ...]:
    # records without a label are no part of their own that could be held against a target
    named = [each for each in _figures(goal, measured, [period], by) if None not in each.groups.values()]
    earlier = _earlier(goal, measured, named)
    rulings = [evaluate(goal, measured, figure, before) for figure, before in zip(named, earlier, strict=True)]
    return (*rulings, *_absent(goal, measured, period, by, named))


def _earlier(goal: Goal, measured: Measurement, figures: Sequence[Figure]) -> Sequence[Ruling | None]:
    """Return the ruling on the figure that each is held against or, a first sample, set beside; None for none."""
    beside = isinstance(goal.target, Unstated) and bool(goal.target.beside)
    compared = isinstance(goal.target, Baseline) or beside or (goal.target is None and measured.reading.sampled)
    if not compared or not figures:
        return [None] * len(figures)
    periods = [goal.period_before(figure.period) for figure in figures]
    found = _figures(goal, measured, list(dict.fromkeys(periods)), tuple(figures[0].groups))
    first_measurement = attrs.evolve(goal, target=None)
    rulings = [evaluate(first_measurement, measured, figure) for figure in found]
    return [
        next((each for each in rulings if each.period == period and each.groups == figure.groups), None)
        for period, figure in zip(periods, figures, strict=True)
    ]


def _figures(goal: Goal, measured: Measurement, periods: Sequence[Period], by: Sequence[str]) -> list[Figure]:
    metric = measured.reading.metric
    most, heaviest = (
        getattr(metric if getattr(goal, name) is None else goal, name) for name in ("at_most", "heaviest")
    )
    limits = limits_in(metric.unit, metric.at_least, most, heaviest)
    grid, found = measured.figures.counts.grid, measured
    if (
        by or grid.shown or grid.periods != tuple(periods) or grid.limits != limits
    ):  # else these are the figures asked for
        found = conclude(
            measured.tally, measured.reading, by=by, periods=periods, as_of_day=measured.as_of_day, limits=limits
        )
    return [figure for figure in found if figure.facet == goal.facet]


def _absent(
    goal: Goal, measured: Measurement, period: Period, by: Sequence[str], found: Sequence[Figure]
) -> list[Ruling]:
    """Return a ruling for each part that no record belongs to."""
    absent = []
    for field in goal.groups if by else ():
        for label in goal.where.get(field, ()):
            if label not in {figure.groups[field] for figure in found}:
                named = called(label, measured.reading.metric, "en"), called(label, measured.reading.metric, "da")
                why = say("label absent", field=field, label=Words(*named), period=period)
                absent.append(Ruling(period=period, groups={field: label}, verdict=Verdict.NO_DATA, reasons=(why,)))
    if found or absent or (goal.groups and by):
        return absent
    grain = goal.grain if by else None
    for each in period.parts(grain) if grain else (period,):
        hindered = hindrance(measured, each, None)
        assert hindered is not None
        absent.append(Ruling(period=each, verdict=hindered[0], reasons=(hindered[1],)))
    return absent


def _check_tally(goal: Goal, measured: Measurement) -> None:
    tally = measured.tally
    lacking = [name for name in goal.groups if name not in tally.assumed.groups]
    if lacking:
        raise UsageError(
            "A goal is judged for groups that its tally does not tell apart",
            where=f"goal {goal.id}",
            got=", ".join(lacking),
            allowed=tally.assumed.groups or "none",
            remedy="tally by goal.groups",
        )
    if measured.facets and goal.facet not in measured.facets:
        raise GoalError(
            "The metric gives several figures, and the goal does not name one of them",
            where=f"goal {goal.id}",
            got=goal.facet or "no facet",
            allowed=measured.facets,
            remedy='add facet = "..." with one of these',
        )
