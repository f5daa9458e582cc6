from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from casequality.citation import Dated, Entry
from casequality.days import OpeningHours, calendar
from casequality.days.arrays import MISSING
from casequality.deadlines import Term, deadline, latest_receipt, working_days_left
from casequality.errors import NaiveTime, OutsideCalendar, UsageError
from tests.factories.deadlines import any_deadline

GUARANTEE = deadline("copenhagen/reply-guarantee")


@pytest.mark.parametrize(
    ("terms", "due", "latest"),
    [
        ("10 working days", "2010-05-07", "2010-04-22"),  # the seed's example, asked backwards
        ("10 working days", "2010-05-09", "2010-04-22"),  # nothing is due on a Saturday or Sunday
        ("10 working days", "2010-05-03", "2010-04-18"),  # received on Friday, Saturday or Sunday
        ("1 month", "2010-02-28", "2010-01-31"),  # the 28th to the 31st of January are all due then
        ("1 month", "2010-02-27", "2010-01-27"),
        ("1 month", "2010-03-30", "2010-02-28"),  # nothing is due on the 29th, 30th or 31st of March
        ("4 weeks", "2010-01-29", "2010-01-01"),
        ("14 calendar days, roll forward", "2010-04-06", "2010-03-23"),  # Maundy Thursday to Easter Monday roll here
        ("14 calendar days, roll backward", "2010-03-31", "2010-03-22"),
    ],
)
def test_the_latest_receipt_for_a_due_day(terms: str, due: str, latest: str) -> None:
    rule = any_deadline(terms)
    day = dt.date.fromisoformat(due)
    assert latest_receipt(rule, day) == dt.date.fromisoformat(latest)
    assert latest_receipt(rule, np.datetime64(due)) == np.datetime64(latest)
    assert latest_receipt(rule, np.array([due, "NaT"], "M8[D]")).astype(str).tolist() == [latest, "NaT"]


def test_another_calendar_or_roll_rule_asks_for_an_earlier_receipt() -> None:
    day = dt.date(2011, 1, 3)
    assert latest_receipt(GUARANTEE, day) == dt.date(2010, 12, 20)
    assert latest_receipt(GUARANTEE, day, calendar="dk-administrative") == dt.date(2010, 12, 16)
    assert latest_receipt(GUARANTEE, day, calendar=calendar("dk-administrative")) == dt.date(2010, 12, 16)
    assert latest_receipt(any_deadline("1 month"), dt.date(2010, 5, 1)) == dt.date(2010, 4, 1)
    assert latest_receipt(any_deadline("1 month"), dt.date(2010, 5, 1), roll="forward") == dt.date(
        2010, 3, 29
    )  # 30 April is closed


def test_a_shorter_rule_can_make_later_receipts_due_earlier() -> None:
    terms = Dated((Entry(dt.date.min, Term(10, "calendar days")), Entry(dt.date(2014, 1, 1), Term(3, "calendar days"))))
    rule = any_deadline(terms)
    assert rule.due(dt.date(2013, 12, 31)) == dt.date(2014, 1, 10)
    assert latest_receipt(rule, dt.date(2014, 1, 4)) == dt.date(2014, 1, 1)
    assert latest_receipt(rule, dt.date(2014, 1, 3)) == dt.date(2013, 12, 24)


def test_no_receipt_is_due_before_the_deadline_was_in_force() -> None:
    assert latest_receipt(GUARANTEE, dt.date(2006, 6, 16)) == dt.date(2006, 6, 1)
    assert np.isnat(latest_receipt(GUARANTEE, np.array(["2006-06-15"], "M8[D]"))).all()
    with pytest.raises(OutsideCalendar, match="not in force"):
        latest_receipt(GUARANTEE, dt.date(2006, 6, 15))


def test_a_rule_that_ended_has_a_last_receipt() -> None:
    terms = Dated((Entry(dt.date.min, Term(10, "calendar days")), Entry(dt.date(2014, 1, 1), None)))
    assert latest_receipt(any_deadline(terms), dt.date(2020, 6, 1)) == dt.date(2013, 12, 31)


@pytest.mark.parametrize("day", [dt.date(1990, 1, 5), dt.date(2060, 12, 31)])
def test_the_ends_of_the_calendar_are_not_guessed_beyond(day: dt.date) -> None:
    with pytest.raises(OutsideCalendar):
        latest_receipt(any_deadline("10 working days"), day)


def test_office_hours_are_not_asked_backwards() -> None:
    office = OpeningHours.parse("09:00-15:00", zone="Europe/Copenhagen", calendar="dk-statutory")
    with pytest.raises(UsageError, match="opening=None"):
        latest_receipt(any_deadline("2 working days", opening=office), dt.date(2010, 5, 7))


@pytest.mark.parametrize(
    ("as_of", "left"),
    [
        ("2010-04-22", 10),
        ("2010-04-29", 5),  # Friday is Great Prayer Day
        ("2010-04-30", 5),
        ("2010-05-07", 0),
        ("2010-05-08", 0),  # overdue, but only over the weekend
        ("2010-05-12", -3),
        ("2010-05-06T23:30:00+00:00", 0),  # already the 7th in Copenhagen
    ],
)
def test_working_days_left_or_overdue(as_of: str, left: int) -> None:
    due = dt.date(2010, 5, 7)
    assert working_days_left(GUARANTEE, due, as_of=as_of) == left
    assert working_days_left(GUARANTEE, np.array([due, "NaT"], "M8[D]"), as_of=as_of).tolist() == [left, MISSING]


def test_working_days_are_those_of_the_deadlines_own_calendar() -> None:
    rule = any_deadline("4 weeks", calendar="dk-administrative")
    due = dt.date(2011, 1, 3)
    assert working_days_left(rule, due, as_of="2010-12-23") == 5
    assert working_days_left(rule, due, as_of="2010-12-23", calendar="dk-statutory") == 7


def test_nothing_asks_the_clock() -> None:
    with pytest.raises(TypeError, match="as_of"):
        working_days_left(GUARANTEE, dt.date(2010, 5, 7))  # type: ignore[call-overload]
    with pytest.raises(NaiveTime, match="offset"):
        working_days_left(GUARANTEE, dt.date(2010, 5, 7), as_of=dt.datetime(2010, 5, 1, 12))  # noqa: DTZ001
    with pytest.raises(UsageError, match="as-of"):
        working_days_left(GUARANTEE, dt.date(2010, 5, 7), as_of="today")
