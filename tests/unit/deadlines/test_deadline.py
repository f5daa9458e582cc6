"""A deadline: the term in force on the day of receipt, on a named calendar, for days and for instants."""

from __future__ import annotations

import datetime as dt
import pickle
from functools import partial
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from casequality.citation import Citation, Dated, Entry
from casequality.days import calendar
from casequality.deadlines import Term, deadline, shipped
from casequality.errors import NaiveTime, OutsideCalendar, UnknownName, UsageError
from tests.factories.deadlines import any_deadline

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
TITLE = {"en": "Parking permit", "da": "Parkeringstilladelse"}


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


made = partial(any_deadline, id="local/parking", title=TITLE)


CHANGED = made(
    Dated(
        (
            Entry(day("2009-01-01"), Term.parse("8 weeks")),
            Entry(day("2010-03-01"), Term.parse("30 working days"), Citation(title="council decision")),
            Entry(day("2012-01-01"), None),
        )
    )
)


def test_the_term_in_force_is_that_of_the_day_of_receipt() -> None:
    assert CHANGED.due(day("2010-02-28")) == day("2010-04-25")
    assert CHANGED.due(day("2010-03-01")) == day("2010-04-15")
    received = np.array(["2010-02-28", "2010-03-01", "NaT"], "datetime64[D]")
    assert CHANGED.due(received).tolist() == [day("2010-04-25"), day("2010-04-15"), None]


def test_a_day_without_a_term_in_force_is_an_error_alone_and_no_day_in_an_array() -> None:
    for received in (day("2008-12-31"), np.datetime64("2012-01-01")):
        with pytest.raises(OutsideCalendar) as refused:
            CHANGED.due(received)
        assert str(refused.value) == (
            "The deadline was not in force on that day\n"
            "  where:   local/parking\n"
            f"  got:     {received}\n"
            "  allowed: from 2009-01-01 to 2010-02-28, from 2010-03-01 to 2011-12-31\n"
            "  remedy:  use the deadline that was in force; casequality.deadlines.shipped() lists them all"
        )
        with pytest.raises(OutsideCalendar, match="not in force"):
            CHANGED.explain(received)
    days = np.array(["2008-12-31", "2011-12-31", "2012-01-01"], "datetime64[D]")
    assert np.isnat(CHANGED.due(days)).tolist() == [True, False, True]


def test_a_day_that_the_calendar_does_not_know_is_an_error_that_names_the_year() -> None:
    received = np.array(["2010-01-04", "2061-01-01"], "datetime64[D]")
    with pytest.raises(OutsideCalendar, match="2061"):
        CHANGED.due(received)
    with pytest.raises(OutsideCalendar, match="1989"):
        made("10 working days").due(day("1989-12-31"))
    assert CHANGED.reaches(received).tolist() == [True, False]
    assert made("10 working days").reaches(np.array(["2060-12-30", "NaT"], "datetime64[D]")).tolist() == [False, True]


def test_another_calendar_is_named_or_given() -> None:
    guarantee = deadline("copenhagen/reply-guarantee")
    received = day("2010-12-17")
    assert guarantee.due(received) == day("2010-12-31")
    assert guarantee.due(received, calendar="dk-administrative") == day("2011-01-04")
    town_hall = calendar("dk-statutory").without(["2010-12-31"], name="town hall", source="local decision")
    assert guarantee.due(received, calendar=town_hall) == day("2011-01-03")
    assert guarantee.due(np.array([received], "datetime64[D]"), calendar=town_hall).tolist() == [day("2011-01-03")]
    with pytest.raises(UnknownName, match="Unknown calendar"):
        guarantee.due(received, calendar="dk-statuary")


def test_another_roll_rule_is_named() -> None:
    appeal = deadline("appeals/appeal")
    received = day("2009-11-27")
    assert appeal.due(received) == day("2009-12-28")
    assert appeal.due(received, roll="none") == day("2009-12-25")
    assert appeal.due(received, roll="backward") == day("2009-12-24")
    with pytest.raises(UsageError, match="Unknown roll rule"):
        appeal.due(received, roll="sideways")  # type: ignore[call-overload]


def test_an_instant_counts_from_its_local_day() -> None:
    parking = made("3 working days")
    late_monday = dt.datetime(2010, 6, 7, 23, 30, tzinfo=COPENHAGEN)
    early_tuesday = late_monday.astimezone(dt.UTC) + dt.timedelta(hours=1)  # still Monday in UTC
    assert early_tuesday.date() == late_monday.date()
    assert parking.due(late_monday) == day("2010-06-10")
    assert parking.due(early_tuesday) == day("2010-06-11")
    instants = np.array(["2010-06-07T21:30", "2010-06-07T22:30", "NaT"], "datetime64[us]")
    assert parking.due(instants).tolist() == [day("2010-06-10"), day("2010-06-11"), None]
    assert parking.due(np.datetime64("2010-06-07T22:30")) == np.datetime64("2010-06-11")
    assert made("3 working days", zone="America/New_York").due(early_tuesday) == day("2010-06-10")


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(NaiveTime, match="without a zone"):
        made("3 working days").due(dt.datetime(2010, 6, 7, 23, 30))  # noqa: DTZ001
    with pytest.raises(UsageError, match="An array of days is needed"):
        made("3 working days").due(np.array([1.5]))


def test_reach_holds_for_instants_of_any_year() -> None:
    instants = np.array(["1500-01-01", "1989-12-31T22:59", "1989-12-31T23:00", "9999-12-31", "NaT"], "datetime64[us]")
    assert made("3 working days").reaches(instants).tolist() == [False, False, True, False, True]


def test_a_letter_counts_as_received_before_the_term_begins() -> None:
    letter = made("6 working days", kind="arrival", id="letter")
    appeal = made("4 weeks", after=letter)
    assert appeal.due(day("2018-07-02")) == day("2018-08-07")
    sent = np.array(["2018-07-02", "2018-12-20"], "datetime64[D]")
    np.testing.assert_array_equal(appeal.due(sent), made("4 weeks").due(letter.due(sent)))
    with pytest.raises(UsageError, match="follows only one"):
        made("1 week", after=appeal)


def test_what_a_deadline_is_made_of_is_checked() -> None:
    with pytest.raises(UsageError, match="Unknown kind of deadline"):
        made("1 week", kind="hope")
    with pytest.raises(UsageError, match="both languages"):
        made("1 week", title={"en": "Parking"})
    with pytest.raises(UsageError, match="bare days"):
        made("10 days")


def test_a_deadline_is_a_value() -> None:
    assert made("3 working days") == made(Term(3, "working days"))
    assert made("3 working days") != made("4 working days")
    kept = made("3 working days")
    kept.due(day("2010-06-07"))
    assert pickle.loads(pickle.dumps(kept)) == kept
    assert hash(kept) == hash(made("3 working days"))


def test_a_deadline_is_listed_as_plain_data() -> None:
    plain = CHANGED.to_dict()
    assert plain["title"] == TITLE
    assert plain["starts"] == {"en": "not in the source", "da": "fremgår ikke af kilden"}
    assert plain["terms"] == [
        {"amount": 8, "unit": "weeks", "roll": "none", "since": "2009-01-01", "until": "2010-02-28", "source": None},
        {
            "amount": 30,
            "unit": "working days",
            "roll": "none",
            "since": "2010-03-01",
            "until": "2011-12-31",
            "source": {"title": "council decision", "certain": True},
        },
    ]


def test_a_shipped_deadline_is_one_whether_alone_or_in_the_list() -> None:
    for each in shipped():
        assert deadline(each.id) is each
    for odd in ("copenhagen", "../copenhagen/x", "municipal/x", "", "no-area/x"):
        with pytest.raises(UnknownName):
            deadline(odd)
