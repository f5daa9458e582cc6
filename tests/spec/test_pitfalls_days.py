"""What counting days got wrong elsewhere, each as a test; the number is that of the pitfall."""

from __future__ import annotations

import datetime as dt
import doctest
import importlib
import inspect
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from casequality.days import Calendar, OpeningHours, calendar, calendar_from_holidays, local_day, months_after
from casequality.days.calendars import closing_days, from_holidays
from casequality.deadlines import Deadline, Schedule, Term, deadline, shipped
from casequality.deadlines.counting.duty import Extended, Extension
from casequality.deadlines.counting.pauses import Pause, PauseRule, Pauses
from casequality.deadlines.what_if import compare
from casequality.errors import OutsideCalendar, UsageError
from tests import danish_days
from tests.closing_days import differences

DAY = dt.date.fromisoformat
NAMES = ("dk-statutory", "dk-administrative", "dk-bank")
STATUTORY = calendar("dk-statutory")
EVERY_DAY = np.arange("1990-01-01", "2061-01-01", dtype="datetime64[D]")
COPENHAGEN = ZoneInfo("Europe/Copenhagen")


@pytest.mark.parametrize(
    ("day", "worked", "reason"),
    [
        ("2023-05-05", False, "Great Prayer Day"),  # the last one
        ("2024-04-26", True, None),
        ("2025-05-16", True, None),
        ("2026-05-01", True, None),  # the same Friday as 1 May
    ],
)
def test_pitfall_01_great_prayer_day_is_closed_to_2023_and_open_from_2024(
    day: str, worked: bool, reason: str | None
) -> None:
    assert STATUTORY.is_working(DAY(day)) is worked
    assert STATUTORY.reason(DAY(day)) == reason


@pytest.mark.parametrize(
    ("day", "closed_in"),
    [
        ("2025-06-05", {"dk-administrative", "dk-bank"}),
        ("2025-12-24", {"dk-administrative", "dk-bank"}),
        ("2025-12-31", {"dk-administrative", "dk-bank"}),
        ("2025-05-30", {"dk-bank"}),  # the Friday after Ascension Day
        ("2025-05-01", set()),
    ],
)
def test_pitfall_02_half_official_days_close_only_by_a_named_calendar(day: str, closed_in: set[str]) -> None:
    assert {name for name in NAMES if not calendar(name).is_working(DAY(day))} == closed_in


def test_pitfall_02_another_policy_changes_exactly_the_days_that_it_names() -> None:
    statutory, administrative = (danish_days.working_days(name) for name in NAMES[:2])
    changed = EVERY_DAY[STATUTORY.is_working(EVERY_DAY) != calendar("dk-administrative").is_working(EVERY_DAY)]
    assert set(changed.tolist()) == statutory - administrative
    assert {(day.month, day.day) for day in statutory - administrative} == {(6, 5), (12, 24), (12, 31)}


@pytest.mark.parametrize(
    ("received", "first", "tenth"),
    [
        ("2010-04-22", "2010-04-23", "2010-05-07"),  # a Thursday
        ("2010-04-24", "2010-04-26", "2010-05-10"),  # Saturday, over Great Prayer Day
        ("2010-04-25", "2010-04-26", "2010-05-10"),  # Sunday
        ("2010-04-30", "2010-05-03", "2010-05-17"),  # Great Prayer Day, over Ascension Day
        ("2010-04-01", "2010-04-06", "2010-04-19"),  # Maundy Thursday
        ("2010-04-05", "2010-04-06", "2010-04-19"),  # Easter Monday
    ],
)
def test_pitfall_03_receipt_on_a_day_not_worked_is_not_a_day_of_the_term(received: str, first: str, tenth: str) -> None:
    for n, due in ((1, first), (10, tenth)):
        rule = Deadline(
            id="any", title={"en": "A", "da": "B"}, kind="decide", terms=f"{n} working days", calendar=STATUTORY
        )
        assert STATUTORY.add(DAY(received), n) == rule.due(DAY(received)) == DAY(due)
        ledger = rule.explain(DAY(received))
        assert (ledger.due, ledger.rows[-1].count) == (DAY(due), n)
        assert [row.counted for row in ledger.rows if row.date == DAY(received)] == [False]
    assert STATUTORY.add(DAY(received), 0) == DAY(received)
    with pytest.raises(UsageError, match="at least one whole unit"):
        Term(0, "working days")


def test_pitfall_04_a_count_leaves_out_the_first_day_includes_the_last_and_adds_up() -> None:
    assert STATUTORY.count(DAY("2010-04-22"), DAY("2010-05-07")) == 10
    assert STATUTORY.count(DAY("2010-04-23"), DAY("2010-04-26")) == 1
    assert STATUTORY.count(DAY("2010-04-24"), DAY("2010-04-25")) == 0
    assert STATUTORY.count(DAY("2010-05-07"), DAY("2010-04-22")) == -10
    april = np.arange("2010-04-01", "2010-05-20", dtype="datetime64[D]")
    a, b, c = np.meshgrid(april, april, april)
    assert (STATUTORY.count(a, b) + STATUTORY.count(b, c) == STATUTORY.count(a, c)).all()
    assert "after" in inspect.getdoc(Calendar.count)  # type: ignore[operator]


def test_pitfall_05_a_holiday_announced_while_cases_run_moves_the_open_ones_only() -> None:
    announced = STATUTORY.without(["2010-04-29"], name="with the day announced", source="invented")
    rule = deadline("copenhagen/reply-guarantee")
    received = np.array(["2010-04-22", "2010-04-22", "2010-05-03"], "datetime64[D]")
    done = np.array(["2010-04-26", "NaT", "NaT"], "datetime64[D]")
    diff = compare(rule, announced, received, done, as_of=DAY("2010-04-28"))
    assert [(change.position, change.due_before, change.due_after) for change in diff] == [
        (1, DAY("2010-05-07"), DAY("2010-05-10"))
    ]
    assert diff.left == 1
    every = compare(rule, announced, received, done, as_of=DAY("2010-04-28"), recompute="all")
    assert [change.position for change in every] == [0, 1]


def test_pitfall_06_days_that_feeds_observe_close_nothing() -> None:
    """Mother's Day, Fastelavn, 1 May and the like are in `holidays` too, under other categories."""
    closed = {(closing.day.month, closing.day.day) for closing in from_holidays(2001, 2007)}
    assert (5, 1) not in closed
    assert (6, 5) in closed
    denmark = calendar_from_holidays("DK")
    for observed in ("2010-05-09", "2015-02-16", "2025-05-01", "2025-06-05", "2025-12-24"):
        weekend = DAY(observed).weekday() > 4
        for feed in (denmark, STATUTORY):
            assert feed.is_working(DAY(observed)) is not weekend
            assert feed.reason(DAY(observed)) == ("weekend" if weekend else None)


def test_pitfall_07_only_the_end_of_calendar_days_rolls_and_only_where_the_rule_says_so() -> None:
    ten_days_before_christmas = DAY("2009-12-15")  # 10 days later is Friday 25 December
    assert Term.parse("10 calendar days").due(ten_days_before_christmas, "dk-statutory") == DAY("2009-12-25")
    for roll, on, due in (
        ("forward", "dk-statutory", "2009-12-28"),
        ("backward", "dk-statutory", "2009-12-24"),
        ("backward", "dk-administrative", "2009-12-23"),
    ):
        assert Term.parse(f"10 calendar days, roll {roll}").due(ten_days_before_christmas, on) == DAY(due)
    saturday_inside = DAY("2010-04-20")
    assert Term.parse("10 calendar days, roll forward").due(saturday_inside, "dk-statutory") == DAY("2010-05-03")
    assert deadline("access/notify-or-decide").due(DAY("2010-03-25")) == DAY("2010-04-04")  # Easter Sunday: no roll


def test_pitfall_08_a_working_day_is_neither_24_nor_8_hours() -> None:
    desk = OpeningHours.parse(
        {"mon-thu": "08:00-16:00", "fri": "08:00-14:00"}, zone="Europe/Copenhagen", calendar=STATUTORY
    )
    friday = dt.datetime(2010, 4, 23, 10, tzinfo=COPENHAGEN)
    rule = Deadline(
        id="desk", title={"en": "A", "da": "B"}, kind="reply", terms="1 working day", calendar=STATUTORY, opening=desk
    )
    monday_at_ten = dt.datetime(2010, 4, 26, 10, tzinfo=COPENHAGEN)
    assert rule.due(friday) == monday_at_ten
    assert desk.add(friday, dt.timedelta(hours=8)) == dt.datetime(2010, 4, 26, 12, tzinfo=COPENHAGEN)
    assert desk.add(friday, dt.timedelta(hours=24)) == dt.datetime(2010, 4, 28, 12, tzinfo=COPENHAGEN)
    assert desk.working_time(friday, monday_at_ten) == dt.timedelta(hours=6)
    four_days = desk.working_time(
        dt.datetime(2010, 4, 19, tzinfo=COPENHAGEN), dt.datetime(2010, 4, 23, tzinfo=COPENHAGEN)
    )
    assert four_days == dt.timedelta(hours=32) == 4 * dt.timedelta(hours=8)


def test_pitfall_09_a_local_summer_closing_does_not_stop_a_statutory_clock() -> None:
    closing_weeks = np.arange("2014-07-14", "2014-08-02", dtype="datetime64[D]")
    town_hall = STATUTORY.without(closing_weeks, name="town hall", source="local decision")
    rule, received = deadline("access/decide"), DAY("2014-07-10")
    assert rule.due(received) == DAY("2014-07-21")
    assert rule.due(received, pauses=[Pause(DAY("2014-07-13"), DAY("2014-08-02"), "summer closing")]) == DAY(
        "2014-07-21"
    )
    assert rule.due(received, calendar=town_hall) == DAY("2014-08-11")  # only for who names that calendar
    assert {each.calendar for each in shipped()} == {"dk-statutory"}


@pytest.mark.parametrize(
    ("months", "received", "due"),
    [
        (4, "2010-10-28", "2011-02-28"),
        (4, "2010-10-29", "2011-02-28"),
        (4, "2010-10-30", "2011-02-28"),
        (4, "2010-10-31", "2011-02-28"),
        (4, "2011-10-29", "2012-02-29"),
        (12, "2012-02-29", "2013-02-28"),
        (48, "2012-02-29", "2016-02-29"),
        (1, "2010-12-31", "2011-01-31"),
    ],
)
def test_pitfall_10_a_month_without_such_a_day_ends_on_its_last(months: int, received: str, due: str) -> None:
    term = Term(months, "months")
    assert term.due(DAY(received), "dk-statutory") == DAY(due)
    assert term.due(np.array([received], "datetime64[D]"), "dk-statutory").tolist() == [DAY(due)]


def test_pitfall_10_months_back_do_not_undo_months_on() -> None:
    assert months_after(months_after(DAY("2010-10-31"), 4), -4) == DAY("2010-10-28")


def test_pitfall_11_a_day_beyond_the_horizon_names_the_year_and_the_calendar() -> None:
    for day in (DAY("1989-12-29"), DAY("2061-01-03")):
        for ask in (
            lambda day: STATUTORY.add(day, 1),
            lambda day: STATUTORY.add(day, 0),
            lambda day: STATUTORY.add(np.array([day], "datetime64[D]"), 1),
            lambda day: STATUTORY.add(np.array([day], "datetime64[D]"), np.array([1])),
            lambda day: STATUTORY.count(day, DAY("2010-01-01")),
            lambda day: STATUTORY.count(np.array([day], "datetime64[D]"), DAY("2010-01-01")),
            lambda day: STATUTORY.roll(day, "forward"),
            STATUTORY.is_working,
            STATUTORY.reason,
        ):
            with pytest.raises(OutsideCalendar, match=f"{day.year}.*dk-statutory"):
                ask(day)
    guarantee = deadline("copenhagen/reply-guarantee")
    for last in (DAY("2060-12-31"), np.array(["2060-12-31"], "datetime64[D]")):
        with pytest.raises(OutsideCalendar, match=r"2060: copenhagen/reply-guarantee"):
            guarantee.due(last)


def test_pitfall_12_the_table_is_what_the_installed_holidays_package_says() -> None:
    """The session `lowest` runs this with the lowest version of `holidays`, every other with the newest."""
    differ = differences(closing_days(), from_holidays())
    assert not differ, "\n".join(["The installed `holidays` and the reviewed table differ:", *differ])


FOUR_WEEKS = Deadline(
    id="any",
    title={"en": "Any", "da": "Enhver"},
    kind="appeal",
    terms="4 weeks",
    calendar="dk-statutory",
    pauses=(PauseRule("hearing", {"en": "Hearing", "da": "Partshøring"}),),
    extension=Extension({"en": "size", "da": "omfang"}, Term(8, "weeks")),
)
IN_A_CASE = (
    {
        "received": DAY("2009-12-01"),
        "pauses": [Pause(DAY("2009-12-07"), None, "hearing")],
        "extended": None,
        "as_of": DAY("2009-12-10"),
        "roll": "forward",
        "calendar": "dk-administrative",
    },
    {
        "received": DAY("2009-11-30"),
        "pauses": [Pause(DAY("2009-12-07"), DAY("2009-12-09"), "hearing")],
        "extended": Extended(DAY("2009-12-08")),
        "as_of": DAY("2009-12-09"),
        "roll": "backward",
        "calendar": "dk-statutory",
    },
)
BY_TYPE = Schedule(
    id="types",
    title={"en": "A", "da": "B"},
    calendar="dk-statutory",
    by_kind={"a": "1 week", "b": "5 working days"},
    pauses=FOUR_WEEKS.pauses,
)
DAYS = {
    text: np.array([text], "datetime64[D]")
    for text in ("2009-11-27", "2009-11-28", "2009-12-25", "2009-12-30", "2009-12-31")
}
MIDNIGHT = dt.datetime(2010, 1, 31, 23, 30, tzinfo=dt.UTC)

# what is called, its arguments, and another value for each: the answer is another one too
ARGUMENTS: list[tuple[Callable[..., Any], dict[str, Any], dict[str, Any]]] = [
    (STATUTORY.add, {"day": DAY("2010-04-22"), "n": 10}, {"day": DAY("2010-04-23"), "n": 9}),
    (
        STATUTORY.count,
        {"a": DAY("2010-04-22"), "b": DAY("2010-05-07")},
        {"a": DAY("2010-04-23"), "b": DAY("2010-05-10")},
    ),
    (STATUTORY.roll, {"day": DAY("2010-04-30"), "rule": "forward"}, {"day": DAY("2010-04-29"), "rule": "backward"}),
    (STATUTORY.is_working, {"day": DAY("2010-04-30")}, {"day": DAY("2010-04-29")}),
    (STATUTORY.reason, {"day": DAY("2010-04-30"), "lang": "en"}, {"day": DAY("2010-05-13"), "lang": "da"}),
    (
        STATUTORY.without,
        {"days": ["2010-12-24"], "name": "town hall", "source": "local"},
        {"days": ["2010-12-31"], "name": "library", "source": "council"},
    ),
    (calendar, {"name": "dk-statutory"}, {"name": "dk-bank"}),
    (months_after, {"day": DAY("2010-10-31"), "months": 4}, {"day": DAY("2010-11-30"), "months": 5}),
    (
        local_day,
        {"instant": MIDNIGHT, "zone": "Europe/Copenhagen"},
        {"instant": MIDNIGHT - dt.timedelta(1), "zone": "UTC"},
    ),
    (Term.parse, {"text": "4 weeks"}, {"text": "4 months"}),
    (
        Term.parse("4 weeks, roll forward").due,
        {"day": DAY("2009-11-26"), "on": "dk-statutory"},
        {"day": DAY("2009-11-27"), "on": "dk-administrative"},
    ),
    (
        deadline,
        {"id": "access/decide", "catalogue": None},
        {"id": "appeals/appeal", "catalogue": {"access/decide": FOUR_WEEKS}},
    ),
    (FOUR_WEEKS.due, *IN_A_CASE),
    (FOUR_WEEKS.explain, {**IN_A_CASE[0], "lang": "en"}, {**IN_A_CASE[1], "lang": "da"}),
    (
        BY_TYPE.due,
        {
            "received": DAYS["2009-12-25"],
            "kinds": ["a", "b"],
            "codes": np.array([2]),
            "pauses": Pauses(np.array([0]), DAYS["2009-12-25"], DAYS["2009-12-30"], "hearing"),
            "calendar": "dk-statutory",
        },
        {
            "received": DAYS["2009-11-28"],
            "kinds": ["b", "a"],
            "codes": np.array([1]),
            "pauses": Pauses(np.array([0]), DAYS["2009-12-25"], DAYS["2009-12-31"], "hearing"),
            "calendar": "dk-administrative",
        },
    ),
]


@pytest.mark.parametrize(("call", "given", "other"), ARGUMENTS, ids=[case[0].__qualname__ for case in ARGUMENTS])
def test_pitfall_13_an_argument_that_is_accepted_changes_the_answer(
    call: Callable[..., Any], given: dict[str, Any], other: dict[str, Any]
) -> None:
    assert set(other) == set(inspect.signature(call).parameters) - {"out", "where"}
    answer = call(**given)
    for name, value in other.items():
        assert call(**{**given, name: value}) != answer, name


def test_pitfall_14_the_examples_in_docstrings_are_what_the_code_does() -> None:
    for name in (
        "days.working_calendar",
        "days.calendars",
        "days.opening_hours",
        "deadlines.deadline",
        "deadlines.counting.terms",
    ):
        found = doctest.testmod(importlib.import_module(f"casequality.{name}"))
        assert found.attempted
        assert not found.failed
