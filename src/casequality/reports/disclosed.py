"""A report under a policy of publication: made of nothing but what may be told, so that no format can tell more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import attrs

from casequality.evidence.disclosure import STATES
from casequality.goals import Assessment, Judgement, PublishedAssessment, Ruling, Target, Unstated, Verdict, number
from casequality.metrics import Figure, Measurement
from casequality.reports.annex import (
    Chapter,
    grounds_table,
    measures,
    not_judged,
    read_as,
    readings_table,
    table,
    terms,
)
from casequality.reports.development import Point, chart, labels_of, trend
from casequality.reports.judgements import (
    addressed,
    as_of,
    general_work,
    heading,
    held_against,
    notes,
    short_target,
    signed,
    target_text,
    title,
    verdict_word,
)
from casequality.reports.sections import GoalSection, Report, legend, measure_of
from casequality.reports.wording import AIMS, Cell, Phrase, Table, say

TERMS: Final = ("numerator", "reading", "as of")
"""The words with a meaning of their own that such a report has; it tells of no margin, doubt or row set aside."""


def published_report(told: PublishedAssessment, lang: str) -> Report:
    """Return the report on what may be told: of what is withheld a word, and no other fact of the same records."""
    whole = attrs.evolve(told.assessment, notes=())  # those are for who keeps the project
    begin = whole.introduction
    known = [verdict for each in whole if (verdict := told.verdict(each)) is not None]
    return Report(
        lang=lang,
        name=heading(whole, lang),
        audience=told.disclosure.policy.said()[lang],
        as_of=as_of(whole, lang),
        addressed=tuple(addressed(whole, lang)),
        introduction=signed(begin, lang) if begin else "",
        general_work=general_work(whole, lang),
        goals=tuple(_section(told, each, f"goal-{place}", lang) for place, each in enumerate(whole, 1)),
        targeted=not len(whole) or any(not isinstance(each.goal.target, Unstated) for each in whole),
        not_supplied=whole.not_supplied,
        notes=tuple(notes(whole, lang)),
        annex=tuple(_chapters(whole, set(known), lang)),
        made_with=whole.plugins,
    )


def _section(told: PublishedAssessment, judgement: Judgement, anchor: str, lang: str) -> GoalSection:
    goal, measured = judgement.goal, told.assessment.measurements.get(judgement.goal.id)
    verdict, bare = told.verdict(judgement), _bare(judgement)
    named, target = title(goal, told.assessment, lang), target_text(bare, lang, measured)
    whole = _point(told, judgement, judgement, measured, lang)
    parts = [_point(told, judgement, part, measured, lang) for part in judgement.parts]
    parts = [_unjudged(each) for each in parts] if isinstance(goal.target, Unstated) else parts
    developed = parts if goal.grain else _periods(told, judgement, measured, lang)
    editions = _editions(told, judgement, lang)
    drawn = chart(bare, developed, named.text, target, lang) or chart(bare, editions, named.text, target, lang)
    return GoalSection(
        anchor=anchor,
        id=goal.id,
        title=named,
        aim=AIMS[goal.aim][lang] if goal.aim else "",
        verdict=verdict,
        word=STATES["withheld"][lang] if verdict is None else verdict_word(bare, lang, goal.grain),
        settled=False,
        unit=judgement.unit,
        target="" if isinstance(goal.target, Unstated) and not goal.target.beside else target,
        short_target=short_target(bare, lang, measured),
        value=None if whole.value is None else held_against(whole.value, bare.target, judgement.unit, lang),
        absent=whole.lacking.text if whole.lacking else "",
        exact=whole.value,
        between=None,
        margin=None,
        counted=_counted(whole, measured, lang),
        meaning="",
        reasons=(),
        flips=(),
        remarks=tuple(_remarks(told, judgement, lang)),
        drawing=drawn,
        legend=tuple(legend(drawn, lang)),
        trend=trend(developed, bare, lang) or trend(editions, bare, lang),
        read_as=read_as(measured, lang),
        tables=tuple(_tables(bare, measured, developed, parts, editions, lang)),
        measure=measure_of(measured, lang),
    )


def _bare(judgement: Judgement) -> Judgement:
    """Return a judgement without its figure and all that follows from it.

    A target that is a share of an earlier figure gives that figure away, and so only its words stay.
    """
    return Judgement(
        period=judgement.period,
        verdict=judgement.verdict,
        target=judgement.target if isinstance(judgement.goal.target, Target) else None,
        goal=judgement.goal,
        unit=judgement.unit,
        readings=judgement.readings,
        assumed=judgement.assumed,
    )


def _point(
    told: PublishedAssessment, judgement: Judgement, ruling: Ruling, measured: Measurement | None, lang: str
) -> Point:
    """Return what may be told of the figure of a goal, or of one of its parts."""
    part = None if ruling is judgement else ruling
    shown, exact, verdict = told.shown(judgement, part), told.value(judgement, part), told.verdict(judgement, part)
    cases = None if measured is None else told.views[judgement.goal.id].cases
    known, stated = exact is not None, judgement.goal.target
    return Point(
        period=ruling.period,
        labels=labels_of(ruling.groups, measured, lang),
        value=exact,
        between=None,
        numerator=shown.counts.get("yes") if known and not cases else None,
        denominator=shown.counts.get(cases or "whole") if known else None,
        lacking=None if known else Phrase(STATES[shown.state][lang], lang),
        verdict=verdict,
        target=ruling.target if isinstance(stated, Target) and told.disclosure.policy.method == "suppress" else None,
        ruling=None if verdict is None else Ruling(period=ruling.period, verdict=verdict),
    )


def _figure(told: PublishedAssessment, judgement: Judgement, figure: Figure, measured: Measurement, lang: str) -> Point:
    """Return what may be told of a figure that is shown and not judged."""
    target = None if measured.reading.metric.statistic.is_count else judgement.target
    ruling = Ruling(period=figure.period, verdict=Verdict.BASELINE, groups=figure.groups, figure=figure, target=target)
    return _unjudged(_point(told, judgement, ruling, measured, lang))


def _unjudged(point: Point) -> Point:
    return attrs.evolve(point, verdict=None, ruling=None)


def _periods(told: PublishedAssessment, judgement: Judgement, measured: Measurement | None, lang: str) -> list[Point]:
    figures = [figure for figure in measured or () if figure.facet == judgement.goal.facet]
    if measured is None or len({figure.period for figure in figures}) < 2:
        return []
    return [_figure(told, judgement, figure, measured, lang) for figure in figures]


def _editions(told: PublishedAssessment, judgement: Judgement, lang: str) -> list[Point]:
    """Return the figures of earlier periods, from the first that may be told.

    Where the data begin is a fact of rows that nobody may be told of, so that it is not asked here.
    """
    measured = told.assessment.earlier.get(judgement.goal.id)
    figures = [figure for figure in measured or () if figure.facet == judgement.goal.facet]
    if measured is None:
        return []
    points = [_figure(told, judgement, figure, measured, lang) for figure in figures]
    if judgement.goal.aggregate != "pooled":
        points = [attrs.evolve(point, target=None) for point in points]
    breaks = [each.on for each in judgement.goal.series_breaks if each.on <= judgement.period.first]
    points = [attrs.evolve(each, before_break=any(each.period.first < on for on in breaks)) for each in points]
    begun = next((place for place, point in enumerate(points) if point.value is not None), len(points))
    return points[begun:] if len(points) - begun > 1 else []


def _counted(point: Point, measured: Measurement | None, lang: str) -> str:
    if measured is None or point.denominator is None:
        return ""
    of = number(point.denominator, lang)
    if point.numerator is not None:
        return say("of so many", lang, numerator=number(point.numerator, lang), denominator=of)
    return say("mean of so many", lang, denominator=of) if measured.reading.metric.statistic.is_mean else ""


def _remarks(told: PublishedAssessment, judgement: Judgement, lang: str) -> Iterator[tuple[str, str]]:
    """Yield what was written of a goal of which may be told that it was missed."""
    now, _ = told.assessment.said_of(judgement)
    if now and told.verdict(judgement) is Verdict.MISSED:
        for key, text in (("comment", now.comment), ("action", now.measure)):
            if text:
                yield say(key, lang), text


def _tables(
    bare: Judgement,
    measured: Measurement | None,
    developed: Sequence[Point],
    parts: Sequence[Point],
    editions: Sequence[Point],
    lang: str,
) -> Iterator[Table]:
    yield from _points("editions", bare, editions, lang)
    yield from _points("development", bare, developed, lang)
    if not bare.goal.grain:
        yield from _points("parts", bare, parts, lang)
    for each in readings_table(bare, measured, (), lang) if measured else ():
        # no reading has a figure here: those of others were not asked under the policy
        kept = [place for place, name in enumerate(each.headers) if name != say("result", lang)]
        rows = tuple(tuple(row[place] for place in kept) for row in each.rows)
        yield attrs.evolve(each, headers=tuple(each.headers[place] for place in kept), rows=rows)
    yield grounds_table(bare, measured, lang)


def _points(caption: str, bare: Judgement, points: Sequence[Point], lang: str) -> Iterator[Table]:
    """Yield a table of figures; where one is withheld, each of its cells says so."""
    if not points:
        return
    judged, divided = any(each.ruling for each in points), any(each.denominator is not None for each in points)
    counts = any(each.numerator is not None for each in points) and divided
    apart = any(each.labels for each in points)
    headers = ["period", *["part"] * apart, "result", *["numerator"] * counts, *["denominator"] * divided]
    rows = [
        (
            _period(each, lang),
            *[", ".join(each.labels)] * apart,
            *_cells(each, bare, counts, divided, lang),
            *[_verdict(each, bare, lang)] * judged,
        )
        for each in points
    ]
    yield table(caption, [*headers, *["verdict"] * judged], rows, lang)


def _cells(point: Point, bare: Judgement, counts: bool, divided: bool, lang: str) -> Iterator[Cell]:
    if point.value is None:
        yield from [point.lacking] * (1 + counts + divided)
        return
    yield held_against(point.value, point.target, bare.unit, lang)
    yield from [point.numerator] * counts
    yield from [point.denominator] * divided


def _verdict(point: Point, bare: Judgement, lang: str) -> Cell:
    return STATES["withheld"][lang] if point.ruling is None else verdict_word(point.ruling, lang, bare.goal.grain)


def _period(point: Point, lang: str) -> str:
    name = point.period.title(lang)
    return f"{name} ({say('before break', lang)})" if point.before_break else name


def _chapters(whole: Assessment, told: Iterable[Verdict], lang: str) -> Iterator[Chapter]:
    yield from not_judged(whole, lang)
    if measured := tuple(measures(whole, lang)):
        yield Chapter("measures", say("measures", lang), measured)
    glossary = table("definitions", ("term", "means"), list(terms(whole, set(told), lang, TERMS)), lang)
    yield Chapter("definitions", say("definitions", lang), (glossary,))
