"""The shipped catalogue of deadlines: all of them, and one by its id."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final

from casequality.deadlines.counting import in_force
from casequality.deadlines.deadline import Deadline
from casequality.deadlines.parsing import load_deadlines, templates
from casequality.errors import UsageError, unknown
from casequality.showing import Showable, TextTable

CATALOGUE: Final = files("casequality.deadlines").joinpath("catalogue")
"""A file for each area, which is the first part of the ids in it, but for a few."""


class Deadlines(Showable, tuple[Deadline, ...]):
    """Deadlines in order of id, which show themselves as a list."""

    __slots__ = ()

    def __getitem__(self, key: Any) -> Any:
        """Return the deadline of an id, or of a place, or several."""
        return deadline(key) if isinstance(key, str) else super().__getitem__(key)

    def _ipython_key_completions_(self) -> list[str]:
        return [each.id for each in self]

    def text_table(self, lang: str) -> TextTable:
        """Return a row a deadline: its id, title and terms."""
        rows = (
            (each.id, each.title[lang], "; ".join(held.term.words[lang] for held in in_force(each.terms)))
            for each in self
        )
        return TextTable(caption=LISTED[lang], headers=LISTED_HEADERS[lang], rows=tuple(rows), lang=lang)


LISTED = {"en": "Deadlines", "da": "Frister"}
LISTED_HEADERS = {"en": ("Id", "Deadline", "Term"), "da": ("Id", "Frist", "Længde")}


def shipped() -> Deadlines:
    """Return the shipped deadlines in order of id, each with its terms, their sources and what is uncertain."""
    return Deadlines(_catalogue().values())


def deadline(id: str, catalogue: Mapping[str, Deadline] | None = None) -> Deadline:
    """Return a deadline by its id, from the shipped catalogue or from another one; raise `UnknownName`.

    >>> import datetime as dt
    >>> deadline("copenhagen/reply-guarantee").due(dt.date(2010, 4, 22))
    datetime.date(2010, 5, 7)
    """
    if catalogue is None and id in (found := _area(id.partition("/")[0])):
        return found[id]  # without reading the files of the other areas
    known = _catalogue() if catalogue is None else catalogue
    if id not in known and any(id == each.id for each in templates()):
        raise UsageError(
            "The municipality sets the term of this deadline",
            got=id,
            remedy=f"say the local term: casequality.deadlines.template('{id}').deadline('local/...', '8 weeks'), "
            f'or like = "{id}" in a project file',
        )
    if id not in known:
        raise unknown("Unknown deadline", id, known)
    return known[id]


@lru_cache(maxsize=1)
def _catalogue() -> dict[str, Deadline]:
    # `municipal` beside them is no file: it holds templates, which `templates` reads
    areas = [file.name.removesuffix(".toml") for file in CATALOGUE.iterdir() if file.name.endswith(".toml")]
    rules = [rule for area in areas for rule in _area(area).values()]
    return {rule.id: rule for rule in sorted(rules, key=lambda rule: rule.id)}


@lru_cache
def _area(name: str) -> Mapping[str, Deadline]:
    """Return the deadlines of one file; none of an area that has no file of its own."""
    file = CATALOGUE.joinpath(f"{name}.toml")
    rules = load_deadlines(file) if re.fullmatch(r"[a-z-]+", name) and file.is_file() else ()
    return {rule.id: rule for rule in rules if isinstance(rule, Deadline)}
