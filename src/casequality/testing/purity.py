"""What code reaches for beside its arguments: found by reading it, and by watching it work."""

from __future__ import annotations

import ast
import inspect
import os
import random
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FunctionType, ModuleType
from typing import Any, Final

import numpy as np

CLOCKS: Final = {
    "datetime.datetime.now",
    "datetime.datetime.today",
    "datetime.datetime.utcnow",
    "datetime.date.today",
    *(f"time.{name}" for name in ("time", "time_ns", "monotonic", "perf_counter", "localtime", "gmtime")),
}
MODULES: Final = ("random", "secrets", "uuid", "socket", "urllib", "http", "subprocess", "tempfile", "numpy.random")
NAMES: Final = {"builtins.open", "io.open", "os.getenv", "os.environ", "builtins.input", "os.urandom", *CLOCKS}
METHODS: Final = {"read_text", "read_bytes", "write_text", "write_bytes"}
WORDS_FOR_NOW: Final = {"now", "today"}
EVENTS: Final = ("open", "os.", "shutil.", "socket.", "subprocess.", "urllib.", "sqlite3.", "tempfile.")


def reached_for(kind: type) -> list[str]:
    """Return the names of clocks, chance, files and the like in a class's methods and what they call of its package."""
    found: set[str] = set()
    waiting: list[Any] = [value for each in kind.__mro__ if _own(each, kind) for value in vars(each).values()]
    known: set[Any] = set()
    while waiting:
        function = _function(waiting.pop())
        if function is None or function in known or not _own(function, kind):
            continue
        known.add(function)
        for name, value in _used(function):
            if _forbidden(name):
                found.add(name)
            waiting += list(vars(value).values()) if inspect.isclass(value) and _own(value, kind) else [value]
    return sorted(found)


def _own(thing: Any, kind: type) -> bool:
    """Return whether something stands in the same package as a class."""
    return str(getattr(thing, "__module__", "")).partition(".")[0] == kind.__module__.partition(".")[0]


def _function(value: Any) -> FunctionType | None:
    value = value.fget if isinstance(value, property) else getattr(value, "__func__", value)
    value = inspect.unwrap(value) if callable(value) else value
    return value if isinstance(value, FunctionType) else None


def _used(function: FunctionType) -> Iterator[tuple[str, Any]]:
    """Yield the full name and the value of every global name, and attribute of one, that a function uses."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    except (OSError, SyntaxError, TypeError):
        return
    known = {**vars(sys.modules["builtins"]), **function.__globals__, **inspect.getclosurevars(function).nonlocals}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name | ast.Attribute):
            value = _value(node, known)
            if value is not None:
                yield _full_name(value), value
            elif isinstance(node, ast.Attribute) and node.attr in METHODS:
                yield f"Path.{node.attr}", None
        if isinstance(node, ast.Call) and any(
            isinstance(a, ast.Constant) and a.value in WORDS_FOR_NOW for a in node.args
        ):
            called = _value(node.func, known)
            if called is np.datetime64:
                yield 'numpy.datetime64("now")', None


def _value(node: ast.expr, known: dict[str, Any]) -> Any:
    if isinstance(node, ast.Name):
        return known.get(node.id)
    if isinstance(node, ast.Attribute):
        holder = _value(node.value, known)
        if isinstance(holder, ModuleType) or inspect.isclass(holder):
            return getattr(holder, node.attr, None)
    return None


def _full_name(value: Any) -> str:
    if value is os.environ:
        return "os.environ"
    if isinstance(value, ModuleType):
        return value.__name__
    owner = getattr(value, "__self__", None)
    if isinstance(owner, random.Random):
        return "random"
    if isinstance(owner, np.random.RandomState):
        return "numpy.random"
    module = owner.__module__ if inspect.isclass(owner) else getattr(value, "__module__", None) or ""
    name = f"{owner.__qualname__}." if inspect.isclass(owner) else ""
    return f"{module}.{name}{getattr(value, '__name__', '')}".replace("_io.", "io.")


def _forbidden(name: str) -> bool:
    return (
        name in NAMES
        or name.startswith(("Path.", "numpy.datetime64("))
        or any(name == module or name.startswith(f"{module}.") for module in MODULES)
    )


_watching: dict[int, set[str]] = {}


def _note(event: str, _: tuple[Any, ...]) -> None:
    noted = _watching.get(threading.get_ident())
    if noted is not None and event.startswith(EVENTS):
        noted.add("a file" if event == "open" else event)


class _Environment(dict[Any, Any]):
    """Environment variables that note when one is read."""

    def __getitem__(self, name: Any) -> Any:
        _note("os.environ", ())
        return super().__getitem__(name)


_installed: list[bool] = []


@contextmanager
def watched() -> Iterator[set[str]]:
    """Note what this thread reaches for meanwhile, in another time zone and with chance begun anew.

    An audit hook cannot be taken away, so there is one, which notes only while something is watched.
    """
    if not _installed:
        sys.addaudithook(_note)
        _installed.append(True)
    noted: set[str] = set()
    variables: Any = os.environ
    before, zone = variables._data, os.environ.get("TZ")
    chance = random.getstate(), np.random.get_state()[1].tobytes()  # type: ignore[index]  # noqa: NPY002
    _change_zone("Pacific/Auckland" if zone != "Pacific/Auckland" else "UTC")
    variables._data = _Environment(variables._data)
    _watching[threading.get_ident()] = noted
    try:
        yield noted
    finally:
        del _watching[threading.get_ident()]
        variables._data = before
        _change_zone(zone)
        if chance != (random.getstate(), np.random.get_state()[1].tobytes()):  # type: ignore[index]  # noqa: NPY002
            noted.add("chance")


def _change_zone(zone: str | None) -> None:
    if zone is None:
        os.environ.pop("TZ", None)
    else:
        os.environ["TZ"] = zone
    if hasattr(time, "tzset"):
        time.tzset()
