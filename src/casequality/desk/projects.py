"""Project files: which goals, which sources, and how each source is read."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, TypeVar

import attrs

from casequality.days import calendar
from casequality.deadlines import Deadline, Schedule, parse_deadlines, shipped
from casequality.desk.jobs import EarlierEdition, Scrutiny
from casequality.engines import Engine, find_engine, known_engine
from casequality.errors import CaseQualityError, InputError, UnknownName, UsageError, Words, kind_of, raise_together
from casequality.evidence.disclosure import Policy, policy_of
from casequality.records import TOLD, Database, Dialect, Records, Source, is_url, source, without_secrets
from casequality.toml import Table, mapping, read_toml, text, texts, value_of, words

T = TypeVar("T")

RHYTHMS: Final = ("day", "working day")
EDITIONS: Final = ("comments", "publish", "restates")
PROJECT_KEYS: Final = ("title", "goals", "zone", "calendar", "sources", "deadlines", "engine", *EDITIONS)
ENGINE_KEYS: Final = ("name", "threads", "keep", "master")
MAPPING_KEYS: Final = ("columns", "codes", "marks", "zone", "dialect", *TOLD, "checks_off")
TABLES: Final = ("columns", "marks", "constants", "defaults", "next_day")
PLACE_KEYS: Final = ("path", "database", "query")
CHILD_KEYS: Final = (*PLACE_KEYS, *MAPPING_KEYS)
SOURCE_KEYS: Final = ("records", *CHILD_KEYS, "expect", "worklist", "scrutiny", "children", "not_delivered")


@attrs.frozen(kw_only=True)
class SourceFile:
    """One source of a project: where it lies, what its rows are, how they are read, and its child tables by field.

    path: of its file or files, or its URL, or the database and what it is asked. expects: the rhythm in which it
    promises records, "" for none. units: the labels from each of which it promises records in every period, by code.
    worklist: the codes by which its open cases are told apart: unit, team, kind. scrutiny: what more is said of them.
    mapping: as `source` takes it.
    """

    name: str
    path: Path | str | Database | list[object] = attrs.field(repr=lambda path: repr(without_secrets(str(path))))
    records: str = ""
    expects: str = ""
    units: Mapping[str, tuple[str, ...]] = attrs.field(factory=dict)
    worklist: Mapping[str, str] = attrs.field(factory=dict)
    scrutiny: Scrutiny = attrs.field(factory=Scrutiny)
    mapping: Mapping[str, Any] = attrs.field(factory=dict)
    children: Mapping[str, SourceFile] = attrs.field(factory=dict)

    def open(self, records: type[Records], zone: str | None) -> Source:
        """Return the source as records of a type, which must be the one that the project says it holds."""
        if records.name != self.records:
            raise InputError(
                "A metric reads another record type than its source holds",
                where=f"sources.{self.name}",
                got=self.records,
                allowed=records.name,
                remedy="name a source of this record type in the goal",
            )
        return self._opened(records, zone)

    def emptied(self) -> SourceFile:
        """Return the same source without a row, and with what it declares of labels: a store has its counts."""
        told = {key: self.mapping[key] for key in ("codes", "constants", "defaults", "dialect") if key in self.mapping}
        return attrs.evolve(self, path=[], mapping=told, children={})

    def _opened(self, records: type[Records], zone: str | None) -> Source:
        children = {
            field: child._opened(self._child_records(records, field), zone) for field, child in self.children.items()
        }
        return source(self.path, records, name=self.name, children=children, **{"zone": zone, **self.mapping})

    def _child_records(self, records: type[Records], field: str) -> type[Records]:
        tables = {name: known.records for name, known in records.fields.items() if known.records}
        if field not in tables:
            raise UnknownName(
                "A source has a child table that its record type does not declare",
                where=f"sources.{self.name}.children",
                got=field,
                allowed=tables or "none",
            )
        return tables[field]


@attrs.frozen
class EngineLine:
    """Who reads and counts, as a project file says it; all left out is the engine of this process."""

    name: str | None = None
    threads: int | None = None
    keep: Path | None = None
    master: str | None = None

    def engine(
        self, other: Engine | str | None, threads: int | None, keep: Path | None, master: str | None = None
    ) -> Engine:
        """Return the engine, or the other one that is asked for; what else is given counts for more than this."""
        if other not in (None, self.name):
            return find_engine(other, threads, keep, master)
        return find_engine(self.name, threads or self.threads, keep or self.keep, master or self.master)


@attrs.frozen(kw_only=True)
class Project:
    """What a project file says.

    not_delivered: why there is no source of a name. comments: the file of what is written of missed goals.
    publish: under which policy its figures may be published, None where the project declares none. restates: the
    project, the as-of and the period of an earlier edition, whose figures it says anew.
    """

    title: str
    goals: tuple[str | Path, ...]
    sources: Mapping[str, SourceFile]
    rules: tuple[Deadline | Schedule, ...]
    zone: str
    calendar: str | None
    engine: EngineLine = EngineLine()
    not_delivered: Mapping[str, Words] = attrs.field(factory=dict)
    comments: Path | None = None
    publish: Policy | None = None
    restates: EarlierEdition | None = None


def load_project(path: Path | str) -> Project:
    """Return a project file; all its faults are raised together, each with its place and remedy.

    Files that it names lie beside it; a goal set that is no file is one that a plugin ships.
    """
    file = Path(path)
    table = ProjectTable(read_toml(file, "A project file"), str(file), [])
    table.refuse_others(PROJECT_KEYS)
    title, goals = table.needed("title", _a(str)), table.needed("goals", _names)
    listed = table.needed("sources", _a(dict)) or {}
    undelivered = [name for name, given in listed.items() if isinstance(given, dict) and "not_delivered" in given]
    lacking = {name: table.attempt(_why, listed[name], f"sources.{name}") for name in undelivered}
    sources = {
        name: table.attempt(_source, given, f"sources.{name}", name, file.parent)
        for name, given in listed.items()
        if name not in undelivered
    }
    known = {rule.id: rule for rule in shipped()}
    rules = table.attempt(lambda inside: parse_deadlines(inside.given, inside.where, known=known), table.given)
    comments = table.optional("comments", _a(str))
    zone, counted_on = table.optional("zone", _a(str)), table.optional("calendar", _a(str))
    if counted_on is not None:
        table.attempt(lambda _: calendar(counted_on), table.given, "calendar")
    engine = table.attempt(_engine, _as_table(table.given.get("engine", {})), "engine", file.parent)
    policy = table.attempt(_policy, table.given["publish"], "publish", file.parent) if "publish" in table else None
    edition = table.attempt(EarlierEdition.of, table.given.get("restates", {}), "restates", file.parent)
    raise_together(Words(f"{file} cannot be used", f"{file} kan ikke bruges"), table.faults)
    return Project(
        title=title or "",
        goals=tuple(file.parent / name if name.endswith(".toml") else name for name in goals or ()),
        sources={name: made for name, made in sources.items() if made is not None},
        rules=rules or (),
        zone=zone or "Europe/Copenhagen",
        calendar=counted_on,
        engine=engine or EngineLine(),
        not_delivered={name: why for name, why in lacking.items() if why is not None},
        comments=file.parent / comments if comments else None,
        publish=policy,
        restates=edition,
    )


def project_policy(path: Path | str) -> Policy:
    """Return the policy of publication that a project file declares, or any file with [publish] alone.

    Raises `InputError` where it declares none.
    """
    file = Path(path)
    table = ProjectTable(read_toml(file, "A project file"), str(file), [])
    table.refuse_others(PROJECT_KEYS)
    policy = None
    if "publish" in table.given:
        policy = table.attempt(_policy, table.given["publish"], "publish", file.parent)
        raise_together(Words(f"{file} cannot be used", f"{file} kan ikke bruges"), table.faults)
    if policy is None:
        raise InputError(
            Words("The project declares no policy of publication", "Projektet har ingen regler for offentliggørelse"),
            where=str(path),
            remedy=Words(
                "add [publish] to the project file, with threshold = 5 and a ledger, say",
                "skriv [publish] i projektfilen, fx med threshold = 5 og en ledger",
            ),
        )
    return policy


class ProjectTable(Table):
    """A table of a project file."""

    def lacks(self, key: str, remedy: str | Words | None) -> InputError:
        return InputError("A key is missing", where=self.where, got=", ".join(self.given), remedy=f"add {key}")

    def unknown(self, key: str, known: Collection[str], remedy: str) -> UnknownName:
        return UnknownName("A key is not known here", where=self.where, got=key, allowed=known, remedy=remedy)

    def wrong(self, key: str, fault: CaseQualityError) -> InputError:
        said = fault.said()
        return InputError(f"{key} is of another kind", where=self.where, got=said["got"], allowed=said["allowed"])

    def no_table(self, where: str, given: object) -> InputError:
        return InputError("A table is needed", where=where, got=kind_of(given))


def _policy(table: ProjectTable, folder: Path) -> Policy:
    return policy_of(table.given, folder)


def _a(kind: type[T]) -> Callable[[Any], T]:
    """Return a reader of values of a kind."""

    def read(value: Any) -> T:
        if not isinstance(value, kind):
            raise InputError("A value is of another kind", got=kind_of(value), allowed=kind_of(kind()))
        return value

    return read


def _names(value: Any) -> list[str]:
    return [text(each) for each in _a(list)(value)]


def _as_table(engine: object) -> object:
    """Return `engine = "spark"` as what it is short for."""
    return {"name": engine} if isinstance(engine, str) else engine


def _engine(table: ProjectTable, folder: Path) -> EngineLine:
    table.refuse_others(ENGINE_KEYS)
    name, threads, keep = (
        table.optional("name", _a(str)),
        table.optional("threads", _a(int)),
        table.optional("keep", _a(str)),
    )
    known_engine(name)
    return EngineLine(name, threads, None if keep is None else folder / keep, table.optional("master", _a(str)))


def _why(table: ProjectTable) -> Words:
    """Return why a source is not delivered; how it would be read may stand beside it, where it lies may not."""
    table.refuse_others([key for key in SOURCE_KEYS if key not in PLACE_KEYS])
    return words(table.given["not_delivered"])


def _source(table: ProjectTable, name: str, folder: Path) -> SourceFile:
    table.refuse_others(SOURCE_KEYS)
    records = table.needed("records", _a(str))
    expect = table.optional("expect", _a(dict)) or {}
    rhythm, units = expect.get("every", ""), table.attempt(_units, expect.get("units", {}), "expect.units")
    if "expect" in table.given and rhythm not in (*RHYTHMS, *([""] if units else [])):
        table.faults.append(
            UnknownName(
                "There is no such rhythm",
                where=f"{table.where}.expect",
                got=rhythm or "no every",
                allowed=RHYTHMS,
                remedy='write expect = { every = "day" }',
            )
        )
    own = _file(table, name, folder)
    above = own.path if isinstance(own.path, Database) else None
    children = {
        field: table.attempt(_child, given, f"children.{field}", f"{name}.{field}", folder, above)
        for field, given in (table.optional("children", _a(dict)) or {}).items()
    }
    return attrs.evolve(
        own,
        records=records or "",
        expects=rhythm,
        units=units or {},
        worklist=(worklist := table.attempt(_worklist, table.given.get("worklist", {}), "worklist") or {}),
        scrutiny=table.attempt(Scrutiny.of, table.given.get("scrutiny", {}), "scrutiny", worklist) or Scrutiny(),
        children={field: child for field, child in children.items() if child is not None},
    )


def _units(table: ProjectTable) -> dict[str, tuple[str, ...]]:
    """Return the labels of each code from which records are promised."""
    return {field: texts(labels) for field, labels in table.given.items()}


def _worklist(table: ProjectTable) -> dict[str, str]:
    """Return the codes of the unit, the team and the kind of a case."""
    table.refuse_others(("unit", "team", "kind"))
    return {name: text(field) for name, field in table.given.items()}


def _child(table: ProjectTable, name: str, folder: Path, above: Database | None) -> SourceFile:
    table.refuse_others(CHILD_KEYS)
    return _file(table, name, folder, above)


def _file(table: ProjectTable, name: str, folder: Path, above: Database | None = None) -> SourceFile:
    path = table.attempt(_place, table.given, "", folder, above) or folder
    mapping = _mapping(table)
    if "prepare" in mapping:  # files that it names lie beside the project, as all others
        given = table.optional("prepare", _a(dict)) or {}
        files = {key: folder / each for key, each in given.items() if str(each).endswith(".toml")}
        mapping["prepare"] = {**given, **files}
    return SourceFile(name=name, path=path, mapping=mapping)


def _place(table: ProjectTable, folder: Path, above: Database | None) -> Path | str | Database:
    """Return where a source lies; `above` is the database of the source that it is a child of."""
    told, query = table.optional("database", _a(str)), table.optional("query", _a(str))
    if told is None and query is None:
        path = table.needed("path", _a(str)) or ""
        return path if is_url(path) else folder / path
    if "path" in table.given:
        raise InputError(
            "A source lies in two places", where=table.where, got="path and database or query", remedy="leave one out"
        )
    if query is None:
        raise InputError("A database is read by a query", where=table.where, remedy='add query = "select ..."')
    written = told if told is not None else above.written if above else None
    if written is None:
        raise InputError("A query has no database", where=table.where, remedy='add database = "sqlite:cases.db", say')
    return Database.of(written, folder, query)


def _mapping(table: ProjectTable) -> dict[str, Any]:
    options = {key: table.given[key] for key in MAPPING_KEYS if key in table.given}
    columns, *_ = (table.optional(key, _a(dict)) for key in TABLES)
    codes = table.optional("codes", mapping(_a(dict)))
    if "dialect" in options:
        options["dialect"] = _dialect(options["dialect"])
    if columns:
        options["columns"] = _without_false(columns)
    if codes:
        options["codes"] = {field: _without_false(labels) for field, labels in codes.items()}
    return options


def source_options(given: Sequence[str]) -> dict[str, Any]:
    """Return how a source is read, from texts such as "dialect.day=d. mmmm yyyy" or "constants.office=Nord".

    Each is a key of a source in a project file, with a point before a key within it, and a value of TOML or a text.
    """
    nested: dict[str, Any] = {}
    for each in given:
        path, equals, value = each.partition("=")
        # only codes and marks have tables in their tables; names of columns and codes may hold points
        *above, key = path.strip().split(".", 2 if path.strip().startswith(("codes.", "marks.")) else 1)
        within = nested
        for name in above:
            below = within.setdefault(name, {})
            within = below if isinstance(below, dict) else within
        if not equals:
            raise UsageError(
                "An option of a source is no key and value",
                got=each,
                allowed=MAPPING_KEYS,
                remedy="constants.office=Nord",
            )
        within[key] = value_of(value)
    table = ProjectTable(nested, "--source-option", [])
    table.refuse_others(MAPPING_KEYS)
    found = table.attempt(_mapping, nested)
    raise_together(
        Words("The options of a source cannot be used", "Kildens indstillinger kan ikke bruges"), table.faults
    )
    return found or {}


def _without_false(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the same with None for false, since TOML has no word for nothing."""
    return {name: None if value is False else value for name, value in given.items()}


def _dialect(given: Any) -> Dialect:
    if given == "danish":
        return Dialect.danish()
    if not isinstance(given, str | Mapping):
        raise InputError("A dialect is a name or a table", got=kind_of(given), allowed="text or a table")
    known = ("base", *attrs.fields_dict(Dialect))
    if isinstance(given, str) or not set(given) <= set(known):
        raise UnknownName(
            "There is no such dialect",
            got=given if isinstance(given, str) else ", ".join(given),
            allowed=("danish", *known),
            remedy='write dialect = "danish", or a table such as { delimiter = ";", day = "dd-mm-yyyy" }',
        )
    told = dict(given)
    if (base := told.pop("base", None)) not in (None, "danish"):
        raise UnknownName("There is no such dialect", got=base, allowed=("danish",), remedy='write base = "danish"')
    danish = attrs.asdict(Dialect.danish()) if base else {}
    if "day" in told:
        danish.pop("instant", None)
    return Dialect(**{**danish, **told})
