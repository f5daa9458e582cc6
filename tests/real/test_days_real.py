"""Danish closing days, due dates and clock changes that others published or computed."""

from __future__ import annotations

import csv
import datetime as dt

import numpy as np
import pytest

from casequality.days import calendar, local_times, to_instants
from tests.shared import shared

COPENHAGEN = "Europe/Copenhagen"


def rows(name: str) -> list[dict[str, str]]:
    with shared(name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


WEEKDAYS = np.arange("2015-01-01", "2027-01-01", dtype="datetime64[D]")
WEEKDAYS = WEEKDAYS[np.is_busday(WEEKDAYS)]

SOURCES = {
    "dk-statutory": ["holidays_public", "date-holidays_public", "nager_public*", "jollyday*", "ruby_holidays*"],
    "dk-bank": ["QuantLib", "exchange_calendars_XCSE", "danish-banking-holidays", "nager_bank*"],
}


def closed_by(source: str) -> set[str]:
    return {
        row["date"]
        for row in rows("data/danish_calendars/closed_weekdays_by_source_2015_2026.csv")
        if row[source] == "1"
    }


def closed_in(name: str) -> set[str]:
    return {str(day) for day in WEEKDAYS[~calendar(name).is_working(WEEKDAYS)]}


@pytest.mark.parametrize(
    ("name", "source"), [(name, source) for name, sources in SOURCES.items() for source in sources]
)
def test_a_calendar_closes_on_the_weekdays_that_others_close_on(name: str, source: str) -> None:
    assert closed_in(name) == closed_by(source)


def test_the_administrative_calendar_has_the_optional_days_but_not_the_first_of_may() -> None:
    only_there = closed_by("holidays_public+optional") - closed_in("dk-administrative")

    assert closed_in("dk-administrative") <= closed_by("holidays_public+optional")
    assert {day[5:] for day in only_there} == {"05-01"}


@pytest.mark.parametrize(
    ("source", "more"),
    [
        ("date-holidays_all", {"05-01", "06-05", "12-24"}),  # and Fastelavn, which is in February or March
        ("yasumi_official*", {"12-24"}),
        ("rickar_cal*", {"06-05"}),
    ],
)
def test_sources_that_close_more_close_half_official_days(source: str, more: set[str]) -> None:
    only_there = closed_by(source) - closed_in("dk-statutory")

    assert closed_in("dk-statutory") <= closed_by(source)
    assert {day[5:] for day in only_there if day[5:] > "03-31"} == more


def test_christmas_eve_and_abolished_days_of_others_are_worked() -> None:
    only_there = closed_by("workalendar17") - closed_in("dk-statutory")

    assert closed_in("dk-statutory") <= closed_by("workalendar17")
    assert {day for day in only_there if day[5:] != "12-24"} == {"2024-04-26", "2025-05-16", "2026-05-01"}


def test_due_days_are_those_that_numpy_found_on_the_public_holidays() -> None:
    table = rows("data/danish_calendars/due_dates_2023_2025.csv")
    received = np.array([row["received"] for row in table], "datetime64[D]")
    amounts = np.array([int(row["working_days"]) for row in table])
    due = np.array([row["due_if_day_of_receipt_not_counted"] for row in table], "datetime64[D]")
    statutory = calendar("dk-statutory")

    assert len(table) > 1000
    assert (statutory.add(received, amounts) == due).all()
    for amount in np.unique(amounts):
        assert (statutory.add(received[amounts == amount], int(amount)) == due[amounts == amount]).all()
    assert (statutory.count(received, due) == amounts).all()


def test_every_change_of_the_clock_since_1980_is_kept() -> None:
    table = rows("data/copenhagen_time/transitions_zoneinfo.csv")
    changes = [dt.datetime.fromisoformat(row["utc"]).replace(tzinfo=None) for row in table]
    instants = np.array(changes, "datetime64[us]")
    before = np.array([int(row["offset_before_min"]) for row in table]).astype("timedelta64[m]")
    after = np.array([int(row["offset_after_min"]) for row in table]).astype("timedelta64[m]")
    just_before = np.array([change - dt.datetime.resolution for change in changes], "datetime64[us]")

    assert len(table) == 116
    assert (local_times(instants, COPENHAGEN) == instants + after).all()
    assert (local_times(just_before, COPENHAGEN) == just_before + before).all()
    assert [str(time) for time in local_times(instants, COPENHAGEN).astype("datetime64[s]")] == [
        row["local_after"][:19] for row in table
    ]

    spring = after > before
    _, ambiguous, skipped = to_instants(instants + before, COPENHAGEN)
    assert (skipped == spring).all()
    assert not ambiguous.any()
    _, ambiguous, skipped = to_instants(instants + after, COPENHAGEN)
    assert (ambiguous == ~spring).all()
    assert not skipped.any()


def test_the_clock_changes_at_no_other_time() -> None:
    table = rows("data/copenhagen_time/transitions_zoneinfo.csv")
    listed = {row["utc"][:13] for row in table}
    hours = np.arange("1980-01-01T00", "2038-01-01T00", dtype="datetime64[h]")
    offsets = local_times(hours.astype("datetime64[us]"), COPENHAGEN) - hours

    changed = hours[1:][offsets[1:] != offsets[:-1]]
    assert {str(hour) for hour in changed} == listed
