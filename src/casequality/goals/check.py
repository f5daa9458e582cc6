"""Whether a goal fits its metric: every reading chosen, the target in the metric's unit; and what is said where not."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any, Final

from casequality.errors import (
    LANGUAGES,
    CaseQualityError,
    GoalError,
    Text,
    UsageError,
    Words,
    text_in,
)
from casequality.goals.definition import Baseline, Goal, GoalSet, Target, called
from casequality.metrics import GRAINS, Metric, as_metric, facets_of, in_both, limits_in
from casequality.toml import Table, kind_of


class Gap(GoalError):
    """What a goal leaves open or says wrongly, told in either language."""


class GoalTable(Table):
    """A table of a goal file, of which what is missing or unknown is a gap that a committee can read of."""

    def lacks(self, key: str, remedy: Text | None) -> Gap:
        return Gap(Words(f"{key} is missing", f"{key} mangler"), where=self.where, remedy=remedy)

    def unknown(self, key: str, known: Collection[str], remedy: str) -> Gap:
        return Gap("The key is not known", where=self.where, got=key, allowed=known, remedy=remedy)

    def wrong(self, key: str, fault: CaseQualityError) -> GoalError:
        where = f"{self.where}, {key}" + (f", {fault.where}" if fault.where else "")
        return GoalError(fault.what, where=where, got=fault.got, allowed=fault.allowed, remedy=fault.remedy)

    def no_table(self, where: str, given: object) -> GoalError:
        remedy = "write it as [name] or { key = value }"
        return GoalError("A table is needed", where=where, got=kind_of(given), remedy=remedy)

    def fault(self, what: Text, **rest: Any) -> None:
        """Note a fault of this table."""
        self.faults.append(Gap(what, where=self.where, **rest))


def gap(code: str, goal: Goal, key: str, *, got: object = None, allowed: Any = None, **values: object) -> Gap:
    """Return the gap of that code in a goal's key, with its values filled in."""
    what, remedy = (_filled(words, values) for words in TEXTS[code])
    return Gap(what, where=place(goal, key), got=got, allowed=allowed, remedy=remedy)


def place(goal: Goal, key: str) -> Words:
    """Return where in a goal file something is wrong."""
    at = f"{goal.id}, {key}" if key else goal.id
    return Words(f"goal {at}", f"mål {at}")


def _in(value: Any, lang: str) -> Any:
    return value[lang] if isinstance(value, Words) else value


def _filled(words: Words, values: Mapping[str, object]) -> Words:
    english, danish = ({name: _in(value, lang) for name, value in values.items()} for lang in ("en", "da"))
    return Words(words.en.format(**english), words.da.format(**danish))


NO_CHOICE: Final = Words("no choice", "intet valg")

TEXTS: Final[Mapping[str, tuple[Words, Words]]] = {
    "same id": (
        Words("Two goals have the same id", "To mål har samme id"),
        Words("name each once, or leave one of the sets out", "nævn hvert én gang, eller udelad et af målsættene"),
    ),
    "reading open": (
        Words("The goal does not choose the reading {name}", "Målet vælger ikke læsningen {name}"),
        Words(
            'add {name} = "..." with one of these; it is open because {why}',
            'tilføj {name} = "..." med en af dem; den står åben, fordi {why}',
        ),
    ),
    "parameter kind": (
        Words("The parameter {name} is of another kind", "Indstillingen {name} er af en anden slags"),
        Words("write it like {like}", "skriv den som {like}"),
    ),
    "set twice": (
        Words(
            "The reading {name} and a parameter both set {field}",
            "Læsningen {name} og en indstilling sætter {field}",
        ),
        Words(
            "leave the parameter out: the reading makes it {value}",
            "udelad indstillingen: læsningen sætter {value}",
        ),
    ),
    "target unit": (
        Words("The target is not in the metric's unit", "Måltallet er ikke i målingens enhed"),
        Words("write the number in {unit}", "skriv tallet i {unit}"),
    ),
    "impossible share": (
        Words("A share lies between nothing and the whole", "En andel ligger mellem intet og det hele"),
        Words("correct the number", "ret tallet"),
    ),
    "wrong way": (
        Words("The target points the wrong way", "Måltallet vender den forkerte vej"),
        Words("turn the comparison: {better} is better here", "vend sammenligningen: {better} er bedre her"),
    ),
    "window open": (
        Words(
            "The goal sets a number of records and does not say over how long",
            "Målet sætter et antal registreringer og siger ikke for hvor lang tid",
        ),
        Words(
            'add each = "..." with one of these, and how the parts make a verdict: aggregate = "each" or "mean"{open}',
            'tilføj each = "..." med en af dem, og hvordan delene bedømmes: aggregate = "each" eller "mean"{open}',
        ),
    ),
    "amount limit": (
        Words("The limit at_most is no amount of this metric", "Grænsen at_most er ikke et tal for denne måling"),
        Words(
            'write a whole number in the ticks of the metric, or for a length of time a text such as "730 days"; leave '
            "it out where there is no limit",
            'skriv et helt tal i målingens egne trin, eller for en varighed en tekst som "730 days"; udelad den, hvor '
            "der ingen grænse er",
        ),
    ),
    "weight limit": (
        Words("The limit heaviest is no number of cases", "Grænsen heaviest er ikke et antal sager"),
        Words(
            "write how many cases one row stands for at most, 1 or more; leave it out where there is no limit",
            "skriv, hvor mange sager én række højst står for, 1 eller flere; udelad den, hvor der ingen grænse er",
        ),
    ),
    "facet open": (
        Words(
            "The metric gives several figures, and the goal does not name one of them",
            "Målingen giver flere tal, og målet nævner ikke et af dem",
        ),
        Words(
            'add facet = "..." with one of these: each is a figure by itself, and none is that of all{open}',
            'tilføj facet = "..." med en af dem: hvert er et tal for sig, og intet er det for alle{open}',
        ),
    ),
}


def open_because(goal_question: Text | None) -> Words:
    """Return the words of a source that leave something open, as they end a remedy; nothing where it has none."""
    if not goal_question:
        return Words("", "")
    return Words(
        f"; its source is open: {text_in(goal_question, 'en')}", f"; kilden er åben: {text_in(goal_question, 'da')}"
    )


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
        listed = _listed({way: in_both(each.says) for way, each in choice.alternatives.items()})
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
            kinds = {"got": type(value).__name__, "allowed": type(known[name]).__name__}
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
