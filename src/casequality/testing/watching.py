"""Watching code run in another zone and language, and noting what it reaches for of the machine."""

from __future__ import annotations

import locale
import os
import random
import re
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final

import numpy as np

from casequality.testing.purity import WORDS_OF_A_PLACE

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
