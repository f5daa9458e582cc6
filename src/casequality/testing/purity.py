"""What code reaches for beside its arguments, found by reading it, and by watching it in another zone and language."""

from __future__ import annotations

import ast
import inspect
import os
import random
import re
import sys
import textwrap
from collections import deque
from collections.abc import Iterator
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
