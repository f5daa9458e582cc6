"""A goal under every admissible reading of its words: what each gives, which records move, what turns the verdict."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import islice, product
from pathlib import Path
from typing import Any, ClassVar, Final

import attrs
import numpy as np
import numpy.typing as npt

from casequality.days import Period
from casequality.days import period as parse_period
from casequality.desk.jobs import Job, ReadyGoal, load_goals, only, only_ready
from casequality.desk.offered import COPENHAGEN, Further, as_source, catalogue, find_metric, rules
from casequality.engines import Engine, Progress, find_engine
from casequality.errors import LANGUAGES, Words
from casequality.evidence import Finding, say
from casequality.goals import Goal, GoalSet, Judgement, Verdict, decimals_apart, judge, number
from casequality.host import Catalogue
from casequality.metrics import AsOf, Measurement, Metric, Role, Tally, Unit, conclude
from casequality.reports import Table, consequence
from casequality.showing import Showable, TextTable, session_language

MOST: Final = 64
"""So many readings are tried, those that change least first."""
NO_FIGURE: Final = Words("no figure", "intet tal")
HEADERS: Final = {
    "en": ("Reading", "Figure", "Verdict", "Records that move"),
    "da": ("Læsning", "Tal", "Vurdering", "Sager, der flytter sig"),
}
AS_IT_IS: Final = Words("as the goal reads", "som målet læses")
AT_LEAST: Final = Words("at least {rows}", "mindst {rows}")
NOT_KNOWN: Final = Words("not known", "vides ikke")
ROBUST: Final = Words("Robust", "Robust")
UNSETTLED: Final = Words("No reading settles it", "Ingen læsning afgør det")
BOTH: Final = Words("both readings", "begge læsninger")


@attrs.frozen(kw_only=True)
class ReadAs:
    """The figure and the verdict under one reading.

    changed: the choices that it makes otherwise than the goal. moves: how many records count otherwise than under the
    goal's own reading; `at_least` so many where it sets fields of the metric, since then no tally tells which.
    figures: those of a reading that makes one choice otherwise, None for the others.
    """

    readings: Mapping[str, str]
    changed: tuple[str, ...]
    verdict: Verdict
    value: Fraction | None
    moves: int
    at_least: bool = False
    judgement: Judgement = attrs.field(repr=False)
    figures: Measurement | None = attrs.field(default=None, repr=False)

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "readings": dict(self.readings),
            "changed": list(self.changed),
            "verdict": str(self.verdict),
            "value": None if self.value is None else float(self.value),
            "exact": None if self.value is None else str(self.value),
            "moves": self.moves,
            "moves_at_least": self.at_least,
        }


@attrs.frozen(kw_only=True, repr=False)
class Readings(Finding, Showable):
    """A goal under its own reading and under every other: whether its verdict hangs on how its words are read.

    own: as the goal reads. others: those that change least come first. possible: how many readings there are in all,
    some of which may not have been tried.
    """

    about: ClassVar[str] = "about readings"
    goal: Goal
    metric: Metric
    period: Period
    own: ReadAs
    others: tuple[ReadAs, ...]
    possible: int

    def __iter__(self) -> Iterator[ReadAs]:
        return iter((self.own, *self.others))

    def __len__(self) -> int:
        return 1 + len(self.others)

    @property
    def alone(self) -> tuple[Measurement, ...]:
        """The figures of each change alone."""
        return tuple(each.figures for each in self.others if each.figures is not None)

    @property
    def fragile(self) -> bool:
        """Whether any reading gives another verdict."""
        return self.flip is not None

    @property
    def flip(self) -> ReadAs | None:
        """The smallest change that gives another verdict: of the fewest choices, then of the fewest records."""
        differing = [each for each in self.others if each.verdict is not self.own.verdict]
        return min(differing, key=lambda each: (len(each.changed), each.moves), default=None)

    @property
    def sentences(self) -> tuple[Words, ...]:
        """Robust or fragile, and by what change it turns; that some were not tried."""
        given: dict[str, Any] = {"count": len(self), "verdict": self.own.verdict.words, "value": self._value(self.own)}
        if self.possible == 1:
            first = say(
                "The words of the goal leave no choice: {verdict} ({value}).",
                "Målets ord lader intet valg åbent: {verdict} ({value}).",
                **given,
            )
        elif self.flip is None:
            first = say(
                "{how}: {verdict} ({value}) under {all}.",
                "{how}: {verdict} ({value}) under {all}.",
                **given,
                how=ROBUST if self.own.verdict.settles else UNSETTLED,
                all=say("all of the {count} readings tried", "alle {count} afprøvede læsninger", count=len(self))
                if len(self) > 2
                else BOTH,
            )
        else:
            others = sum(each.verdict is not self.own.verdict for each in self.others)
            first = say(
                "Fragile: {verdict} ({value}) as the goal reads, and otherwise under {others} of the {count} readings "
                "tried.",
                "Skrøbelig: {verdict} ({value}), som målet læses, og anderledes under {others} af de {count} afprøvede "
                "læsninger.",
                **given,
                others=others,
            )
        tried = (first, *self._turning(), *self._between())
        if self.possible == len(self):
            return tried
        untried = say("There are {all} readings in all.", "Der er {all} læsninger i alt.", all=self.possible)
        return *tried, untried

    def _turning(self) -> Iterator[Words]:
        if self.flip is not None:
            yield say(
                'The smallest change that turns it is "{change}": {verdict} ({value}); records that move: {moves}.',
                "Den mindste ændring, der vender den, er »{change}«: {verdict} ({value}); sager, der flytter sig: "
                "{moves}.",
                change=self._named(self.flip),
                verdict=self.flip.verdict.words,
                value=self._value(self.flip),
                moves=_moves(self.flip),
            )

    def _between(self) -> Iterator[Words]:
        """Yield between what the figures lie where no reading settles the verdict: it may still turn on one."""
        unit = self.own.judgement.unit
        known = [each for each in self if each.value is not None and each.judgement.unit == unit]
        known.sort(key=lambda each: each.value or 0)
        if self.flip is None and not self.own.verdict.settles and known and known[0].value != known[-1].value:
            low, high = (self._value(each) for each in (known[0], known[-1]))
            yield say(
                "The figures lie between {low} and {high}.",
                "Tallene ligger mellem {low} og {high}.",
                low=low,
                high=high,
            )

    def _named(self, read: ReadAs) -> Words:
        if not read.changed:
            return AS_IT_IS
        choices = {name: self.metric.readings[name].alternatives[read.readings[name]] for name in read.changed}
        en, da = (
            "; ".join(f"{consequence(means, lang)} ({name} = {read.readings[name]})" for name, means in choices.items())
            for lang in ("en", "da")
        )
        return Words(en, da)

    def _value(self, read: ReadAs) -> Words:
        if read.value is None:
            return NO_FIGURE
        unit: Unit = read.judgement.unit
        apart = read.judgement.target.number if read.judgement.target else None
        places = decimals_apart(read.value, apart, unit.decimals)
        return Words(*(unit.counted(number(read.value, lang, places), lang) for lang in LANGUAGES))

    def table(self, lang: str = "en") -> Table:
        """Return a row a reading: what it changes, figure, verdict, records that move."""
        rows = tuple(
            (self._named(each)[lang], self._value(each)[lang], each.verdict.words[lang], _moves(each)[lang])
            for each in self
        )
        named = f"{self.goal.title[lang]} ({self.goal.id})" if self.goal.title else self.goal.id
        caption = f"{named}, {self.period.title(lang)}"
        notes = tuple(each[lang] for each in self.sentences)
        return Table(caption=caption, headers=HEADERS[lang], rows=rows, notes=notes, lang=lang)

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain data."""
        return {
            "goal": self.goal.id,
            "period": self.period.label,
            "fragile": self.fragile,
            "flip": self.flip.to_dict() if self.flip else None,
            "readings": [each.to_dict() for each in self],
            "possible": self.possible,
            "words": self.words.to_dict(),
        }

    def text_table(self, lang: str) -> TextTable:
        """Return the table of readings, as it shows itself."""
        return self.table(lang).text_table()

    def __repr__(self) -> str:
        return self.table(session_language()).text()


def _moves(read: ReadAs) -> Words:
    if read.at_least and not read.moves:
        return NOT_KNOWN
    rows = Words(number(read.moves, "en"), number(read.moves, "da"))
    return say(AT_LEAST.en, AT_LEAST.da, rows=rows) if read.at_least else rows


def readings_of(
    goal: Goal | GoalSet | str | Path,
    data: object,
    *,
    period: str | Period,
    as_of: dt.date | str,
    name: str | None = None,
    zone: str | None = None,
    calendar: str | None = None,
    deadlines: Further = (),
    metrics: Iterable[Metric | type[Metric]] = (),
    plugins: Catalogue | None = None,
    threads: int | None = None,
    engine: Engine | str | None = None,
    progress: Progress | None = None,
) -> Readings:
    """Return the figure and the verdict of a goal under every admissible reading, each change alone and all together.

    goal: a goal, or a set or file with one; name: which, where there are several. data: the records, as for `measure`.
    Up to 64 readings are tried, those that change least first. The rest as for `assess`.
    """
    found = plugins or catalogue()
    goals = _one(GoalSet(id=goal.id, goals=(goal,)) if isinstance(goal, Goal) else goal, name, found)
    job = Job(
        goals=(goals,),
        sources={goals.goals[0].source: lambda records: as_source(data, records, {"zone": zone})},
        as_of=AsOf.at(as_of, zone=zone or COPENHAGEN, rules=rules(found, deadlines), calendar=calendar),
        plugins=found,
        metrics={metric.id: metric for metric in map(find_metric, metrics)},
    )
    judged = parse_period(period) if isinstance(period, str) else period
    return read_each_way(job, judged, find_engine(engine, threads), progress=progress)


def _one(goals: GoalSet | str | Path, name: str | None, found: Catalogue) -> GoalSet:
    """Return a goal set with the one goal that is asked for."""
    given = goals if isinstance(goals, GoalSet) else load_goals(goals, plugins=found)
    return only(given, name)


def read_each_way(job: Job, period: Period, engine: Engine, *, progress: Progress | None = None) -> Readings:
    """Return the readings of a job's only goal; its source is read once for all of them."""
    ready = only_ready(job)
    ways, possible = _ways(ready, job.find(ready.goal.metric))
    counts: list[ReadyGoal] = []
    for way in ways:
        if all(way.reading.metric != each.reading.metric for each in counts):
            counts.append(way)
    source = job.sources[ready.source](ready.reading.metric.records)
    counted, promised = job.tally(counts, source, period, engine, progress)
    kept = [way.reading.metric for way in counts]
    before = _states(counted[0][0], ready, period)
    read: list[ReadAs] = []
    for way in ways:
        tally, _ = counted[kept.index(way.reading.metric)]
        figures = conclude(tally, way.reading, periods=[period], as_of_day=job.as_of.day)
        judgement = judge(way.goal, figures, period, promised, beside=False)
        same = way.reading.metric == ready.reading.metric
        after = _states(tally, way, period)
        chosen = way.reading.chosen
        changed = tuple(name for name in chosen if chosen[name] != ready.reading.chosen[name])
        read.append(
            ReadAs(
                readings=dict(chosen),
                changed=changed,
                verdict=judgement.verdict,
                value=judgement.value,
                moves=_moved(before, after) if same else _must_move(before, after),
                at_least=not same,
                judgement=judgement,
                figures=figures if len(changed) == 1 else None,
            )
        )
    own, *others = read
    metric = ready.reading.metric
    return Readings(goal=ready.goal, metric=metric, period=period, own=own, others=tuple(others), possible=possible)


def _ways(ready: ReadyGoal, base: Metric) -> tuple[list[ReadyGoal], int]:
    """Return the goal under its own reading and the others, those that change least first, and how many there are.

    base: its metric before any reading has set a field of it.
    A reading that sets a field which the goal sets too is none: the goal itself leaves no such choice.
    """
    goal, own = ready.goal, ready.reading
    names = list(own.chosen)
    options = [[own.chosen[name], *(_others(base, name, own.chosen[name], goal))] for name in names]
    possible = int(np.prod([len(each) for each in options], dtype=object)) if options else 1
    ways = sorted(_indices([len(each) for each in options]), key=lambda way: sum(place > 0 for place in way))
    found = []
    for way in ways[:MOST]:
        chosen = {name: each[place] for name, each, place in zip(names, options, way, strict=True)}
        reading = base.under(chosen, goal.parameters)
        found.append(ReadyGoal(attrs.evolve(goal, readings=chosen), reading, ready.source))
    return found, possible


def _indices(lengths: list[int]) -> list[tuple[int, ...]]:
    """Return every choice of one place each; of very many those that change one or two."""
    if np.prod(lengths, dtype=float) <= 1 << 16:
        return list(product(*map(range, lengths)))
    none = (0,) * len(lengths)
    alone = [(*none[:at], place, *none[at + 1 :]) for at, many in enumerate(lengths) for place in range(1, many)]
    return list(islice((none, *alone), 1 << 16))


def _others(metric: Metric, name: str, own: str, goal: Goal) -> Iterator[str]:
    for other, alternative in metric.readings[name].alternatives.items():
        if other != own and not set(alternative.fields) & set(goal.parameters):
            yield other


States = tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]


def _states(tally: Tally, way: ReadyGoal, period: Period) -> States:
    """Return by cell how it counts in the period's figure, 0 where it does not, and how many rows it holds."""
    axis, facet = tally.assumed.axis, way.goal.facet
    placed = tally.part("exit" if way.reading.cohort == "closed" else "entry")
    inside = (placed >= axis.cell_of(period.first)) & (placed < axis.cell_of(period.end))
    if not way.reading.metric.statistic.joins_facets and facet in tally.facets:
        inside &= tally.part("facet") == tally.facets.index(facet)
    roles = [Role.UNKNOWN, Role.OPEN, Role.YES, Role.NO]
    played = [way.reading.roles.get(name, Role.UNKNOWN) for name in tally.assumed.outcomes]
    codes = np.array([0 if role is Role.OUT else 1 + roles.index(role) for role in played])
    return np.where(inside, codes[tally.part("outcome")], 0), tally.counted("rows")


def _moved(before: States, after: States) -> int:
    """Return how many rows of one tally count otherwise."""
    return int(before[1][before[0] != after[0]].sum())


def _must_move(before: States, after: States) -> int:
    """Return how many rows at the least count otherwise in another tally of the same records."""
    had, has = (Counter[int]() for _ in range(2))
    for counter, (states, rows) in ((had, before), (has, after)):
        for state, count in zip(states.tolist(), rows.tolist(), strict=True):
            counter[state] += count if state else 0
    return max((has - had).total(), (had - has).total())
