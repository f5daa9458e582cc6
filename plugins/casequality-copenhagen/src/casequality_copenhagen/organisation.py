"""The tree of units with its moves and merges, and the calendar of reports: what the sources say, from TOML."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import attrs

HERE = Path(__file__).parent


@attrs.frozen(kw_only=True)
class Unit:
    """One unit; since, until: None where the source names no day."""

    name: str
    source: str
    under: str | None = None
    since: dt.date | None = None
    until: dt.date | None = None
    section: str = ""
    note: str = ""

    def holds(self, day: dt.date) -> bool:
        """Return whether the unit stands where it stands on a day, as far as the source says."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


@attrs.frozen(kw_only=True)
class Change:
    """A move or a merge, which breaks series; goal files name it by its id."""

    id: str
    on: dt.date
    kind: str
    note: Mapping[str, str]
    source: str
    section: str
    units: int | None = None
    old: tuple[str, ...] = attrs.field(default=(), converter=tuple)
    into: str | None = None
    where: Mapping[str, Any] = attrs.field(factory=dict)


@attrs.frozen
class Organisation:
    """Units and changes, and the sources that they cite by name."""

    units: tuple[Unit, ...]
    changes: tuple[Change, ...]
    sources: Mapping[str, Mapping[str, str]]

    def below(self, name: str, day: dt.date) -> tuple[str, ...]:
        """Return the units that make up one on a day, itself first: what its figures are rolled up from."""
        children = [unit.name for unit in self.units if unit.under == name and unit.holds(day)]
        return name, *(each for child in children for each in self.below(child, day))


def _names(given: str | list[str]) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else tuple(given)


@attrs.frozen(kw_only=True)
class Report:
    """A figure that somebody gets; months: those in which it is due, where the source names them.

    covers: by month, the period that the report of that month is on. own: the field of the records that names each of
    several recipients, who gets the figures of its own.
    """

    what: Mapping[str, str]
    to: tuple[str, ...] = attrs.field(converter=_names)
    every: str
    source: Mapping[str, Any]
    goals: tuple[str, ...] = attrs.field(default=(), converter=tuple)
    figures: tuple[str, ...] = attrs.field(default=(), converter=tuple)
    months: tuple[int, ...] = attrs.field(default=(), converter=tuple)
    first: str = ""
    covers: Mapping[str, str] = attrs.field(factory=dict)
    own: str = ""


def organisation() -> Organisation:
    """Return the tree of units that the sources state."""
    given = tomllib.loads((HERE / "copenhagen-units.toml").read_text(encoding="utf-8"))
    changes = [Change(**_named(each, **{"from": "old"})) for each in given["change"]]
    return Organisation(tuple(Unit(**each) for each in given["unit"]), tuple(changes), given["sources"])


def reports() -> Iterator[Report]:
    """Yield the calendar of reports."""
    given = tomllib.loads((HERE / "reporting-calendar.toml").read_text(encoding="utf-8"))
    for each in given["due"]:
        yield Report(**_named(each, **{"from": "first"}))


def _named(table: Mapping[str, Any], **names: str) -> dict[str, Any]:
    return {names.get(key, key): value for key, value in table.items()}
