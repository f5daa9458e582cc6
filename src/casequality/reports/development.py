"""How figures developed: those of a goal with the rulings on its parts, those of a measurement, and their charts."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Final

import attrs

from casequality.days import Period, months_after
from casequality.evidence import Chart as ControlChart
from casequality.evidence import Drawing, Line, TargetLine
from casequality.evidence import chart as control_chart
from casequality.goals import Goal, Judgement, Ruling, Target, Unstated, Verdict, called, spoken
from casequality.metrics import NO_DATA, Figure, Measurement
from casequality.reports.measurement import bounds_cell, doubtful
from casequality.reports.wording import INTERNAL, Between, Phrase, amount, between, reason_word, say, title_of

CHARTED: Final = 24
"""Over so many months a figure's control chart goes back, where the records do."""
FEWEST: Final = 6
"""Fewer points make no limits worth a drawing."""
TOWARDS: Final = {"at least": True, "above": True, "at most": False, "below": False}
"""Whether more is better, by how a target compares; neither where it is a number or a range."""


@attrs.frozen(kw_only=True)
class Point:
    """A figure of the development: its period and labels, its value or why there is none, and its verdict if any.

    between: between what it lies once the records in doubt are settled, None where there is no doubt.
    target: what it can be held against, None for nothing. before_break: whether it is of an older series.
    ruling: the judgement of a part that is judged, None for a figure that is only shown.
    """

    period: Period
    labels: tuple[str, ...]
    value: Fraction | None
    between: Between | None
    numerator: int | None
    denominator: int | None
    lacking: Phrase | None
    verdict: Verdict | None
    target: Target | None
    before_break: bool = False
    ruling: Ruling | None = None


def parts_of(judgement: Judgement, measured: Measurement | None, lang: str) -> tuple[Point, ...]:
    """Return the parts that the goal is judged for; they have no verdicts where it can have none."""
    found = (_of_part(part, measured, lang) for part in judgement.parts)
    if isinstance(judgement.goal.target, Unstated):
        return tuple(attrs.evolve(point, verdict=None, ruling=None) for point in found)
    return tuple(found)


def totals_of(judgement: Judgement, measured: Measurement | None, lang: str) -> tuple[Point, ...]:
    """Return the figures of each label over the whole period, for a goal that is judged by label and grain of time."""
    if measured is None or not (judgement.goal.grain and judgement.goal.groups):
        return ()
    return tuple(
        _of_figure(figure, measured, None, lang)
        for figure in measured
        if figure.period == judgement.period and figure.facet == judgement.goal.facet
    )


def editions_of(judgement: Judgement, measured: Measurement | None, lang: str) -> tuple[Point, ...]:
    """Return the figures of earlier periods and of the judged one, from the second that has any records.

    The first is left out: the data may begin inside it. Nothing where there is no earlier one.
    """
    figures = [figure for figure in measured or () if figure.facet == judgement.goal.facet]
    reached = [figure for before, figure in itertools.pairwise(figures) if before.rows]
    if measured is None or len(reached) < 2:
        return ()
    target = judgement.target if judgement.goal.aggregate == "pooled" else None
    breaks = [each.on for each in judgement.goal.series_breaks if each.on <= judgement.period.first]
    return tuple(
        attrs.evolve(
            _of_figure(figure, measured, target, lang), before_break=any(figure.period.first < on for on in breaks)
        )
        for figure in reached
    )


def periods_of(judgement: Judgement, measured: Measurement | None, lang: str) -> tuple[Point, ...]:
    """Return the figures by period where several were measured."""
    figures = [figure for figure in measured or () if figure.facet == judgement.goal.facet]
    if measured is None or len({figure.period for figure in figures}) < 2:
        return ()
    target = None if _adds_up(measured) else judgement.target
    return tuple(_of_figure(figure, measured, target, lang) for figure in figures)


def chart(judgement: Judgement, shown: Iterable[Point], title: str, target: str, lang: str) -> Drawing | None:
    """Return the development as a chart, None where there are no two figures over time.

    It has the target's line where all its points can be held against the target.
    """
    by_period = {(point.labels, point.period): point for point in shown}
    periods = tuple(sorted({period for _, period in by_period}, key=lambda period: period.first))
    if len({period for (_, period), point in by_period.items() if point.value is not None}) < 2:
        return None
    shown_labels = dict.fromkeys(labels for labels, _ in by_period)
    lines = [_line(", ".join(each), [by_period.get((each, period)) for period in periods]) for each in shown_labels]
    breaks = [each.on for each in judgement.goal.series_breaks if periods[0].first < each.on < periods[-1].end]
    # a break inside a period is drawn before it: from then on figures hold what was counted otherwise
    places = (next(place for place, period in enumerate(periods) if on < period.end) for on in breaks)
    return Drawing(
        title=title,
        description=_described(by_period.values(), judgement, title, target, lang),
        periods=periods,
        lines=tuple(lines),
        unit=judgement.unit,
        target=_target_line(judgement, by_period.values(), target, lang),
        breaks=tuple(sorted({place for place in places if place})),
        lang=lang,
    )


def charted(goal: Goal, period: Period) -> tuple[Period, ...]:
    """Return the parts of the two years that end with a period, of which a chart of its figure is made."""
    if period.end.day != 1:
        return ()
    return Period(months_after(period.end, -CHARTED), period.end).parts(goal.grain or "month")


def variation_of(judgement: Judgement, measured: Measurement | None) -> ControlChart | None:
    """Return the control chart of a goal's figure over the two years that end with its period.

    Left out are the first part that holds records, since the data may begin inside it, and parts in which a case can
    still turn out either way. None where the limits would rest on fewer than six points, those since the last break of
    the series, and where nothing was measured.
    """
    goal, period = judgement.goal, judgement.period
    if measured is None or not charted(goal, period):
        return None
    figures = [figure for figure in measured.over(charted(goal, period)) if figure.facet == goal.facet]
    began = next((place for place, figure in enumerate(figures) if figure.rows), len(figures))
    settled = [
        (figure.period, figure.value.exact)
        for figure in figures[began + 1 :]
        if figure.value.exact is not None and not figure.partial and not figure.doubt.get("open")
    ]
    broken = [each.on for each in goal.series_breaks if each.touches({}) and each.on < period.end]
    if sum(not broken or each.end > max(broken) for each, _ in settled) < FEWEST:
        return None
    target = None if _adds_up(measured) or judgement.target is None else judgement.target
    better = TOWARDS.get(target.comparison) if target else measured.reading.metric.higher_is_better
    firsts = (next((each.label for each, _ in settled if each.end > on), "") for on in broken)
    return control_chart(
        [each.label for each, _ in settled],
        [exact for _, exact in settled],
        targets=target.number / judgement.unit.scale if target and better is not None else None,
        higher_is_better=better,
        breaks=sorted({first for first in firsts if first not in ("", settled[0][0].label)}),
        unit=judgement.unit,
        most=Fraction(1) if measured.reading.metric.statistic.is_share else None,
    )


def trend(shown: Sequence[Point], judgement: Judgement, lang: str) -> Drawing | None:
    """Return figures over time as a drawing of a word's size, None where there are no two of one line."""
    points = [point for point in sorted(shown, key=lambda point: point.period.first) if point.labels == shown[0].labels]
    valued = [(point.value, point) for point in points if point.value is not None]
    if len(valued) < 2 or len({point.labels for point in shown}) > 1:
        return None
    (first, begun), (last, now) = valued[0], valued[-1]
    amounts = [amount(each, judgement.unit, lang).text(lang) for each in (first, last)]
    named = {"first": amounts[0], "last": amounts[1], "begun": begun.period.title(lang), "now": now.period.title(lang)}
    line = _target_line(judgement, points, "", lang)
    return Drawing(
        title="",
        description=say("trend", lang, **named),
        periods=tuple(point.period for point in points),
        lines=(attrs.evolve(_line("", points), ends=()),),
        unit=judgement.unit,
        target=line,
        lang=lang,
    )


def _of_part(part: Ruling, measured: Measurement | None, lang: str) -> Point:
    reason = part.reasons[0] if part.reasons else None
    return Point(
        period=part.period,
        labels=labels_of(part.groups, measured, lang),
        value=part.value,
        between=_between(part, measured, lang),
        numerator=part.numerator,
        denominator=part.denominator,
        lacking=Phrase(reason[lang], lang) if reason and part.value is None else None,
        verdict=part.verdict,
        target=part.target,
        ruling=part,
    )


def _of_figure(figure: Figure, measured: Measurement, target: Target | None, lang: str) -> Point:
    exact = figure.value.exact
    return Point(
        period=figure.period,
        labels=labels_of(figure.groups, measured, lang),
        value=None if exact is None else measured.in_unit(exact),
        between=doubtful(bounds_cell(figure, measured.unit, lang)),
        numerator=figure.value.numerator,
        denominator=figure.value.denominator,
        lacking=reason_word(figure.value.reason or NO_DATA, lang) if exact is None else None,
        verdict=None,
        target=target,
    )


def _between(part: Ruling, measured: Measurement | None, lang: str) -> Between | None:
    if measured is None or not part.bounded or part.low == part.high == part.value:
        return None
    return between(part.low, part.high, measured.unit, lang)


def labels_of(groups: Mapping[str, str | None], measured: Measurement | None, lang: str) -> tuple[str, ...]:
    """Return what the labels of groups are called."""
    return tuple(
        say("no group", lang) if not label else called(label, measured.reading.metric, lang) if measured else label
        for label in groups.values()
    )


def _target_line(judgement: Judgement, shown: Iterable[Point], target: str, lang: str) -> TargetLine | None:
    held = {point.target for point in shown}
    if len(held) != 1 or judgement.target is None or judgement.target not in held:
        return None
    number, width = judgement.target.number, judgement.target.width
    return TargetLine(number, say("chart target", lang, target=target), number + width if width else None)


def _adds_up(measured: Measurement) -> bool:
    """Say whether a longer period has a greater figure, so that a target for it is none for its months."""
    return measured.reading.metric.statistic.is_count


def _described(shown: Collection[Point], judgement: Judgement, title: str, target: str, lang: str) -> str:
    """Return what the chart says: from when to when, the lowest and the highest, how many meet the target, breaks."""
    periods = sorted({point.period for point in shown}, key=lambda period: period.first)
    first, last = periods[0].title(lang), periods[-1].title(lang)
    valued = [(point.value, point) for point in shown if point.value is not None]
    said = [say("chart of", lang, title=title, first=first, last=last)]
    if valued:
        (low, lowest), (high, highest) = (pick(valued, key=lambda pair: pair[0]) for pick in (min, max))
        ends = {"low": amount(low, judgement.unit, lang).text(lang), "low_period": _called(lowest, lang)}
        ends |= {"high": amount(high, judgement.unit, lang).text(lang), "high_period": _called(highest, lang)}
        said.append(say("chart low and high", lang, **ends))
    held = [(value, point.target) for value, point in valued if point.target is not None]
    if held:
        met = sum(aim.met_by(value) for value, aim in held)
        said.append(say("chart met", lang, met=met, points=len(held), target=target))
    breaks = (each.on for each in judgement.goal.series_breaks if periods[0].first < each.on < periods[-1].end)
    said += [say("chart break", lang, day=spoken(on, lang)) for on in breaks]
    if any(point.between for point in shown):
        said.append(say("chart intervals", lang))
    return ". ".join([*said, say("chart table", lang)]) + "."


def _called(point: Point, lang: str) -> str:
    return ", ".join([*point.labels, point.period.title(lang)])


def figures_chart(
    measurement: Measurement,
    lang: str = "en",
    told: Callable[[Figure], Fraction | None] | None = None,
    audience: str = "",
) -> Drawing:
    """Return a chart of a measurement, a line for each of its groups.

    told: what may be told of each figure, in stored units; everything unless given. audience: for whom the chart is,
    for internal use unless told.
    """
    title = title_of(measurement.reading.metric, lang).text
    periods = tuple({figure.period: None for figure in measurement})
    groups: dict[str, dict[Period, Point]] = {}
    for figure in measurement:
        point = _of_figure(figure, measurement, None, lang)
        if told is not None:
            exact = told(figure)
            value = None if exact is None else measurement.in_unit(exact)
            point = attrs.evolve(point, value=value, between=None)
        groups.setdefault(_group(figure, lang), {})[figure.period] = point
    lines = tuple(_line(name, [group.get(each) for each in periods]) for name, group in groups.items())
    first, last = (period.title(lang) for period in (periods[0], periods[-1])) if periods else ("", "")
    said = [say("chart of", lang, title=title, first=first, last=last)]
    said += [say("chart intervals", lang)] if any(any(line.ends) for line in lines) else []
    said.append(audience or INTERNAL[lang])
    return Drawing(
        title=title, description=". ".join(said) + ".", periods=periods, lines=lines, unit=measurement.unit, lang=lang
    )


def _line(name: str, points: Sequence[Point | None]) -> Line:
    values = tuple(point.value if point else None for point in points)
    tones = tuple(point.verdict.tone if point and point.verdict else "" for point in points)
    ends = tuple(point.between.ends if point and point.between else None for point in points)
    return Line(name, values, tones, ends)


def _group(figure: Figure, lang: str) -> str:
    labels = [label or say("no group", lang) for label in figure.groups.values()]
    return ", ".join([*([figure.facet] if figure.facet else []), *labels])
