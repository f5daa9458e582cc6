"""Every unit of a term says all that there is to say of it, and one that leaves something out is told."""

from __future__ import annotations

import datetime as dt
import inspect
import json
from importlib.resources import files
from typing import get_args

import numpy as np
import pytest

from casequality.days import calendar
from casequality.deadlines import Deadline, Term
from casequality.deadlines import checker as independent
from casequality.deadlines.counting import units
from casequality.deadlines.counting.units import TERM_UNITS, TermUnit, Unit

ON = calendar("dk-statutory")
JANUARY = dt.date(2011, 1, 31)
AFTER = {  # two of each, by a paper calendar: Monday 31 January 2011
    "working days": ("2011-02-02", "2 working days", "2 arbejdsdage", "1 arbejdsdag"),
    "calendar days": ("2011-02-02", "2 calendar days", "2 kalenderdage", "1 kalenderdag"),
    "weeks": ("2011-02-14", "2 weeks", "2 uger", "1 uge"),
    "months": ("2011-03-31", "2 months", "2 måneder", "1 måned"),
    "years": ("2013-01-31", "2 years", "2 år", "1 år"),
    "hours": ("2011-02-01", "2 hours", "2 timer", "1 time"),
}


def test_every_unit_is_named_wherever_units_are_listed() -> None:
    schema = files("casequality.deadlines") / "ledger.schema.json"
    enums = [each["enum"] for each in _units_of(json.loads(schema.read_text("utf-8")))]
    assert [*TERM_UNITS] == list(get_args(Unit)) == list(AFTER)
    assert len(enums) == 2
    assert all(enum == [*TERM_UNITS] for enum in enums)
    assert set(independent.UNITS) == set(TERM_UNITS)


def _units_of(schema: object) -> list[dict[str, list[str]]]:
    if isinstance(schema, list):
        return [found for each in schema for found in _units_of(each)]
    if not isinstance(schema, dict):
        return []
    own = [schema["unit"]] if isinstance(schema.get("unit"), dict) else []
    return own + [found for each in schema.values() for found in _units_of(each)]


def test_every_class_is_in_the_table() -> None:
    declared = {each for each in vars(units).values() if inspect.isclass(each) and issubclass(each, TermUnit)}
    assert {each for each in declared if not inspect.isabstract(each)} == set(map(type, TERM_UNITS.values()))


@pytest.mark.parametrize("name", TERM_UNITS)
class TestEachUnit:
    def test_it_is_written_and_read(self, name: str) -> None:
        unit, (_, english, danish, single) = TERM_UNITS[name], AFTER[name]
        term = Term.parse(f"2 {name}")
        assert (term.unit, term.counted_in) == (name, unit)
        assert (term.words.en, term.words.da) == (english, danish)
        assert Term.parse(f"1 {unit.one.en}").words.da == single
        assert Term.parse(unit.example).unit == name

    def test_its_day_and_its_table_are_those_of_a_paper_calendar(self, name: str) -> None:
        due = dt.date.fromisoformat(AFTER[name][0])
        assert TERM_UNITS[name].after(JANUARY, 2, ON) == due
        assert TERM_UNITS[name].table(2, ON).look_up(np.datetime64(JANUARY)) == np.datetime64(due)
        assert Term.parse(f"2 {name}").due(JANUARY, ON) == due

    def test_its_ledger_counts_to_that_day_says_how_it_ends_and_is_checked_by_the_independent_checker(
        self, name: str
    ) -> None:
        deadline = Deadline(
            id="local/any",
            title={"en": "Any", "da": "En frist"},
            kind="decide",
            terms=f"2 {name}",
            calendar="dk-statutory",
        )
        for lang in ("en", "da"):
            ledger = deadline.explain(JANUARY, lang=lang)
            assert ledger.rows[-1].date == dt.date.fromisoformat(AFTER[name][0])
            assert ledger.rows[-1].reason == TERM_UNITS[name].last[lang]
            assert independent.check(json.loads(json.dumps(ledger.to_dict()))) == []


def test_the_last_day_of_a_shorter_month_is_said() -> None:
    month = TERM_UNITS["months"]
    assert month.said_of_end(JANUARY, dt.date(2011, 2, 28)).da == "sidste dag i en kortere måned: fristen udløber"
    assert month.said_of_end(JANUARY, dt.date(2011, 3, 31)).da == "samme dag i måneden: fristen udløber"


PARTS = ("name", "one", "more", "example", "last", "after", "table")


@pytest.mark.parametrize("forgotten", PARTS)
def test_a_unit_that_forgets_a_part_cannot_be_made(forgotten: str) -> None:
    whole = {part: getattr(units.Weeks, part) for part in PARTS}
    assert isinstance(type("Fortnights", (TermUnit,), whole)(), TermUnit)
    without = {part: said for part, said in whole.items() if part != forgotten}
    with pytest.raises(TypeError, match=rf"Fortnights.*{forgotten}"):
        type("Fortnights", (TermUnit,), without)()
