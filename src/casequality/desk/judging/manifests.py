"""The manifest of a report: what its figures rest on, as plain data, and none of the figures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from platform import python_version
from typing import Any, Final
from zoneinfo import ZoneInfo

import attrs
import numpy as np

from casequality.days import Calendar, calendar
from casequality.desk.keeping import StoredCounts
from casequality.engines.checkpoint import LIBRARIES, code_of, digest, plain, version_of
from casequality.errors import UsageError
from casequality.goals import Assessment, Judgement, PublishedAssessment
from casequality.metrics import AsOf, Measurement, Rule
from casequality.records import Source
from casequality.reports import MANIFEST, PageDifference

FEW: Final = 10_000
"""A source of fewer rows has no digest in a manifest."""


@attrs.frozen(kw_only=True)
class Verified:
    """What became of the verification of a report.

    whole: whether page and manifest are as they were written. differs: the places at which the page says something
    else. withheld: how many places say that something is withheld; policy: under which policy, None for internal use.
    changed: what else is of another kind or version by now and changed no figure.
    """

    whole: bool
    differs: tuple[PageDifference, ...]
    withheld: int
    policy: Mapping[str, Any] | None
    changed: tuple[tuple[str, str], ...] = ()


def manifest_of(
    whole: Assessment,
    told: PublishedAssessment | None,
    as_of: AsOf,
    read: Mapping[str, Source],
    asked: Sequence[str],
    kept: StoredCounts | None = None,
) -> dict[str, Any]:
    """Return the manifest of a report, or of what is told of it under a policy.

    read: the sources that it was made from, by the names that goals give them. asked: what was asked for beside.
    kept: the deliveries of a store that answered in place of sources.
    """
    rules = as_of.rules
    measured = whole.measurements
    named = sorted({name for each in measured.values() for name in filter(None, _calendars(each))})
    years = range(whole.period.first.year - 1, int(str(as_of.day)[:4]) + 2)
    parameters = [value for each in measured.values() for value in each.tally.assumed.parameters.values()]
    used = {id for id in rules if any(id == value or repr(id) in value for value in parameters)}
    written = None if told else whole.comments
    return {
        "$schema": MANIFEST,
        "period": whole.period.label,
        "as_of": whole.as_of,
        "zone": whole.zone,
        "to": whole.recipient.name if whole.recipient else None,
        "policy": told.disclosure.policy.to_dict() if told else None,
        "editions": told.disclosure.after if told else None,
        "versions": {**_versions(), **_clock(whole, years), **whole.plugins},
        "goals": {each.goal.id: _goal(each, measured.get(each.goal.id)) for each in whole},
        "calendars": {name: _closed(name, rules, years) for name in named},
        "deadlines": {**{id: _digest(rules[id]) for id in sorted(used)}, "others": _digest(_others(rules, used))},
        "sources": {} if told else _sources(whole, read, kept),
        **({"store": kept.log[-1].number, "who": kept.who} if kept else {}),
        "texts": None if written is None else _digest(written),
        "with": [] if told else list(asked),
    }


def _versions() -> dict[str, str]:
    return {**{name: version_of(name) for name in LIBRARIES}, "python": python_version()}


def _clock(whole: Assessment, years: range) -> dict[str, str]:
    """Return the clock of some years by a digest: where the system has its own rules, no version says which."""
    days = np.arange(f"{years[0]}-01-01", f"{years[-1] + 1}-01-01", dtype="M8[D]").tolist()
    zone = ZoneInfo(whole.zone)
    offsets = [str(dt.datetime.combine(day, dt.time(12), zone).utcoffset()) for day in days]
    return {f"clock of {whole.zone}": digest(offsets)}


def _goal(judgement: Judgement, measured: Measurement | None) -> dict[str, Any]:
    """Return how a figure is defined, and the code that counts it."""
    goal, metric = judgement.goal, measured.reading.metric if measured else None
    plain = attrs.asdict(goal, value_serializer=_as_json)
    return {
        "source": goal.source,
        "definition": {**plain, "target": "baseline" if goal.target is None else str(goal.target)},
        "readings": dict(judgement.readings),
        "parameters": dict(measured.tally.assumed.parameters) if measured else {},
        "calendar": list(_calendars(measured)) if measured else [],
        "result_version": metric.version if metric else None,
        "code": code_of(metric) if metric else None,
    }


def _as_json(_: type, __: Any, value: Any) -> Any:
    if value is None or isinstance(value, bool | int | str | list | tuple | dict):
        return value
    return value.to_dict() if hasattr(value, "to_dict") else str(value)


def _calendars(measured: Measurement) -> list[str]:
    return measured.tally.assumed.calendar.split(", ")


def _closed(name: str, rules: Mapping[str, Rule], years: range) -> list[str]:
    """Return the weekdays of some years on which a calendar is closed."""
    own = (rule.calendar for rule in rules.values())
    found = next((each for each in own if isinstance(each, Calendar) and each.name == name), None) or calendar(name)
    days = (day for day in found.closed.tolist() if day.year in years and day.weekday() < 5)
    return [day.isoformat() for day in days]


def _others(rules: Mapping[str, Rule], used: Collection[str]) -> dict[str, Rule]:
    return {id: rule for id, rule in rules.items() if id not in used}


def _digest(value: object) -> str:
    """Return a digest of rules or texts, "" for one of which none can be made."""
    try:
        return digest(plain(value))
    except UsageError:
        return ""


def _sources(whole: Assessment, read: Mapping[str, Source], kept: StoredCounts | None) -> dict[str, str | None]:
    """Return a digest of each source that is a file or a query, or of what a store held."""
    if kept:
        return dict.fromkeys(whole.sources, kept.digest)
    return {name: _delivered(each, whole) for name, each in read.items()}


def _delivered(source: Source, whole: Assessment) -> str | None:
    """Return a digest of all that a source was read from, None for few rows and for what is no file or query."""
    note = whole.sources.get(source.name)
    if note is None or note.read < FEW:
        return None
    try:
        given = [each.delivery() for each in (source, *source.children.values())]
    except UsageError:
        return None
    return digest(plain([[dict(each.files), dict(each.queries), each.snapshot] for each in given]))
