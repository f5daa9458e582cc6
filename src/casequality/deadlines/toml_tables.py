"""What tables of TOML hold: their keys, days, sources and names, each refused at its place where it is wrong."""

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
from casequality.days import Calendar
from casequality.deadlines.duty import DelayNotice, Duty
from casequality.deadlines.term import calendar_of
from casequality.errors import InputError, UnknownName, UsageError
from casequality.words import text_or_words

Table: TypeAlias = Mapping[str, Any]

SOURCE_KEYS = tuple(field.name for field in attrs.fields(Citation))
SOURCE_TEXTS = ("title", "document", "section", "question")
NOTICE_KEYS = tuple(field.name for field in attrs.fields(DelayNotice))
DUTY_KEYS = tuple(field.name for field in attrs.fields(Duty) if field.name != "law")


def load_table(file: Path | Traversable, key: str) -> Table:
    """Return the content of a TOML file that has the table `key` and nothing else."""
    try:
        plain = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError("A file of deadlines cannot be opened", where=str(file), got=error.strerror) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError("A file of deadlines is not TOML", where=str(file), got=error) from None
    check_keys(plain, (key,), needed=(key,), where=str(file))
    return plain


def unknown(what: str, name: str, known: Collection[str], where: str | None = None) -> UnknownName:
    """Return the error for a name that is not known, with those that it resembles."""
    near = difflib.get_close_matches(name, known)
    remedy = f"did you mean {' or '.join(near)}?" if near else "use one of these"
    return UnknownName(what, where=where, got=name, allowed=sorted(known), remedy=remedy)


def citation(given: Any) -> Citation:
    """Return what a `source` says; a text is a title, and each text of a table may be one for each language."""
    if isinstance(given, str):
        return Citation(title=given)
    check_keys(given, SOURCE_KEYS, needed=("title",), where="source")
    texts = {key: text_or_words(given[key], f"source, {key}") for key in SOURCE_TEXTS if key in given}
    return Citation(**{**given, **texts})


def calendar_named(name: str, calendars: Mapping[str, Calendar]) -> Calendar | str:
    """Return one of the caller's own calendars, or the name of a shipped one."""
    return calendars[name] if name in calendars else calendar_of(name).name


def day_under(table: Table, key: str, where: str) -> dt.date | None:
    """Return the day under a key, None where there is none."""
    day = table.get(key)
    if day is None or (isinstance(day, dt.date) and not isinstance(day, dt.datetime)):
        return day
    raise UsageError(
        f"`{key}` is a day", where=where, got=type(day).__name__, remedy=f"write {key} = 2009-01-01, without quotes"
    )


def check_table(table: Any, where: str | None, *, allowed: str | Collection[str]) -> None:
    """Refuse what is no table."""
    if not isinstance(table, Mapping):
        raise UsageError("A table is needed", where=where, got=type(table).__name__, allowed=allowed)


def check_keys(table: Any, keys: Collection[str], *, needed: Collection[str], where: str | None = None) -> None:
    """Refuse unknown keys, with those that they resemble, and missing ones."""
    check_table(table, where, allowed=keys)
    for key in table:
        if key not in keys:
            raise unknown("Unknown key", key, keys, where)
    for key in needed:
        if key not in table:
            raise UsageError("A key is missing", where=where, got=", ".join(table), remedy=f"add `{key}`")


def duty(given: Any) -> Duty:
    """Return what a `duty` table says."""
    check_keys(given, DUTY_KEYS, needed=(), where="duty")
    notice = given.get("delay_notice")
    if notice is not None:
        check_keys(notice, NOTICE_KEYS, needed=("says",), where="duty.delay_notice")
    return Duty(**{**given, "delay_notice": notice and DelayNotice(**notice)})
