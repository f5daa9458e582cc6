"""Opening hours: what comes in while the office is closed counts from the next opening, to the microsecond."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from casequality.deadlines import Deadline, Opening
from casequality.errors import NaiveTime, OutsideCalendar, UsageError

ZONE = "Europe/Copenhagen"
OFFICE = Opening(dt.time(8, 30), dt.time(17), ZONE, "dk-statutory")
NIGHT_DESK = Opening(dt.time(1), dt.time(4), ZONE, "dk-statutory")


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(ZONE))


def made(terms: str, opening: Opening = OFFICE) -> Deadline:
    title = {"en": "Answer", "da": "Svar"}
    return Deadline(
        id="office/answer", title=title, kind="decide", terms=terms, calendar="dk-statutory", opening=opening
    )


@pytest.mark.parametrize(
    ("received", "start"),
    [
        ("2010-04-29 08:29:59.999999", "2010-04-29 08:30"),
        ("2010-04-29 08:30", "2010-04-29 08:30"),
        ("2010-04-29 12:00", "2010-04-29 12:00"),
        ("2010-04-29 16:59:59.999999", "2010-04-29 16:59:59.999999"),
        ("2010-04-29 17:00", "2010-05-03 08:30"),  # Friday is Great Prayer Day
        ("2010-04-30 12:00", "2010-05-03 08:30"),
        ("2010-05-02 06:00", "2010-05-03 08:30"),
    ],
)
def test_the_count_starts_while_the_office_is_open(received: str, start: str) -> None:
    assert OFFICE.start(at(received)) == at(start)


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("2010-04-29 12:34:56.789", "2010-05-05 12:34:56.789"),
        ("2010-04-29 06:00", "2010-05-05 08:30"),
        ("2010-04-29 17:00", "2010-05-06 08:30"),
        ("2010-04-24 23:00", "2010-04-29 08:30"),
    ],
)
def test_working_days_keep_the_clock_time(received: str, due: str) -> None:
    answer = made("3 working days").due(at(received))
    assert answer == at(due)
    assert isinstance(answer, dt.datetime)
    assert answer.utcoffset() == at(due).utcoffset()


def test_a_due_time_that_the_clocks_jump_over_is_the_same_moment_after_the_jump() -> None:
    due = made("1 week", NIGHT_DESK).due(at("2010-03-22 02:30"))  # a week before the clocks go from 02:00 to 03:00
    assert due == at("2010-03-29 02:30")
    due = made("6 calendar days", NIGHT_DESK).due(at("2010-03-22 02:30"))
    assert str(due) == "2010-03-28 03:30:00+02:00"


def test_arrays_hold_instants_in_utc_and_say_the_same() -> None:
    texts = [
        "2010-03-26 12:00",
        "2010-03-29 12:00",
        "2010-10-29 16:59:59.999999",
        "2010-10-29 17:00",
        "2010-04-24 23:00",
    ]
    instants = np.array([at(text).astimezone(dt.UTC).replace(tzinfo=None) for text in texts], "datetime64[us]")
    deadline = made("3 working days")
    expected = [deadline.due(at(text)).astimezone(dt.UTC).replace(tzinfo=None) for text in texts]  # type: ignore[attr-defined]
    out = np.empty_like(instants)
    assert deadline.due(instants, out=out) is out
    assert out.tolist() == expected
    assert deadline.due(instants[1]) == np.datetime64(expected[1])
    assert np.isnat(deadline.due(np.array(["NaT"], "datetime64[us]"))).all()


def test_a_day_without_a_time_is_refused() -> None:
    for received in (dt.date(2010, 4, 29), np.datetime64("2010-04-29"), np.array(["2010-04-29"], "datetime64[D]")):
        with pytest.raises(UsageError) as refused:
            made("3 working days").due(received)
        assert refused.value.what == "This deadline counts from an instant, because its office has opening hours"
        assert "deadline without opening hours" in str(refused.value)
    with pytest.raises(NaiveTime):
        made("3 working days").due(dt.datetime(2010, 4, 29, 12))  # noqa: DTZ001


def test_reach_is_what_can_be_answered() -> None:
    deadline = made("3 working days")
    instants = np.array(["1989-12-30T12", "2010-04-29T12", "2060-12-27T12", "2060-12-29T12", "NaT"], "datetime64[us]")
    reached = deadline.reaches(instants)
    assert reached.tolist() == [False, True, True, False, True]
    deadline.due(instants[reached])
    for beyond in instants[~reached]:
        with pytest.raises(OutsideCalendar):
            deadline.due(np.array([beyond]))


def test_hours_and_zone_must_make_sense() -> None:
    with pytest.raises(UsageError, match="begin before they end"):
        Opening(dt.time(17), dt.time(8), ZONE, "dk-statutory")
    with pytest.raises(UsageError, match="one zone"):
        Deadline(
            id="office/answer",
            title={"en": "Answer", "da": "Svar"},
            kind="decide",
            terms="3 working days",
            calendar="dk-statutory",
            opening=OFFICE,
            zone="America/New_York",
        )
    assert made("3 working days").zone == ZONE
