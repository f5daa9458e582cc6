"""Local days, local times and instants against `zoneinfo`, one at a time, in zones of every temper."""

from __future__ import annotations

import datetime as dt
import zoneinfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from casequality.days import local_day, local_days, local_times, start_of_days, to_instants

ZONES = [
    "Europe/Copenhagen",
    "America/St_Johns",  # once changed its clocks one minute past midnight
    "America/Sao_Paulo",  # at midnight
    "Australia/Lord_Howe",  # by half an hour
    "Pacific/Apia",  # left out a day
    "Africa/Casablanca",  # turns back for Ramadan
    "Africa/Tunis",  # twice within nine days
    "Asia/Gaza",  # twice within seven days
    "Europe/Amsterdam",  # once 19 minutes and 32 seconds off
    "Asia/Kolkata",
    "UTC",
]
FIRST, LAST = dt.datetime(1900, 1, 3), dt.datetime(2061, 12, 29)  # noqa: DTZ001 - naive times are drawn

zones = st.sampled_from(ZONES)
naive_times = st.lists(st.datetimes(FIRST, LAST), min_size=1, max_size=30)


def array(times: list[dt.datetime]) -> np.ndarray[tuple[int], np.dtype[np.datetime64]]:
    return np.array(times, "datetime64[us]")


def wall(instant: dt.datetime, zone: str) -> dt.datetime:
    return instant.replace(tzinfo=dt.UTC).astimezone(zoneinfo.ZoneInfo(zone)).replace(tzinfo=None)


@given(naive_times, zones)
def test_local_times_and_days_are_those_of_zoneinfo(instants: list[dt.datetime], zone: str) -> None:
    expected = [wall(instant, zone) for instant in instants]

    assert local_times(array(instants), zone).tolist() == expected
    assert local_days(array(instants), zone).tolist() == [time.date() for time in expected]
    assert [local_day(instant.replace(tzinfo=dt.UTC), zone) for instant in instants] == [
        time.date() for time in expected
    ]


@given(naive_times, zones)
def test_instants_of_local_times_are_those_of_zoneinfo(times: list[dt.datetime], zone: str) -> None:
    check_instants(times, zone)


def check_instants(times: list[dt.datetime], zone: str) -> None:
    info = zoneinfo.ZoneInfo(zone)
    first = [time.replace(tzinfo=info, fold=0).astimezone(dt.UTC).replace(tzinfo=None) for time in times]
    second = [time.replace(tzinfo=info, fold=1).astimezone(dt.UTC).replace(tzinfo=None) for time in times]
    instants, ambiguous, skipped = to_instants(array(times), zone)

    assert instants.tolist() == first
    assert ambiguous.tolist() == [one < other for one, other in zip(first, second, strict=True)]
    assert skipped.tolist() == [wall(instant, zone) != time for instant, time in zip(first, times, strict=True)]


@pytest.mark.parametrize("zone", ZONES)
def test_every_change_of_the_clock_is_met(zone: str) -> None:
    """Every quarter of an hour of the two days around every change that a walk by half days finds."""
    info, half_day = zoneinfo.ZoneInfo(zone), dt.timedelta(hours=12)
    moments = [FIRST.replace(tzinfo=dt.UTC) + half_day * step for step in range((LAST - FIRST) // half_day)]
    offsets = [moment.astimezone(info).utcoffset() for moment in moments]
    changed = [moments[i] for i in range(1, len(moments)) if offsets[i] != offsets[i - 1]]
    around = [
        (change + dt.timedelta(minutes=15) * step).replace(tzinfo=None) for change in changed for step in range(-96, 96)
    ]

    assert local_times(array(around), zone).tolist() == [wall(instant, zone) for instant in around]
    check_instants(around, zone)


@pytest.mark.parametrize("zone", ZONES)
def test_a_day_starts_at_the_first_instant_that_belongs_to_it(zone: str) -> None:
    days = np.arange("1900-01-03", "2061-12-29", dtype="datetime64[D]")
    starts = start_of_days(days, zone)
    left_out = np.append(starts[1:] == starts[:-1], False)

    assert (local_days(starts, zone)[~left_out] == days[~left_out]).all()
    assert (local_days(starts - np.timedelta64(1, "us"), zone) < days).all()
    assert left_out.sum() == (zone == "Pacific/Apia")
