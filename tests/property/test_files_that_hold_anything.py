"""Files of tables in which one value is another kind of thing: read, or refused in words, never a raw error."""

from __future__ import annotations

import datetime as dt
import json
import tomllib
from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from casequality.deadlines import parse_deadlines
from casequality.desk.projects import load_project
from casequality.errors import CaseQualityError
from casequality.goals import parse_goals

PROJECT: dict[str, Any] = {
    "title": "Invented",
    "goals": ["goals.toml"],
    "zone": "Europe/Copenhagen",
    "calendar": "dk-administrative",
    "comments": "comments.toml",
    "engine": {"name": "in process", "threads": 2, "keep": "kept"},
    "sources": {
        "letters": {
            "records": "letters",
            "path": "letters.csv",
            "columns": {"letter": "Brevnr", "answered_on": False},
            "codes": {"way": {"B": "post", "": False}},
            "marks": {"answered_on": ["9999-12-31"]},
            "dialect": {"delimiter": ";", "decimal": ",", "day": "dd-mm-yyyy"},
            "sheet": "Ark1",
            "zone": "Europe/Copenhagen",
            "checks_off": ["answered_on"],
            "expects": "day",
            "units": {"office": ["A", "B"]},
            "children": {"notices": {"path": "notices.csv", "columns": {"letter": "Brevnr"}}},
        },
        "calls": {"not_delivered": "the telephone system keeps none"},
    },
    "deadlines": {
        "local/answer": {
            "title": "Answer",
            "kind": "goal",
            "calendar": "dk-administrative",
            "starts": "receipt",
            "term": "10 working days",
            "satisfied_by": "an answer",
        }
    },
}
GOALS: dict[str, Any] = {
    "id": "invented",
    "title": {"en": "Invented", "da": "Opfundne"},
    "decided_by": "Nobody",
    "goals": [
        {
            "id": "invented/answers",
            "title": "Answers",
            "metric": "example.answered-in-time",
            "target": "at least 80 %",
            "readings": {"open": "left out"},
            "parameters": {"deadline": "copenhagen/reply-guarantee"},
            "valid_from": dt.date(2010, 1, 1),
            "parts": {"by": ["office"], "rule": "each"},
            "decided_by": "Nobody",
        }
    ],
}
WRONG: tuple[Any, ...] = (
    1,
    -1.5,
    True,
    "",
    "x",
    [],
    [1],
    ["x"],
    [[]],
    [{}],
    {},
    {"x": 1},
    {"x": {}},
    dt.date(2010, 6, 1),
)


def toml(value: Any) -> str:
    """Return a value as TOML writes it in one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{json.dumps(name)} = {toml(each)}" for name, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    return value.isoformat() if isinstance(value, dt.date) else json.dumps(value, ensure_ascii=False)


def changed(given: Any) -> Iterator[Any]:
    """Yield the same tables with each value in turn replaced by each wrong one, and with each key left out."""
    if isinstance(given, Mapping):
        for name, each in given.items():
            rest = {other: value for other, value in given.items() if other != name}
            yield rest
            yield from ({**given, name: wrong} for wrong in WRONG)
            yield from ({**given, name: made} for made in changed(each))
    if isinstance(given, list):
        for place, each in enumerate(given):
            for wrong in (*WRONG, *changed(each)):
                yield [*given[:place], wrong, *given[place + 1 :]]


def test_a_project_that_holds_anything_is_read_or_refused_in_words(tmp_path: Path) -> None:
    file = tmp_path / "casequality.toml"
    for tables in changed(PROJECT):
        file.write_text("\n".join(f"{name} = {toml(each)}" for name, each in tables.items()), encoding="utf-8")
        try:
            load_project(file)
        except CaseQualityError:
            pass
        except Exception as fault:
            raise AssertionError(toml(tables)) from fault


SHIPPED = sorted(
    each.name for each in files("casequality.deadlines").joinpath("catalogue").iterdir() if each.name.endswith(".toml")
)


@pytest.mark.parametrize("name", SHIPPED)
def test_deadlines_that_hold_anything_are_read_or_refused_in_words(name: str) -> None:
    shipped = tomllib.loads(files("casequality.deadlines").joinpath("catalogue", name).read_text(encoding="utf-8"))
    rules = shipped["deadlines"]
    for rule, table in list(rules.items())[:6]:
        for made in changed(table):
            try:
                parse_deadlines({"deadlines": {**rules, rule: made}}, "a file")
            except CaseQualityError:
                pass
            except Exception as fault:
                raise AssertionError(f"{rule}: {made}") from fault


def test_goals_that_hold_anything_are_read_or_refused_in_words() -> None:
    for tables in changed(GOALS):
        content = "\n".join(f"{name} = {toml(each)}" for name, each in tables.items())
        try:
            parse_goals(f"# goals\n{content}")
        except CaseQualityError:
            pass
        except Exception as fault:
            raise AssertionError(content) from fault
