"""Deadlines and schedules as TOML tables say them: the shipped catalogue, project files, plugins."""

from __future__ import annotations

import datetime as dt
import difflib
import tomllib
from collections.abc import Collection, Mapping
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, TypeAlias

import attrs

from casequality.citation import Citation
from casequality.dated import Dated, Entry
from casequality.days import Calendar
from casequality.deadlines.deadline import Deadline, Extension
from casequality.deadlines.opening import Opening
from casequality.deadlines.schedule import Schedule
from casequality.deadlines.term import Term, calendar_of
from casequality.errors import CaseQualityError, InputError, UnknownName, UsageError, raise_together

Table: TypeAlias = Mapping[str, Any]
DAY = dt.timedelta(days=1)

TERM_KEYS = ("since", "until", "term", "source")
SHARED_KEYS = ("title", "kind", "calendar", "starts", "satisfied_by", "breach", "zone", "source")
DEADLINE_KEYS = (*SHARED_KEYS, "terms", "excluded", "extension", "after", "opening")
SCHEDULE_KEYS = (*SHARED_KEYS, "by_kind")
EXTENSION_KEYS = ("term", "condition")
OPENING_KEYS = ("opens", "closes", "zone", "calendar")
SOURCE_KEYS = tuple(field.name for field in attrs.fields(Citation))


def load_deadlines(file: Path | Traversable) -> tuple[Deadline | Schedule, ...]:
    """Return what a TOML file of deadlines defines; see `parse_deadlines`."""
    try:
        plain = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError("A file of deadlines cannot be opened", where=str(file), got=error.strerror) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError("A file of deadlines is not TOML", where=str(file), got=error) from None
    _check_keys(plain, ("deadlines",), needed=("deadlines",), where=str(file))
    return parse_deadlines(plain, file.name)


def parse_deadlines(
    plain: Table,
    where: str,
    *,
    known: Mapping[str, Deadline] | None = None,
    calendars: Mapping[str, Calendar] | None = None,
) -> tuple[Deadline | Schedule, ...]:
    """Return what `deadlines` in the content of a TOML file defines, in order of id: a `Schedule` if it has `by_kind`.

    `where` names the file in errors; `known` are deadlines that an `after` may name besides those of the file;
    `calendars` are the caller's own by name. All faults are raised together.
    """
    tables = plain.get("deadlines", {})
    _check_table(tables, f"{where}, deadlines", allowed="[deadlines.<id>]")
    found: dict[str, Deadline | Schedule] = {}
    errors: list[CaseQualityError] = []
    for name in sorted(tables, key=lambda name: isinstance(tables[name], Mapping) and "after" in tables[name]):
        try:
            earlier = {**(known or {}), **{key: rule for key, rule in found.items() if isinstance(rule, Deadline)}}
            found[name] = _rule(name, tables[name], earlier, calendars or {})
        except CaseQualityError as error:
            error.where = ", ".join(filter(None, [where, name, error.where]))
            errors.append(error)
    raise_together("Some deadlines cannot be read", errors)
    return tuple(found[name] for name in sorted(found))


def unknown(what: str, name: str, known: Collection[str], where: str | None = None) -> UnknownName:
    """Return the error for a name that is not known, with those that it resembles."""
    near = difflib.get_close_matches(name, known)
    remedy = f"did you mean {' or '.join(near)}?" if near else "use one of these"
    return UnknownName(what, where=where, got=name, allowed=sorted(known), remedy=remedy)


def _rule(
    name: str, table: Any, known: Mapping[str, Deadline], calendars: Mapping[str, Calendar]
) -> Deadline | Schedule:
    is_schedule = isinstance(table, Mapping) and "by_kind" in table
    _check_keys(table, SCHEDULE_KEYS if is_schedule else DEADLINE_KEYS, needed=("title", "calendar"))
    fields = {key: value for key, value in table.items() if key != "source"}
    fields["calendar"] = _calendar(table["calendar"], calendars)
    source = _citation(table["source"]) if "source" in table else None
    if is_schedule:
        _check_table(table["by_kind"], "by_kind", allowed='<type of case> = "4 weeks"')
        by_kind = {kind: _terms(terms, source, f"by_kind.{kind}") for kind, terms in table["by_kind"].items()}
        return Schedule(id=name, **{**fields, "by_kind": by_kind})
    _check_keys(table, DEADLINE_KEYS, needed=("kind", "terms"))
    fields["terms"] = _terms(table["terms"], source, "terms")
    if "extension" in table:
        fields["extension"] = _extension(table["extension"])
    if "after" in table:
        if table["after"] not in known:
            raise unknown("Unknown deadline", table["after"], known, "after")
        fields["after"] = known[table["after"]]
    if "opening" in table:
        fields["opening"] = _opening(table["opening"], fields["calendar"], calendars)
    return Deadline(id=name, **fields)


def _terms(given: Any, source: Citation | None, where: str) -> Dated[Term]:
    if not isinstance(given, list):
        return Dated.always(Term.parse(given, where=where), source)
    for table in given:
        _check_keys(table, TERM_KEYS, needed=("term",), where=where)
    entries: list[Entry[Term]] = []
    for table in sorted(given, key=lambda table: _day(table, "since", where) or dt.date.min):
        since, until = _day(table, "since", where) or dt.date.min, _day(table, "until", where)
        if (entries and entries[-1].value is None and since < entries[-1].since) or (until and until < since):
            raise UsageError(
                "Terms that overlap, or end before they begin",
                where=where,
                got=f"since {since}",
                remedy="let each term end before the next begins; leave `until` out where the next one ends it",
            )
        if entries and entries[-1].since == since and entries[-1].value is None:
            entries.pop()
        cited = _citation(table["source"]) if "source" in table else source
        entries.append(Entry(since, Term.parse(table["term"], where=where), cited))
        if until:
            entries.append(Entry(until + DAY, None))
    return Dated(tuple(entries))


def _citation(given: Any) -> Citation:
    if isinstance(given, str):
        return Citation(title=given)
    _check_keys(given, SOURCE_KEYS, needed=("title",), where="source")
    return Citation(**given)


def _extension(given: Any) -> Extension:
    _check_keys(given, EXTENSION_KEYS, needed=("condition",), where="extension")
    term = Term.parse(given["term"], where="extension") if "term" in given else None
    return Extension(given["condition"], term)


def _opening(given: Any, calendar: Calendar | str, calendars: Mapping[str, Calendar]) -> Opening:
    _check_keys(given, OPENING_KEYS, needed=("opens", "closes", "zone"), where="opening")
    if not all(isinstance(given[key], dt.time) for key in ("opens", "closes")):
        raise UsageError("Opening hours are TOML times", where="opening", remedy="write opens = 08:30:00")
    days = _calendar(given["calendar"], calendars) if "calendar" in given else calendar
    return Opening(given["opens"], given["closes"], given["zone"], days)


def _calendar(name: str, calendars: Mapping[str, Calendar]) -> Calendar | str:
    return calendars[name] if name in calendars else calendar_of(name).name


def _day(table: Table, key: str, where: str) -> dt.date | None:
    day = table.get(key)
    if day is None or (isinstance(day, dt.date) and not isinstance(day, dt.datetime)):
        return day
    raise UsageError(
        f"`{key}` is a day", where=where, got=type(day).__name__, remedy=f"write {key} = 2009-01-01, without quotes"
    )


def _check_table(table: Any, where: str | None, *, allowed: str | Collection[str]) -> None:
    if not isinstance(table, Mapping):
        raise UsageError("A table is needed", where=where, got=type(table).__name__, allowed=allowed)


def _check_keys(table: Any, keys: Collection[str], *, needed: Collection[str], where: str | None = None) -> None:
    _check_table(table, where, allowed=keys)
    for key in table:
        if key not in keys:
            raise unknown("Unknown key", key, keys, where)
    for key in needed:
        if key not in table:
            raise UsageError("A key is missing", where=where, got=", ".join(table), remedy=f"add `{key}`")
