"""What records look like at an as-of: what had not happened yet is not there."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from casequality.metrics.declaring.as_of import AsOf
from casequality.records.facts.columns import Children, Codes
from casequality.records.facts.fields import code, day, instant, many
from casequality.records.facts.schema import Records
from tests.factories.records import of_rows
from tests.factories.tallies import ZONE


class Notice(Records, name="notices"):
    """A notice."""

    sent_on = day()
    promised_on = day(missing="no date", planned=True)
    read_on = day(missing="not read")
    answer = code("yes", "no", known_with="read_on")


class Case(Records, name="cases"):
    """A case."""

    received_on = day()
    decide_by = day(missing="none", planned=True)
    closed_on = day(missing="still open")
    closed_at = instant(missing="still open")
    ending = code("decided", "withdrawn", known_with="closed_on")
    office = code()
    notices = many(Notice)


def at(moment: str, cases: Case) -> Case:
    as_of = AsOf.at(moment, zone=ZONE)
    return cases.known_at(as_of.instant, as_of.known_before)


CASES = of_rows(
    Case,
    [
        {
            "received_on": "2010-06-01",
            "decide_by": "2010-12-31",
            "closed_on": closed,
            "closed_at": None,
            "ending": "decided" if closed else None,
            "office": "main",
        }
        for closed in ("2010-06-14", "2010-06-15", "2010-06-16", None)
    ],
)


def test_what_happens_on_the_day_of_a_bare_date_is_not_known() -> None:
    known = at("2010-06-15", CASES)
    assert np.isnat(known.closed_on).tolist() == [False, True, True, True]
    assert known.ending.decode() == ["decided", None, None, None]


def test_later_on_that_day_it_is_known() -> None:
    known = at("2010-06-15T12:00:00+02:00", CASES)
    assert np.isnat(known.closed_on).tolist() == [False, False, True, True]
    assert known.ending.decode() == ["decided", "decided", None, None]


def test_planned_dates_and_other_codes_stay() -> None:
    known = at("2010-06-15", CASES)
    np.testing.assert_array_equal(known.decide_by, CASES.decide_by)
    assert known.office.decode() == ["main"] * 4


def test_the_records_themselves_are_unchanged() -> None:
    at("2010-06-15", CASES)
    assert CASES.ending.decode() == ["decided", "decided", "decided", None]
    with pytest.raises(ValueError, match="read-only"):
        at("2010-06-15", CASES).closed_on[0] = np.datetime64("2010-06-01")


def test_an_event_at_the_very_instant_is_not_known() -> None:
    texts = ["2010-06-15T09:59:59.999999", "2010-06-15T10:00", "2010-06-15T10:00:00.000001", "NaT"]
    instants = np.array(texts, "M8[us]")
    known = at("2010-06-15T12:00:00+02:00", Case({"closed_at": instants}, 4))
    assert np.isnat(known.closed_at).tolist() == [False, True, True, True]


def test_records_that_had_not_begun_are_told_apart() -> None:
    received = np.array(["2010-06-14", "2010-06-15", "2010-06-16", "NaT"], "M8[D]")
    cases = Case({"received_on": received}, 4)
    for moment, begun in (("2010-06-15", 1), ("2010-06-15T00:00:01+02:00", 2), ("2010-06-16T00:00:00+02:00", 2)):
        as_of = AsOf.at(moment, zone=ZONE)
        found = cases.begun(as_of.instant, as_of.known_before)
        assert found.tolist() == [True] * begun + [False] * (3 - begun) + [True]


def notices(**columns: list[str | None]) -> Notice:
    made = {name: np.array([each or "NaT" for each in values], "M8[D]") for name, values in columns.items()}
    return Notice({**made, "answer": Codes.encode(["yes", "no", "yes"], ("yes", "no"))}, 3)


def test_child_rows_that_had_not_begun_are_not_there_and_what_they_hold_is_hidden() -> None:
    sent = notices(
        sent_on=["2010-06-01", "2010-06-20", "2010-06-10"],
        promised_on=["2010-07-01", "2010-07-01", None],
        read_on=["2010-06-02", "2010-06-21", "2010-06-30"],
    )
    children: Children[Any] = Children(sent, np.array([0, 2, 2, 3]), np.array([False, False, True]))
    known = at("2010-06-15", Case({"notices": children}, 3)).notices
    assert known.count().tolist() == [1, 0, 1]
    assert known.rows.sent_on.astype(str).tolist() == ["2010-06-01", "2010-06-10"]
    assert known.rows.promised_on.astype(str).tolist() == ["2010-07-01", "NaT"]
    assert known.rows.read_on.astype(str).tolist() == ["2010-06-02", "NaT"]
    assert known.rows.answer.decode() == ["yes", None]
    assert known.unknown is not None
    assert known.unknown.tolist() == [False, False, True]
