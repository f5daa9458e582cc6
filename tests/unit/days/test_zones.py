"""Local days and times around the hours that the clocks skip or show twice."""

from __future__ import annotations

import datetime as dt
import zoneinfo

import numpy as np
import numpy.typing as npt
import pytest

from casequality.days import day_or_time, local_day, local_days, local_times, start_of_days, to_instants
from casequality.days.arrays import BLOCK
from casequality.errors import NaiveTime, OutsideCalendar, UnknownName, UsageError

COPENHAGEN = "Europe/Copenhagen"


def times(*texts: str) -> npt.NDArray[np.datetime64]:
    return np.array(texts, "datetime64[us]")


def days(*texts: str) -> npt.NDArray[np.datetime64]:
    return np.array(texts, "datetime64[D]")


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        ("2010-06-30T21:59:59.999999", "2010-06-30"),  # the last moment of the half-year
        ("2010-06-30T22:00:00", "2010-07-01"),
        ("2010-12-31T22:59:59.999999", "2010-12-31"),  # the last moment of the year
        ("2010-12-31T23:00:00", "2011-01-01"),
        ("2010-03-27T23:00:00", "2010-03-28"),  # the day of 23 hours
        ("2010-03-28T21:59:59", "2010-03-28"),
        ("2010-03-28T22:00:00", "2010-03-29"),
        ("2010-10-30T22:00:00", "2010-10-31"),  # the day of 25 hours
        ("2010-10-31T22:59:59", "2010-10-31"),
        ("2010-10-31T23:00:00", "2010-11-01"),
    ],
)
def test_the_local_day_decides(instant: str, day: str) -> None:
    aware = dt.datetime.fromisoformat(instant).replace(tzinfo=dt.UTC)

    assert local_day(aware, COPENHAGEN).isoformat() == day
    assert local_days(times(instant), COPENHAGEN).tolist() == days(day).tolist()
    far_apart = times(instant, "1950-01-01", "2050-01-01")  # not all between the same two changes of the clock
    assert local_days(far_apart, COPENHAGEN)[0] == days(day)[0]


def test_an_aware_time_of_any_zone_has_a_local_day() -> None:
    evening = dt.datetime(2010, 6, 30, 18, 30, tzinfo=zoneinfo.ZoneInfo("America/New_York"))

    assert local_day(evening, COPENHAGEN) == dt.date(2010, 7, 1)


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(NaiveTime, match="does not say when"):
        local_day(dt.datetime(2010, 6, 30, 22, 30), COPENHAGEN)  # noqa: DTZ001 - the naive time is the point


def test_skipped_and_repeated_hours_are_marked() -> None:
    local = times(
        "2010-03-28T01:59:59.999999", "2010-03-28T02:00", "2010-03-28T02:59:59.999999", "2010-03-28T03:00",
        "2010-10-31T01:59:59.999999", "2010-10-31T02:00", "2010-10-31T02:59:59.999999", "2010-10-31T03:00", "NaT",
    )  # fmt: skip
    instants, ambiguous, skipped = to_instants(local, COPENHAGEN)

    assert skipped.tolist() == [False, True, True, False, False, False, False, False, False]
    assert ambiguous.tolist() == [False, False, False, False, False, True, True, False, False]
    assert instants.tolist() == times(
        "2010-03-28T00:59:59.999999", "2010-03-28T01:00", "2010-03-28T01:59:59.999999", "2010-03-28T01:00",
        "2010-10-30T23:59:59.999999", "2010-10-31T00:00", "2010-10-31T00:59:59.999999", "2010-10-31T02:00", "NaT",
    ).tolist()  # fmt: skip


def test_a_day_begins_at_its_first_instant() -> None:
    assert start_of_days(days("2010-03-28", "2010-03-29", "2010-12-31", "NaT"), COPENHAGEN).tolist() == (
        times("2010-03-27T23:00", "2010-03-28T22:00", "2010-12-30T23:00", "NaT").tolist()
    )


def test_a_day_whose_midnight_is_skipped_begins_where_the_clock_lands() -> None:
    assert start_of_days(days("2018-11-04"), "America/Sao_Paulo") == times("2018-11-04T03:00")
    assert start_of_days(days("1919-03-31"), "America/Toronto") == times("1919-03-31T04:30")  # 23:30 became 00:30


def test_a_day_that_a_zone_left_out_begins_and_ends_at_once() -> None:
    assert start_of_days(days("2011-12-30", "2011-12-31"), "Pacific/Apia").tolist() == (
        times("2011-12-30T10:00", "2011-12-30T10:00").tolist()
    )


def test_a_day_that_midnight_visits_twice_begins_with_the_first() -> None:
    assert start_of_days(days("2012-11-04"), "America/Havana") == times("2012-11-04T04:00")


def test_no_time_stays_no_time() -> None:
    asked = times("NaT", "2010-07-01T12:00", "NaT", "2010-01-01T12:00")

    assert local_days(asked, COPENHAGEN).tolist() == days("NaT", "2010-07-01", "NaT", "2010-01-01").tolist()
    assert local_times(asked, COPENHAGEN).tolist() == times("NaT", "2010-07-01T14", "NaT", "2010-01-01T13").tolist()
    assert np.isnat(local_days(asked[:1], COPENHAGEN)).all()
    assert local_days(times(), COPENHAGEN).tolist() == []


def test_other_units_and_shapes_are_read() -> None:
    asked = times("2010-06-30T22:30", "2010-06-30T21:30")

    for unit in ("s", "ms", "ns"):
        assert local_days(asked.astype(f"datetime64[{unit}]"), COPENHAGEN).tolist() == (
            days("2010-07-01", "2010-06-30").tolist()
        )
    instants, ambiguous, skipped = to_instants(asked.reshape(2, 1), COPENHAGEN)
    assert instants.shape == ambiguous.shape == skipped.shape == (2, 1)


def test_the_very_moment_of_a_change_belongs_to_what_follows() -> None:
    assert local_times(times("2010-03-28T01:00"), COPENHAGEN) == times("2010-03-28T03:00")
    assert local_times(times("2010-10-31T01:00"), COPENHAGEN) == times("2010-10-31T02:00")


def test_rows_without_a_time_stay_in_their_place_in_a_long_column() -> None:
    asked = np.full(2 * BLOCK + 5, np.datetime64("2010-07-01T22:30", "us"))
    asked[BLOCK + 3 :: 7] = np.datetime64("NaT", "us")
    found = local_days(asked, COPENHAGEN)

    assert (np.isnat(found) == np.isnat(asked)).all()
    assert (found[~np.isnat(asked)] == np.datetime64("2010-07-02")).all()


def test_the_first_and_the_last_moment_that_is_known() -> None:
    edges = times("1900-01-01", "2061-12-31T23:59:59.999999")

    assert local_times(edges, "UTC").tolist() == edges.tolist()


def test_times_outside_what_is_known_name_the_year() -> None:
    for time, year in (("9999-12-31T00:00", 9999), ("1899-12-31T23:59", 1899), ("2062-01-01T00:00", 2062)):
        for ask in (local_days, local_times, to_instants):
            with pytest.raises(OutsideCalendar, match=f"in {year}"):
                ask(times(time, "NaT"), COPENHAGEN)
    with pytest.raises(OutsideCalendar, match="in 9999"):
        start_of_days(days("9999-12-31"), COPENHAGEN)


def test_what_is_no_time_is_refused() -> None:
    for values in (days("2010-06-30"), np.array([1, 2]), ["2010-06-30T12:00"]):
        with pytest.raises(UsageError, match="array of times"):
            local_days(values, COPENHAGEN)  # type: ignore[arg-type]


@pytest.mark.parametrize("zone", ["Europe/Kobenhavn", "", "../etc/passwd", "Europe"])
def test_an_unknown_zone_is_named(zone: str) -> None:
    with pytest.raises(UnknownName, match="Unknown time zone"):
        local_days(times("2010-06-30T12:00"), zone)
    with pytest.raises(UnknownName, match="tzdata"):
        local_day(dt.datetime(2010, 6, 30, tzinfo=dt.UTC), zone)


def test_a_text_says_a_day_or_a_time_whichever_it_is_long_enough_for() -> None:
    day, noon = dt.date(2010, 8, 1), dt.datetime(2010, 8, 1, 12, tzinfo=dt.timezone(dt.timedelta(hours=2)))
    read = day_or_time("2010-08-01")
    assert (type(read), read) == (dt.date, day)
    assert day_or_time("2010-08-01T12:00:00+02:00") == noon
    assert isinstance(day_or_time("2010-08-01T00:00"), dt.datetime)
    for text in ("", "today", "2010-08", "2010-08-32", "2010-08-01T25:00"):
        with pytest.raises(ValueError, match=r"[Ii]nvalid|must be in|out of range"):
            day_or_time(text)
