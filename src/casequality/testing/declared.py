"""Laws of declarations: all that a metric declares is true, reached and of consequence."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, get_args, get_type_hints

import attrs

from casequality.errors import CaseQualityError, MissingColumn
from casequality.metrics import OPEN, SHARE, UNKNOWN, Metric, Unit, fields_read
from casequality.testing.invented import Inapplicable, ObservedRows, Row, Subject, broken

SIZES: Final = (200, 1000, 5000)
"""How many invented records are looked through until everything declared was met."""
MOST: Final = 64
"""How many combinations of readings are tried at most."""


def declared_columns(subject: Subject) -> None:
    """Refuse a metric that reads another column for some records than for none: the source is not read for it."""
    metric, rows = subject.metric, subject.corpus(SIZES[0])
    fields = fields_read(metric, subject.moment())
    seen = subject.seen(rows)
    kept = {
        name: seen.records.column(name) for name in seen.records.loaded if name in {f.split(".")[0] for f in fields}
    }
    narrow = metric.records(kept, len(seen.records))
    try:
        said = subject.said(seen, narrow)
    except MissingColumn as fault:
        broken(
            f"For records the metric reads {fault.where}, and for none it does not, so no source is read for it",
            way_out="read every column that may be needed before looking at any value",
        )
    if found := subject.said(seen).difference(said):
        broken(
            f"With all columns loaded and with those it reads, {found}",
            rows=[seen.rows[found.record]],
            way_out="read columns as attributes of the records; do not ask which are loaded",
        )


def reachable(subject: Subject) -> None:
    """Refuse an outcome that no record has, among thousands of invented ones and all settings of the readings."""
    left = set(subject.metric.outcomes)
    for size in SIZES:
        seen = subject.seen(subject.corpus(size))
        for metric in _under_fields(subject.metric):
            said = subject.said(seen, metric=metric)
            left -= {name for facet in said.facets for name in said.outcomes(facet)}
            if not left:
                return
    broken(
        f"No record among {SIZES[-1]} has the outcome {', '.join(sorted(left))}",
        way_out="remove it, move it before the outcome that covers it, or give the deadlines under which it occurs",
    )


def _under_fields(metric: Metric) -> Iterator[Metric]:
    """Yield the metric with every setting of its fields that a reading makes."""
    met = []
    for chosen in _combinations(metric):
        made = metric.under(chosen).metric
        if made not in met:
            met.append(made)
            yield made


def _combinations(metric: Metric, without: str = "") -> Iterable[dict[str, str]]:
    readings = {name: tuple(choice.alternatives) for name, choice in metric.readings.items() if name != without}
    every = (dict(zip(readings, chosen, strict=True)) for chosen in itertools.product(*readings.values()))
    return itertools.islice(every, MOST)


def readings_matter(subject: Subject) -> None:
    """Refuse an alternative of a reading that changes no figure, whatever is chosen in the other readings."""
    metric = subject.metric
    if not metric.readings:
        raise Inapplicable("the metric declares no readings")
    idle = [
        f"{name}={each}"
        for name, choice in metric.readings.items()
        for each in choice.alternatives
        if each != choice.default and not _changes(subject, name, each, choice.default)
    ]
    if idle:
        broken(
            f"No figure of {SIZES[1]} records changes under {', '.join(idle)}",
            way_out="remove it, or let it change a role of an outcome that occurs, or a field",
        )


def _changes(subject: Subject, name: str, alternative: str, default: str) -> bool:
    for others in _combinations(subject.metric, name):
        one, other = (_figures(subject, {**others, name: each}) for each in (alternative, default))
        if one != other:
            return True
    return False


def _figures(subject: Subject, chosen: Mapping[str, str]) -> list[Any]:
    """Return the figures under some readings, each with what bounds a verdict: its sample, and records not settled."""
    reading = subject.metric.under(chosen)
    unsettled = {name for name, role in reading.roles.items() if role in (OPEN, UNKNOWN)}
    figures = subject.figures(subject.kept_tally(SIZES[1], reading.metric), chosen)
    return [
        (each.place, each.value, each.sample, sum(each.outcomes.get(name, 0) for name in unsettled)) for each in figures
    ]


def parameters_matter(subject: Subject) -> None:
    """Refuse a field of the metric of which no other value changes anything."""
    fields = attrs.fields_dict(type(subject.metric))
    if not fields:
        raise Inapplicable("the metric has no fields")
    seen = subject.seen(subject.corpus(SIZES[1]))
    said = subject.said(seen)
    for name in fields:
        tried = list(_other_values(subject, name))
        answers = (_said_with(subject, seen, name, value) for value in tried)
        if not any(each is not None and said.difference(each) for each in answers):
            broken(
                f"The field {name} changes nothing; {len(tried)} other values were tried",
                way_out=f"remove it, use it, or give the kit a value that matters: others = {{{name!r}: ...}}",
            )


def _said_with(subject: Subject, seen: ObservedRows, name: str, value: Any) -> Any:
    try:
        return subject.said(seen, metric=attrs.evolve(subject.metric, **{name: value}))
    except (CaseQualityError, TypeError, ValueError):
        return None


def _other_values(subject: Subject, name: str) -> Iterator[Any]:
    """Yield values of a field that differ from its own: those of readings, then what its type and value suggest."""
    metric = subject.metric
    value = getattr(metric, name)
    if name in subject.others:
        yield subject.others[name]
    for choice in metric.readings.values():
        yield from (each.fields[name] for each in choice.alternatives.values() if name in each.fields)
    yield from get_args(get_type_hints(type(metric)).get(name))
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int):
        yield from (value + 1, value * 2 + 7, value * 50 + 1000, 0, value - 1)
    elif isinstance(value, str):
        yield from subject.rules


def unit_and_range(subject: Subject) -> None:
    """Refuse a figure outside what its unit allows: below 0, a share above 1, a time longer than the records span."""
    metric = subject.metric
    if not isinstance(metric.unit, Unit):
        broken("The unit is not a Unit", way_out="use cq.units.SHARE and the like, or make one: cq.units.Unit(...)")
    rows = subject.corpus(SIZES[1])
    span = _longest(rows).total_seconds()
    flows = metric.statistic.counts_nothing
    for by in ((), ("month",)):
        for figure in subject.figures(subject.kept_tally(SIZES[1], metric), by=by):
            exact = figure.value.exact
            if exact is None:
                continue
            shown = float(exact * metric.unit.scale)
            if exact < 0:
                broken(
                    f"A figure is {shown:g} {metric.unit.en}", way_out="subtract the earlier date from the later one"
                )
            if metric.unit is SHARE and exact > 1 and not (flows or metric.statistic.joins_facets):
                broken(f"A share is {shown:g} %", way_out="give a fraction of 1; the unit makes it per cent")
            seconds = {"days": 86_400, "seconds": 1}.get(metric.unit.name)
            if seconds and not flows and shown * seconds > span + 86_400:
                broken(
                    f"A figure is {shown:.0f} {metric.unit.en}, longer than from the first date to the last",
                    way_out="contribute microseconds for cq.units.SECONDS and whole days for cq.units.DAYS",
                )


def _longest(rows: Sequence[Row]) -> dt.timedelta:
    """Return the time from the first day of any row to the last."""
    dates = [value for row in rows for value in row.values() if isinstance(value, dt.date)]
    days = [value.date() if isinstance(value, dt.datetime) else value for value in dates]
    return max(days) - min(days)


def titles(subject: Subject) -> None:
    """Refuse a text that is not there in English and Danish: title, unit, and what is said in both of anything else."""
    metric = subject.metric
    said: dict[str, Any] = {"title": metric.title, "unit": {"en": metric.unit.en, "da": metric.unit.da}}
    said |= {f"words, {name}": texts for name, texts in metric.words.items()}
    texts: dict[str, Any] = {"limits": metric.limits}
    for name, choice in metric.readings.items():
        texts[f"reading {name}, why"] = choice.why
        texts |= {f"reading {name}, {each}": made.says for each, made in choice.alternatives.items()}
    said |= {name: text for name, text in texts.items() if isinstance(text, Mapping)}
    for name, text in said.items():
        if lacking := [lang for lang in ("en", "da") if not str(text.get(lang) or "").strip()]:
            broken(
                f"The {name} is not said in {' or '.join(lacking)}", way_out='write both: {"en": "...", "da": "..."}'
            )


def citation(subject: Subject) -> None:
    """Refuse a metric without its source, and an uncertain one without the question that is open."""
    given = subject.metric.citation
    if given is None:
        broken(
            "The metric names no source",
            way_out='cite what sets the goal or defines the figure, or skip: skips = {"citation": "why there is none"}',
        )
    if not str(given.title).strip() or not (given.certain or given.question):
        broken(
            "The citation has no title, or is uncertain without a question", way_out="say what a reader must look up"
        )
