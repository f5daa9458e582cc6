"""Every day and instant lands in the cell that a calendar on the wall says, whatever block it comes in."""

from __future__ import annotations

import bisect
import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from casequality.errors import OutsideCalendar
from casequality.metrics.tallies.axis import Axis, since_1900
from tests.factories.records import EPOCH

MONTHS = [dt.date(year, month, 1) for year in range(1990, 2061) for month in range(1, 13)] + [dt.date(2061, 1, 1)]
MICROSECOND = dt.timedelta(microseconds=1)
ZONES = ("Europe/Copenhagen", "UTC", "America/St_Johns", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Apia")

DAYS = st.one_of(
    st.none(),
    st.dates(dt.date(1985, 1, 1), dt.date(2065, 1, 1)),
    st.dates(),
    st.sampled_from([month + dt.timedelta(days=shift) for month in MONTHS for shift in (-1, 0, 1)]),
)
ONE_MONTH = st.sampled_from(MONTHS[:-1]).flatmap(lambda month: st.dates(month, month + dt.timedelta(days=27)))
FEW_MONTHS = st.sampled_from(MONTHS[:-1]).flatmap(lambda month: st.dates(month, month + dt.timedelta(days=110)))
FURTHER = st.lists(st.dates(dt.date(1980, 1, 1), dt.date(2061, 6, 1)), max_size=4)
CHANGES = [(2010, 3, 28), (2010, 10, 31), (1990, 3, 25), (1995, 9, 24), (2050, 3, 27)]
SUMMER_TIME = [dt.datetime(*change, hour, tzinfo=dt.UTC) for change in CHANGES for hour in range(4)]


def cell(day: dt.date | None, edges: list[dt.date]) -> int:
    return 0 if day is None else 1 + bisect.bisect_right(edges, day)


def edges_of(further: list[dt.date]) -> list[dt.date]:
    return sorted({*MONTHS, *further})


def check(axis: Axis, values: np.ndarray[tuple[int, ...], np.dtype[np.datetime64]], expected: list[int]) -> None:
    cells, low, high = axis.place(values)
    assert np.broadcast_to(cells, len(values)).tolist() == expected
    assert (low, high) == (min(expected, default=0), max(expected, default=0))


def block(of: st.SearchStrategy[Any]) -> st.SearchStrategy[list[dt.date | None]]:
    return st.lists(of, max_size=40)


@given(st.one_of(block(DAYS), block(ONE_MONTH), block(FEW_MONTHS)), FURTHER)
def test_days(days: list[dt.date | None], further: list[dt.date]) -> None:
    axis = Axis("Europe/Copenhagen", tuple(further))
    assert axis.days.tolist() == edges_of(further)
    check(axis, np.array(days, "datetime64[D]"), [cell(day, edges_of(further)) for day in days])


def near_midnight(zone: str) -> st.SearchStrategy[dt.datetime]:
    def shifted(month: dt.date, microseconds: int) -> dt.datetime:
        local = dt.datetime.combine(month, dt.time(), tzinfo=ZoneInfo(zone))
        return local.astimezone(dt.UTC) + microseconds * MICROSECOND

    return st.builds(shifted, st.sampled_from(MONTHS), st.sampled_from([-1, 0, 1, -3_600_000_000, 3_600_000_000]))


@given(st.data(), st.sampled_from(ZONES), st.lists(st.dates(dt.date(1985, 1, 1), dt.date(2061, 6, 1)), max_size=3))
def test_instants(data: st.DataObject, zone: str, further: list[dt.date]) -> None:
    any_time = st.datetimes(dt.datetime(1600, 1, 1), dt.datetime(3000, 1, 1), timezones=st.just(dt.UTC))  # noqa: DTZ001
    one = st.one_of(st.none(), any_time, near_midnight(zone), st.sampled_from(SUMMER_TIME))
    instants = data.draw(st.one_of(st.lists(one, max_size=30), st.lists(near_midnight(zone), min_size=1, max_size=30)))
    ticks = ["NaT" if each is None else each.replace(tzinfo=None) for each in instants]
    local = [None if each is None else each.astimezone(ZoneInfo(zone)).date() for each in instants]
    expected = [cell(day, edges_of(further)) for day in local]
    check(Axis(zone, tuple(further)), np.array(ticks, "datetime64[us]"), expected)


@given(st.lists(st.none() | near_midnight("Europe/Copenhagen") | st.sampled_from(SUMMER_TIME), max_size=30))
def test_the_age_of_an_instant_counts_from_its_local_day(instants: list[dt.datetime | None]) -> None:
    values = np.array(["NaT" if each is None else each.replace(tzinfo=None) for each in instants], "datetime64[us]")
    axis = Axis("Europe/Copenhagen")
    cells, _, _ = axis.place(values)
    ages = axis.begin_of(np.broadcast_to(cells, len(values))) + axis.days_into(values, cells)
    for instant, age in zip(instants, ages.tolist(), strict=True):
        if instant is not None:
            assert age == (instant.astimezone(ZoneInfo("Europe/Copenhagen")).date() - dt.date(1900, 1, 1)).days


@pytest.mark.parametrize("year", [1995, 2010, 2023, 2050])
def test_every_quarter_of_an_hour_around_the_changes_of_the_clock(year: int) -> None:
    zone = ZoneInfo("Europe/Copenhagen")
    around = [dt.datetime(year, month, 1, tzinfo=dt.UTC) for month in (3, 4, 9, 10, 11)]
    instants = [day + dt.timedelta(minutes=15 * step) for day in around for step in range(-12, 12)]
    changes = [dt.datetime(year, month, day, tzinfo=dt.UTC) for month in (3, 9, 10) for day in range(22, 31)]
    instants += [day + dt.timedelta(minutes=15 * step) for day in changes for step in range(12)]
    expected = [cell(each.astimezone(zone).date(), MONTHS) for each in instants]
    values = np.array([(each - EPOCH) // MICROSECOND for each in instants]).view("datetime64[us]")
    check(Axis("Europe/Copenhagen"), values, expected)
    for one, place in zip(values, expected, strict=True):
        assert Axis("Europe/Copenhagen").place(values[values == one]) == (place, place, place)


def test_a_zone_whose_days_begin_at_odd_seconds() -> None:
    axis = Axis("Africa/Monrovia", (dt.date(1960, 1, 1),))  # 44 minutes and 30 seconds behind until 1972
    texts = ["1960-01-01T00:44:29", "1960-01-01T00:44:30", "2010-05-31T23:59", "2010-06-01T00:00", "NaT"]
    first, june = 1, 2 + 1 + (2010 - 1990) * 12 + 5
    check(axis, np.array(texts, "datetime64[us]"), [first, first + 1, june - 1, june, 0])


def test_the_cell_of_a_day_is_the_one_that_begins_on_it() -> None:
    axis = Axis("Europe/Copenhagen", (dt.date(2010, 6, 15), dt.date(2010, 6, 1)))
    for place, day in enumerate(edges_of([dt.date(2010, 6, 15)]), start=2):
        assert axis.cell_of(day) == place
    assert axis.cells == 2 + len(MONTHS) + 1
    with pytest.raises(OutsideCalendar, match=r"2010-06-16(.|\n)*first of a month(.|\n)*2010-06-15(.|\n)*tally again"):
        axis.cell_of(dt.date(2010, 6, 16))


@given(block(DAYS), FURTHER)
def test_a_day_is_its_cells_beginning_and_the_days_into_it(days: list[dt.date | None], further: list[dt.date]) -> None:
    axis = Axis("Europe/Copenhagen", tuple(further))
    values = np.array(days, "datetime64[D]")
    cells, _, _ = axis.place(values)
    into = axis.days_into(values, cells)
    begins = axis.begin_of(np.broadcast_to(cells, len(values)))
    whole = [None if day is None else (day - dt.date(1900, 1, 1)).days for day in days]
    assert [None if day is None else int(a + b) for day, a, b in zip(days, begins, into, strict=True)] == whole
    known = since_1900(values)
    assert [None if day is None else int(number) for day, number in zip(days, known, strict=True)] == whole
    edges = edges_of(further)
    for day, number in zip(days, into, strict=True):
        if day is not None and edges[0] <= day < edges[-1]:
            assert number == (day - max(edge for edge in edges if edge <= day)).days
