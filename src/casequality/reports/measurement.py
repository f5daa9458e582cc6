"""A measurement for people: its figures as a table, and what they rest on."""

from __future__ import annotations

import ast
import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from fractions import Fraction

import attrs

from casequality.days import calendar
from casequality.deadlines import deadline
from casequality.errors import UnknownName
from casequality.evidence import figure_interval
from casequality.goals import STANDINGS, Goal, Judgement, SourceNote, called, number, part_of_series, spoken
from casequality.metrics import NO_DATA, UNREADABLE, Figure, Measurement, Metric, Unit
from casequality.reports.cards import cited
from casequality.reports.wording import (
    AGGREGATES,
    INTERNAL,
    RHYTHMS,
    Between,
    Cell,
    Phrase,
    ShownAmount,
    Table,
    amount,
    between,
    finding_words,
    moment,
    outcome_word,
    reading_sentences,
    reason_word,
    said,
    say,
    shown,
    title_of,
)


def measurement_table(
    measurement: Measurement,
    lang: str = "en",
    *,
    beside: Sequence[Measurement] = (),
    only: Sequence[Figure] | None = None,
) -> Table:
    """Return the figures of a measurement, one row each, with every outcome's count.

    beside: the same figures under other readings; each adds a column of values. only: some of the figures.
    """
    metric = measurement.reading.metric
    figures = measurement.figures if only is None else only
    groups = list(figures[0].groups) if figures else []
    faceted, sensitive = (any(getattr(figure, name) for figure in figures) for name in ("facet", "sensitive"))
    open_ended = any(figure.value.possible and not figure.value.certain for figure in figures)
    outcomes = [name for name in (*metric.outcomes, UNREADABLE) if any(name in figure.outcomes for figure in figures)]
    headers: list[str | Phrase] = [
        say("period", lang),
        *groups,
        *([say("facet", lang)] if faceted else []),
        say("value", lang),
        *(say("value read as", lang, reading=_difference(other, measurement)) for other in beside),
        say("numerator", lang),
        say("denominator", lang),
        *(outcome_word(name, metric, lang) for name in outcomes),
        *([say("sensitive", lang)] if sensitive else []),
    ]
    sampled = measurement.reading.sampled
    for wanted, header in ((sampled, "interval"), (open_ended, "can become")):
        if wanted:
            headers.insert(headers.index(say("value", lang)) + 1, say(header, lang))
    rows = [
        (
            period_cell(figure, lang),
            *(Phrase(figure.groups[name] or say("no group", lang), lang) for name in groups),
            *([figure.facet or say("all", lang)] if faceted else []),
            value_cell(figure, measurement.unit, lang),
            *([bounds_cell(figure, measurement.unit, lang)] if open_ended else []),
            *([interval_cell(figure, measurement.unit, lang)] if sampled else []),
            *(value_cell(other.figures[index], other.unit, lang) for other in beside),
            numerator_cell(figure.value.numerator, measurement.unit, lang),
            figure.value.denominator,
            *(figure.outcomes.get(name, 0) for name in outcomes),
            *([figure.sensitive] if sensitive else []),
        )
        for index, figure in enumerate(figures)
    ]
    return Table(
        caption=f"{title_of(metric, lang)} ({metric.id})",
        headers=tuple(headers),
        rows=tuple(rows),
        notes=tuple(notes(measurement, lang)),
        lang=lang,
        audience=INTERNAL[lang],
    )


def outcomes_of(measurement: Measurement) -> list[str]:
    """Return the outcomes that any figure counts, in declared order."""
    declared = (*measurement.reading.metric.outcomes, UNREADABLE)
    return [name for name in declared if any(name in figure.outcomes for figure in measurement)]


def period_cell(figure: Figure, lang: str) -> str:
    """Return the period in words, marked where it has not ended."""
    title = figure.period.title(lang)
    return f"{title} ({say('partial', lang)})" if figure.partial else title


def value_cell(figure: Figure, unit: Unit, lang: str, *, apart_from: Iterable[Fraction] = ()) -> ShownAmount | Phrase:
    """Return the figure in its unit, or the reason why there is none."""
    exact = figure.value.exact
    if exact is None:
        return reason_word(figure.value.reason or NO_DATA, lang)
    return amount(exact * unit.scale, unit, lang, apart_from=apart_from)


def bounds_cell(figure: Figure, unit: Unit, lang: str) -> Between | None:
    """Return between what the figure lies once the records in doubt are settled; None where no way gives a figure."""
    value = figure.value
    if not value.possible:
        return None
    low, high = (None if end is None else end * unit.scale for end in (value.low, value.high))
    return between(low, high, unit, lang, settled=value.certain)


def doubtful(found: Between | None) -> Between | None:
    """Return between what a figure lies where that is more than the figure; None for no doubt."""
    return None if found is None or found.settled else found


def interval_cell(figure: Figure, unit: Unit, lang: str) -> Between | None:
    """Return between what the population's figure lies; None where that is not computed."""
    found = figure_interval(figure, unit)
    return between(found.low, found.high, unit, lang) if found else None


def numerator_cell(numerator: int | None, unit: Unit, lang: str) -> Cell:
    """Return what was divided: a count, or a sum in the figure's unit where it was kept in smaller ticks."""
    if numerator is None:
        return None
    if unit.en == "%" and unit.scale == 1:
        # a share that is kept in per cent: 43,900 of 464 are 439 of 464
        whole = Fraction(numerator, 100)
        return int(whole) if whole.denominator == 1 else ShownAmount(whole, unit.decimals)
    if unit.scale >= 1:
        return numerator
    total = numerator * unit.scale
    return attrs.evolve(amount(total, unit, lang), decimals=0 if total.denominator == 1 else unit.decimals)


def counted(judgement: Judgement, measured: Measurement | None, lang: str) -> str:
    """Return of how many a figure is: "439 of 464" of a share, how many of a mean, "" of what is only counted."""
    if measured is None or judgement.denominator is None:
        return ""
    statistic = measured.reading.metric.statistic
    above, of = (
        shown(numerator_cell(judgement.numerator, judgement.unit, lang), lang),
        number(judgement.denominator, lang),
    )
    if judgement.unit.en == "%":
        return say("of so many", lang, numerator=above, denominator=of)
    return say("mean of so many", lang, denominator=of) if statistic.is_mean else ""


def notes(measurement: Measurement, lang: str) -> Iterator[str]:
    """Yield the sentences that say what the figures rest on: readings, calendar, as-of, and where every row went."""
    sentences = reading_sentences(measurement.reading, lang)
    yield from (f"{say('reading', lang)}: {sentence}" for sentence in sentences)
    held = dict.fromkeys(part_of_series(measurement, figure.period) for figure in measurement.figures)
    yield from (reason[lang] for reason in held if reason)
    if measurement.reading.sampled:
        yield f"{say('interval', lang)}: {say('means interval', lang)}"
    yield f"{say('calendar', lang)}: {calendar_text(measurement, lang)}"
    yield f"{say('as of', lang)}: {as_of_text(measurement, lang)}"
    yield f"{say('rows went', lang)}: {rows_text(measurement, lang)}"
    if not measurement.tally.assumed.doubts_kept:
        yield say("doubts not kept", lang)
    for finding, rows in measurement.tally.accounts.findings.items():
        column, fault = finding_words(finding, lang, measurement.reading.metric.records.rules)
        yield f"{say('finding', lang)}: {column}, {fault}: {number(rows, lang)}"
    for mark, rows in measurement.tally.accounts.marks.items():
        yield f"{say('suspected mark', lang)}: {mark}: {number(rows, lang)}"


def calendar_text(measurement: Measurement, lang: str) -> str:
    """Return on which calendar working days were counted."""
    return measurement.tally.assumed.calendar or say("no working days", lang)


def as_of_text(measurement: Measurement, lang: str) -> str:
    """Return when what is known was known, and in which zone."""
    assumed = measurement.tally.assumed
    return f"{moment(assumed.as_of, assumed.axis.zone, lang)} ({assumed.axis.zone})"


def rows_text(measurement: Measurement, lang: str) -> str:
    """Return where every row went, as a sum."""
    parts = [f"{say(name, lang)} {number(rows, lang)}" for name, rows in measurement.accounts.items()]
    return f"{parts[0]} = {' + '.join(parts[1:])}"


def set_aside_text(note: SourceNote, lang: str) -> str:
    """Return how many of the rows that were read of a source were set aside, and for which faults."""
    told = ((finding_words(finding, lang, note.rules), many) for finding, many in note.findings.items())
    # a row that is no row of its table has no column at fault
    faults = "; ".join(
        f"{', '.join(filter(None, map(str, (column, fault))))}: {number(many, lang)}" for (column, fault), many in told
    )
    total, aside = number(note.read, lang), number(note.set_aside, lang)
    if note.set_aside >= note.read:
        return say("all set aside", lang, source=note.name, read=total, faults=faults)
    return say("some set aside", lang, source=note.name, rows=aside, read=total, faults=faults)


def _difference(other: Measurement, measurement: Measurement) -> str:
    """Return the choices that one measurement makes differently from another."""
    chosen = measurement.reading.chosen
    return ", ".join(f"{name} = {each}" for name, each in other.reading.chosen.items() if chosen.get(name) != each)


Fact = tuple[str, Phrase]


def grounds(judgement: Judgement, measured: Measurement | None, lang: str) -> Iterator[Fact]:
    """Yield what each fact is called, and the fact."""
    yield from _decision(judgement.goal, lang)
    if measured is not None:
        metric = measured.reading.metric
        named = title_of(metric, lang)
        yield say("measure", lang), named
    yield say("data source", lang), Phrase(judgement.goal.source, lang, code=True)
    for field, labels in judgement.goal.where.items():
        words = [called(label, measured.reading.metric, lang) if measured else label for label in labels]
        yield say("only", lang), Phrase(f"{_field(field, measured, lang)}: {', '.join(words)}", lang)
    if judgement.parts:
        yield say("judged for", lang), said(AGGREGATES[judgement.goal.aggregate], lang)
    if measured is not None:
        for name, value in measured.tally.assumed.parameters.items():
            yield say("setting", lang), _setting(name, value, measured.reading.metric, lang)
        if measured.tally.assumed.calendar:
            yield say("calendar", lang), Phrase(calendar_names(measured, lang), lang)
        if not measured.tally.assumed.doubts_kept:
            yield say("limits", lang), Phrase(say("doubts not kept", lang), lang)


def _field(name: str, measured: Measurement | None, lang: str) -> str:
    """Return what a field of the records is called; without a word of its own, its name with spaces."""
    return called(name, measured.reading.metric, lang) if measured else name


def calendar_names(measurement: Measurement, lang: str) -> str:
    """Return what the calendars are called that working days were counted on."""
    names = measurement.tally.assumed.calendar.split(", ")
    return "; ".join(_calendar_name(name, lang) for name in names)


def _calendar_name(name: str, lang: str) -> str:
    with suppress(UnknownName):
        return calendar(name).title[lang]
    return name


def _setting(name: str, value: str, metric: Metric, lang: str) -> Phrase:
    """Return a field of the metric as it is called; without words of its own, as a program has it."""
    if name not in metric.words:
        return Phrase(f"{name} = {value}", lang, code=True)
    return Phrase(f"{called(name, metric, lang)}: {_plain(value, metric, lang)}", lang)


def _plain(value: str, metric: Metric, lang: str) -> str:
    """Return the value of a field as a reader has it: yes and no, days, lists, deadlines and labels in words."""
    if value in ("True", "False"):
        return say(value, lang)
    if value.startswith("(") and value.endswith(")"):
        parts = [called(str(part), metric, lang) for part in ast.literal_eval(value)]
        return ", ".join(parts) or say("none", lang)
    if "/" in value:
        with suppress(UnknownName):
            return deadline(value).title[lang]
    with suppress(ValueError):
        return spoken(dt.date.fromisoformat(value), lang)
    return called(value, metric, lang)


def _decision(goal: Goal, lang: str) -> Iterator[Fact]:
    yield say("basis", lang), cited(goal.basis, lang)
    if goal.standing:
        yield say("standing", lang), Phrase(STANDINGS[goal.standing][lang], lang)
    if goal.focus_area:
        yield say("focus area", lang), Phrase(goal.focus_area, lang)
    if goal.owner:
        yield say("owner", lang), Phrase(goal.owner, lang)
    if goal.report:
        yield say("reported", lang), Phrase(f"{goal.report.to}, {RHYTHMS[goal.report.every][lang]}", lang)
    if goal.method:
        yield say("method", lang), Phrase(goal.method[lang], lang)
