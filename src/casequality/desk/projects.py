"""Project files: which goals, which sources, and how each source is read."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any

import attrs

from casequality.deadlines import Deadline, Schedule, parse_deadlines
from casequality.errors import CaseQualityError, InputError, UnknownName, UsageError, raise_together
from casequality.records import Dialect, Records, Source, source

RHYTHMS = ("day", "working day")
PROJECT_KEYS = ("title", "goals", "zone", "calendar", "sources", "deadlines")
SOURCE_KEYS = (
    *("records", "path", "expect", "columns", "codes", "marks", "zone", "dialect", "sheet", "children", "checks_off"),
)


@attrs.frozen(kw_only=True)
class SourceFile:
    """One source of a project: where it lies, what its rows are, and how they are read."""

    name: str
    records: str
    path: str
    folder: Path
    expects: str = ""
    mapping: Mapping[str, Any] = attrs.field(factory=dict)

    def open(self, records: type[Records], zone: str | None) -> Source:
        """Return the source; its record type must be the one that the metric reads."""
        if records.name != self.records:
            raise UsageError(
                "A metric reads another record type than its source holds",
                where=f"sources.{self.name}",
                got=self.records,
                allowed=records.name,
                remedy="name a source of this record type in the goal",
            )
        children = {
            field: self._child(field, child, records, zone) for field, child in self.mapping.get("children", {}).items()
        }
        given = {**self.mapping, "children": children or None, "zone": self.mapping.get("zone", zone)}
        return source(self.folder / self.path, records, name=self.name, **{k: v for k, v in given.items() if v is not None})

    def _child(self, field: str, child: Mapping[str, Any], records: type[Records], zone: str | None) -> Source:
        declared = records.fields.get(field)
        if declared is None or declared.records is None:
            raise UnknownName(
                "A source has a child table that its record type does not declare",
                where=f"sources.{self.name}.children",
                got=field,
                allowed=[name for name, known in records.fields.items() if known.kind == "many"],
            )
        given = {"zone": zone, **{name: value for name, value in child.items() if name != "path"}}
        return source(self.folder / child["path"], declared.records, name=f"{self.name}.{field}", **given)


@attrs.frozen(kw_only=True)
class Project:
    """What a project file says."""

    title: str
    goals: tuple[str, ...]
    sources: Mapping[str, SourceFile]
    rules: tuple[Deadline | Schedule, ...]
    zone: str
    calendar: str | None
    folder: Path

    def goal_sets(self) -> tuple[str | Path, ...]:
        """Return the goal sets: files beside the project as paths, others by the name under which they are shipped."""
        return tuple(self.folder / name if name.endswith(".toml") else name for name in self.goals)


def load_project(path: Path | str) -> Project:
    """Return a project file; all its faults are raised together, each with its place and remedy."""
    file = Path(path)
    try:
        plain = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as fault:
        raise InputError("A project file cannot be opened", where=str(file), got=fault.strerror) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise InputError("A project file is not TOML", where=str(file), got=fault, remedy="correct the line named") from None
    faults: list[CaseQualityError] = []
    refuse_unknown(plain, PROJECT_KEYS, str(file), faults)
    sources = {}
    for name, given in plain.get("sources", {}).items():
        sources[name] = _attempt(lambda name=name, given=given: _source(name, given, file), faults)  # type: ignore[misc]
    rules = _attempt(lambda: parse_deadlines(plain, where=str(file)), faults) if "deadlines" in plain else ()
    for lacking in ("title", "goals", "sources"):
        if lacking not in plain:
            faults.append(InputError(f"A project file has no {lacking}", where=str(file), allowed=PROJECT_KEYS))
    raise_together(f"{file} cannot be used", faults)
    return Project(
        title=plain["title"],
        goals=tuple(plain["goals"]),
        sources={name: made for name, made in sources.items() if made is not None},
        rules=tuple(rules or ()),
        zone=plain.get("zone", "Europe/Copenhagen"),
        calendar=plain.get("calendar"),
        folder=file.parent,
    )


def refuse_unknown(given: Mapping[str, Any], known: Collection[str], where: str, faults: list[CaseQualityError]) -> None:
    """Add a fault for each key that is not known, with the known one that it resembles."""
    for name in given:
        if name not in known:
            close = difflib.get_close_matches(name, known, 1)
            remedy = f"did you mean {close[0]}?" if close else "remove it"
            faults.append(UnknownName("A key is not known here", where=where, got=name, allowed=known, remedy=remedy))


def _source(name: str, given: Mapping[str, Any], file: Path) -> SourceFile:
    where = f"{file}, sources.{name}"
    faults: list[CaseQualityError] = []
    refuse_unknown(given, SOURCE_KEYS, where, faults)
    for needed in ("records", "path"):
        if not isinstance(given.get(needed), str):
            faults.append(InputError(f"A source needs {needed}", where=where, got=given.get(needed), remedy="name it as text"))
    rhythm = given.get("expect", {}).get("every", "")
    if rhythm and rhythm not in RHYTHMS:
        faults.append(UnknownName("There is no such rhythm", where=f"{where}.expect", got=rhythm, allowed=RHYTHMS))
    raise_together(f"{where} cannot be used", faults)
    mapping = {key: value for key, value in given.items() if key not in ("records", "path", "expect")}
    if "dialect" in mapping:
        mapping["dialect"] = _dialect(mapping["dialect"])
    return SourceFile(
        name=name, records=given["records"], path=given["path"], folder=file.parent, expects=rhythm, mapping=mapping
    )


def _dialect(given: str | Mapping[str, Any]) -> Dialect:
    if given == "danish":
        return Dialect.danish()
    if isinstance(given, str):
        raise UnknownName("There is no such dialect", got=given, allowed=["danish", *attrs.fields_dict(Dialect)])
    return Dialect(**given)


def _attempt(make: Callable[[], Any], faults: list[CaseQualityError]) -> Any:
    try:
        return make()
    except CaseQualityError as fault:
        faults.append(fault)
        return None
