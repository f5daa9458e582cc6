"""What a count rests on besides the rows of its files, in plain words: two jobs that differ in it share nothing."""

from __future__ import annotations

import datetime as dt
import json
import re
import sys
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from functools import cache
from hashlib import blake2b
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path, PurePath
from types import CodeType, FunctionType
from typing import Any, Final

import attrs
import numpy as np

from casequality.engines.counting import Request, assumed_by
from casequality.errors import UsageError
from casequality.metrics.metric import Metric
from casequality.records import Source

LIBRARIES: Final = ("casequality", "holidays", "tzdata")
"""Whose versions a count rests on: what is counted, the closing days, the clocks where the system has none."""
TOLD_BY_TEXT: Final = (dt.date, dt.time, dt.timedelta, dt.tzinfo, Decimal, Fraction, PurePath, np.generic, re.Pattern)


def asked(request: Request, source: Source) -> dict[str, Any]:
    """Return everything but the rows that the count of any stretch of the source rests on, as plain data."""
    as_of = request.as_of
    return {
        "versions": {name: _version(name) for name in LIBRARIES},
        "as_of": [str(as_of.instant), as_of.zone, as_of.calendar],
        "expects": request.expects,
        "questions": [
            [
                *map(plain, (assumed_by(each, as_of), each.metric.parameters(), each.reads)),
                each.may_be_open().tolist(),
                code_of(each.metric),
            ]
            for each in request.questions
        ],
        "deadlines": digest(plain(as_of.rules)),
        "source": _read_as(source),
        "children": {
            field: [_read_as(child), [[str(one.path), *one.stamp()] for one in child.origins()]]
            for field, child in sorted(source.children.items())
        },
    }


def digest(plain_data: object) -> str:
    """Return a digest of plain data."""
    return blake2b(json.dumps(plain_data, sort_keys=True).encode(), digest_size=16).hexdigest()


def plain(value: object) -> Any:
    """Return a value as plain data that no other value gives; raise `UsageError` for one of a kind not known."""
    if value is None or (isinstance(value, (bool, int, str)) and type(value).__module__ == "builtins"):
        return value
    if isinstance(value, (float, str, int, *TOLD_BY_TEXT)):
        return [_name(type(value)), str(value) if not isinstance(value, float) else repr(value)]
    if isinstance(value, np.ndarray):
        return [_name(np.ndarray), str(value.dtype), plain(value.tolist())]
    if isinstance(value, Mapping):
        return {"mapping": sorted(([plain(key), plain(each)] for key, each in value.items()), key=json.dumps)}
    if isinstance(value, (set, frozenset)):
        return {"set": sorted(map(plain, value), key=json.dumps)}
    if isinstance(value, (list, tuple)):
        return [_name(type(value)), *map(plain, value)]
    if isinstance(value, (type, FunctionType)):
        return [_name(value), code_of(value) if isinstance(value, FunctionType) else ""]
    if attrs.has(kind := type(value)):
        return [_name(kind), [[field.name, plain(getattr(value, field.name))] for field in attrs.fields(kind)]]
    raise UsageError(
        "A count cannot be kept whose question holds something that cannot be told apart from another",
        got=_name(type(value)),
        remedy="count without keep, or give the metric's fields as numbers, texts, dates or attrs classes",
    )


def code_of(asked_of: Metric | FunctionType) -> str:
    """Return a digest of the code that a metric or a function is made of, the library's own apart.

    That of its functions and, where its module has a file, of all files beside it that it may import: the modules of
    a plugin, but not those of a plugin's further folders.
    """
    kinds = type(asked_of).__mro__ if isinstance(asked_of, Metric) else (asked_of,)
    own = [kind for kind in kinds if kind.__module__.partition(".")[0] not in ("builtins", "casequality")]
    return digest([[_name(kind), _package_code(kind.__module__), _own_code(kind)] for kind in own])


@cache
def _package_code(name: str) -> str:
    module = sys.modules.get(name)
    file = Path(getattr(module, "__file__", None) or "")
    if not file.is_file():
        return ""
    files = sorted(file.parent.glob("*.py")) if getattr(module, "__package__", None) else [file]
    return digest([[each.name, blake2b(each.read_bytes()).hexdigest()] for each in files])


def _own_code(kind: type | FunctionType) -> list[Any]:
    if isinstance(kind, FunctionType):
        return _spelled(kind.__code__)
    found = {name: getattr(each, "__func__", each) for name, each in vars(kind).items()}
    found = {name: each.fget if isinstance(each, property) else each for name, each in found.items()}
    codes = {name: each.__code__ for name, each in found.items() if isinstance(each, FunctionType)}
    made_by_attrs = "<attrs generated"
    return [[name, _spelled(code)] for name, code in codes.items() if not code.co_filename.startswith(made_by_attrs)]


def _spelled(code: CodeType) -> list[Any]:
    return [code.co_code.hex(), list(code.co_names), [_constant(each) for each in code.co_consts]]


def _constant(value: object) -> Any:
    if isinstance(value, CodeType):
        return _spelled(value)
    if isinstance(value, (tuple, frozenset)):  # a set is in another order in each process
        several = [json.dumps(_constant(each)) for each in value]
        return [_name(type(value)), *(sorted(several) if isinstance(value, frozenset) else several)]
    return repr(value)


def _read_as(source: Source) -> list[Any]:
    mapping = source.mapping
    origins = source.origins()
    return [
        plain(
            [
                mapping.records.name,
                mapping.records.fields,
                mapping.records.rules,
                mapping.columns,
                mapping.codes,
                mapping.marks,
            ]
        ),
        sorted(mapping.checks_off),
        source.zone,
        plain([origins[0].dialect, origins[0].sheet]) if origins else None,
    ]


@cache
def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return ""


def _name(kind: type | FunctionType) -> str:
    return f"{kind.__module__}.{kind.__qualname__}"
