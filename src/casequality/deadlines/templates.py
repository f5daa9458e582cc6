"""The shipped templates: deadlines that the law leaves to the municipality to set."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

from casequality.deadlines.template import Template
from casequality.deadlines.toml_tables import check_keys, citation, duty, load_table, unknown

TEMPLATE_TEXTS = ("title", "set_by", "starts", "satisfied_by", "excluded", "breach")
TEMPLATE_KEYS = (*TEMPLATE_TEXTS, "kind", "calendar", "duty", "since", "source")


def templates() -> tuple[Template, ...]:
    """Return the shipped templates in order of id."""
    return tuple(_shipped().values())


def template(id: str) -> Template:
    """Return a template by its id; raise `UnknownName`.

    >>> str(template("social/decide").source)[:27]
    'Retssikkerhedsloven, § 3, s'
    """
    if id not in _shipped():
        raise unknown("Unknown template", id, _shipped())
    return _shipped()[id]


@lru_cache(maxsize=1)
def _shipped() -> dict[str, Template]:
    folder = files("casequality.deadlines").joinpath("catalogue", "municipal")
    found: list[Template] = []
    for file in folder.iterdir():
        for name, table in load_table(file, "templates")["templates"].items():
            check_keys(table, TEMPLATE_KEYS, needed=TEMPLATE_KEYS[:-2], where=name)
            read = {"duty": duty(table["duty"]), "source": citation(table["source"])}
            found.append(Template(id=name, **{**table, **read}))
    return {each.id: each for each in sorted(found, key=lambda each: each.id)}
