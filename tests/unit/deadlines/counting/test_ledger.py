"""A ledger: one row a day, each with its reason, in the reader's language."""

from __future__ import annotations

import datetime as dt
import json
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from casequality.days import OpeningHours
from casequality.deadlines import Deadline, deadline
from casequality.errors import UsageError

GUARANTEE = deadline("copenhagen/reply-guarantee")


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def test_the_text_shows_every_day_with_its_reason() -> None:
    lines = str(GUARANTEE.explain(day("2010-04-27"))).splitlines()
    assert lines[:2] == [
        "Reply guarantee (copenhagen/reply-guarantee)",
        "Received Tuesday 27 April 2010; due Wednesday 12 May 2010: 10 working days, the day of receipt not counted.",
    ]
    assert lines[3:9] == [
        "2010-04-27  Tuesday      -  received; this day is not counted",
        "2010-04-28  Wednesday    1  working day",
        "2010-04-29  Thursday     2  working day",
        "2010-04-30  Friday       -  Great Prayer Day",
        "2010-05-01  Saturday     -  weekend",
        "2010-05-02  Sunday       -  weekend",
    ]
    assert lines[18] == "2010-05-12  Wednesday   10  working day: the term ends"
    assert lines[20].startswith("Rule: Copenhagen City Council, decision on a reply guarantee, BR 337/06 (uncertain: ")
    assert lines[21].startswith("Calendar dk-statutory: ")


def test_a_citizen_reads_it_in_danish() -> None:
    text = str(GUARANTEE.explain(day("2010-04-27"), lang="da"))
    assert text.startswith(
        "Tilbagemeldingsgaranti (copenhagen/reply-guarantee)\n"
        "Modtaget tirsdag den 27. april 2010; fristen udløber onsdag den 12. maj 2010: 10 arbejdsdage,"
        " modtagelsesdagen ikke medregnet.\n"
    )
    assert "2010-04-30  fredag     -  Store bededag" in text
    assert "2010-05-12  onsdag    10  arbejdsdag: fristen udløber" in text
    with pytest.raises(UsageError, match="Unknown language"):
        GUARANTEE.explain(day("2010-04-27"), lang="de")


def test_there_is_one_row_a_day_and_the_count_runs() -> None:
    ledger = GUARANTEE.explain(day("2010-03-24"))
    days = [row.date for row in ledger.rows]
    assert days == [day("2010-03-24") + dt.timedelta(days=step) for step in range(20)]
    assert ledger.due == days[-1] == day("2010-04-12")
    counted = [row.count for row in ledger.rows if row.counted]
    assert counted == list(range(1, 11))
    closed = {str(row.date): row.reason for row in ledger.rows if row.source == "calendar" and row.reason != "weekend"}
    assert closed == {
        "2010-04-01": "Maundy Thursday",
        "2010-04-02": "Good Friday",
        "2010-04-04": "Easter Sunday",
        "2010-04-05": "Easter Monday",
    }


def test_an_end_that_moves_says_over_what() -> None:
    ledger = deadline("personal-data/answer").explain(day("2024-02-29"))
    assert [(str(row.date), row.phase, row.counted) for row in ledger.rows[-5:]] == [
        ("2024-03-29", "term", True),
        ("2024-03-30", "roll", False),
        ("2024-03-31", "roll", False),
        ("2024-04-01", "roll", False),
        ("2024-04-02", "roll", False),
    ]
    assert (
        ledger.rows[-5].reason
        == "same day of the month: the term ends, but not a working day (Good Friday): the end moves"
    )
    assert ledger.rows[-1].reason == "working day: the end moves here"
    backward = deadline("personal-data/answer").explain(day("2024-02-29"), roll="backward")
    assert [(str(row.date), row.reason) for row in backward.rows[-2:]] == [
        ("2024-03-28", "Maundy Thursday"),
        ("2024-03-27", "working day: the end moves here"),
    ]


def test_a_clamped_month_says_so() -> None:
    ledger = deadline("copenhagen/rent-tribunal-goal").explain(day("2009-10-31"))
    assert ledger.rows[-1].reason == "last day of a shorter month: the term ends"
    assert "calendar" not in ledger.sources  # months that do not roll ask no calendar


def test_a_letter_is_on_its_way_first() -> None:
    ledger = deadline("appeals/appeal-by-letter").explain(day("2018-07-02"))
    assert ledger.answer.en.startswith(
        "Dated Monday 2 July 2018; counts as received Tuesday 10 July 2018; due Tuesday 7 August 2018"
    )
    arrived = [row for row in ledger.rows if row.phase == "arrival"][-1]
    assert (str(arrived.date), arrived.count, arrived.reason) == (
        "2018-07-10",
        6,
        "counts as received; this day is not counted",
    )
    assert list(ledger.sources) == ["rule", "arrival", "arrival calendar", "calendar"]


def test_office_hours_are_explained() -> None:
    office = OpeningHours.parse("08:30-17:00", zone="Europe/Copenhagen", calendar="dk-statutory")
    answer = Deadline(
        id="desk/answer",
        title={"en": "Answer", "da": "Svar"},
        kind="acknowledge",
        terms="1 working day",
        calendar="dk-statutory",
        opening=office,
    )
    evening = dt.datetime(2010, 4, 29, 17, 21, tzinfo=ZoneInfo("Europe/Copenhagen"))
    ledger = answer.explain(evening)
    assert [(row.phase, row.reason) for row in ledger.rows] == [
        ("closed office", "received while the office is closed"),
        ("closed office", "the office is closed (Great Prayer Day)"),
        ("closed office", "the office is closed (weekend)"),
        ("closed office", "the office is closed (weekend)"),
        ("receipt", "the office opens: the count starts, this day is not counted"),
        ("term", "working day: the term ends"),
    ]
    assert ledger.due == answer.due(evening)
    assert ledger.answer.da == (
        "Modtaget torsdag den 29. april 2010 kl. 17.21; regnet fra mandag den 3. maj 2010 kl. 08.30;"
        " fristen udløber tirsdag den 4. maj 2010 kl. 08.30: 1 arbejdsdag, modtagelsesdagen ikke medregnet."
    )
    instant = np.datetime64(evening.astimezone(dt.UTC).replace(tzinfo=None))
    assert answer.explain(instant).rows == ledger.rows


def test_a_ledger_is_plain_data_that_stands_alone() -> None:
    plain = GUARANTEE.explain(day("2010-04-27"), lang="da").to_dict()
    assert json.loads(json.dumps(plain)) == plain
    assert plain["rule"]["id"] == "copenhagen/reply-guarantee"
    assert plain["term"] == {"amount": 10, "unit": "working days", "roll": "none"}
    assert (plain["received"], plain["due"], plain["calendar"]["name"]) == ("2010-04-27", "2010-05-12", "dk-statutory")
    assert plain["rows"][3] == {
        "date": "2010-04-30",
        "weekday": "fredag",
        "phase": "term",
        "counted": False,
        "count": 2,
        "reason": "Store bededag",
        "source": "calendar",
    }
    assert {row["source"] for row in plain["rows"]} <= set(plain["sources"])
    assert set(plain["answer"]) == {"en", "da"}


def test_a_missing_day_has_nothing_to_explain() -> None:
    with pytest.raises(UsageError, match="missing day"):
        GUARANTEE.explain(np.datetime64("NaT", "D"))
