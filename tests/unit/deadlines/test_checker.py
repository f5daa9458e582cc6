"""The plain checker: what it accepts, what it rejects, and that it shares nothing with what it checks."""

from __future__ import annotations

import ast
import copy
import datetime as dt
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from casequality.days import calendar
from casequality.deadlines import checker
from casequality.deadlines.checker import check
from tests.factories.ledgers import BY_HAND, KINDS, Plain, decides, leaves, other_values, sealed, with_leaf

FILE = Path(checker.__file__)


def test_it_imports_the_standard_library_alone() -> None:
    imported = set()
    for node in ast.walk(ast.parse(FILE.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            imported |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            imported.add(str(node.module).split(".")[0])
    assert imported <= sys.stdlib_module_names
    assert "__import__" not in FILE.read_text(encoding="utf-8")


def test_a_ledger_counted_by_hand_is_accepted_and_a_wrong_one_is_not() -> None:
    assert check(sealed(BY_HAND)) == []
    assert check({**sealed(BY_HAND), "due": "2015-05-19"}) != []
    assert check(sealed({**BY_HAND, "due": "2015-05-19"})) == ["it is due 2015-05-18"]


@pytest.mark.parametrize("name", ["dk-statutory", "dk-administrative", "dk-bank"])
def test_it_works_out_the_closing_days_of_the_reviewed_table(name: str) -> None:
    known = set(calendar(name).closed.tolist())
    assert known == {day for year in range(1990, 2061) for day in checker.danish_holidays(name, year)}


def test_easter_is_where_the_church_has_it() -> None:
    # Easter Sundays printed in church calendars, with the earliest and the latest of the century among them.
    for text in ("1990-04-15", "2000-04-23", "2008-03-23", "2010-04-04", "2011-04-24", "2024-03-31", "2038-04-25"):
        easter = dt.date.fromisoformat(text)
        assert {easter, easter + dt.timedelta(days=39)} <= checker.danish_holidays("dk-statutory", easter.year)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_ledger_is_accepted_as_it_comes_from_its_file(kind: str) -> None:
    assert check(json.loads(KINDS[kind]().to_json())) == []


@pytest.mark.parametrize("kind", KINDS)
def test_one_changed_leaf_is_rejected_by_the_digest(kind: str) -> None:
    plain = KINDS[kind]().to_dict()
    for path, value in leaves(plain):
        assert check(with_leaf(plain, path, other_values(value)[0])), path


@pytest.mark.parametrize("kind", KINDS)
def test_what_decides_is_rejected_even_under_a_new_digest(kind: str) -> None:
    plain = KINDS[kind]().to_dict()
    for turn, (path, value) in enumerate(leaf for leaf in leaves(plain) if decides(leaf[0])):
        others = other_values(value)
        other = others[turn % len(others)]
        assert check(sealed(with_leaf(plain, path, other))), (path, other)


@pytest.mark.parametrize("kind", KINDS)
def test_a_row_less_or_twice_is_rejected(kind: str) -> None:
    plain = KINDS[kind]().to_dict()
    for number in range(len(plain["rows"])):
        less, more = copy.deepcopy(plain), copy.deepcopy(plain)
        less["rows"].pop(number)
        more["rows"].insert(number, more["rows"][number])
        assert check(sealed(less))
        assert check(sealed(more))


@pytest.mark.parametrize("kind", KINDS)
def test_a_source_that_is_renamed_or_left_out_is_rejected(kind: str) -> None:
    plain = KINDS[kind]().to_dict()
    cited = {row["source"] for row in plain["rows"]}
    for key, source in plain["sources"].items():
        others = {name: held for name, held in plain["sources"].items() if name != key}
        assert check(sealed({**plain, "sources": {**others, f"{key}x": source}}))
        if key in cited - {"opening"}:
            assert check(sealed({**plain, "sources": others}))


@pytest.mark.parametrize(
    ("kind", "path", "value"),
    [
        ("working days", ("rule", "terms", 0, "amount"), 9),
        ("working days", ("rule", "terms", 0, "since"), "2010-04-23"),
        ("working days", ("rule", "calendar"), "dk-bank"),
        ("letter", ("rule", "after", "terms", 1, "amount"), 5),
        ("letter", ("arrival_calendar", "name"), "dk-bank"),
        ("evening", ("office", 0, "hours"), "08:30-12:00, 12:30-17:30"),
        ("evening", ("office", 3, "hours"), "10:00-11:00"),
        ("evening", ("office", 4, "hours"), "11:00-12:00"),
        ("evening", ("received",), "2010-04-29T17:21:30.500000+01:00"),
        ("paused", ("rule", "pauses", 0, "reason"), "illness"),
        ("extended", ("rule", "extension", "term", "amount"), 21),
        ("own calendar", ("calendar", "closed", 0, "date"), "2010-05-06"),
        ("own calendar", ("calendar", "week"), "1111100"),
    ],
)
def test_the_law_and_the_hours_must_bear_out_the_count(kind: str, path: tuple[str | int, ...], value: Any) -> None:
    assert check(sealed(with_leaf(KINDS[kind]().to_dict(), path, value)))


@pytest.mark.parametrize("ledger", [{}, {"schema": 1}, [], None, 7, {"rows": [{}]}])
def test_what_is_no_ledger_is_rejected_without_falling_over(ledger: Any) -> None:
    assert check(ledger)
    assert check(sealed(BY_HAND | {"rows": ledger}))


def test_a_source_is_a_text_or_one_in_both_languages() -> None:
    plain: Plain = KINDS["working days"]().to_dict()
    assert sorted(plain["sources"]["calendar"]["title"]) == ["da", "en"]
    for half in ({"en": "Limitation Act"}, {"en": "x", "da": "x", "sv": "x"}, {"en": "x", "da": 1}, ["x"], None):
        changed = with_leaf(plain, ("sources", "calendar", "title"), half)
        assert check(sealed(changed)) == ["the title of the source 'calendar' is no text"]
    assert check(sealed(with_leaf(plain, ("sources", "calendar", "title"), "one text"))) == []


def test_a_question_of_the_law_that_reads_otherwise_in_one_language_is_rejected() -> None:
    plain: Plain = KINDS["working days"]().to_dict()
    for lang in ("en", "da"):
        changed = with_leaf(plain, ("sources", "rule", "question", lang), "nothing is open")
        assert check(sealed(changed)) == ["the rule does not state the source 'rule'"]
