"""TOML files and the tables in them: what is wrong is told at its place, and does not stop the reading of the rest."""

from __future__ import annotations

import datetime as dt
import difflib
import tomllib
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Mapping
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Concatenate, Final, ParamSpec, Self, TypeVar

from casequality.errors import (
    CaseQualityError,
    GoalError,
    InputError,
    Text,
    UsageError,
    Words,
    kind_of,
    refuse_personal,
    unknown,
)

T = TypeVar("T")
P = ParamSpec("P")
Read = Callable[[Any], T]


MOST_BYTES: Final = 1 << 24
"""How large a file of settings, goals, comments or deadlines may be; the largest that is shipped has some 60 kB."""


def read_toml(
    file: Path | Traversable, what: str, *, way_out: bool = True, absent: InputError | None = None
) -> dict[str, Any]:
    """Return what a TOML file holds.

    what: names the file in errors, which tell a way out where `way_out` says so. absent: raised where there is no file.
    """
    try:
        if isinstance(file, Path) and file.stat().st_size > MOST_BYTES:
            raise InputError(
                f"{what} is too large", where=str(file), allowed=f"{MOST_BYTES:,} bytes", remedy="split it"
            )
        # some editors of Windows begin a file of UTF-8 with a mark
        return parse_toml(file.read_text(encoding="utf-8-sig"), what, str(file), way_out=way_out)
    except OSError as fault:
        if absent is not None and isinstance(fault, FileNotFoundError):
            raise absent from None
        remedy = "check the path" if way_out else None
        raise InputError(f"{what} cannot be opened", where=str(file), got=fault.strerror, remedy=remedy) from None
    except UnicodeDecodeError as fault:
        raise _no_toml(what, str(file), fault, way_out) from None


def parse_toml(content: str, what: str, where: str, *, way_out: bool = True) -> dict[str, Any]:
    """Return what a TOML text holds."""
    try:
        plain = tomllib.loads(content)
        _refuse_personal(plain, where, "")
    except (tomllib.TOMLDecodeError, RecursionError) as fault:
        raise _no_toml(what, where, fault, way_out) from None
    return plain


ADDRESSES: Final = frozenset(["path", "database", "query", "url", "file_name", "page"])
"""Where a text says where data lie: it is masked where it is shown, and not refused."""


def _refuse_personal(plain: Any, where: str, key: str) -> None:
    """Refuse what looks like a citizen's number or address in the names and texts of a file, wherever they stand."""
    if isinstance(plain, str):
        refuse_personal(plain, f"{where}, {key.removeprefix('.')}")
    elif isinstance(plain, list):
        for number, each in enumerate(plain, start=1):
            _refuse_personal(each, where, f"{key} {number}")
    elif isinstance(plain, Mapping):
        for name, each in plain.items():
            refuse_personal(name, f"{where}, a name in {key.removeprefix('.') or 'the file'}")
            if name not in ADDRESSES:
                _refuse_personal(each, where, f"{key}.{name}")


def _no_toml(what: str, where: str, fault: Exception, way_out: bool) -> InputError:
    remedy = "correct the place named" if way_out else None
    got = "tables or lists too deep within each other" if isinstance(fault, RecursionError) else fault
    return InputError(f"{what} is not TOML", where=where, got=got, remedy=remedy)


def check_table(table: Any, where: str | None, *, allowed: str | Collection[str]) -> None:
    """Refuse what is no table."""
    if not isinstance(table, Mapping):
        raise UsageError("A table is needed", where=where, got=kind_of(table), allowed=allowed)


def check_keys(table: Any, keys: Collection[str], *, needed: Collection[str], where: str | None = None) -> None:
    """Refuse unknown keys, with those that they resemble, and missing ones: the first of them, at once."""
    check_table(table, where, allowed=keys)
    for key in table:
        if key not in keys:
            raise unknown("Unknown key", key, keys, where)
    for key in needed:
        if key not in table:
            raise UsageError("A key is missing", where=where, got=", ".join(table), remedy=f"add `{key}`")


class Table(ABC):
    """A table of which keys are taken; `faults` gathers what is wrong with it and with those inside it.

    Each kind of file has a subclass with its own words for the four things that can be wrong.
    """

    def __init__(self, given: Mapping[str, Any], where: str, faults: list[CaseQualityError]) -> None:
        self.given, self.where, self.faults = given, where, faults

    @abstractmethod
    def lacks(self, key: str, remedy: Text | None) -> CaseQualityError:
        """Return the fault of a key that is not there."""

    @abstractmethod
    def unknown(self, key: str, known: Collection[str], remedy: str) -> CaseQualityError:
        """Return the fault of a key that is not known."""

    @abstractmethod
    def wrong(self, key: str, fault: CaseQualityError) -> CaseQualityError:
        """Return the fault of a value, of which `fault` was raised without its place."""

    @abstractmethod
    def no_table(self, where: str, given: object) -> CaseQualityError:
        """Return the fault of what should be a table inside this one."""

    def __contains__(self, key: str) -> bool:
        return key in self.given

    def inside(self, given: Any, label: str = "") -> Self | None:
        """Return a table inside this one, None for what is none."""
        where = f"{self.where}, {label}" if label else self.where
        if isinstance(given, Mapping):
            return type(self)(given, where, self.faults)
        self.faults.append(self.no_table(where, given))
        return None

    def attempt(
        self, make: Callable[Concatenate[Self, P], T], given: Any, label: str = "", *rest: P.args, **more: P.kwargs
    ) -> T | None:
        """Return what is made of a table inside this one (and of `rest`), None where that fails."""
        inside = self.inside(given, label)
        try:
            return None if inside is None else make(inside, *rest, **more)
        except CaseQualityError as fault:
            fault.where = fault.where or (inside.where if inside else self.where)
            self.faults.append(fault)
            return None

    def needed(self, key: str, read: Read[T], remedy: Text | None = None) -> T | None:
        """Return a value that must be there, None where it is missing or faulty."""
        if key not in self.given:
            self.faults.append(self.lacks(key, remedy))
        return self.optional(key, read)

    def optional(self, key: str, read: Read[T]) -> T | None:
        """Return a value, None where it is missing or faulty."""
        if key not in self.given:
            return None
        try:
            return read(self.given[key])
        except CaseQualityError as fault:
            self.faults.append(self.wrong(key, fault))
            return None

    def refuse_others(self, known: Collection[str]) -> None:
        """Note each key that is not known, with the one that it resembles."""
        for key in self.given:
            if key not in known:
                close = difflib.get_close_matches(key, known, 1)
                self.faults.append(self.unknown(key, known, f"did you mean {close[0]}?" if close else "remove it"))


def text(value: Any) -> str:
    """Return text that is not blank."""
    if not isinstance(value, str) or not value.strip():
        raise GoalError(
            "Text is needed",
            got="nothing" if isinstance(value, str) else kind_of(value),
            remedy='write it in quotes: "..."',
        )
    return value


def words(value: Any) -> Words:
    """Return a text for both languages, or one text that stands in both."""
    if isinstance(value, str):
        return Words(text(value), value)
    if not isinstance(value, Mapping) or set(value) != {"en", "da"}:
        raise GoalError(
            "A text, or a text in both languages, is needed",
            got=", ".join(value) if isinstance(value, Mapping) else kind_of(value),
            remedy='write "..." or { en = "...", da = "..." }',
        )
    return Words(text(value["en"]), text(value["da"]))


def text_or_words(value: Any) -> Text:
    """Return one text, or a text for each language."""
    return text(value) if isinstance(value, str) else words(value)


def one_of(*allowed: T) -> Read[T]:
    """Return a reader that takes one of a few words."""

    def read(value: Any) -> T:
        for each in allowed:
            if each == value:
                return each
        raise GoalError("The word is not known", got=value, allowed=allowed, remedy="use one of these")

    return read


def mapping(read: Read[T]) -> Read[dict[str, T]]:
    """Return a reader of a table whose values are all of one kind."""

    def read_all(value: Any) -> dict[str, T]:
        if not isinstance(value, Mapping):
            raise GoalError("A table is needed", got=kind_of(value), remedy="write { name = value }")
        return {name: read_named(name, each) for name, each in value.items()}

    def read_named(name: str, value: Any) -> T:
        try:
            return read(value)
        except GoalError as fault:
            fault.where = name
            raise

    return read_all


def day(value: Any) -> dt.date:
    """Return a day without a clock time."""
    if isinstance(value, dt.datetime) or not isinstance(value, dt.date):
        raise GoalError("A day is needed", got=kind_of(value), remedy="write 2010-06-01, without quotes")
    return value


def texts(value: Any) -> tuple[str, ...]:
    """Return one text or a list of them."""
    return tuple(map(text, value)) if isinstance(value, list) else (text(value),)


def value_of(text: str) -> Any:
    """Return a number, a truth value, a day, a list or a table as TOML writes it, else the text itself."""
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text
