"""What complaints taught, who acts on it and whether it is done and spread; every record is invented."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

import casequality as cq
from casequality_complaints import ActedOn, Complaint, ComplaintPoint, Lesson, Lessons, Satisfied, Spread

AS_OF = "2014-03-01"
LEARNED = "2014-01-10"


def lesson(number: int, due: str | None, done: str | None, **more: str | None) -> dict[str, Any]:
    row = {"lesson": number, "complaint": f"KL-{number}", "learned_on": LEARNED, "due_on": due, "done_on": done}
    return {**dict.fromkeys(name for name in Lesson.fields if name not in row), **row, **more}


LESSONS = [
    lesson(1, "2014-02-01", "2014-02-01", taught="file_keeping", unit="Nord", method="enhanced_contact", acts="A"),
    lesson(2, "2014-02-01", "2014-02-02", taught="file_keeping", unit="Nord", method="enhanced_contact", acts="A"),
    lesson(3, "2014-02-01", None, taught="other", unit="Syd", method="written", acts="B"),
    lesson(4, "2014-04-01", None, taught="other", unit="Syd", method="written", acts="B"),
    lesson(5, None, "2014-02-20", taught="legal_guarantees", unit="Syd"),
    lesson(6, None, None, taught="legal_guarantees", unit="Nord"),
    lesson(7, "2014-02-01", "2014-03-01", taught="other", unit="Nord", method="written", acts="B"),  # not known yet
]


def share(metric: type[cq.Metric], **asked: Any) -> dict[Any, tuple[int | None, int | None]]:
    found = cq.measure(metric, LESSONS, as_of=AS_OF, period="2014-01", **asked)
    return {next(iter(each.groups.values()), "all"): (each.value.numerator, each.value.denominator) for each in found}


@pytest.mark.parametrize(("reading", "done"), [("ever", (3, 6)), ("in_time", (1, 5))])
def test_a_lesson_is_acted_on_in_time_late_or_not_yet(reading: str, done: tuple[int, int]) -> None:
    """In time 1; late 2; overdue 3 and 7; waiting 4; without a day 5, which is done, and 6, which is not."""
    assert share(ActedOn, readings={"acted": reading}) == {"all": done}
    [figure] = cq.measure(ActedOn, LESSONS, as_of=AS_OF, period="2014-01", readings={"acted": reading})
    assert {name: rows for name, rows in figure.outcomes.items() if rows} == {
        "in_time": 1,
        "late": 1,
        "open_overdue": 2,
        "pending": 1,
        "done": 1,
        "no_day_set": 1,
    }


def test_what_was_learned_is_told_apart_by_subject_unit_method_and_who_acts() -> None:
    assert share(Lessons, by="taught") == {"file_keeping": (2, 1), "other": (3, 1), "legal_guarantees": (2, 1)}
    assert share(Lessons, by="unit") == {"Nord": (4, 1), "Syd": (3, 1)}
    assert share(ActedOn, by="method") == {"enhanced_contact": (2, 2), "written": (0, 2), None: (1, 2)}
    assert share(ActedOn, by="acts") == {"A": (2, 2), "B": (0, 2), None: (1, 2)}


def test_best_practice_is_spread_on_a_day_to_a_kind_of_unit() -> None:
    rows = [
        lesson(1, None, None, spread_on="2014-01-20", spread_to="socialcentre"),
        lesson(2, None, None, spread_on="2014-03-01", spread_to="handicapcentre"),  # after the as-of
        lesson(3, None, None),
    ]
    [figure] = cq.measure(Spread, rows, as_of=AS_OF, period="2014-01")
    assert (figure.value.numerator, figure.value.denominator) == (1, 3)
    by_whom = cq.measure(Spread, rows, as_of=AS_OF, period="2014-01", by="spread_to")
    assert {each.groups["spread_to"]: each.value.numerator for each in by_whom} == {"socialcentre": 1, None: 0}


def test_a_day_before_the_lesson_is_a_finding() -> None:
    rows = [
        lesson(1, "2014-01-09", None),
        lesson(2, "2014-02-01", "2014-01-09"),
        lesson(3, None, None, spread_on="2014-01-09"),
    ]
    acted, spread = (cq.measure(metric, rows, as_of=AS_OF, period="2014-01") for metric in (ActedOn, Spread))
    assert {(each.column, each.fault): each.rows.tolist() for each in acted.findings.items} == {
        ("due_on", "due before it was learned"): [1],
        ("done_on", "ended before it began"): [2],
    }
    assert ("spread_on", [3]) in [(each.column, each.rows.tolist()) for each in spread.findings.items]


def test_satisfaction_is_of_the_ended_complaints_where_it_was_registered_by_method() -> None:
    registered = [
        ("enhanced_contact", "2014-01-20", "yes"),
        ("enhanced_contact", "2014-01-21", "no"),
        ("enhanced_contact", "2014-01-21", None),
        ("written", "2014-01-22", "no"),
        ("written", None, "yes"),  # still open
    ]
    rows = [
        {"complaint": number, "method": method, "received_on": "2014-01-02", "ended_on": ended, "satisfied": satisfied}
        for number, (method, ended, satisfied) in enumerate(registered, 1)
    ]
    source = cq.source(rows, Complaint, children={"points": ComplaintPoint.empty()})
    found = cq.measure(Satisfied, source, as_of=AS_OF, period="2014-01", by="method")
    assert {each.groups["method"]: each.value.exact for each in found} == {
        "enhanced_contact": Fraction(1, 2),
        "written": 0,
    }
    [together] = cq.measure(Satisfied, source, as_of=AS_OF, period="2014-01")
    assert (together.outcomes["not_registered"], together.value.exact) == (1, Fraction(1, 3))
