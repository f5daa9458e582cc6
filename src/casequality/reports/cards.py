"""The card of a metric for people: what its figure means, how it is counted, and what it reads."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Final

import attrs

from casequality.citation import NOT_IN_SOURCE, Citation
from casequality.errors import NOT_SAID, text_in
from casequality.goals import called, spoken
from casequality.metrics import Card, Choice, Metric, card_of, plain_parameters
from casequality.records import Field
from casequality.reports.wording import (
    ROLES,
    STYLE,
    Phrase,
    Table,
    consequence,
    figure_sentence,
    outcome_word,
    said,
    say,
    title_of,
)


def cited(basis: Citation | None, lang: str) -> Phrase:
    """Return a source as a reader looks it up; what it leaves out is said to be left out."""
    if basis is None:
        return Phrase(say("no basis", lang), lang)
    parts = [text_in(part, lang) for part in (basis.title, basis.document, basis.section) if part]
    if basis.adopted == NOT_IN_SOURCE:
        parts.append(say("not adopted", lang))
    elif basis.adopted is not None:
        day = spoken(basis.adopted, lang) if isinstance(basis.adopted, dt.date) else basis.adopted
        parts.append(say("adopted", lang, day=day))
    if not basis.certain:
        parts.append(say("uncertain", lang, question=text_in(basis.question or NOT_SAID, lang)))
    return Phrase(", ".join(parts), lang)


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
