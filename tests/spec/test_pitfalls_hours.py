"""What engines for case handling got wrong about hours and zones, one worked example each; numbers as in the list."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from casequality.days import Calendar, OpeningHours, local_day, local_days, period
from casequality.deadlines import Deadline
from casequality.errors import OutsideCalendar, UsageError

ZONE = "Europe/Copenhagen"
HOUR, MINUTE, SECOND = dt.timedelta(hours=1), dt.timedelta(minutes=1), dt.timedelta(seconds=1)
ALWAYS = OpeningHours.parse("00:00-24:00", zone=ZONE, calendar=None)
OFFICE = OpeningHours.parse("08:00-12:00, 13:00-17:00", zone=ZONE, calendar="dk-statutory")
NIGHT = OpeningHours.parse("01:00-04:00", zone=ZONE, calendar=None)


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(ZONE))


def rule(terms: str, **more: object) -> Deadline:
    title = {"en": "Answer", "da": "Svar"}
    return Deadline(id="answer", title=title, kind="decide", terms=terms, calendar="dk-statutory", **more)  # type: ignore[arg-type]


def test_pitfall_15_a_day_of_24_hours_loses_nothing_at_midnight() -> None:
    june, july = at("2010-06-01"), at("2010-07-01")
    assert ALWAYS.working_time(june, july) == 30 * 24 * HOUR
    assert ALWAYS.add(june, 30 * 24 * HOUR) == july
    midnights = np.arange("2010-06-01T22", "2010-06-30T22", dtype="datetime64[h]")[::24].astype("datetime64[us]")
    around = midnights[:, None] + np.array([-1, 0, 1], "timedelta64[us]")
    assert ALWAYS.is_open(around).all()
    workdays = OpeningHours.parse("00:00-24:00", zone=ZONE, calendar="dk-statutory")
    assert workdays.working_time(june, july) == 22 * 24 * HOUR
    assert workdays.add(at("2010-06-04 12:00"), 12 * HOUR) == at("2010-06-05")


@pytest.mark.parametrize(
    ("received", "start"),
    [
        ("2010-05-04 12:00", "2010-05-04 13:00"),
        ("2010-05-04 12:59:59.999999", "2010-05-04 13:00"),
        ("2010-05-04 13:00", "2010-05-04 13:00"),
        ("2010-05-07 12:30", "2010-05-10 08:00"),  # on a special day that ends at noon, lunch is the weekend
    ],
)
def test_pitfall_16_several_intervals_and_a_start_in_the_lunch_break(received: str, start: str) -> None:
    office = OpeningHours.parse(
        "08:00-12:00, 13:00-17:00", zone=ZONE, calendar="dk-statutory", special={"2010-05-07": "08:00-12:00"}
    )
    assert office.next_opening(at(received)) == at(start)
    assert office.working_time(at(received), at(start)) == 0 * HOUR
    assert office.add(at(received), HOUR) == at(start) + HOUR
    due = rule("1 working day", opening=office).due(at(received))
    assert due == {4: at("2010-05-05 13:00"), 10: at("2010-05-11 08:00")}[at(start).day]


@pytest.mark.parametrize(
    ("a", "b", "hours"),
    [
        ("2010-05-04 06:00", "2010-05-04 07:00", 0),
        ("2010-05-04 18:00", "2010-05-04 20:00", 0),
        ("2010-05-04 06:00", "2010-05-04 20:00", 8),
        ("2010-05-04 20:00", "2010-05-05 06:00", 0),
        ("2010-05-04 20:00", "2010-05-06 06:00", 8),
        ("2010-05-04 12:10", "2010-05-04 12:50", 0),
        ("2010-05-08 09:00", "2010-05-09 16:00", 0),
        ("2010-05-08 09:00", "2010-05-11 20:00", 16),
    ],
)
def test_pitfall_17_start_and_end_outside_the_hours(a: str, b: str, hours: int) -> None:
    assert OFFICE.working_time(at(a), at(b)) == hours * HOUR


def test_pitfall_18_hours_across_both_changes_of_the_clock() -> None:
    spring, autumn = at("2010-03-28"), at("2010-10-31")
    assert NIGHT.working_time(spring, at("2010-03-29")) == 2 * HOUR  # 02:00-03:00 does not exist
    assert NIGHT.working_time(autumn, at("2010-11-01")) == 4 * HOUR  # 02:00-03:00 passes twice
    assert ALWAYS.working_time(spring, at("2010-03-29")) == 23 * HOUR
    assert ALWAYS.working_time(autumn, at("2010-11-01")) == 25 * HOUR
    assert str(NIGHT.add(spring, 90 * MINUTE)) == "2010-03-28 03:30:00+02:00"
    assert str(NIGHT.add(autumn, 90 * MINUTE)) == "2010-10-31 02:30:00+02:00"
    assert str(NIGHT.add(autumn, 150 * MINUTE)) == "2010-10-31 02:30:00+01:00"
    half = OpeningHours.parse("02:30-04:00", zone=ZONE, calendar=None)  # open whenever the clock shows an opening hour
    assert str(half.next_opening(spring)) == "2010-03-28 03:00:00+02:00"
    assert half.working_time(spring, at("2010-03-29")) == 1 * HOUR
    assert half.working_time(autumn, at("2010-11-01")) == 2 * HOUR
    second = OpeningHours.parse("02:00-03:00", zone=ZONE, calendar=None)
    assert str(second.next_opening(at("2010-03-28 01:30"))) == "2010-03-29 02:00:00+02:00"
    assert second.working_time(autumn, at("2010-11-01")) == 2 * HOUR


def test_pitfall_18_a_historic_case_keeps_the_offset_of_its_date() -> None:
    assert str(OFFICE.next_opening(at("2010-01-04 03:00"))) == "2010-01-04 08:00:00+01:00"
    assert str(OFFICE.next_opening(at("2010-07-01 03:00"))) == "2010-07-01 08:00:00+02:00"
    assert str(ALWAYS.next_opening(at("1979-07-02 08:00"))) == "1979-07-02 08:00:00+01:00"  # no summer time that year


@pytest.mark.parametrize(
    ("stored", "local", "label"),
    [
        ("2010-05-31T22:30", "2010-06-01", "2010-06"),
        ("2010-05-31T21:59", "2010-05-31", "2010-05"),
        ("2010-06-30T22:00", "2010-07-01", "2010-H2"),
        ("2010-06-30T21:59", "2010-06-30", "2010-H1"),
        ("2010-12-31T23:00", "2011-01-01", "2011"),
        ("2010-12-31T22:59", "2010-12-31", "2010"),
    ],
)
def test_pitfall_19_the_local_date_decides_near_midnight(stored: str, local: str, label: str) -> None:
    instant = dt.datetime.fromisoformat(stored).replace(tzinfo=dt.UTC)
    day, within = local_day(instant, ZONE), period(label)
    assert str(day) == str(local_days(np.array([stored], "datetime64[us]"), ZONE)[0]) == local
    assert within.first <= day < within.end
    assert rule("1 week").due(instant) == dt.date.fromisoformat(local) + dt.timedelta(days=7)
    assert str(ALWAYS.next_opening(instant).date()) == local


def test_pitfall_20_hours_that_never_come_end_in_a_clear_error() -> None:
    with pytest.raises(UsageError, match="without a single hour"):
        OpeningHours.parse({}, zone=ZONE, calendar="dk-statutory")
    with pytest.raises(UsageError, match="ends after it begins"):
        OpeningHours.parse("08:00-08:00", zone=ZONE, calendar="dk-statutory")
    with pytest.raises(UsageError, match="overlap"):
        OpeningHours.parse("08:00-12:00, 11:00-13:00", zone=ZONE, calendar="dk-statutory")
    first, last = dt.date(2010, 1, 1), dt.date(2010, 12, 31)
    year = [first + dt.timedelta(days=n) for n in range(365)]
    shut = Calendar.make("shut", closed=year, first=first, last=last, source="a list of the whole year")
    never = OpeningHours.parse("08:00-16:00", zone=ZONE, calendar=shut)
    asked, later = at("2010-05-04 10:00"), at("2010-12-01 10:00")
    assert never.working_time(asked, later) == 0 * HOUR
    assert not never.is_open(asked)
    times = np.array([asked.replace(tzinfo=None)], "datetime64[us]")
    asks: list[Callable[[], object]] = [
        lambda: never.next_opening(asked),
        lambda: never.next_opening(times),
        *(lambda span=span: never.add(asked, span) for span in (HOUR, -HOUR)),
        *(lambda span=span: never.add(times, span) for span in (HOUR, -HOUR)),
    ]
    for ask in asks:
        with pytest.raises(OutsideCalendar, match="Not enough open time") as refused:
            ask()
        assert "longer horizon" in str(refused.value)


@pytest.mark.parametrize(
    ("due", "before", "warning"),
    [
        ("2010-05-05 14:00", 2, "2010-05-05 11:00"),
        ("2010-05-05 13:00", 1, "2010-05-05 11:00"),
        ("2010-05-05 09:00", 2, "2010-05-04 16:00"),
        ("2010-05-10 09:00", 6, "2010-05-07 11:00"),
    ],
)
def test_pitfall_21_a_warning_lies_inside_the_opening_hours(due: str, before: int, warning: str) -> None:
    found = OFFICE.add(at(due), -before * HOUR)
    assert found == at(warning)
    assert OFFICE.is_open(found)
    assert OFFICE.working_time(found, at(due)) == before * HOUR


def test_pitfall_22_a_case_across_a_change_of_hours_uses_both() -> None:
    office = OpeningHours.parse(
        [
            {"hours": "08:00-16:00"},
            {"since": dt.date(2010, 5, 5), "hours": {"mon-fri": "10:00-12:00"}},
            {"since": dt.date(2010, 5, 10), "hours": "08:00-18:00"},
        ],
        zone=ZONE,
        calendar="dk-statutory",
    )
    assert office.working_time(at("2010-05-04 09:00"), at("2010-05-10 09:00")) == (7 + 3 * 2 + 1) * HOUR
    assert office.add(at("2010-05-04 09:00"), 14 * HOUR) == at("2010-05-10 09:00")
    assert office.next_opening(at("2010-05-05 09:00")) == at("2010-05-05 10:00")


def test_pitfall_23_no_second_is_rounded_away() -> None:
    a, b = at("2010-05-04 11:59:59.999999"), at("2010-05-04 13:00:01.5")
    assert OFFICE.working_time(a, b) == dt.timedelta(seconds=1.500001)
    assert OFFICE.add(a, dt.timedelta(microseconds=2)) == at("2010-05-04 13:00:00.000001")
    seconds = np.arange("2010-05-04T05:59:30", "2010-05-04T06:00:30", dtype="datetime64[s]")
    assert int(OFFICE.is_open(seconds).sum()) == 30
    steps = np.arange("2010-05-03T22", "2010-05-04T22:00:01", 7, dtype="datetime64[s]").astype("datetime64[us]")
    assert OFFICE.working_time(steps[:-1], steps[1:]).sum() == np.timedelta64(8 * HOUR)
