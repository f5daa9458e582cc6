"""The Danish catalogue that ships with the package, and finding a deadline in it or in another one."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files

from casequality.deadlines.deadline import Deadline
from casequality.deadlines.parsing import load_deadlines, templates
from casequality.errors import UsageError
from casequality.toml import unknown


def deadlines() -> tuple[Deadline, ...]:
    """Return the shipped deadlines in order of id, each with its terms, their sources and what is uncertain."""
    return tuple(_shipped().values())


def deadline(id: str, catalogue: Mapping[str, Deadline] | None = None) -> Deadline:
    """Return a deadline by its id, from the shipped catalogue or from another one; raise `UnknownName`.

    >>> import datetime as dt
    >>> deadline("copenhagen/reply-guarantee").due(dt.date(2010, 4, 22))
    datetime.date(2010, 5, 7)
    """
    known = _shipped() if catalogue is None else catalogue
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
def _shipped() -> dict[str, Deadline]:
    # `municipal` below it is no file: it holds templates, which `templates` reads
    files_of_areas = files("casequality.deadlines").joinpath("catalogue").iterdir()
    rules = [rule for file in files_of_areas if file.name.endswith(".toml") for rule in load_deadlines(file)]
    return {rule.id: rule for rule in sorted(rules, key=lambda rule: rule.id) if isinstance(rule, Deadline)}
