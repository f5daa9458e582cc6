"""Metric cards: what a figure means, as plain data from the metric alone."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any

import attrs

from casequality.errors import UnknownName
from casequality.metrics.asking import contributed, fields_read
from casequality.metrics.declaring import (
    Alternative,
    AnyDeadline,
    Choice,
    Metric,
    Text,
    as_metric,
)
from casequality.metrics.tallies import plain_parameters
from casequality.records import Field, Records


@attrs.frozen
class Card:
    """A metric with the fields that it reads of its records, by name; a child's field as `notices.sent_on`."""

    metric: Metric
    reads: Mapping[str, Field[Any]]

    @property
    def definition(self) -> str:
        """What is measured, in English: the first paragraph of the metric's own docstring."""
        return _first_paragraph(type(self.metric))

    @property
    def counted(self) -> str:
        """What one record is, in English: the first paragraph of its docstring."""
        return _first_paragraph(self.metric.records)

    @property
    def direction(self) -> str | None:
        """Which figures are better, "higher" or "lower"; None where neither is by itself."""
        return {True: "higher", False: "lower", None: None}[self.metric.higher_is_better]

    def to_dict(self) -> dict[str, Any]:
        """Return the card as plain data; a text has a key for each language that it is given in."""
        metric = self.metric
        return {
            "metric": metric.id,
            "version": metric.version,
            "title": dict(metric.title),
            "definition": {"en": self.definition},
            "unit": {"name": metric.unit.name, "en": metric.unit.en, "da": metric.unit.da},
            "statistic": {"name": type(metric.statistic).__name__, **_settings(metric.statistic)},
            "direction": self.direction,
            "records": metric.records.name,
            "reads": {name: _plain_field(field) for name, field in self.reads.items()},
            "outcomes": {name: role.value for name, role in metric.outcomes.roles.items()},
            "readings": {name: _plain_choice(choice) for name, choice in metric.readings.items()},
            "parameters": plain_parameters(metric.parameters()),
            "words": {name: dict(words) for name, words in metric.words.items()},
            "citation": metric.citation.to_dict() if metric.citation else None,
            "limits": _by_language(metric.limits) if metric.limits else None,
        }


def card_of(metric: Metric | type[Metric]) -> Card:
    """Return the card of a metric; its fields are those that it reads under any of its readings.

    A metric that looks into a deadline which only a project file names is taken to read every field.
    """
    made = as_metric(metric)
    fields = all_fields(made.records)
    ways = [{name: option} for name, choice in made.readings.items() for option in choice.alternatives]
    as_of = AnyDeadline.at("2010-01-01", zone="UTC")
    try:
        asked: list[Metric] = []
        for chosen in ({}, *ways):
            if (
                metric := made.under(chosen).metric
            ) not in asked:  # most readings only take what is contributed otherwise
                asked.append(metric)
        read = {field for each in asked for field in fields_read(each, as_of)}
    except UnknownName:
        read = set(fields)
    return Card(made, {name: field for name, field in fields.items() if name in read})


def facets_of(metric: Metric) -> tuple[str, ...] | None:
    """Return the names of a metric's figures; none for one that gives a single figure, or a ratio of its facets.

    None for a metric that looks into a deadline which only a project file names: it cannot be asked yet.
    """
    try:
        given = contributed(metric, metric.records.empty(), AnyDeadline.at("2010-01-01", zone="UTC"))
    except UnknownName:
        return None
    return tuple(given) if isinstance(given, Mapping) and not metric.statistic.joins_facets else ()


def all_fields(records: type[Records], prefix: str = "") -> dict[str, Field[Any]]:
    """Return the fields of a record type and of its child tables, by dotted name."""
    found = {}
    for name, field in records.fields.items():
        found[prefix + name] = field
        if field.records is not None:
            found.update(all_fields(field.records, f"{prefix}{name}."))
    return found


def _first_paragraph(kind: type) -> str:
    return " ".join((inspect.getdoc(kind) or "").partition("\n\n")[0].split())


def _by_language(text: Text) -> dict[str, str]:
    return {"en": text} if isinstance(text, str) else dict(text)


def _settings(statistic: Any) -> dict[str, Any]:
    settings = attrs.asdict(statistic, recurse=False) if attrs.has(type(statistic)) else {}
    return {name: value if isinstance(value, int | None) else str(value) for name, value in settings.items()}


def _plain_field(field: Field[Any]) -> dict[str, Any]:
    plain = {
        "kind": field.kind,
        "missing": field.missing,
        "unknown": field.unknown,
        "labels": list(field.labels),
        "known_with": field.known_with,
    }
    return {name: value for name, value in plain.items() if value}


def _plain_choice(choice: Choice) -> dict[str, Any]:
    return {
        "why": _by_language(choice.why),
        "default": choice.default,
        "literal": choice.literal,
        "alternatives": {name: _plain_alternative(each) for name, each in choice.alternatives.items()},
    }


def _plain_alternative(alternative: Alternative) -> dict[str, Any]:
    return {
        "says": _by_language(alternative.says),
        "roles": {pattern: role.value for pattern, role in alternative.roles.items()},
        "fields": plain_parameters(alternative.fields),
        "cohort": alternative.cohort,
    }
