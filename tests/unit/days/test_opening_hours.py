"""Opening hours: how they are written down, what they say of a day, and what is refused with the way out."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from casequality.citation import Citation, Dated, Entry
from casequality.days import Calendar, DayHours, OpeningHours, SpecialDay, Week
from casequality.errors import CaseQualityError, NaiveTime, OutsideCalendar, UnknownName, UsageError

ZONE = "Europe/Copenhagen"
HOUR = dt.timedelta(hours=1)
DESK = OpeningHours.parse(
    {"mon-wed": "08:30-12:00, 12:30-17:00", "thu": "10:00-18:00", "fri": "08:30-14:00"},
    zone=ZONE,
    calendar="dk-statutory",
    special={
        "2010-05-06": "10:00-12:00",
        dt.date(2010, 5, 7): {"hours": "closed", "en": "staff day", "da": "personaledag"},
        "2010-05-13": {"hours": "09:00-10:00", "en": "open on Ascension Day", "da": "åbent Kristi himmelfartsdag"},
    },
)


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(ZONE))


def instants(*texts: str) -> np.ndarray:
    return np.array([at(text).astimezone(dt.UTC).replace(tzinfo=None) for text in texts], "datetime64[us]")


@pytest.mark.parametrize(
    ("day", "hours", "reason"),
    [
        ("2010-05-04", "08:30-12:00, 12:30-17:00", None),
        ("2010-04-29", "10:00-18:00", None),
        ("2010-04-30", "closed", "Great Prayer Day"),
        ("2010-05-01", "closed", "weekend"),
        ("2010-05-06", "10:00-12:00", "special hours"),
        ("2010-05-07", "closed", "staff day"),
        ("2010-05-13", "09:00-10:00", "open on Ascension Day"),
    ],
)
def test_a_day_has_the_hours_of_its_weekday_or_those_it_has_itself(day: str, hours: str, reason: str | None) -> None:
    date = dt.date.fromisoformat(day)
    assert str(DESK.hours_on(date)) == hours
    assert DESK.reason(date) == reason


def test_reasons_are_also_danish_and_a_weekday_without_hours_has_one() -> None:
    assert DESK.reason(dt.date(2010, 5, 7), lang="da") == "personaledag"
    assert DESK.reason(dt.date(2010, 4, 30), lang="da") == "Store bededag"
    mondays = OpeningHours.parse({"mon": "9:00-12:00"}, zone=ZONE, calendar="dk-statutory")
    tuesday = dt.date(2010, 5, 4)
    assert (mondays.reason(tuesday), mondays.reason(tuesday, lang="da")) == ("no opening hours", "ingen åbningstid")
    shut = OpeningHours.parse("9:00-12:00", zone=ZONE, calendar=None, special={"2010-05-04": ""})
    assert (shut.reason(tuesday), shut.reason(tuesday, lang="da")) == ("closed this day", "lukket denne dag")


@pytest.mark.parametrize(
    ("a", "b", "hours"),
    [
        ("2010-05-04 08:30", "2010-05-04 17:00", 8.0),
        ("2010-05-04 11:30", "2010-05-04 13:00", 1.0),
        ("2010-05-04 12:00", "2010-05-04 12:30", 0.0),
        ("2010-04-29 17:00", "2010-05-03 09:00", 1.5),  # Great Prayer Day and a weekend between
        ("2010-05-05 16:00", "2010-05-10 09:00", 1 + 2 + 0.5),  # a short Thursday, a Friday closed
        ("2010-05-12 16:00", "2010-05-14 09:00", 1 + 1 + 0.5),  # open for an hour on Ascension Day
        ("2010-05-03 09:00", "2010-04-29 17:00", -1.5),
    ],
)
def test_time_between_two_instants(a: str, b: str, hours: float) -> None:
    assert DESK.working_time(at(a), at(b)) == hours * HOUR
    start, end = instants(a, b)
    assert DESK.working_time(start, end) == np.timedelta64(hours * HOUR)


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2010-05-04 11:30", 1, "2010-05-04 13:00"),
        ("2010-05-04 12:10", 4.5, "2010-05-04 17:00"),  # closing time, not the next opening
        ("2010-05-04 12:10", 5, "2010-05-05 09:00"),
        ("2010-05-05 16:00", 3.5, "2010-05-10 09:00"),
        ("2010-05-05 09:00", -1, "2010-05-04 16:30"),
        ("2010-05-05 08:30", -8, "2010-05-04 08:30"),  # opening time, not the last closing
        ("2010-05-02 03:00", 0, "2010-05-02 03:00"),
    ],
)
def test_adding_open_time(start: str, hours: float, end: str) -> None:
    assert DESK.add(at(start), hours * HOUR) == at(end)
    assert DESK.add(instants(start), hours * HOUR).tolist() == instants(end).tolist()


def test_scalars_come_back_in_the_office_s_zone_and_arrays_in_utc() -> None:
    asked = dt.datetime(2010, 7, 1, 3, tzinfo=dt.UTC)
    assert str(DESK.next_opening(asked)) == "2010-07-01 10:00:00+02:00"
    assert str(DESK.add(asked, HOUR)) == "2010-07-01 11:00:00+02:00"
    found = DESK.next_opening(np.array([["2010-07-01T03", "NaT"]], "datetime64[h]"))
    assert (found.dtype, found.shape) == (np.dtype("datetime64[us]"), (1, 2))
    assert found.astype(str).tolist() == [["2010-07-01T08:00:00.000000", "NaT"]]


def test_a_missing_instant_has_no_answer_and_no_rows_are_no_rows() -> None:
    times = np.array(["2010-05-04T08:00", "NaT", "2010-05-04T12:00"], "datetime64[us]")  # 10:00 and 14:00 at the desk
    assert DESK.is_open(times).tolist() == [True, False, True]
    assert DESK.working_time(times, times[::-1]).tolist() == [3.5 * HOUR, None, -3.5 * HOUR]
    assert DESK.working_time(at("2010-05-04 11:00"), times).tolist() == [-HOUR, None, 2.5 * HOUR]
    assert DESK.add(times, np.array([HOUR, HOUR, None], "timedelta64[s]")).tolist() == [
        dt.datetime(2010, 5, 4, 9),  # noqa: DTZ001 - numpy's times have no zone
        None,
        None,
    ]
    none = times[:0]
    assert [DESK.is_open(none).size, DESK.next_opening(none).size, DESK.add(none, HOUR).size] == [0, 0, 0]
    assert DESK.working_time(none, none).dtype == np.dtype("timedelta64[us]")


def test_saturdays_are_open_where_they_have_hours_but_not_on_a_holiday() -> None:
    shop = OpeningHours.parse({"mon-fri": "09:00-17:00", "sat": "10:00-12:00"}, zone=ZONE, calendar="dk-statutory")
    assert shop.is_open(at("2010-05-08 11:00"))
    assert not shop.is_open(at("2010-12-25 11:00"))  # Christmas Day, a Saturday


def test_a_plain_text_is_for_every_working_weekday_of_the_calendar() -> None:
    six = Calendar.make("six", week="1111110", first=dt.date(2010, 1, 1), last=dt.date(2010, 12, 31), source="ours")
    hours = OpeningHours.parse("9:00-12:00", zone=ZONE, calendar=six)
    days = [dt.date(2010, 5, 3) + n * dt.timedelta(days=1) for n in range(7)]
    assert [str(hours.hours_on(day)) for day in days] == ["09:00-12:00"] * 6 + ["closed"]
    everyday = OpeningHours.parse("9:00-12:00", zone=ZONE, calendar=None)
    assert [str(everyday.hours_on(day)) for day in days] == ["09:00-12:00"] * 7


def test_hours_that_change_keep_their_days_and_sources() -> None:
    source = Citation(title="council", adopted=dt.date(2009, 11, 5))
    found = OpeningHours.parse(
        [{"since": dt.date(2010, 3, 1), "hours": "10:00-14:00", "source": source}, {"hours": "9:00-15:00"}],
        zone=ZONE,
        calendar="dk-statutory",
    )
    nine, ten = (Week.parse(text, (True,) * 5 + (False,) * 2) for text in ("9:00-15:00", "10:00-14:00"))
    history = Dated((Entry(dt.date.min, nine), Entry(dt.date(2010, 3, 1), ten, source)))
    assert found == OpeningHours(weeks=history, zone=ZONE, calendar="dk-statutory")
    assert hash(found) == hash(OpeningHours(weeks=history, zone=ZONE, calendar="dk-statutory"))
    assert [str(found.hours_on(dt.date(2010, *day))) for day in [(2, 26), (3, 1)]] == ["09:00-15:00", "10:00-14:00"]
    plain = found.to_dict()
    assert [entry["since"] for entry in plain["hours"]] == [None, "2010-03-01"]
    assert plain["hours"][1]["week"] == dict.fromkeys(["mon", "tue", "wed", "thu", "fri"], "10:00-14:00")
    assert plain["hours"][1]["source"] == {"title": "council", "adopted": "2009-11-05", "certain": True}
    assert (plain["zone"], plain["calendar"], plain["special"]) == (ZONE, "dk-statutory", [])


def test_hours_are_known_from_their_first_day_to_the_calendar_s_last() -> None:
    since = [{"since": dt.date(2010, 3, 1), "hours": "9:00-15:00"}]
    hours = OpeningHours.parse(since, zone=ZONE, calendar="dk-statutory")
    assert hours.next_opening(at("2010-03-01 00:00")) == at("2010-03-01 09:00")
    for unknown in (at("2010-02-28 23:59:59.999999"), at("2061-01-02")):
        for ask in (hours.is_open, hours.next_opening):
            with pytest.raises(OutsideCalendar, match="opening hours, dk-statutory") as refused:
                ask(unknown)
            assert "longer horizon" in str(refused.value)
            with pytest.raises(OutsideCalendar, match=f"a time in {unknown.year}"):
                ask(np.array([unknown.astimezone(dt.UTC).replace(tzinfo=None)], "datetime64[us]"))
    with pytest.raises(OutsideCalendar):
        hours.hours_on(dt.date(2010, 2, 28))


def test_clock_times_to_the_microsecond() -> None:
    odd = DayHours.parse("8:00:30-12:00:00.000001")
    assert odd.intervals == ((28_830_000_000, 43_200_000_001),)
    assert str(odd) == "08:00:30-12:00:00.000001"
    assert DayHours.parse(str(odd)) == odd
    assert str(DayHours.parse("00:00-24:00")) == "00:00-24:00"
    assert DayHours.parse("12:00-13:00, 08:00-12:00").intervals[0][0] == 28_800_000_000


@pytest.mark.parametrize(
    ("hours", "fault", "way_out"),
    [
        ("08:00-08:00", "ends after it begins", "past midnight"),
        ("22:00-02:00", "ends after it begins", "'22:00-24:00' on one day"),
        ("24:00-24:00", "ends after it begins", "past midnight"),
        ("08:00-25:00", "ends after it begins", "past midnight"),
        ("08:00-12:00, 11:59-13:00", "overlap", "join them"),
        ("08:00-12:00, 08:00-12:00", "overlap", "join them"),
        ("8-12", "cannot be read", "08:30-12:00"),
        ("08:00-12:60", "cannot be read", "08:30-12:00"),
        ("08:00", "cannot be read", "08:30-12:00"),
        ("08:00-12:00,", "cannot be read", "08:30-12:00"),
        (8, "are a text", "08:30-12:00"),
        ({"monday": "08:00-12:00"}, "Not a weekday", "'mon-thu'"),
        ({"fri-mon": "08:00-12:00"}, "Not a weekday", "in order"),
        ({"mon-": "08:00-12:00", "mon": "08:00-12:00"}, "twice", "in one text"),
        ({"mon-thu": "08:00-12:00", "wed": "08:00-14:00"}, "twice", "in one text"),
        ({}, "without a single hour", "mon-fri"),
        ({"mon-fri": "closed"}, "without a single hour", "mon-fri"),
        ([], "at least one entry", "first day"),
        ([{"since": dt.date(2010, 1, 1)}], "a list of tables", "since = "),
        (["08:00-12:00"], "a list of tables", "since = "),
        ([{"since": "1/1/2010", "hours": "08:00-12:00"}], "A day cannot be read", "year-month-day"),
    ],
)
def test_what_cannot_be_opening_hours_is_refused_with_the_way_out(hours: object, fault: str, way_out: str) -> None:
    with pytest.raises(UsageError, match=fault) as refused:
        OpeningHours.parse(hours, zone=ZONE, calendar="dk-statutory")  # type: ignore[arg-type]
    assert way_out in str(refused.value)


@pytest.mark.parametrize(
    ("special", "error", "fault"),
    [
        ({"24 December": "closed"}, UsageError, "not a day"),
        ({"2010-12-24": {"hours": "closed"}}, UsageError, "both languages"),
        ({"2070-12-24": "closed"}, OutsideCalendar, "in 2070"),
        ({dt.datetime(2010, 12, 24, tzinfo=dt.UTC): "closed"}, UsageError, "not a day"),
        ({"2010-12-24": "closed", dt.date(2010, 12, 24): "closed"}, UsageError, "given twice"),
    ],
)
def test_special_days_are_days_that_are_known(
    special: dict[object, str], error: type[CaseQualityError], fault: str
) -> None:
    with pytest.raises(error, match=fault):
        OpeningHours.parse("9:00-12:00", zone=ZONE, calendar="dk-statutory", special=special)


def test_what_is_built_by_hand_is_checked_too() -> None:
    day = DayHours(((32_400_000_000, 43_200_000_000),))
    with pytest.raises(UsageError, match="seven days"):
        Week((day,) * 5)
    ended = Dated((Entry(dt.date.min, Week((day,) * 7)), Entry(dt.date(2010, 1, 1), None)))
    with pytest.raises(UsageError, match="do not end"):
        OpeningHours(weeks=ended, zone=ZONE, calendar=None)
    with pytest.raises(UnknownName):
        OpeningHours.parse("9:00-12:00", zone="Europe/Kopenhagen", calendar=None)
    with pytest.raises(UnknownName):
        OpeningHours.parse("9:00-12:00", zone=ZONE, calendar="dk")
    assert SpecialDay.parse("2010-12-24", "closed").to_dict()["hours"] == "closed"


def test_what_is_asked_must_be_an_instant_and_a_span() -> None:
    naive = dt.datetime(2010, 5, 4, 12)  # noqa: DTZ001
    for ask in (DESK.is_open, DESK.next_opening, lambda time: DESK.add(time, HOUR)):
        with pytest.raises(NaiveTime, match="without a zone"):
            ask(naive)
    aware = at("2010-05-04 12:00")
    for ask_both in (
        lambda: DESK.working_time(naive, aware),
        lambda: DESK.working_time(aware, naive),
        lambda: DESK.working_time(instants("2010-05-04"), naive),
    ):
        with pytest.raises(NaiveTime):
            ask_both()
    with pytest.raises(UsageError, match="array of times"):
        DESK.is_open(np.array(["2010-05-04"], "datetime64[D]"))
    for span in (8, 8.0, "8 hours", np.timedelta64(1, "M")):
        with pytest.raises(UsageError, match="added as a span") as refused:
            DESK.add(at("2010-05-04 12:00"), span)  # type: ignore[call-overload]
        assert "timedelta(hours=8)" in str(refused.value)
