"""What is on offer: installed metrics, goal sets and deadlines, found when asked for, and what a caller hands over."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, TypeAlias

import attrs

from casequality.days import Period
from casequality.deadlines import Deadline, Schedule, deadline, load_table, parse_deadlines, shipped
from casequality.errors import GoalError, PluginError, UnknownName, UsageError, Words
from casequality.host import Catalogue, discover_from_environment
from casequality.metrics import AsOf, Metric, Rule, as_metric
from casequality.records import TOLD, Records, Source, source
from casequality.toml import words

COPENHAGEN = "Europe/Copenhagen"
"""Whose days count where a caller names no zone."""

MAPPED = ("columns", "codes", "marks", "zone", "dialect", *TOLD, "query", "children", "checks_off", "name")


def as_source(data: object, records: type[Records], mapping: Mapping[str, Any]) -> Source:
    """Return `data` as a source of these records; a `Source` is taken as it is."""
    if isinstance(data, Source):
        return data
    return source(data, records, **{name: value for name, value in mapping.items() if value is not None})


def why_not_delivered(data: object, name: str) -> Words | None:
    """Return why a source is not delivered, where `{"not_delivered": "the reason"}` stands in place of its data."""
    if not isinstance(data, Mapping) or set(data) != {"not_delivered"}:
        return None
    try:
        return words(data["not_delivered"])
    except GoalError as fault:
        fault.where = f"sources.{name}, not_delivered"
        raise


def as_names(given: str | Sequence[str]) -> tuple[str, ...]:
    """Return one or several names as a tuple."""
    return (given,) if isinstance(given, str) else tuple(given)


Further: TypeAlias = str | Path | Iterable[Deadline | Schedule]
"""The caller's own deadlines and schedules: themselves, or the TOML file that says them as a project file does."""


def catalogue() -> Catalogue:
    """Return the installed plugins and what they offer; `CASEQUALITY_PLUGINS` and `CASEQUALITY_STRICT` are heeded."""
    return discover_from_environment(os.environ)


def find_metric(metric: str | Metric | type[Metric], found: Catalogue | None = None) -> Metric:
    """Return a metric from its id, its class or itself."""
    if not isinstance(metric, str):
        return as_metric(metric)
    found = found or catalogue()
    offered = found.metric(metric)
    try:
        return as_metric(offered)
    except UsageError as fault:
        raise PluginError.of(fault, str(found.metrics[metric].plugin)) from fault


def records_of(metric: str | Metric | type[Metric], found: Catalogue | None = None) -> type[Records]:
    """Return the record type that a metric reads, for `casequality.source`."""
    return find_metric(metric, found).records


def rules(found: Catalogue | None = None, further: Further = ()) -> Mapping[str, Rule]:
    """Return every deadline by id: the shipped ones, those of plugins, and `further` ones."""
    return _Offered(found) if further == () else _read(found, further)


@attrs.frozen(eq=False, repr=False, slots=False)
class _Offered(Mapping[str, Rule]):
    """The shipped deadlines and those of plugins, read when first asked for."""

    found: Catalogue | None

    def __getitem__(self, name: str) -> Rule:
        offered = {} if self.found is None else self.found.deadlines
        if name not in offered and "_all" not in vars(self):
            with contextlib.suppress(UnknownName, UsageError):
                return deadline(name)  # without reading those of every area
        return self._all[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)

    @cached_property
    def _all(self) -> Mapping[str, Rule]:
        return _read(self.found, ())


def _read(found: Catalogue | None, further: Further) -> Mapping[str, Rule]:
    known = {rule.id: rule for rule in shipped()}
    offered: dict[str, Rule] = {**known}
    if found is not None:
        offered.update({name: offer.value for name, offer in found.deadlines.items()})
    if isinstance(further, str | Path):
        further = parse_deadlines(load_table(Path(further), "deadlines"), str(further), known=known)
    return {**offered, **{rule.id: rule for rule in further}}


def declared_labels(source: Source, as_of: AsOf, *further: Mapping[str, Collection[str]]) -> dict[str, frozenset[str]]:
    """Return by field the labels that somebody declared: in what the source is told, or in `further`.

    In every code so are the types of case that a schedule of deadlines sets a term for.
    """
    mapping, codes = source.mapping, [name for name, each in source.records.fields.items() if each.column_type.is_code]
    kinds = {kind for rule in as_of.rules.values() if isinstance(rule, Schedule) for kind in rule.by_kind}
    found = {name: set(kinds) for name in codes}
    told = [{field: codes.values() for field, codes in mapping.codes.items()}, *further]
    told += [{field: [label] for field, label in mapping.defaults.items()}]
    told += [{field: [str(label)] for field, label in mapping.by_file.get("", {}).items()}]
    for each in told:
        for field, labels in each.items():
            found.setdefault(field, set()).update(label for label in labels if label is not None)
    return {field: frozenset(labels) for field, labels in sorted(found.items())}


def further_edges(periods: Iterable[Period]) -> tuple[dt.date, ...]:
    """Return the days on which these periods, or the same a year earlier, begin or end inside a month."""
    compared = [either for each in periods for either in (each, each.year_before())]
    return tuple(sorted({day for each in compared for day in (each.first, each.end) if day.day != 1}))
