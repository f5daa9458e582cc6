"""Deadlines and schedules from TOML, each mistake refused at its place: templates, the shipped catalogue, others."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

import attrs

from casequality.citation import Citation, Dated, Entry
from casequality.days import Calendar, OpeningHours
from casequality.deadlines.counting import (
    NOTHING_SAID,
    DelayNotice,
    Duty,
    Extension,
    PauseRule,
    Term,
    calendar_of,
)
from casequality.deadlines.deadline import KINDS, Deadline, Kind
from casequality.deadlines.schedule import Schedule
from casequality.errors import (
    NOT_SAID,
    CaseQualityError,
    UsageError,
    Words,
    kind_of,
    raise_together,
    text_or_words,
    unknown,
    words,
)
from casequality.toml import check_keys, check_table, read_toml

T = TypeVar("T")
TomlMapping: TypeAlias = Mapping[str, Any]

SOURCE_KEYS = tuple(field.name for field in attrs.fields(Citation))
SOURCE_TEXTS = ("title", "document", "section", "question")
NOTICE_KEYS = tuple(field.name for field in attrs.fields(DelayNotice))
DUTY_KEYS = tuple(field.name for field in attrs.fields(Duty) if field.name != "law")


def load_table(file: Path | Traversable, key: str) -> TomlMapping:
    """Return the content of a TOML file that has the table `key` and nothing else."""
    plain = read_toml(file, "A file of deadlines", way_out=False)
    check_keys(plain, (key,), needed=(key,), where=str(file))
    return plain


def citation(given: Any) -> Citation:
    """Return what a `source` says; a text is a title, and each text of a table may be one for each language."""
    if isinstance(given, str):
        return Citation(title=given)
    check_keys(given, SOURCE_KEYS, needed=("title",), where="source")
    texts = {key: text_or_words(given[key], f"source, {key}") for key in SOURCE_TEXTS if key in given}
    return Citation(**{**given, **texts})


def calendar_named(name: Any, calendars: Mapping[str, Calendar]) -> Calendar | str:
    """Return one of the caller's own calendars, or the name of a shipped one."""
    if not isinstance(name, str):
        raise UsageError(
            "A calendar is named by text", where="calendar", got=kind_of(name), remedy='write it in quotes: "..."'
        )
    return calendars[name] if name in calendars else calendar_of(name).name


def day_under(table: TomlMapping, key: str, where: str) -> dt.date | None:
    """Return the day under a key, None where there is none."""
    day = table.get(key)
    if day is None or (isinstance(day, dt.date) and not isinstance(day, dt.datetime)):
        return day
    raise UsageError(
        f"`{key}` is a day", where=where, got=kind_of(day), remedy=f"write {key} = 2009-01-01, without quotes"
    )


def duty(given: Any) -> Duty:
    """Return what a `duty` table says."""
    check_keys(given, DUTY_KEYS, needed=(), where="duty")
    notice = given.get("delay_notice")
    if notice is not None:
        check_keys(notice, NOTICE_KEYS, needed=("says",), where="duty.delay_notice")
    return Duty(**{**given, "delay_notice": notice and DelayNotice(**notice)})


@attrs.frozen(kw_only=True)
class Template:
    """What the law says of a deadline whose term is set by `set_by`, in force from `since`.

    `deadline` and `schedule` make deadlines of it with local terms; their duty names `source` as its law.
    """

    id: str
    title: Words = attrs.field(converter=words)
    kind: Kind
    set_by: Words = attrs.field(converter=words)
    source: Citation
    since: dt.date | None = None
    calendar: Calendar | str
    starts: Words = attrs.field(converter=words, default=NOT_SAID)
    satisfied_by: Words = attrs.field(converter=words, default=NOT_SAID)
    excluded: Words = attrs.field(converter=words, default=NOT_SAID)
    breach: Words = attrs.field(converter=words, default=NOT_SAID)
    duty: Duty = NOTHING_SAID

    def __attrs_post_init__(self) -> None:
        if self.kind not in KINDS:
            raise UsageError("Unknown kind of deadline", where=self.id, got=self.kind, allowed=KINDS)

    def deadline(self, id: str, terms: Dated[Term] | Term | str, **local: Any) -> Deadline:
        """Return a deadline with local terms; `local` are other attributes of `Deadline` that differ.

        >>> import datetime as dt
        >>> from casequality.deadlines import template
        >>> housing = template("social/decide").deadline("local/housing", "8 weeks")
        >>> housing.due(dt.date(2010, 3, 1)), housing.duty.delay_notice.before_expiry
        (datetime.date(2010, 4, 26), True)
        """
        return Deadline(id=id, terms=terms, **{**self._shared(), **local})

    def schedule(self, id: str, by_kind: Mapping[str, Dated[Term] | Term | str], **local: Any) -> Schedule:
        """Return a schedule with a local term for each type of case; `local` as in `deadline`."""
        return Schedule(id=id, by_kind=by_kind, **{**self._shared(), **local})

    def to_dict(self) -> dict[str, Any]:
        """Return the template as plain data."""
        texts = ("title", "starts", "satisfied_by", "excluded", "breach", "duty")
        return {
            "id": self.id,
            "kind": self.kind,
            "calendar": calendar_of(self.calendar).name,
            **{name: getattr(self, name).to_dict() for name in texts},
            "set_by": self.set_by.to_dict(),
            "since": self.since and self.since.isoformat(),
            "source": self.source.to_dict(),
        }

    def _shared(self) -> dict[str, Any]:
        names = ("title", "kind", "calendar", "starts", "satisfied_by", "excluded", "breach")
        return {**{name: getattr(self, name) for name in names}, "duty": attrs.evolve(self.duty, law=self.source)}


TEMPLATE_TEXTS = ("title", "set_by", "starts", "satisfied_by", "excluded", "breach")
TEMPLATE_KEYS = (*TEMPLATE_TEXTS, "kind", "calendar", "duty", "since", "source")


def templates() -> tuple[Template, ...]:
    """Return the shipped templates in order of id."""
    return tuple(_shipped().values())


def template(id: str) -> Template:
    """Return a template by its id; raise `UnknownName`.

    >>> str(template("social/decide").source)[:27]
    'Retssikkerhedsloven, § 3, s'
    """
    return named(id, _shipped(), "Unknown template")


@lru_cache(maxsize=1)
def _shipped() -> dict[str, Template]:
    folder = files("casequality.deadlines").joinpath("catalogue", "municipal")
    found: list[Template] = []
    for file in folder.iterdir():
        for name, table in load_table(file, "templates")["templates"].items():
            check_keys(table, TEMPLATE_KEYS, needed=TEMPLATE_KEYS[:-2], where=name)
            read = {"duty": duty(table["duty"]), "source": citation(table["source"])}
            found.append(Template(id=name, **{**table, **read}))
    return {each.id: each for each in sorted(found, key=lambda each: each.id)}


TERM_KEYS = ("since", "until", "term", "source")
TEXT_KEYS = ("title", "starts", "satisfied_by", "excluded", "breach")
SHARED_KEYS = (*TEXT_KEYS, "like", "kind", "calendar", "duty", "zone", "source")
DEADLINE_KEYS = (
    *SHARED_KEYS,
    *("terms", "extension", "after", "passes_to", "undecided_on", "pauses", "opening", "excluded_months"),
)
SCHEDULE_KEYS = (*SHARED_KEYS, "by_kind", "pauses")
KIND_KEYS = ("terms", "pauses")
EXTENSION_KEYS = ("term", "condition")
PAUSE_KEYS = ("reason", "title", "source")
EVERY_DAY_KEYS = ("opens", "closes", "zone", "calendar", "special")
OPENING_KEYS = ("hours", "zone", "calendar", "special")


def load_deadlines(file: Path | Traversable) -> tuple[Deadline | Schedule, ...]:
    """Return what a TOML file of deadlines defines; see `parse_deadlines`."""
    return parse_deadlines(load_table(file, "deadlines"), file.name)


def parse_deadlines(
    plain: TomlMapping,
    where: str,
    *,
    known: Mapping[str, Deadline] | None = None,
    calendars: Mapping[str, Calendar] | None = None,
) -> tuple[Deadline | Schedule, ...]:
    """Return what `deadlines` in the content of a TOML file defines, in order of id: a `Schedule` if it has `by_kind`.

    A table with `like` has what it does not say itself from a shipped template. `where` names the file in errors;
    `known` are deadlines that `after` and `passes_to` may name besides those of the file; `calendars` are the
    caller's own by name. All faults are raised together.
    """
    tables = plain.get("deadlines", {})
    check_table(tables, f"{where}, deadlines", allowed="[deadlines.<id>]")
    found: dict[str, Deadline | Schedule] = {}
    errors: list[CaseQualityError] = []
    # those that name another come last, so that a file may list its deadlines in any order
    for name in sorted(tables, key=lambda name: _names_another(tables[name])):
        try:
            earlier = {**(known or {}), **{key: rule for key, rule in found.items() if isinstance(rule, Deadline)}}
            found[name] = _rule(name, tables[name], earlier, calendars or {})
        except CaseQualityError as error:
            error.where = ", ".join(filter(None, [where, name, error.where]))
            errors.append(error)
    raise_together(Words("Some deadlines cannot be read", "Nogle frister kan ikke læses"), errors)
    return tuple(found[name] for name in sorted(found))


def _names_another(table: Any) -> bool:
    return isinstance(table, Mapping) and ("after" in table or "passes_to" in table)


def _rule(
    name: str, table: Any, known: Mapping[str, Deadline], calendars: Mapping[str, Calendar]
) -> Deadline | Schedule:
    check_table(table, None, allowed=DEADLINE_KEYS)
    is_schedule = "by_kind" in table
    length = "by_kind" if is_schedule else "terms"
    own = () if "like" in table else ("title", "calendar") if is_schedule else ("title", "calendar", "kind")
    check_keys(table, SCHEDULE_KEYS if is_schedule else DEADLINE_KEYS, needed=(*own, length))
    shape = template(table["like"]) if "like" in table else None
    on = shape.calendar if shape and "calendar" not in table else calendar_named(table["calendar"], calendars)
    fields = {key: value for key, value in table.items() if key not in ("like", "source", "excluded_months", length)}
    fields["calendar"] = on
    if "duty" in table:
        fields["duty"] = duty(table["duty"])
    source = citation(table["source"]) if "source" in table else None
    if is_schedule:
        by_kind, fields["pauses_by_kind"] = _by_kind(table["by_kind"], source)
        if "pauses" in table:
            fields["pauses"] = _pauses(table["pauses"], "pauses")
        return shape.schedule(name, by_kind, **fields) if shape else Schedule(id=name, by_kind=by_kind, **fields)
    terms = _terms(table["terms"], source, "terms")
    if "excluded_months" in table:
        terms = _without(terms, table["excluded_months"])
    fields |= _of_one_deadline(table, on, known, calendars)
    return shape.deadline(name, terms, **fields) if shape else Deadline(id=name, terms=terms, **fields)


def _by_kind(table: Any, source: Citation | None) -> tuple[dict[str, Dated[Term]], dict[str, tuple[PauseRule, ...]]]:
    """Return the terms of each type of case, and the pauses of those that have their own."""
    check_table(table, "by_kind", allowed='<type of case> = "4 weeks"')
    terms, pauses = {}, {}
    for kind, said in table.items():
        where = f"by_kind.{kind}"
        of_kind = said if isinstance(said, Mapping) else {"terms": said}
        check_keys(of_kind, KIND_KEYS, needed=("terms",), where=where)
        terms[kind] = _terms(of_kind["terms"], source, where)
        if "pauses" in of_kind:
            pauses[kind] = _pauses(of_kind["pauses"], f"{where}.pauses")
    return terms, pauses


def _of_one_deadline(
    table: TomlMapping, calendar: Calendar | str, known: Mapping[str, Deadline], calendars: Mapping[str, Calendar]
) -> dict[str, Any]:
    """Return the parts of a table that a schedule does not have."""
    fields: dict[str, Any] = {
        key: named(table[key], known, "Unknown deadline", key) for key in ("after", "passes_to") if key in table
    }
    day_under(table, "undecided_on", "undecided_on")
    if "extension" in table:
        fields["extension"] = _extension(table["extension"])
    if "pauses" in table:
        fields["pauses"] = _pauses(table["pauses"], "pauses")
    if "opening" in table:
        fields["opening"] = _opening(table["opening"], calendar, calendars)
    return fields


def _terms(given: Any, source: Citation | None, where: str) -> Dated[Term]:
    if not isinstance(given, list):
        return Dated.always(Term.parse(given, where=where), source)
    for table in given:
        check_keys(table, TERM_KEYS, needed=("term",), where=where)
    entries: list[Entry[Term]] = []
    for table in sorted(given, key=lambda table: day_under(table, "since", where) or dt.date.min):
        since, until = day_under(table, "since", where) or dt.date.min, day_under(table, "until", where)
        if (entries and entries[-1].value is None and since < entries[-1].since) or (until and until < since):
            raise UsageError(
                "Terms that overlap, or end before they begin",
                where=where,
                got=f"since {since}",
                remedy="let each term end before the next begins; leave `until` out where the next one ends it",
            )
        # the gap that the end of a term leaves is closed where the next one begins on the day after
        if entries and entries[-1].since == since and entries[-1].value is None:
            entries.pop()
        cited = citation(table["source"]) if "source" in table else source
        entries.append(Entry(since, Term.parse(table["term"], where=where), cited))
        if until:
            entries.append(Entry(until + dt.timedelta(days=1), None))
    return Dated(tuple(entries))


def _without(terms: Dated[Term], months: Any) -> Dated[Term]:
    """Return terms in which the days of some months do not count."""
    if not isinstance(months, list) or not all(type(month) is int for month in months):
        raise UsageError(
            "The months that a term leaves out are a list of numbers",
            where="excluded_months",
            got=kind_of(months),
            remedy='write excluded_months = [7] for July, or terms = "4 weeks, without July"',
        )
    entries = (
        attrs.evolve(entry, value=entry.value and attrs.evolve(entry.value, excluded_months=months)) for entry in terms
    )
    return Dated(tuple(entries))


def _extension(given: Any) -> Extension:
    check_keys(given, EXTENSION_KEYS, needed=("condition",), where="extension")
    term = Term.parse(given["term"], where="extension") if "term" in given else None
    return Extension(given["condition"], term)


def _pauses(given: Any, where: str) -> tuple[PauseRule, ...]:
    if not isinstance(given, list):
        raise UsageError("A list of pauses is needed", where=where, remedy="write pauses = [{ reason = ... }]")
    for table in given:
        check_keys(table, PAUSE_KEYS, needed=("reason", "title"), where=where)
    sources = [citation(table["source"]) if "source" in table else None for table in given]
    return tuple(
        PauseRule(table["reason"], table["title"], source) for table, source in zip(given, sources, strict=True)
    )


def _opening(given: Any, calendar: Calendar | str, calendars: Mapping[str, Calendar]) -> OpeningHours:
    every_day = isinstance(given, Mapping) and "opens" in given
    keys = EVERY_DAY_KEYS if every_day else OPENING_KEYS
    check_keys(given, keys, needed=("opens", "closes", "zone") if every_day else ("hours", "zone"), where="opening")
    if every_day and not all(isinstance(given[key], dt.time) for key in ("opens", "closes")):
        raise UsageError("Opening hours are TOML times", where="opening", remedy="write opens = 08:30:00")
    hours = f"{given['opens']}-{given['closes']}" if every_day else given["hours"]
    if isinstance(hours, list):
        cited = [isinstance(table, Mapping) and "source" in table for table in hours]
        hours = [{**t, "source": citation(t["source"])} if its else t for t, its in zip(hours, cited, strict=True)]
    special = given.get("special", {})
    check_table(special, "opening, special", allowed='<day> = "10:00-12:00"')
    days = calendar_named(given["calendar"], calendars) if "calendar" in given else calendar
    try:
        return OpeningHours.parse(hours, zone=given["zone"], calendar=days, special=special)
    except CaseQualityError as error:
        error.where = ", ".join(filter(None, ["opening", error.where]))
        raise


def named(given: Any, known: Mapping[str, T], what: str, where: str | None = None) -> T:
    """Return the one of that name; refuse what is no text, and a name that is not known."""
    if not isinstance(given, str):
        raise UsageError("A name is needed", where=where, got=kind_of(given), remedy='write it in quotes: "..."')
    if given not in known:
        raise unknown(what, given, known, where)
    return known[given]
