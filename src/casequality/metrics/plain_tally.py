"""What a tally says in words, as plain data that JSON can hold, and back: anything else is refused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import attrs

from casequality.days.clocks import zone_info
from casequality.metrics.axis import Axis
from casequality.metrics.tally import Accounts, Assumed


def plain_assumed(assumed: Assumed) -> dict[str, Any]:
    """Return what a tally assumes as plain data."""
    days = [day.isoformat() for day in assumed.axis.further]
    return {**attrs.asdict(assumed, recurse=False), "axis": {"zone": assumed.axis.zone, "further": days}}


def assumed_of(plain: Mapping[str, Any]) -> Assumed:
    """Return what a tally assumes; raise `ValueError`, `TypeError` or `LookupError` for what is no such thing."""
    days = tuple(map(dt.date.fromisoformat, texts_of(plain["axis"]["further"])))
    as_of = dt.datetime.fromisoformat(_text(plain["as_of"])).isoformat(timespec="microseconds")
    if as_of != plain["as_of"] or "+" in as_of or type(plain["doubts_kept"]) is not bool:
        raise ValueError
    return Assumed(
        **{
            **plain,
            "metric": _text(plain["metric"]),
            "version": _whole(plain["version"]),
            "parameters": {_text(name): _text(value) for name, value in plain["parameters"].items()},
            "outcomes": texts_of(plain["outcomes"]),
            "groups": texts_of(plain["groups"]),
            "where": tuple((_text(field), texts_of(labels)) for field, labels in _several(plain["where"])),
            "axis": Axis(zone_info(_text(plain["axis"]["zone"])).key, days),
            "calendar": _text(plain["calendar"]),
        }
    )


def accounts_of(plain: Mapping[str, Any]) -> Accounts:
    """Return where records went; raise as `assumed_of`."""
    made = Accounts(**{**plain, "covered": texts_of(plain["covered"])})
    for many in (made.read, made.set_aside, made.later, made.elsewhere, made.orphans):
        _whole(many)
    for counts in (made.findings, made.marks):
        for name, many in counts.items():
            _text(name)
            _whole(many)
    _text(made.expects)
    return made


def labels_of(plain: Any) -> tuple[tuple[str | None, ...], ...]:
    """Return the labels of groups; raise as `assumed_of`."""
    return tuple(tuple(None if part is None else _text(part) for part in _several(label)) for label in _several(plain))


def texts_of(plain: Any) -> tuple[str, ...]:
    """Return texts; raise as `assumed_of`."""
    return tuple(map(_text, _several(plain)))


def _several(plain: Any) -> list[Any]:
    if not isinstance(plain, list):
        raise TypeError
    return plain


def _text(plain: Any) -> str:
    if not isinstance(plain, str):
        raise TypeError
    return plain


def _whole(plain: Any) -> int:
    if type(plain) is not int:
        raise TypeError
    return plain
