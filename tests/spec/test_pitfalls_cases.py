"""What other engines got wrong about running cases: pitfalls 5, 32, 33 and 37 to 40, each by its number."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

import attrs
import numpy as np
import pytest

import casequality as cq
from casequality.citation import Dated, Entry
from casequality.deadlines import Deadline, Reaction, Schedule, Term, compare

GUARANTEE = cq.deadline("copenhagen/reply-guarantee")
MARCH = dt.date(2010, 3, 1)
TITLE = {"en": "Benefits", "da": "Ydelser"}
BENEFITS = Schedule(
    id="benefits",
    title=TITLE,
    calendar="dk-statutory",
    by_kind={
        "loan": Dated((Entry(dt.date.min, Term.parse("15 working days")), Entry(MARCH, Term.parse("10 working days")))),
        "allowance": "4 weeks",
    },
)


class Application(cq.Records, name="applications"):
    """One application for a benefit."""

    case = cq.key()
    kind = cq.code("loan", "allowance")
    received_on = cq.day()
    decided_on = cq.day(missing="still open")


@attrs.frozen
class DecidedInTime(cq.Metric):
    """Share of applications decided within the deadline of their type."""

    id: ClassVar[str] = "benefits.decided-in-time"
    title = {"en": "Decided in time", "da": "Afgjort til tiden"}
    records = Application
    outcomes = cq.outcomes(**cq.SETTLED)
    deadline: Schedule = BENEFITS

    def contribute(self, cases: Application, as_of: cq.AsOf, /) -> cq.Contribution:
        states = as_of.settle(as_of.due(self.deadline, cases.received_on, cases.kind), cases.decided_on)
        return cq.Contribution(on=cases.received_on, outcome=self.outcomes.pick(**states))


def application(case: int, received: str, decided: str | None = None, kind: str = "loan") -> dict[str, Any]:
    days = {"received_on": dt.date.fromisoformat(received), "decided_on": decided and dt.date.fromisoformat(decided)}
    return {"case": case, "kind": kind, **days}


def outcomes(*applications: dict[str, Any], period: str = "2010", as_of: str = "2011-01-01") -> dict[str, int]:
    result = cq.measure(DecidedInTime(), list(applications), period=period, as_of=as_of)
    return {name: count for name, count in result[period].figure.outcomes.items() if count}


def only(case: dict[str, Any], rule: Deadline | Reaction, as_of: str) -> dict[str, Any]:
    [found] = cq.obligations(case, [rule], as_of=as_of)
    return found


def test_pitfall_05_a_closing_day_announced_while_cases_run_moves_the_open_ones_only() -> None:
    statutory = cq.calendar("dk-statutory")
    announced = statutory.without(["2010-05-05"], name="announced", source="announced on 3 May 2010")
    received = np.array(["2010-04-22", "2010-04-22", "2010-04-20", "2010-05-05"], "datetime64[D]")
    answered = np.array(["2010-04-29", "NaT", "NaT", "NaT"], "datetime64[D]")
    found = compare(GUARANTEE, announced, received, answered, as_of="2010-05-06")
    assert found.counts == {
        "compared": 4,
        "closed, left as they were": 1,
        "due day changed": 2,
        "verdict changed": 1,
        "overdue -> open": 1,
    }
    assert str(found).splitlines()[3:] == [
        "  case 1: due 2010-05-07 -> 2010-05-10, still open",
        "  case 2: due 2010-05-05 -> 2010-05-06, overdue -> open",
    ]
    every = compare(GUARANTEE, announced, received, answered, as_of="2010-05-06", recompute="all")
    assert [change.position for change in every] == [0, 1, 2]


def test_pitfall_32_what_a_citizen_writes_after_the_decision_starts_no_clock_unless_it_is_a_case_of_its_own() -> None:
    reaction = Reaction(GUARANTEE)
    case = {"received_on": "2010-04-22", "decided_on": "2010-05-03", "information": ["2010-05-04"]}
    assert cq.obligations(case, [reaction], as_of="2010-08-01") == []
    running = {**case, "information": ["2010-04-26"]}
    assert only(running, reaction, "2010-08-01")["state"] == "kept"
    assert only({"received_on": "2010-05-04"}, GUARANTEE, "2010-08-01")["state"] == "overdue"


@pytest.mark.parametrize("as_of", ["2010-05-12", "2010-08-01", "2015-01-01"])
def test_pitfall_33_a_late_first_answer_stays_late_after_it_is_given(as_of: str) -> None:
    case = {"received_on": "2010-04-22", "replies": ["2010-05-11", "2010-05-20"], "decided_on": "2010-05-25"}
    found = only(case, GUARANTEE, as_of)
    assert (found["state"], found["done_on"], found["kept"]) == ("kept late", "2010-05-11", False)


def test_pitfall_37_a_case_that_moves_keeps_its_clock_and_leaves_what_the_former_unit_owed() -> None:
    own = Deadline(id="unit-a/decide", title=TITLE, kind="decide", terms="3 weeks", calendar="dk-statutory")
    other = attrs.evolve(own, id="unit-b/decide", terms="6 weeks")
    kinds = [own, other, GUARANTEE]

    def states(case: dict[str, Any]) -> list[tuple[str, str, str]]:
        found = cq.obligations({"received_on": "2010-04-22", **case}, kinds, as_of="2010-05-20")
        return [(each["id"], each["due"], each["state"]) for each in found]

    assert states({"ceased_on": {"unit-a/decide": "2010-05-03"}}) == [
        ("copenhagen/reply-guarantee", "2010-05-07", "overdue"),  # the municipality's, whichever unit has the case
        ("unit-a/decide", "2010-05-13", "does not apply"),
        ("unit-b/decide", "2010-06-03", "open"),  # counted from the receipt, not from the move
    ]
    assert states({"ceased_on": {"unit-a/decide": "2010-05-17"}})[1] == ("unit-a/decide", "2010-05-13", "missed")
    assert states({"started_on": {"unit-b/decide": "2010-05-03"}})[2] == ("unit-b/decide", "2010-06-14", "open")


def test_pitfall_38_the_rule_is_that_of_the_day_of_receipt_and_the_type_that_of_the_record() -> None:
    """Fifteen working days from 26 February end on 19 March; the ten of today's rule ended on the 12th."""
    assert outcomes(application(1, "2010-02-26", "2010-03-19")) == {"in_time": 1}
    assert outcomes(application(1, "2010-02-26", "2010-03-22")) == {"late": 1}
    assert outcomes(application(1, "2010-03-01", "2010-03-19")) == {"late": 1}
    assert outcomes(application(1, "2010-03-01", "2010-03-19", kind="allowance")) == {"in_time": 1}
    found = only({"received_on": "2010-02-26"}, BENEFITS.deadline("loan"), "2010-06-01")
    assert (found["due"], found["source"]) == ("2010-03-19", None)


def test_pitfall_39_a_case_delivered_twice_counts_once_and_a_contradictory_one_not_at_all() -> None:
    first, second = application(1, "2010-03-01", "2010-03-10"), application(2, "2010-03-01", "2010-04-10")
    assert outcomes(first, second) == {"in_time": 1, "late": 1}
    assert outcomes(first, second, first, second, first) == {"in_time": 1, "late": 1}
    contradictory = application(2, "2010-03-02", "2010-03-10")
    assert outcomes(first, second, contradictory) == {"in_time": 1}


def test_pitfall_40_a_case_that_is_open_for_longer_than_a_year_is_still_measured() -> None:
    old = application(1, "2010-03-01")
    assert outcomes(old, as_of="2014-06-01") == {"open_overdue": 1}
    assert outcomes(application(1, "2010-03-01", "2014-05-02"), as_of="2014-06-01") == {"late": 1}
    found = only({"received_on": "2010-04-22"}, GUARANTEE, "2014-05-07")
    expected = np.busday_count("2010-05-08", "2014-05-08", holidays=cq.calendar("dk-statutory").closed)
    assert (found["state"], found["working_days_left"]) == ("overdue", -expected)
