"""Opening hours against the clocks of Copenhagen, a city's due times, and another system's active times."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from casequality.days import Calendar, OpeningHours, local_days, start_of_days, to_instants
from tests.shared import shared

ZONE = "Europe/Copenhagen"
HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)


def rows(path: Path) -> list[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def at(day: dt.date, zone: str = ZONE) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), ZoneInfo(zone))


def test_every_change_of_copenhagen_s_clocks() -> None:
    always, night, office = (
        OpeningHours.parse(hours, zone=ZONE, calendar=None) for hours in ("00:00-24:00", "01:00-04:00", "08:00-16:00")
    )
    changes = rows(shared("data/copenhagen_time/transitions_zoneinfo.csv"))
    assert len(changes) == 116
    for row in changes:
        change = dt.datetime.fromisoformat(row["utc"])
        jump = dt.timedelta(minutes=int(row["offset_after_min"]) - int(row["offset_before_min"]))
        local = dt.datetime.fromisoformat(row["local_after"])
        today, tomorrow = at(local.date()), at(local.date() + DAY)
        expected = [24 * HOUR - jump, 3 * HOUR - jump, 8 * HOUR]
        assert [hours.working_time(today, tomorrow) for hours in (always, night, office)] == expected
        days = start_of_days(np.array([today.date(), tomorrow.date()], "datetime64[D]"), ZONE)
        found = [hours.working_time(days[:1], days[1:]).tolist() for hours in (always, night, office)]
        assert found == [[span] for span in expected]
        before = np.array([change.replace(tzinfo=None) - dt.timedelta(microseconds=1)], "datetime64[us]")
        assert local_days(before, ZONE).tolist() == [local.date()]


@pytest.mark.parametrize(
    ("kind", "n", "agree", "all_cases"),
    [("Building Inspection Request", 3, 4961, 4961), ("General Comments For a Program or Policy", 10, 4837, 4840)],
)
def test_boston_gives_each_request_its_working_days_in_open_hours(
    kind: str, n: int, agree: int, all_cases: int
) -> None:
    closed = [row["date"] for row in rows(shared("data/boston_311/ma_legal_holidays_2015_2016.csv"))]
    first, last = dt.date(2015, 1, 1), dt.date(2016, 12, 31)
    holidays = Calendar.make("Massachusetts", closed=closed, first=first, last=last, source="legal holidays")
    office = OpeningHours.parse("08:30-17:00", zone="America/New_York", calendar=holidays)
    cases = [row for row in rows(shared("data/boston_311/working_day_due_dates.csv.gz")) if row["TYPE"] == kind]
    opened, target = (
        to_instants(np.array([row[name] for row in cases], "datetime64[us]"), "America/New_York")[0]
        for name in ("OPEN_DT", "TARGET_DT")
    )
    owed, minute = (
        np.timedelta64(n * 8.5 * HOUR),
        np.timedelta64(1, "m"),
    )  # the city's system cuts some times to the minute
    given = np.abs(office.working_time(opened, target) - owed) <= minute
    assert (int(given.sum()), len(cases)) == (agree, all_cases)
    due = office.next_opening(office.add(opened, owed))
    np.testing.assert_array_equal(np.abs(due - target) <= minute, given)


def test_glpi_s_active_times() -> None:
    week = Calendar.make("weekdays", first=dt.date(2018, 1, 1), last=dt.date(2019, 12, 31), source="its tests")
    desk = OpeningHours.parse({"mon-fri": "08:00-20:00"}, zone="UTC", calendar=week)
    table = [row for row in rows(shared("data/peer_deadlines/glpi_calendar.csv")) if row["input"].startswith("active")]
    found = []
    for row in table:
        text = row["input"].removeprefix("active time ").removesuffix(" (reversed)")
        start, end = (dt.datetime.fromisoformat(part).replace(tzinfo=dt.UTC) for part in text.split(" - "))
        found.append((desk.working_time(start, end), row["answer"].split(" ")[0]))
    *forward, (backward, answer) = found
    assert len(forward) == 3
    assert [span.total_seconds() for span, _ in forward] == [float(seconds) for _, seconds in forward]
    assert (backward.total_seconds(), answer) == (-216_000, "0")  # where GLPI says nothing, sums add up here


def test_glpi_s_working_days_end_with_the_day() -> None:
    week = Calendar.make("weekdays", first=dt.date(2018, 1, 1), last=dt.date(2019, 12, 31), source="its tests")
    table = rows(shared("data/peer_deadlines/glpi_calendar.csv"))
    for name, hours, length in [("8-20 Mon-Fri", "08:00-20:00", 12), ("5x24", "00:00-24:00", 24)]:
        (row,) = [row for row in table if row["calendar"] == name and row["op"] == "+7 wd end of day"]
        desk = OpeningHours.parse(hours, zone="UTC", calendar=week)
        start = dt.datetime.fromisoformat(row["input"]).replace(tzinfo=dt.UTC)
        rest = desk.working_time(start, at(start.date() + DAY, "UTC"))
        assert desk.add(start, rest + 7 * length * HOUR) == dt.datetime.fromisoformat(row["answer"]).replace(
            tzinfo=dt.UTC
        )
