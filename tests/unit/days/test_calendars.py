"""The named Danish calendars and calendars of one's own, in single cases that went wrong elsewhere."""

from __future__ import annotations

import datetime as dt
import pickle

import numpy as np
import numpy.typing as npt
import pytest

from casequality.days import Calendar, calendar, calendar_from_holidays
from casequality.days.arrays import MISSING
from casequality.errors import OutsideCalendar, UnknownName, UsageError

DAY = dt.date.fromisoformat


def days(*texts: str) -> npt.NDArray[np.datetime64]:
    return np.array(texts, "datetime64[D]")


@pytest.fixture
def statutory() -> Calendar:
    return calendar("dk-statutory")


def own(**changes: object) -> Calendar:
    settings = {"first": DAY("2010-01-01"), "last": DAY("2010-12-31"), "source": "local decision", **changes}
    return Calendar.make("own", **settings)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        ("2015-05-01", False),  # 1 May that was Great Prayer Day
        ("2008-05-01", False),  # 1 May that was Ascension Day
        ("2006-06-05", False),  # 5 June that was Whit Monday
        ("2010-05-09", False),  # a Sunday, Mother's Day
        ("2015-02-16", True),  # Fastelavn's Monday, observed by some feeds
    ],
)
def test_public_holidays_are_those_in_force(statutory: Calendar, day: str, worked: bool) -> None:
    assert statutory.is_working(DAY(day)) is worked


def test_adding_backwards_mirrors_adding(statutory: Calendar) -> None:
    assert statutory.add(DAY("2010-05-03"), -1) == DAY("2010-04-29")
    assert statutory.add(DAY("2010-05-02"), -1) == DAY("2010-04-29")
    assert statutory.add(DAY("2010-05-07"), -10) == DAY("2010-04-22")


def test_rolling_moves_only_days_that_are_not_worked(statutory: Calendar) -> None:
    assert statutory.roll(DAY("2010-04-30"), "forward") == DAY("2010-05-03")
    assert statutory.roll(DAY("2010-04-30"), "backward") == DAY("2010-04-29")
    assert statutory.roll(DAY("2010-04-30"), "none") == DAY("2010-04-30")
    assert statutory.roll(DAY("2010-04-29"), "forward") == DAY("2010-04-29")
    with pytest.raises(UsageError, match="Unknown roll rule"):
        statutory.roll(DAY("2010-04-30"), "nearest")  # type: ignore[call-overload]


def test_a_closed_day_has_a_reason_in_both_languages(statutory: Calendar) -> None:
    town_hall = statutory.without(["2010-12-24"], name="town hall", source="local decision")

    assert statutory.reason(DAY("2010-04-30")) == "Great Prayer Day"
    assert statutory.reason(DAY("2010-04-30"), lang="da") == "Store bededag"
    assert statutory.reason(DAY("2010-04-24"), lang="da") == "weekend"
    assert statutory.reason(DAY("2010-04-29")) is None
    assert town_hall.reason(DAY("2010-12-24")) == "closed: town hall"
    assert town_hall.reason(DAY("2010-12-24"), lang="da") == "lukket: town hall"
    assert calendar("dk-bank").reason(DAY("2006-06-05")) == "Constitution Day; Pentecost Monday"
    assert own(week="0111100").reason(DAY("2010-04-26")) == "not a working weekday"
    assert own(week="0111100").reason(DAY("2010-04-26"), lang="da") == "ikke en arbejdsdag"
    with pytest.raises(UsageError, match="Unknown language"):
        statutory.reason(DAY("2010-04-30"), lang="sv")


def test_without_is_a_new_calendar_and_changes_only_its_days(statutory: Calendar) -> None:
    town_hall = statutory.without(["2010-12-24", DAY("2010-12-31")], name="town hall", source="local decision")

    every = np.arange("1990-01-01", "2061-01-01", dtype="datetime64[D]")
    changed = every[statutory.is_working(every) != town_hall.is_working(every)]
    assert changed.tolist() == [DAY("2010-12-24"), DAY("2010-12-31")]
    assert statutory.is_working(DAY("2010-12-24"))
    assert (town_hall.name, town_hall.source.title) == ("town hall", "local decision")


def test_a_calendar_of_ones_own_has_its_week_and_its_closing_days() -> None:
    six_days = own(week="1111110", closed=[np.datetime64("2010-06-05"), "2010-06-07"])

    assert six_days.is_working(DAY("2010-06-12"))
    assert not six_days.is_working(DAY("2010-06-05"))
    assert not six_days.is_working(DAY("2010-06-07"))
    assert six_days.add(DAY("2010-06-04"), 1) == DAY("2010-06-08")
    assert six_days.closed.tolist() == [DAY("2010-06-05"), DAY("2010-06-07")]


@pytest.mark.parametrize("week", ["111110", "11111000", "2222200", "0000000"])
def test_a_week_that_says_nothing_is_refused(week: str) -> None:
    with pytest.raises(UsageError, match="seven marks"):
        own(week=week)


def test_a_closing_day_that_could_have_no_effect_is_refused() -> None:
    with pytest.raises(OutsideCalendar, match="2011 lies outside calendar own"):
        own(closed=["2011-01-01"])
    with pytest.raises(UsageError, match="not a day"):
        own(closed=["24-12-2010"])
    with pytest.raises(UsageError, match="ends before it begins"):
        own(first=DAY("2011-01-01"))


def test_a_year_without_a_working_day_ends_in_an_error_that_says_so() -> None:
    closed = np.arange("2010-01-01", "2011-01-01", dtype="datetime64[D]")
    empty = own(closed=closed)

    with pytest.raises(OutsideCalendar, match="no day at all"):
        empty.add(DAY("2010-01-01"), 1)
    with pytest.raises(OutsideCalendar):
        empty.roll(DAY("2010-01-01"), "forward")
    assert empty.count(DAY("2010-01-01"), DAY("2010-12-31")) == 0
    assert np.isnat(empty.add(days("NaT"), 1)).all()


def test_an_answer_beyond_the_horizon_is_refused_not_guessed(statutory: Calendar) -> None:
    assert statutory.add(DAY("2060-12-30"), 1) == DAY("2060-12-31")
    for ask in (
        lambda: statutory.add(DAY("2060-12-31"), 1),
        lambda: statutory.add(days("2010-01-04", "2060-12-31"), 1),
        lambda: statutory.add(days("2010-01-04", "2060-12-31"), np.array([1, 1])),
        lambda: statutory.add(DAY("1990-01-02"), -1),
        lambda: statutory.add(days("1990-01-02"), -1),
        lambda: statutory.add(days("1990-01-02"), np.array([-1])),
        lambda: statutory.roll(DAY("1990-01-01"), "backward"),
        lambda: statutory.add(DAY("2010-01-04"), 100_000),
    ):
        with pytest.raises(OutsideCalendar, match="dk-statutory"):
            ask()


def test_an_error_about_a_record_does_not_show_its_day(statutory: Calendar) -> None:
    with pytest.raises(OutsideCalendar) as error:
        statutory.add(days("2061-03-17"), 1)
    assert "03-17" not in str(error.value)
    with pytest.raises(OutsideCalendar, match="in 2061") as error:
        statutory.add(DAY("2061-03-17"), 1)
    assert "2061-03-17" in str(error.value)


def test_an_instant_is_refused_with_the_way_out(statutory: Calendar) -> None:
    for ask in (
        lambda noon: statutory.add(noon, 1),
        lambda noon: statutory.add(noon, np.array([1])),
        lambda noon: statutory.count(noon, DAY("2010-01-04")),
        lambda noon: statutory.count(days("2010-01-04"), noon),
        lambda noon: statutory.roll(noon, "forward"),
        statutory.is_working,
        statutory.reason,
    ):
        with pytest.raises(UsageError, match="not an instant") as error:
            ask(dt.datetime(2010, 1, 4, 12, tzinfo=dt.UTC))
        assert "local_day(instant, zone)" in str(error.value)
    with pytest.raises(UsageError, match="not of instants") as error:
        statutory.add(np.array(["2010-01-04T12"], "datetime64[us]"), 1)
    assert "local_days(instants, zone)" in str(error.value)


@pytest.mark.parametrize("day", ["4/1/2010", 14_613, None, ["4/1/2010"], [14_613, None], np.array([14_613])])
def test_what_is_no_day_is_refused(statutory: Calendar, day: object) -> None:
    with pytest.raises(UsageError, match="day"):
        statutory.add(day, 1)  # type: ignore[call-overload]


@pytest.mark.parametrize("n", [1.0, True, "1", None, np.array([1.0])])
def test_what_is_no_whole_number_is_refused(statutory: Calendar, n: object) -> None:
    with pytest.raises(UsageError, match="whole numbers"):
        statutory.add(days("2010-01-04"), n)  # type: ignore[call-overload]


def test_days_stored_as_midnights_are_days(statutory: Calendar) -> None:
    midnights = days("2010-04-22", "NaT").astype("datetime64[ns]")

    assert statutory.add(midnights, 10).tolist() == [DAY("2010-05-07"), None]
    assert statutory.add(midnights[0], 10) == np.datetime64("2010-05-07")
    with pytest.raises(UsageError, match="array of days"):
        statutory.add(days("2010-04-22").astype("datetime64[M]"), 10)


def test_big_endian_and_strided_days_are_read_right(statutory: Calendar) -> None:
    received = days("2010-04-22", "2010-04-23", "2010-04-26", "2010-04-27")

    assert statutory.add(received.astype(">M8[D]"), 1).tolist() == statutory.add(received, 1).tolist()
    assert statutory.add(received[::2], 1).tolist() == statutory.add(received, 1).tolist()[::2]
    square = received.reshape(2, 2)
    assert statutory.add(square.T, 1).tolist() == statutory.add(square, 1).T.tolist()


def test_scalars_keep_their_kind(statutory: Calendar) -> None:
    assert type(statutory.add(DAY("2010-04-22"), 10)) is dt.date
    added = statutory.add(np.datetime64("2010-04-22"), np.int64(10))
    assert (type(added), added) == (np.datetime64, np.datetime64("2010-05-07"))
    rolled = statutory.roll(np.datetime64("2010-04-30"), "forward")
    assert (type(rolled), rolled) == (np.datetime64, np.datetime64("2010-05-03"))
    assert type(statutory.count(np.datetime64("2010-04-22"), DAY("2010-05-07"))) is int


def test_no_day_stays_no_day(statutory: Calendar) -> None:
    nat = np.datetime64("NaT", "D")

    assert np.isnat(statutory.add(nat, 10))
    assert np.isnat(statutory.add(nat, 0))
    assert np.isnat(statutory.roll(nat, "forward"))
    assert statutory.count(nat, DAY("2010-01-04")) == statutory.count(DAY("2010-01-04"), nat) == MISSING
    assert not statutory.is_working(nat)
    assert statutory.reason(nat) is None
    assert np.isnat(statutory.add(days("NaT", "2010-01-04", "NaT"), np.array([3, MISSING, MISSING]))).all()
    assert statutory.count(days("NaT", "2010-01-04", "NaT"), days("2010-01-04", "NaT", "NaT")).tolist() == [MISSING] * 3
    assert statutory.count(DAY("2010-01-01"), days("NaT", "2010-01-04")).tolist() == [MISSING, 1]
    assert statutory.is_working(days("NaT", "2010-01-04")).tolist() == [False, True]


def test_results_go_into_out_and_inputs_stay(statutory: Calendar) -> None:
    received, later = days("2010-04-22", "NaT"), days("2010-05-07", "2010-05-07")
    received.flags.writeable = later.flags.writeable = False
    due, count = np.empty(2, "datetime64[D]"), np.empty(2, np.int64)

    assert statutory.add(received, 10, out=due) is due
    assert due.tolist() == [DAY("2010-05-07"), None]
    assert statutory.add(received, np.array([9, 1]), out=due) is due
    assert due.tolist() == [DAY("2010-05-06"), None]
    assert statutory.count(received, later, out=count) is count
    assert count.tolist() == [10, MISSING]
    assert statutory.roll(received, "forward", out=due) is due
    assert received.tolist() == [DAY("2010-04-22"), None]
    assert statutory.add(due, 10, out=due) is due
    assert due.tolist() == [DAY("2010-05-07"), None]


def test_out_that_does_not_fit_is_refused(statutory: Calendar) -> None:
    received = days("2010-04-22", "2010-04-23")
    fixed = np.empty(2, "datetime64[D]")
    fixed.flags.writeable = False
    for out in (np.empty(3, "datetime64[D]"), np.empty(2, "datetime64[us]"), np.empty(4, "datetime64[D]")[::2], fixed):
        with pytest.raises(UsageError, match="does not fit"):
            statutory.add(received, 1, out=out)
    with pytest.raises(UsageError, match="does not fit"):
        statutory.count(received, received, out=np.empty(2, np.int32))


def test_sides_of_a_count_are_broadcast(statutory: Calendar) -> None:
    received = days("2010-04-22", "2010-05-07")

    assert statutory.count(received, DAY("2010-05-07")).tolist() == [10, 0]
    assert statutory.count(DAY("2010-04-22"), received).tolist() == [0, 10]
    assert statutory.add(DAY("2010-04-22"), np.array([9, 10])).tolist() == [DAY("2010-05-06"), DAY("2010-05-07")]
    assert statutory.count(days(), days()).tolist() == []
    assert statutory.add(days(), 1).tolist() == []


def test_the_tables_handed_out_cannot_be_written(statutory: Calendar) -> None:
    for array in (statutory.closed, statutory.add_table(10).values, statutory.roll_table("forward").values):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = array[1]


def test_many_amounts_leave_the_answers_right(statutory: Calendar) -> None:
    for n in range(1, 200):
        statutory.add_table(n)

    assert statutory.add(days("2010-04-22"), 10).tolist() == [DAY("2010-05-07")]


def test_calendars_are_equal_by_what_they_say() -> None:
    one, same, other = own(closed=["2010-06-05"]), own(closed=["2010-06-05"]), own(closed=["2010-06-07"])

    assert one == same
    assert hash(one) == hash(same)
    assert one != other
    one.add(DAY("2010-06-04"), 1)
    assert pickle.loads(pickle.dumps(one)) == same


def test_a_named_calendar_says_its_source_and_what_is_uncertain() -> None:
    assert calendar("dk-statutory").source.certain
    assert "5 June" in str(calendar("dk-administrative").source.question)
    assert "2006" in str(calendar("dk-bank").source.question)
    assert calendar("dk-statutory").title["da"] == "Mandag til fredag undtagen helligdage"
    with pytest.raises(UnknownName, match="dk-statutory, dk-administrative, dk-bank"):
        calendar("denmark")


def test_another_country_comes_from_the_installed_holidays_package() -> None:
    first, last = DAY("2015-01-01"), DAY("2015-12-31")
    massachusetts = calendar_from_holidays("US", subdivision="MA", first=first, last=last)
    united_states = calendar_from_holidays("US", first=first, last=last, name="federal")

    assert not massachusetts.is_working(DAY("2015-04-20"))  # Patriots' Day
    assert united_states.is_working(DAY("2015-04-20"))
    assert united_states.reason(DAY("2015-07-03")) is not None  # the Fourth on a Saturday, observed
    assert (massachusetts.name, united_states.name) == ("US-MA", "federal")
    assert (massachusetts.first, massachusetts.last) == (first, last)
    assert "holidays 0." in str(massachusetts.source)
    half = calendar_from_holidays("US", first=DAY("2015-07-01"), last=last)
    assert half.closed[0] == np.datetime64("2015-07-03")
    with pytest.raises(UnknownName, match="Unknown country"):
        calendar_from_holidays("ZZ")
