"""A measurement and the card of its metric for people: what a figure means, and what it rests on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from typing import Final

import attrs

from casequality.citation import NOT_IN_SOURCE, Citation
from casequality.errors import NOT_SAID, text_in
from casequality.evidence import figure_interval
from casequality.goals import Goal, Judgement, SourceNote, called, number, spoken
from casequality.metrics import (
    NO_DATA,
    UNREADABLE,
    Card,
    Choice,
    Figure,
    Measurement,
    Metric,
    Unit,
    card_of,
    plain_parameters,
)
from casequality.records import Field
from casequality.reports.wording import (
    AGGREGATES,
    RHYTHMS,
    ROLES,
    STYLE,
    Amount,
    Between,
    Cell,
    Phrase,
    Table,
    amount,
    between,
    consequence,
    figure_sentence,
    finding_words,
    moment,
    outcome_word,
    reading_sentences,
    reason_word,
    said,
    say,
    title_of,
)


def measurement_table(measurement: Measurement, lang: str = "en", *, beside: Sequence[Measurement] = ()) -> Table:
    """Return the figures of a measurement, one row each, with every outcome's count.

    beside: the same figures under other readings; each adds a column of values.
    """
    metric = measurement.reading.metric
    groups = list(measurement.figures[0].groups) if measurement.figures else []
    faceted, sensitive = (any(getattr(figure, name) for figure in measurement) for name in ("facet", "sensitive"))
    open_ended = any(figure.value.possible and not figure.value.certain for figure in measurement)
    outcomes = [
        name for name in (*metric.outcomes, UNREADABLE) if any(name in figure.outcomes for figure in measurement)
    ]
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
    for shown, header in ((sampled, "interval"), (open_ended, "can become")):
        if shown:
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
        for index, figure in enumerate(measurement)
    ]
    return Table(
        caption=f"{title_of(metric, lang)} ({metric.id})",
        headers=tuple(headers),
        rows=tuple(rows),
        notes=tuple(notes(measurement, lang)),
        lang=lang,
    )


def outcomes_of(measurement: Measurement) -> list[str]:
    """Return the outcomes that any figure counts, in declared order."""
    declared = (*measurement.reading.metric.outcomes, UNREADABLE)
    return [name for name in declared if any(name in figure.outcomes for figure in measurement)]


def period_cell(figure: Figure, lang: str) -> str:
    """Return the period in words, marked where it has not ended."""
    title = figure.period.title(lang)
    return f"{title} ({say('partial', lang)})" if figure.partial else title


def value_cell(figure: Figure, unit: Unit, lang: str, *, apart_from: Iterable[Fraction] = ()) -> Amount | Phrase:
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
    if numerator is None or unit.scale >= 1:
        return numerator
    return amount(numerator * unit.scale, unit, lang)


def notes(measurement: Measurement, lang: str) -> Iterator[str]:
    """Yield the sentences that say what the figures rest on: readings, calendar, as-of, and where every row went."""
    sentences = reading_sentences(measurement.reading, lang)
    yield from (f"{say('reading', lang)}: {sentence}" for sentence in sentences)
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
    faults = "; ".join(f"{column}, {fault}: {number(many, lang)}" for (column, fault), many in told)
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
        version = say("result version", lang, version=metric.version)
        yield say("measure", lang), Phrase(f"{named} ({metric.id}, {version})", named.lang)
        if metric.limits:
            yield say("limits", lang), said(metric.limits, lang)
    yield say("data source", lang), Phrase(judgement.goal.source, lang, code=True)
    for field, labels in judgement.goal.where.items():
        words = [called(label, measured.reading.metric, lang) if measured else label for label in labels]
        yield say("only", lang), Phrase(f"{field}: {', '.join(words)}", lang)
    if judgement.parts:
        yield say("judged for", lang), said(AGGREGATES[judgement.goal.aggregate], lang)
    if measured is not None:
        for name, value in measured.tally.assumed.parameters.items():
            yield say("setting", lang), _setting(name, value, measured.reading.metric, lang)
        yield say("calendar", lang), Phrase(calendar_text(measured, lang), lang)
        yield say("as of", lang), Phrase(as_of_text(measured, lang), lang)
        yield say("rows went", lang), Phrase(rows_text(measured, lang), lang)


def _setting(name: str, value: str, metric: Metric, lang: str) -> Phrase:
    """Return a field of the metric as it is called; without words of its own, as a program has it."""
    if name not in metric.words:
        return Phrase(f"{name} = {value}", lang, code=True)
    plain = say(value, lang) if value in ("True", "False") else called(value, metric, lang)
    return Phrase(f"{called(name, metric, lang)}: {plain}", lang)


def cited(basis: Citation | None, lang: str) -> Phrase:
    """Return a source as a reader looks it up; what it leaves out is said to be left out."""
    if basis is None:
        return Phrase(say("no basis", lang), lang)
    parts = [text_in(part, lang) for part in (basis.title, basis.document, basis.section) if part]
    if basis.adopted == NOT_IN_SOURCE:
        parts.append(say("adopted", lang, day=NOT_SAID[lang]))
    elif basis.adopted is not None:
        day = spoken(basis.adopted, lang) if isinstance(basis.adopted, dt.date) else basis.adopted
        parts.append(say("adopted", lang, day=day))
    if not basis.certain:
        parts.append(say("uncertain", lang, question=text_in(basis.question or NOT_SAID, lang)))
    return Phrase(", ".join(parts), lang)


def _decision(goal: Goal, lang: str) -> Iterator[Fact]:
    yield say("basis", lang), cited(goal.basis, lang)
    if goal.owner:
        yield say("owner", lang), Phrase(goal.owner, lang)
    if goal.report:
        yield say("reported", lang), Phrase(f"{goal.report.to}, {RHYTHMS[goal.report.every][lang]}", lang)
    if goal.method:
        yield say("method", lang), Phrase(goal.method[lang], lang)


WIDEST: Final = 72
Row = tuple[str | Phrase, ...]


@attrs.frozen(kw_only=True, repr=False)
class ShownCard:
    """A metric card in one language: a table of facts, then fields, outcomes, readings and settings."""

    facts: Table
    details: tuple[Table, ...]

    @property
    def tables(self) -> tuple[Table, ...]:
        """Everything that the card shows, in order."""
        return (self.facts, *self.details)

    def text(self, columns: int | None = None) -> str:
        """Return the card for a terminal of so many columns."""
        return "\n\n".join(table.text(widest=WIDEST, columns=columns) for table in self.tables)

    def markdown(self) -> str:
        """Return the card in Markdown, nothing in it read as markup."""
        return "\n\n".join(table.markdown() for table in self.tables)

    def html(self) -> str:
        """Return the card as a piece of HTML that needs nothing beside it; all text is escaped."""
        return STYLE + "".join(table.html(style="") for table in self.tables)

    def __repr__(self) -> str:
        return self.text()

    def _repr_html_(self) -> str:
        return self.html()


def card(metric: Metric | type[Metric], lang: str = "en") -> ShownCard:
    """Return what a reader must know of a metric to trust its figures, in English or Danish.

    >>> from casequality_example import AnsweredInTime
    >>> print(card(AnsweredInTime).facts.caption)
    Letters answered in time (example.answered-in-time)
    """
    of = card_of(metric)
    version = say("result version", lang, version=of.metric.version)
    facts = Table(
        caption=f"{title_of(of.metric, lang)} ({of.metric.id})",
        headers=(say("metric", lang), f"{of.metric.id}, {version}"),
        rows=tuple(_facts(of, lang)),
        lang=lang,
    )
    return ShownCard(facts=facts, details=tuple(_details(of, lang)))


def _table(caption: str, rows: Sequence[Row], headers: Sequence[str], lang: str) -> Table:
    named = tuple(say(header, lang) for header in headers)
    return Table(caption=caption, headers=named, rows=tuple(rows), lang=lang)


def _facts(of: Card, lang: str) -> list[Row]:
    metric = of.metric
    facts = {
        "definition": Phrase(of.definition, "en"),
        "figure": figure_sentence(metric.statistic, lang),
        "unit": Phrase(metric.unit.da if lang == "da" else metric.unit.en, lang),
        "direction": Phrase(
            say({True: "higher", False: "lower", None: "neither"}[metric.higher_is_better], lang), lang
        ),
        "records": Phrase(f"{metric.records.name}: {of.counted}", "en"),
        "limits": said(metric.limits, lang),
        "cited": cited(metric.citation, lang) if metric.citation else Phrase(say("no source", lang), lang),
    }
    return [(say(key, lang), fact) for key, fact in facts.items() if fact.text]


def _details(of: Card, lang: str) -> Iterator[Table]:
    """Yield the tables of what has more than one line; what the metric has none of has no table."""
    metric = of.metric
    fields = [_field_row(name, field, lang) for name, field in of.reads.items()]
    yield _table(say("fields", lang), fields, ("field", "kind", "blank", "labels"), lang)
    outcomes = [
        (outcome_word(name, metric, lang), name, ROLES[role][lang]) for name, role in metric.outcomes.roles.items()
    ]
    yield _table(say("outcome", lang), outcomes, ("outcome", "name", "role"), lang)
    for name, choice in metric.readings.items():
        caption = say("reading of", lang, name=name, why=said(choice.why, lang))
        yield _table(caption, _options(choice, lang), ("option", "means"), lang)
    settings = [
        (called(name, metric, lang), name, called(value, metric, lang))
        for name, value in plain_parameters(metric.parameters()).items()
    ]
    if settings:
        yield _table(say("settings", lang), settings, ("setting", "name", "set to"), lang)


def _field_row(name: str, field: Field[object], lang: str) -> Row:
    labels = ", ".join(field.labels) or say("any label", lang)
    return (
        name,
        field.column_type.words[lang],
        said(field.missing or field.unknown or "", lang),
        labels if field.column_type.is_code else "",
    )


def _options(choice: Choice, lang: str) -> list[Row]:
    mark = "literal default" if choice.literal else "usual default"
    return [
        (say(mark, lang, option=name) if name == choice.default else name, consequence(each, lang))
        for name, each in choice.alternatives.items()
    ]
