"""Notices at fault: they are findings, and what they leave open is unknown, never "no notice"."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import casequality as cq
from casequality_housing_benefit import Notice, Notified

TEN_DAYS = cq.deadlines.Schedule(
    id="benefits",
    title={"en": "Benefits", "da": "Ydelser"},
    calendar="dk-statutory",
    by_kind={"housing_benefit": "10 working days"},
)
NOTICES = [
    {"case": 1, "sent_on": "2010-02-28", "promised_on": "2010-04-01"},  # before the application
    {"case": 2, "sent_on": "12.13.2010", "promised_on": "2010-04-01"},  # no day
    {"case": 3, "sent_on": "2010-03-10", "promised_on": "1900-01-01"},  # marked as unknown by the test below
    {"case": 4, "sent_on": "2010-02-28", "promised_on": None},  # before the application
    {"case": 9, "sent_on": "2010-03-10", "promised_on": None},  # of no case
]
CASES = [
    {"case": number, "kind": "housing_benefit", "received_on": "2010-03-01", "decided_on": decided}
    for number, decided in enumerate([None, None, None, "2010-03-10", None], start=1)
]


def measured(marks: dict[str, dict[str, str]] | None = None, **asked: Any) -> Any:
    notices = cq.source(NOTICES, Notice, columns={"written": None}, marks=marks)
    return cq.measure(
        Notified,
        CASES,
        as_of="2010-08-01",
        period="2010-03",
        parameters={"deadlines": TEN_DAYS},
        columns={"withdrawn_on": None},
        children={"notices": notices},
        **asked,
    )


def outcomes(result: Any) -> dict[str, tuple[int, ...]]:
    (figure,) = result
    return {name: result["2010-03"].cases(name).keys for name, rows in figure.outcomes.items() if rows}


def test_a_case_with_a_faulty_notice_is_unknown_where_a_notice_was_owed() -> None:
    result = measured(marks={"promised_on": {"1900-01-01": "unknown"}})
    assert outcomes(result) == {"unknown": (1, 2, 3), "decided_in_time": (4,), "no_notice": (5,)}
    value = result.measurement.figures[0].value
    # the notice of no case may be that of the case without one
    assert (value.numerator, value.denominator, value.low, value.high) == (0, 1, 0, 1)
    assert dict(result.measurement.figures[0].doubt) == {"unknown": 3, "orphans": 1}


def test_every_faulty_notice_is_a_finding_with_its_row() -> None:
    found = {(item.column, item.fault): item.rows.tolist() for item in measured().findings.items}
    assert found == {
        ("notices.sent_on", "began before its parent"): [1, 4],
        ("notices.sent_on", "unreadable value"): [2],
        # nobody says here that the day means "unknown"
        ("notices.promised_on", "a decision is promised for a day before the notice was sent"): [3],
        ("notices.case", "child without a parent"): [5],
    }
    assert measured().accounts["set aside"] == 0


def test_a_day_that_may_mean_no_date_is_told_of_where_nobody_declared_it() -> None:
    assert measured().findings.suspected == {("notices.promised_on", "1900-01-01"): 1}


def test_the_check_of_notices_before_receipt_can_be_switched_off_by_name() -> None:
    result = measured(checks_off=["notices.sent_on-before-received_on"])
    assert outcomes(result)["in_time_with_date"] == (1,)
    assert not [item for item in result.findings.items if item.fault == "began before its parent"]


def test_a_case_that_no_calendar_reaches_may_have_been_due_in_any_period() -> None:
    """Its deadline is not known, so neither is the period that it counts in, though its receipt is."""
    cases = [
        {"case": 1, "kind": "housing_benefit", "received_on": "2010-03-01"},
        {"case": 2, "kind": "housing_benefit", "received_on": "1987-03-02"},
    ]
    (figure,) = cq.measure(
        Notified,
        cases,
        as_of="2010-08-01",
        period="2010-03",
        parameters={"deadlines": TEN_DAYS},
        columns={"decided_on": None, "withdrawn_on": None},
        children={
            "notices": cq.source(
                [{"case": 1, "sent_on": "2010-03-20"}], Notice, columns={"promised_on": None, "written": None}
            )
        },
    )
    assert (figure.value.numerator, figure.value.denominator) == (0, 1)
    assert (figure.value.low, figure.value.high) == (Fraction(0), Fraction(1, 2))
    assert dict(figure.doubt) == {"set aside": 1}
