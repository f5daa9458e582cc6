"""What holds of every deadline: the tables say what a walk day by day says."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import attrs
import numpy as np
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from casequality.citation import Dated, Entry
from casequality.days import OpeningHours, calendar
from casequality.deadlines import Deadline, Schedule, Term, shipped
from tests.factories.deadlines import TITLE, any_deadline

CALENDARS = ("dk-statutory", "dk-administrative", "dk-bank")
ZONES = ("Europe/Copenhagen", "America/New_York", "Asia/Tokyo")
DAYS = st.dates(dt.date(1990, 1, 1), dt.date(2055, 12, 31))
INSTANTS = st.datetimes(dt.datetime(1990, 1, 3), dt.datetime(2055, 12, 31), timezones=st.just(dt.UTC))  # noqa: DTZ001
ROLLS = st.sampled_from(["none", "forward", "backward"])
TERMS = st.builds(
    Term, st.integers(1, 60), st.sampled_from(["working days", "calendar days", "weeks", "months"]), ROLLS
)
CLOCKS = st.times(max_value=dt.time(23, 59))


def array(*days: dt.date) -> np.ndarray:
    return np.array(days, "datetime64[D]")


@given(TERMS, st.sampled_from(CALENDARS), DAYS)
def test_the_array_is_the_scalar_is_the_last_row_of_the_ledger(term: Term, on: str, received: dt.date) -> None:
    rule = any_deadline(term, calendar=on)
    ledger = rule.explain(received)
    assert rule.due(received) == ledger.due == ledger.rows[-1].date
    assert rule.due(array(received)).tolist() == [ledger.due]


@given(st.sampled_from(shipped()), st.sampled_from(CALENDARS), DAYS)
def test_the_shipped_catalogue_is_counted_as_its_ledgers_say(rule: Deadline, on: str, received: dt.date) -> None:
    due = rule.due(array(received), calendar=on)[0]
    if np.isnat(due):
        return
    ledger = rule.explain(received, calendar=on)
    assert ledger.due == due.item()
    steps = {(later.date - earlier.date).days for earlier, later in zip(ledger.rows, ledger.rows[1:], strict=False)}
    assert steps == {1}
    assert ledger.rows[0].date == received


@given(st.integers(1, 240), DAYS)
def test_months_are_those_of_dateutil(amount: int, received: dt.date) -> None:
    assert Term(amount, "months").due(received, "dk-statutory") == received + relativedelta(months=amount)


def test_every_day_of_a_century_four_months_on_is_what_dateutil_says() -> None:
    days = np.arange("1950-01-01", "2050-01-01", dtype="datetime64[D]")
    expected = [day + relativedelta(months=4) for day in days.tolist()]
    assert Term(4, "months").due(days, "dk-statutory").tolist() == expected


@given(st.integers(1, 60), st.sampled_from(CALENDARS), DAYS)
def test_working_days_are_those_of_numpy(amount: int, on: str, received: dt.date) -> None:
    oracle = np.busday_offset(received, amount, roll="backward", holidays=calendar(on).closed)
    assert Term(amount, "working days").due(received, on) == oracle.item()


@given(TERMS, DAYS, st.integers(0, 40))
def test_a_later_receipt_is_never_due_earlier(term: Term, received: dt.date, later: int) -> None:
    rule = any_deadline(term)
    assert rule.due(received) <= rule.due(received + dt.timedelta(days=later))


@given(TERMS, TERMS, DAYS, st.integers(-3, 3))
def test_a_change_of_rule_holds_from_its_day(before: Term, after: Term, change: dt.date, offset: int) -> None:
    received = max(change + dt.timedelta(days=offset), dt.date(1990, 1, 1))
    rule = any_deadline(Dated((Entry(dt.date.min, before), Entry(change, after))))
    in_force = after if received >= change else before
    assert rule.due(array(received)).tolist() == [in_force.due(received, "dk-statutory")]


@given(TERMS, INSTANTS, st.sampled_from(ZONES))
def test_an_instant_counts_from_its_day_on_the_local_clock(term: Term, received: dt.datetime, zone: str) -> None:
    rule = any_deadline(term, zone=zone)
    due = rule.due(received.astimezone(ZoneInfo(zone)).date())
    assert rule.due(received) == due
    assert rule.due(np.array([received.replace(tzinfo=None)], "datetime64[us]")).tolist() == [due]


@given(TERMS, INSTANTS, st.sampled_from(ZONES), CLOCKS, CLOCKS)
def test_office_hours_in_an_array_are_those_of_one_instant(
    term: Term, received: dt.datetime, zone: str, opens: dt.time, closes: dt.time
) -> None:
    opens, closes = sorted([opens, closes])
    closes = dt.time(23, 59, 59) if opens == closes else closes
    office = OpeningHours.parse(f"{opens}-{closes}", zone=zone, calendar="dk-statutory")
    rule = any_deadline(term, opening=office)
    due = rule.due(received)
    assert isinstance(due, dt.datetime)
    found = rule.due(np.array([received.replace(tzinfo=None)], "datetime64[us]"))
    assert found.tolist() == [due.astimezone(dt.UTC).replace(tzinfo=None)]
    assert rule.explain(received).due == due


@given(INSTANTS, CLOCKS)
def test_the_count_starts_at_the_first_moment_that_the_office_is_open(received: dt.datetime, opens: dt.time) -> None:
    zone = ZoneInfo("Europe/Copenhagen")
    closes = dt.time(23, 59, 59)
    office = OpeningHours.parse(f"{opens}-{closes}", zone=zone.key, calendar="dk-statutory")
    worked = calendar("dk-statutory")
    clock = received.astimezone(zone)
    openings = [clock] if worked.is_working(clock.date()) and opens <= clock.time() < closes else []
    for step in range(12):
        day = clock.date() + dt.timedelta(days=step)
        opening = dt.datetime.combine(day, opens, tzinfo=zone)
        if worked.is_working(day) and opening >= clock:
            openings.append(opening)
    assert office.next_opening(received) == min(openings)


@given(st.lists(st.tuples(DAYS, st.integers(0, 3)), max_size=20), TERMS, TERMS, st.sampled_from(CALENDARS))
def test_a_schedule_gives_each_case_what_its_type_alone_would(
    cases: list[tuple[dt.date, int]], first: Term, third: Term, on: str
) -> None:
    schedule = Schedule(id="any", title=TITLE, by_kind={"first": first, "third": third}, calendar=on)
    received, codes = array(*(day for day, _ in cases)), np.array([code for _, code in cases], "u1")
    due = schedule.due(received, ["first", "second", "third"], codes)
    rules = {1: any_deadline(first, calendar=on), 3: any_deadline(third, calendar=on)}
    assert due.tolist() == [rules[code].due(day) if code in rules else None for day, code in cases]


@given(TERMS, st.sampled_from(CALENDARS), st.lists(st.dates(dt.date(1980, 1, 1), dt.date(2070, 1, 1)), max_size=9))
def test_what_is_in_reach_can_be_counted(term: Term, on: str, received: list[dt.date]) -> None:
    rule = any_deadline(attrs.evolve(term), calendar=on)
    days = array(*received)
    assert not np.isnat(rule.due(days[rule.reaches(days)])).any()
