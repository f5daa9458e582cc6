"""What is on offer: installed metrics, goal sets and deadlines, found when asked for."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping

from casequality.deadlines import Deadline, Schedule, deadlines, load_deadlines
from casequality.host import Catalogue, discover_from_environment
from casequality.metrics.as_of import Rule
from casequality.metrics.metric import Metric, as_metric
from casequality.records import Records


def catalogue() -> Catalogue:
    """Return the installed plugins and what they offer; `CASEQUALITY_PLUGINS` and `CASEQUALITY_STRICT` are heeded."""
    return discover_from_environment(os.environ)


def find_metric(metric: str | Metric | type[Metric], found: Catalogue | None = None) -> Metric:
    """Return a metric from its id, its class or itself."""
    if isinstance(metric, str):
        return as_metric((found or catalogue()).metric(metric))
    return as_metric(metric)


def records_of(metric: str | Metric | type[Metric], found: Catalogue | None = None) -> type[Records]:
    """Return the record type that a metric reads, for `casequality.source`."""
    return find_metric(metric, found).records


def rules(found: Catalogue | None = None, further: Iterable[Deadline | Schedule] = ()) -> Mapping[str, Rule]:
    """Return every deadline by id: the shipped ones, those of plugins, and `further` ones."""
    offered: dict[str, Rule] = {rule.id: rule for rule in deadlines()}
    for offer in found.deadlines if found is not None else ():
        offered.update({rule.id: rule for rule in load_deadlines(offer.value)})
    return {**offered, **{rule.id: rule for rule in further}}
