"""Libraries that only some sources need, loaded when such a source is read."""

from __future__ import annotations

import importlib
from functools import cache
from types import ModuleType

from casequality.errors import InputError


@cache
def library(name: str, extra: str) -> ModuleType:
    """Return the library of that name, or raise the error that says how to install it."""
    try:
        return importlib.import_module(name)
    except ImportError:
        raise InputError(
            f"The library {name.partition('.')[0]} is needed to read this source and is not installed",
            got=f"no module {name}",
            remedy=f"pip install 'casequality[{extra}]'",
        ) from None
