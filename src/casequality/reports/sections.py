"""A report as plain data in its three depths: the answer, what is said of each goal, and the annex."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

import attrs

from casequality.evidence import Drawing
from casequality.goals import AIMS as AIM_ORDER
from casequality.goals import Assessment, Judgement, NotSupplied, Reason, Unstated, Verdict
from casequality.metrics import Measurement, Unit
from casequality.reports.annex import AskedFor, Chapter, chapters, goal_tables, read_as
from casequality.reports.answer import general_work, meaning, remarks, settled_by, short_target, signed, verdict_word
from casequality.reports.development import chart, editions_of, parts_of, periods_of, trend
from casequality.reports.judgements import (
    addressed,
    as_of,
    between_of,
    flips,
    heading,
    margin,
    notes,
    target_text,
    title,
    value,
)
from casequality.reports.measurement import counted
from casequality.reports.proportion import Proportion, proportion, variations
from casequality.reports.wording import (
    AIMS,
    INTERNAL,
    Between,
    Cell,
    Phrase,
    ShownAmount,
    Table,
    Tone,
    capital,
    said,
    say,
)

Beside = Mapping[str, Sequence[Measurement]]
"""By goal id, the same measurement under other readings."""

TONES: tuple[Tone, ...] = ("good", "bad", "open", "none")
ALONE = (Verdict.MISSED, Verdict.UNDECIDED, Verdict.NOT_SHOWN)
"""The verdicts of goals that have a page each; the others share pages."""


@attrs.frozen(kw_only=True)
class GoalSection:
    """What the answer and its own page say of a goal, and its tables in the annex.

    verdict, word: the verdict, None and a word where it is withheld. absent: what stands in place of a result, "" for
    nothing. between: between what the result lies, None for no doubt. counted: of how many, "439 of 464".
    settled: whether there is a verdict that stands, and that may be told.
    meaning: what the verdict means and what is done. flips: what could turn it, and how that is settled.
    read_as: how the words of the goal were read. legend: shapes of the drawing with the verdicts that they stand for.
    measure: what it is measured by, as tables that several goals share are called.
    variation: its control chart.
    """

    anchor: str
    id: str
    title: Phrase
    aim: str
    verdict: Verdict | None
    word: str
    settled: bool
    unit: Unit
    target: str
    short_target: str
    value: ShownAmount | None
    exact: Fraction | None
    between: Between | None
    margin: ShownAmount | None
    counted: str
    meaning: str
    reasons: tuple[str, ...]
    flips: tuple[tuple[str, str], ...]
    remarks: tuple[tuple[str, str], ...]
    drawing: Drawing | None
    legend: tuple[tuple[str, str], ...]
    trend: Drawing | None
    read_as: str
    tables: tuple[Table, ...]
    variation: Drawing | None = None
    measure: str = ""
    absent: str = ""

    @property
    def tone(self) -> Tone:
        """What a reader is told of the verdict at a glance."""
        return "none" if self.verdict is None else self.verdict.tone

    @property
    def brief(self) -> ShownAmount | None:
        """The result for a line of the answer, without its unit where the target beside it has it."""
        if self.value is None or self.value.unit == "%" or self.value.unit not in self.short_target.split():
            return self.value
        return attrs.evolve(self.value, unit="")

    @property
    def alone(self) -> bool:
        """Whether it has a page of its own."""
        return self.verdict in ALONE


@attrs.frozen(kw_only=True)
class Report:
    """A report in one language, as every format walks it: the answer, the goals' own pages, and the annex.

    audience: for whom it is: for internal use, or under which policy it is published. manifest: what it was made of, as
    plain data for an HTML page, None where that is not known.
    name, as_of, addressed: its title, what was known when, and who gets it when. introduction, general_work: texts of
    the edition with their writers, "" where there are none. goals: in order.
    targeted: whether any of them is judged. not_supplied: goals that the source names and leaves out.
    """

    lang: str
    name: str
    audience: str
    as_of: str
    addressed: tuple[tuple[str, str], ...]
    introduction: str
    general_work: str
    goals: tuple[GoalSection, ...]
    targeted: bool
    not_supplied: tuple[NotSupplied, ...]
    notes: tuple[str, ...]
    annex: tuple[Chapter, ...]
    made_with: Mapping[str, str]
    manifest: Mapping[str, Any] | None = None

    @property
    def counts(self) -> list[tuple[Tone, str, int]]:
        """How many goals are marked and called so, as the answer marks and calls each; the clear ones first."""
        many = Counter((goal.tone, goal.word) for goal in self.goals)
        return [(tone, word, many[tone, word]) for tone, word in sorted(many, key=lambda each: TONES.index(each[0]))]

    @property
    def by_aim(self) -> Mapping[str, list[GoalSection]]:
        """The goals of each aim that there are any of; goals without an aim come last."""
        found: dict[str, list[GoalSection]] = {}
        for aim in (*(AIMS[each][self.lang] for each in AIM_ORDER), ""):
            if of := [goal for goal in self.goals if goal.aim == aim]:
                found[aim or say("no aim" if found else "figures", self.lang)] = of
        return found

    @property
    def absent(self) -> list[tuple[str, int]]:
        """How many goals the source names and leaves out, and how many it states and nothing measures."""
        stated = sum(each.stated for each in self.not_supplied)
        counted = {"left out": len(self.not_supplied) - stated, "measured by nothing": stated}
        return [(key, many) for key, many in counted.items() if many]

    @property
    def alone(self) -> list[GoalSection]:
        """The goals that have a page each."""
        return [goal for goal in self.goals if goal.alone]

    @property
    def shared(self) -> list[GoalSection]:
        """The goals that share pages."""
        return [goal for goal in self.goals if not goal.alone]

    @property
    def answer(self) -> Table:
        """The answer: a row a goal, the result as a number with between what it lies beside it."""
        headers = ("goal", "target", "result", "can become", "verdict", "development", "means")
        rows: list[tuple[Cell, ...]] = [
            (
                goal.title,
                goal.short_target,
                goal.value or goal.absent or None,
                goal.between,
                goal.word,
                goal.trend.description if goal.trend else "",
                goal.meaning,
            )
            for goals in self.by_aim.values()
            for goal in goals
        ]
        named = tuple(say(header, self.lang) for header in headers)
        return Table(
            caption=self.name,
            headers=named,
            rows=tuple(rows),
            notes=self.notes,
            lang=self.lang,
            audience=self.audience,
        )

    @property
    def tables(self) -> Iterator[tuple[str, Table]]:
        """Every table with the name of its part: the answer, each goal's, the annex's."""
        yield say("answer", self.lang), self.answer
        for goal in self.goals:
            yield from ((goal.title.text, table) for table in goal.tables)
        for chapter in self.annex:
            yield from ((chapter.title, table) for table in chapter.tables)


def report_of(
    assessment: Assessment, lang: str, beside: Beside | None = None, further: AskedFor | None = None
) -> Report:
    """Return the report on an assessment.

    beside: by goal id, the same measurement under other readings, whose figures are shown beside the goal's own.
    further: by goal id, what was found of it and asked for: its readings, its open cases.
    """
    found = {each.goal.id: proportion(each, assessment, (further or {}).get(each.goal.id, ())) for each in assessment}
    numbered = enumerate(assessment, 1)
    begin = assessment.introduction
    return Report(
        lang=lang,
        name=heading(assessment, lang),
        audience=INTERNAL[lang],
        as_of=as_of(assessment, lang),
        addressed=tuple(addressed(assessment, lang)),
        introduction=signed(begin, lang) if begin else "",
        general_work=general_work(assessment, lang),
        goals=tuple(
            goal_section(each, assessment, beside or {}, f"goal-{place}", lang, found[each.goal.id])
            for place, each in numbered
        ),
        targeted=not len(assessment) or any(not isinstance(each.goal.target, Unstated) for each in assessment),
        not_supplied=assessment.not_supplied,
        notes=tuple(notes(assessment, lang)),
        annex=(*variations(assessment, found, lang), *chapters(assessment, lang)),
        made_with=assessment.plugins,
    )


def goal_section(
    judgement: Judgement,
    assessment: Assessment,
    beside: Beside,
    anchor: str,
    lang: str,
    found: Proportion,
) -> GoalSection:
    """Return what a report says of one goal."""
    goal, unit = judgement.goal, judgement.unit
    measured = assessment.measurements.get(goal.id)
    parts = parts_of(judgement, measured, lang)
    developed = parts if goal.grain else periods_of(judgement, measured, lang)
    editions = editions_of(judgement, assessment.earlier.get(goal.id), lang)
    named, target, turning = title(goal, assessment, lang), target_text(judgement, lang, measured), flips(judgement)
    drawn = chart(judgement, developed, named.text, target, lang) or chart(
        judgement, editions, named.text, target, lang
    )
    return GoalSection(
        anchor=anchor,
        id=goal.id,
        title=named,
        aim=AIMS[goal.aim][lang] if goal.aim else "",
        verdict=judgement.verdict,
        word=verdict_word(judgement, lang, goal.grain),
        settled=judgement.verdict.settles and not turning,
        unit=unit,
        target="" if isinstance(goal.target, Unstated) and not goal.target.beside else target,
        short_target=short_target(judgement, lang, measured),
        value=value(judgement, unit, lang),
        exact=judgement.value,
        between=between_of(judgement, unit, lang),
        margin=margin(judgement, unit, lang),
        counted=counted(judgement, measured, lang),
        meaning=meaning(judgement, assessment, lang),
        reasons=tuple(capital(reason[lang]) for reason in _reasons(judgement)),
        flips=tuple((capital(reason[lang]), settled_by(reason, lang)) for reason in turning),
        remarks=tuple(remarks(judgement, assessment, lang)),
        drawing=drawn,
        legend=tuple(legend(drawn, lang)),
        trend=trend(developed, judgement, lang) or trend(editions, judgement, lang),
        read_as=read_as(measured, lang),
        tables=(
            *found.tables(lang),
            *goal_tables(judgement, assessment, beside.get(goal.id, ()), developed, editions, lang),
        ),
        variation=found.drawing(named.text, lang),
        measure=measure_of(measured, lang),
    )


def measure_of(measured: Measurement | None, lang: str) -> str:
    """Return what a goal is measured by; "" where nothing was measured."""
    return "" if measured is None else said(measured.reading.metric.title, lang).text


def _reasons(judgement: Judgement) -> Iterable[Reason]:
    """Yield why the verdict is what it is, apart from what could turn it and what its word already says."""
    turning = flips(judgement)
    return (reason for reason in judgement.reasons if reason not in turning and reason.code != "target unstated")


def legend(drawn: Drawing | None, lang: str) -> Iterator[tuple[str, str]]:
    """Yield the shapes of a chart with what they say of a figure."""
    tones = {tone for line in drawn.lines for tone in line.tones if tone} if drawn else set()
    for tone in TONES:
        if tone in tones:
            yield tone, say(f"tone {tone}", lang)
