"""What the strategies draw keeps to what record types declare, by intake's own judgement, or has the fault it says."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import casequality as cq
import casequality.testing as kit
from casequality.days import Calendar, Period
from casequality.records import Block
from casequality.testing.invented.row_factory import Edges, Maker
from casequality.testing.invented.subject import source_of
from tests.kit.original import FOUR_WEEKS, Permit, Visit


class Everything(cq.Records, name="everything"):
    """One record with every kind of field."""

    number = cq.key()
    began_at = cq.instant()
    noted_on = cq.day()
    ended_on = cq.day(missing="lasting")
    born_on = cq.day(may_precede=True)
    due_on = cq.day(missing="none", planned=True)
    ending = cq.code("good", "bad", known_with="ended_on")
    office = cq.code()
    urgent = cq.flag()
    pages = cq.count()
    price = cq.amount(decimals=2)
    talk = cq.span(missing="no talk")


KINDS = [Everything, Permit, Visit]


def read(kind: type[cq.Records], rows: list[dict[str, Any]]) -> Block:
    below = {f"{n}.{b}" for n, f in kind.fields.items() if f.records is not None for b in f.records.fields}
    reading = source_of(rows, kind, "Europe/Copenhagen").reading({*kind.fields, *below})
    [block] = [block for part in reading.parts for block in part.blocks()]
    return block


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
def test_drawn_records_have_no_fault(kind: type[cq.Records], data: st.DataObject) -> None:
    rows = data.draw(kit.strategies.tables(kind, min_size=1))
    block = read(kind, rows)
    assert not block.findings.items
    assert len(block.records) == len(rows)
    assert set(rows[0]) == set(kind.fields)


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
def test_a_faulty_record_has_the_fault_that_it_is_said_to_have(kind: type[cq.Records], data: st.DataObject) -> None:
    row, fault = data.draw(kit.strategies.faulty(kind))
    block = read(kind, [row])
    assert fault in {item.fault for item in block.findings.items}
    aside = block.records.in_doubt(block.records.loaded)
    assert aside is not None
    assert aside.tolist() == [True]


@given(kit.strategies.tables(Permit))
def test_a_code_is_known_only_with_its_date(rows: list[dict[str, Any]]) -> None:
    assert all(row["result"] is None for row in rows if row["decided_on"] is None)


def test_events_lie_on_both_sides_of_the_as_of_and_on_it_and_on_the_edges_that_are_given() -> None:
    around = dt.date(2010, 8, 1)
    rows = Maker(Permit, around, "Europe/Copenhagen", Random(7), Edges((FOUR_WEEKS,))).table(300)
    ended = [row for row in rows if row["decided_on"] and row["applied_on"]]
    assert {row["decided_on"] < around for row in ended} == {True, False}
    assert any(row["decided_on"] == around for row in ended)
    assert {27, 28, 29} <= {(row["decided_on"] - row["applied_on"]).days for row in ended}
    assert any(row["applied_on"] is None for row in rows)
    assert any(
        {**one, "permit": 0, "reminders": 0} == {**other, "permit": 0, "reminders": 0} for one, other in pairwise(rows)
    )


@given(kit.strategies.calendars(), kit.strategies.periods())
def test_calendars_and_periods_are_what_they_say(calendar: Calendar, period: Period) -> None:
    day = calendar.roll(period.first, "forward")
    assert calendar.is_working(day)
    assert period.first < period.end
