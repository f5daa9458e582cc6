"""What code reaches for beside its arguments, found by reading it, and by watching it in another zone and language."""

from __future__ import annotations

import ast
import inspect
import locale
import os
import random
import re
import sys
import textwrap
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
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
MODULES: Final = (
    *("locale", "random", "secrets", "uuid", "socket", "urllib", "http", "subprocess", "tempfile", "numpy.random"),
)
NAMES: Final = {"builtins.open", "io.open", "os.getenv", "os.environ", "builtins.input", "os.urandom", *CLOCKS}
METHODS: Final = {"read_text", "read_bytes", "write_text", "write_bytes"}
WORDS_FOR_NOW: Final = {"now", "today"}
WORDS_OF_A_PLACE: Final = re.compile("%[-_^#]?[aAbBcpxX]")
"""What `strftime` and its like say in the language of the machine: names of days and months, dates as written there."""
SAYING: Final = {"strftime", "strptime", "format"}
CHANGING: Final = {
    *("append", "extend", "insert", "add", "update", "setdefault", "pop", "popitem", "clear", "remove", "discard"),
    *("appendleft", "fill", "sort"),
}
CHANGEABLE: Final = (list, dict, set, bytearray, deque, np.ndarray)


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
        # a class that attrs made has functions whose source is nowhere, and nothing in them is the author's
        if not function.__code__.co_filename.startswith("<attrs"):
            found.update(_said_by_place(function), _kept_between_calls(function))
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
    tree = _tree(function)
    if tree is None:
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


def _tree(function: FunctionType) -> ast.AST | None:
    try:
        return ast.parse(textwrap.dedent(inspect.getsource(function)))
    except (OSError, SyntaxError, TypeError):
        return None


def _said_by_place(function: FunctionType) -> Iterator[str]:
    """Yield what a function has said in the words of the place where it runs: names of days and months and the like."""
    for node in ast.walk(_tree(function) or ast.Module([], [])):
        spoken: list[ast.AST] = []
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            spoken = [node] if name in SAYING else []
        elif isinstance(node, ast.FormattedValue) and node.format_spec is not None:
            spoken = [node.format_spec]
        texts = [part.value for each in spoken for part in ast.walk(each) if isinstance(part, ast.Constant)]
        if any(isinstance(text, str) and WORDS_OF_A_PLACE.search(text) for text in texts):
            yield "the language of the machine (strftime)"
        if isinstance(node, ast.Name | ast.Attribute):
            value = _value(node, function.__globals__)
            if type(value).__module__ == "calendar" and type(value).__name__.startswith("_localized"):
                yield "the language of the machine (calendar)"


def _kept_between_calls(function: FunctionType) -> Iterator[str]:
    """Yield the names outside of a function that it changes: what it finds there hangs on what was asked before.

    Where a function keeps what follows from its arguments alone, `functools.cache` says so.
    """
    own = {*function.__code__.co_varnames, *function.__code__.co_cellvars}
    for node in ast.walk(_tree(function) or ast.Module([], [])):
        names = node.names if isinstance(node, ast.Global) else [_root(each) for each in _changed(node, function)]
        for name in names:
            if name in function.__globals__ and (isinstance(node, ast.Global) or name not in own):
                yield f"the module's {name}, kept between calls"


def _changed(node: ast.AST, function: FunctionType) -> Iterator[ast.expr]:
    """Yield what a piece of code changes without giving it another name."""
    if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        yield from (each for each in targets if isinstance(each, ast.Subscript | ast.Attribute))
    called = node.func if isinstance(node, ast.Call) else None
    if isinstance(called, ast.Attribute) and called.attr in CHANGING:
        yield from [called] if isinstance(function.__globals__.get(_root(called)), CHANGEABLE) else []


def _root(node: ast.expr) -> str:
    """Return the name at which a chain of attributes and places in brackets begins."""
    while isinstance(node, ast.Subscript | ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


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


EVENTS: Final = ("open", "os.", "shutil.", "socket.", "subprocess.", "urllib.", "sqlite3.", "tempfile.")
LOCALES: Final = ("da_DK.UTF-8", "de_DE.UTF-8", "fr_FR.UTF-8", "tr_TR.UTF-8")
"""In one of these, if it is there, code is watched."""

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
    """Note what this thread reaches for meanwhile, in another zone and language, and with chance begun anew.

    An audit hook cannot be taken away, so there is one, which notes only while something is watched.
    """
    if not _installed:
        sys.addaudithook(_note)
        _installed.append(True)
    noted: set[str] = set()
    variables: Any = os.environ
    # others hold `os.environ` itself, so it is watched from within, where it keeps its variables
    before, zone = variables._data, os.environ.get("TZ")
    language = locale.setlocale(locale.LC_ALL)
    chance = random.getstate(), np.random.get_state()[1].tobytes()  # type: ignore[index]  # noqa: NPY002
    _change_zone("Pacific/Auckland" if zone != "Pacific/Auckland" else "UTC")
    _speak_otherwise(language)
    variables._data = _Environment(variables._data)
    _watching[threading.get_ident()] = noted
    try:
        yield noted
    finally:
        del _watching[threading.get_ident()]
        variables._data = before
        time.strftime = _said
        locale.setlocale(locale.LC_ALL, language)
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


_said = time.strftime


def _speak_otherwise(language: str) -> None:
    """Take another locale, if there is one, and have names of days and months said as in a language of nobody.

    Dates ask `time.strftime` for them, so that this is seen on machines with one locale, too.
    """
    for name in LOCALES:
        if name != language:
            with suppress(locale.Error):
                locale.setlocale(locale.LC_ALL, name)
                break

    def said(form: str, *moment: Any) -> str:
        return _said(re.sub(WORDS_OF_A_PLACE, lambda found: f"x{found[0]}", form), *moment)

    time.strftime = said
