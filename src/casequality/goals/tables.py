"""Reading one TOML table: every fault is noted with its place, none stops the reading of the rest."""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Callable, Collection, Mapping
from typing import Any, TypeVar

import attrs

from casequality.citation import NOT_IN_SOURCE, Citation
from casequality.errors import CaseQualityError, GoalError, Text, Words
from casequality.goals.check import Gap

T = TypeVar("T")
Read = Callable[[Any], T]

CITATION_KEYS = tuple(field.name for field in attrs.fields(Citation))


class Table:
    """A TOML table of which keys are taken; `faults` gathers what is wrong."""

    def __init__(self, given: Mapping[str, Any], where: str, faults: list[CaseQualityError]) -> None:
        self.where, self.faults, self._given = where, faults, given

    def inside(self, given: Any, label: str) -> Table | None:
        """Return a table inside this one, None for what is none."""
        where = f"{self.where}, {label}"
        if isinstance(given, Mapping):
            return Table(given, where, self.faults)
        remedy = "write it as [name] or { key = value }"
        self.faults.append(GoalError("A table is needed", where=where, got=kind_of(given), remedy=remedy))
        return None

    def __contains__(self, key: str) -> bool:
        return key in self._given

    def needed(self, key: str, read: Read[T], remedy: Text) -> T | None:
        """Return a value that must be there, None where it is missing or faulty."""
        if key not in self._given:
            self.fault(Words(f"{key} is missing", f"{key} mangler"), remedy=remedy)
        return self.optional(key, read)

    def optional(self, key: str, read: Read[T]) -> T | None:
        """Return a value, None where it is missing or faulty."""
        if key not in self._given:
            return None
        try:
            return read(self._given[key])
        except CaseQualityError as fault:
            where = f"{self.where}, {key}" + (f", {fault.where}" if fault.where else "")
            self.faults.append(
                GoalError(fault.what, where=where, got=fault.got, allowed=fault.allowed, remedy=fault.remedy)
            )
            return None

    def refuse_others(self, known: Collection[str]) -> None:
        """Note each key that is not known, with the one that it resembles."""
        for key in self._given:
            if key not in known:
                close = difflib.get_close_matches(key, known, 1)
                remedy = f"did you mean {close[0]}?" if close else "remove it"
                self.fault("The key is not known", got=key, allowed=known, remedy=remedy)

    def fault(self, what: Text, **rest: Any) -> None:
        """Note a fault of this table."""
        self.faults.append(Gap(what, where=self.where, **rest))


def kind_of(value: Any) -> str:
    """Return what a TOML value is called."""
    names = {str: "text", bool: "true or false", int: "a number", float: "a number", list: "a list", dict: "a table"}
    return names.get(type(value), "a date" if isinstance(value, dt.date) else type(value).__name__)


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


def texts(value: Any) -> tuple[str, ...]:
    """Return one text or a list of them."""
    return tuple(map(text, value)) if isinstance(value, list) else (text(value),)


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


def day_or_not_in_source(value: Any) -> dt.date | str:
    """Return a day, or the words for a day that the source leaves out."""
    if value == NOT_IN_SOURCE:
        return NOT_IN_SOURCE
    if isinstance(value, str):
        raise GoalError(
            "A day is needed",
            got=value,
            allowed=f'a day such as 2010-06-01, or "{NOT_IN_SOURCE}"',
            remedy="write the day without quotes",
        )
    return day(value)


def parameter(value: Any) -> Any:
    """Return the value of a metric's field; a list as a tuple."""
    return tuple(map(parameter, value)) if isinstance(value, list) else value


def citation(table: Table) -> Citation | None:
    """Return the source that a table names, None where it is faulty."""
    title = table.needed("title", text_or_words, 'name the decision: title = "..."')
    document, section, question = (table.optional(key, text_or_words) for key in ("document", "section", "question"))
    certain = table.optional("certain", one_of(True, False))
    cited = Citation(
        title=title or "",
        document=document,
        section=section,
        adopted=table.optional("adopted", day_or_not_in_source),
        checked_on=table.optional("checked_on", day),
        certain=certain is not False,
        question=question,
    )
    table.refuse_others(CITATION_KEYS)
    return cited if title else None
