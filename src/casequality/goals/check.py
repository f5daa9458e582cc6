"""Whether a goal fits its metric: every reading chosen, every field known, the target in the metric's unit."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Final

from casequality.errors import LANGUAGES, CaseQualityError, GoalError, UsageError, Words, kind_of
from casequality.goals.definition import Baseline, Goal, GoalSet, Target, called
from casequality.goals.gaps import NO_CHOICE, Gap, gap, open_because, place
from casequality.metrics import GRAINS, Metric, as_metric, facets_of, in_both, limits_in

SPELLINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "seconds": ("s", "second", "sekund"),
    "days": ("day", "dag"),
    "cases": ("case", "sag"),
    "calls": ("call", "opkald"),
    "index": ("",),
}
"""How a target may write a unit, beside its names."""
"""Figures of a flow that a longer period makes greater."""
WINDOWS: Final = {
    "month": Words("the number holds for a month", "antallet gælder for en måned"),
    "quarter": Words("the number holds for a quarter", "antallet gælder for et kvartal"),
    "half-year": Words("the number holds for a half-year", "antallet gælder for et halvår"),
    "year": Words("the number holds for a year", "antallet gælder for et år"),
}


def check_goals(
    goal_sets: Iterable[GoalSet], find: Callable[[str], Metric | type[Metric]]
) -> tuple[CaseQualityError, ...]:
    """Return everything that keeps goals from being judged, for all sets together.

    find: returns a metric from its id, and raises a `CaseQualityError` for one that nobody offers.
    """
    goals = [goal for each in goal_sets for goal in each.goals]
    times = Counter(goal.id for goal in goals)
    faults: list[CaseQualityError] = [
        gap("same id", goal, "") for goal in {goal.id: goal for goal in goals if times[goal.id] > 1}.values()
    ]
    for goal in goals:
        try:
            faults += check_goal(goal, find(goal.metric))
        except CaseQualityError as fault:
            fault.where = f"goal {goal.id}" + (f", {fault.where}" if fault.where else "")
            faults.append(fault)
    return tuple(faults)


def check_goal(goal: Goal, metric: Metric | type[Metric]) -> tuple[GoalError, ...]:
    """Return everything that keeps a goal from being judged on its metric; nothing is ever chosen for its author."""
    made = as_metric(metric)
    asked = (*_readings(goal, made), *_parameters(goal, made))
    facet = () if asked else _facet(goal, made.under(goal.readings, goal.parameters).metric)
    limits = _limits(goal, made)
    return (*asked, *_target(goal, made), *limits, *_window(goal, made), *facet, *_fields(goal, made))


def _readings(goal: Goal, metric: Metric) -> Iterator[Gap]:
    for name, choice in metric.readings.items():
        listed = choice.listed
        chosen = goal.readings.get(name)
        if chosen is None and len(choice.alternatives) > 1:
            yield gap(
                "reading open", goal, "readings", got=NO_CHOICE, allowed=listed, name=name, why=in_both(choice.why)
            )
        elif chosen is not None and chosen not in choice.alternatives:
            what = Words(f"The reading {name} has no such alternative", f"Læsningen {name} kan ikke vælges sådan")
            yield _unknown(what, goal, "readings", chosen, choice.alternatives, listed)
    for name in goal.readings:
        if name not in metric.readings:
            what = Words("The metric has no such reading", "Målingen har ingen sådan læsning")
            yield _unknown(what, goal, "readings", name, metric.readings)


def _parameters(goal: Goal, metric: Metric) -> Iterator[Gap]:
    known = metric.parameters()
    for name, value in goal.parameters.items():
        if name not in known:
            what = Words("The metric has no such parameter", "Målingen har ingen sådan indstilling")
            yield _unknown(what, goal, "parameters", name, known)
        # not isinstance: true is an int to Python, and no number of days
        elif known[name] is not None and type(value) is not type(known[name]):
            kinds = {"got": kind_of(value), "allowed": kind_of(known[name])}
            yield gap("parameter kind", goal, "parameters", **kinds, name=name, like=repr(known[name]))
        for reading, choice in metric.readings.items():
            alternative = choice.alternatives.get(goal.readings.get(reading, ""))
            if alternative and name in alternative.fields:
                set_to = alternative.fields[name]
                yield gap("set twice", goal, "parameters", got=value, name=reading, field=name, value=set_to)


def _target(goal: Goal, metric: Metric) -> Iterator[Gap]:
    target, unit = goal.target, metric.unit
    if not isinstance(target, Target | Baseline):
        return
    spellings = (unit.en, unit.name, unit.da, *SPELLINGS.get(unit.name, ()))
    if isinstance(target, Target) and target.unit not in spellings:
        allowed = dict.fromkeys(spellings)
        yield gap("target unit", goal, "target", got=target, allowed=allowed, unit=Words(unit.en, unit.da))
    elif (
        isinstance(target, Target)
        and metric.statistic.is_share
        and not 0 <= target.number <= target.number + target.width <= unit.scale
    ):
        yield gap("impossible share", goal, "target", got=target, allowed=f"0 to {unit.scale} {unit.en}")
    better = {"at least": True, "above": True, "at most": False, "below": False}.get(target.comparison)
    if None not in (better, metric.higher_is_better) and better is not metric.higher_is_better:
        yield gap(
            "wrong way",
            goal,
            "target",
            got=target,
            allowed="at least or above" if metric.higher_is_better else "at most or below",
            better=Words("more", "mere") if metric.higher_is_better else Words("less", "mindre"),
        )


def _limits(goal: Goal, metric: Metric) -> Iterator[Gap]:
    """Yield what is wrong with the greatest amount and the heaviest row that the goal allows."""
    for key, code, most, heaviest in (
        ("at_most", "amount limit", goal.at_most, None),
        ("heaviest", "weight limit", None, goal.heaviest),
    ):
        try:
            limits_in(metric.unit, metric.at_least, most, heaviest)
        except UsageError as fault:
            yield gap(code, goal, key, got=getattr(goal, key), allowed=fault.allowed)


def _window(goal: Goal, metric: Metric) -> Iterator[Gap]:
    """Yield a gap for a number of records, which grows with the period that it is counted over; none is none in any."""
    fixed = goal.grain is not None and goal.aggregate != "pooled"
    if metric.statistic.is_count and isinstance(goal.target, Target) and goal.target.number and not fixed:
        got = f"each = {', '.join(goal.each)}, aggregate = {goal.aggregate}" if goal.each else NO_CHOICE
        yield gap("window open", goal, "each", got=got, allowed=_listed(WINDOWS), open=_question(goal))


def _facet(goal: Goal, metric: Metric) -> Iterator[Gap]:
    """Yield what is open about the facet of a metric as it is read: a reading may decide which there are."""
    facets = facets_of(metric)
    if facets is None or goal.facet in (facets or ("",)):
        return
    if goal.facet:
        what = Words("The metric has no such figure", "Målingen har intet sådant tal")
        yield _unknown(what, goal, "facet", goal.facet, facets)
        return
    named = {name: Words(called(name, metric, "en"), called(name, metric, "da")) for name in facets}
    yield gap("facet open", goal, "facet", got=NO_CHOICE, allowed=_listed(named), open=_question(goal))


def _fields(goal: Goal, metric: Metric) -> Iterator[Gap]:
    codes = {name: field for name, field in metric.records.fields.items() if field.column_type.is_code}
    for name in goal.groups:
        if name not in codes:
            what = Words("The goal is judged for something unknown", "Målet bedømmes for noget ukendt")
            yield _unknown(what, goal, "each", name, (*GRAINS, *codes))
    for name, labels in goal.where.items():
        if name not in codes:
            what = Words("The records have no such code", "Registreringerne har ingen sådan kode")
            yield _unknown(what, goal, "where", name, codes)
            continue
        for label in labels:
            if codes[name].labels and label not in codes[name].labels:
                what = Words(f"The code {name} has no such label", f"Koden {name} har ingen sådan værdi")
                yield _unknown(what, goal, "where", label, codes[name].labels)


def _unknown(what: Words, goal: Goal, key: str, got: str, known: Collection[str], listed: Words | None = None) -> Gap:
    close = difflib.get_close_matches(got, known, 1)
    remedy = Words("use one of these", "brug en af dem") if known else Words("remove it", "fjern det")
    if close:
        remedy = Words(f"did you mean {close[0]}?", f"mente du {close[0]}?")
    allowed = listed or tuple(known) or Words("none", "ingen")
    return Gap(what, where=place(goal, key), got=got, allowed=allowed, remedy=remedy)


def _listed(ways: Mapping[str, Words]) -> Words:
    """Return alternatives with what each means."""
    english, danish = ("; ".join(f"{way}: {says[lang]}" for way, says in ways.items()) for lang in LANGUAGES)
    return Words(english, danish)


def _question(goal: Goal) -> Words:
    return open_because(goal.basis.question if goal.basis else None)
