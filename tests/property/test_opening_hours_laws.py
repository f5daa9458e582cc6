"""What holds of all opening hours: they are what a look at the clock every minute says, and time adds up."""

from __future__ import annotations

import datetime as dt

import attrs
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from casequality.days import Calendar, OpeningHours
from casequality.days.office_days import WEEKDAYS
from casequality.deadlines import Deadline
from tests import office_walk
from tests.office_walk import MINUTE

FIRST, LAST = dt.date(2009, 1, 1), dt.date(2012, 12, 31)
DAY = dt.timedelta(days=1)
TICK = dt.timedelta(microseconds=1)
CHANGES = [  # one change of the clock each: zone, day
    ("Europe/Copenhagen", dt.date(2010, 3, 28)),
    ("Europe/Copenhagen", dt.date(2010, 10, 31)),
    ("America/Sao_Paulo", dt.date(2010, 2, 21)),  # back at midnight
    ("America/Sao_Paulo", dt.date(2010, 10, 17)),  # forward at midnight
    ("Australia/Lord_Howe", dt.date(2010, 4, 4)),  # by half an hour
    ("Australia/Lord_Howe", dt.date(2010, 10, 3)),
    ("Pacific/Apia", dt.date(2011, 12, 30)),  # a day left out
    ("Asia/Kolkata", dt.date(2010, 7, 1)),  # none
]


@st.composite
def day_hours(draw: st.DrawFn) -> list[tuple[int, int]]:
    """Up to three intervals of a day in minutes since midnight, often all day or around the hours that change."""
    edge = st.one_of(st.sampled_from([0, 60, 120, 150, 180, 1440]), st.integers(0, 1440))
    edges = sorted(draw(st.lists(edge, max_size=6, unique=True)))
    return list(zip(edges[::2], edges[1::2], strict=False))


@attrs.frozen
class Office:
    """The same opening hours twice: for the walk, and as a user declares them."""

    zone: str
    around: dt.date
    week: dict[int, list[tuple[int, int]]]
    closed: list[dt.date]
    special: dict[dt.date, list[tuple[int, int]]]

    @property
    def hours(self) -> OpeningHours:
        on = Calendar.make("any", closed=self.closed, first=FIRST, last=LAST, source="drawn")
        week = {WEEKDAYS[weekday]: office_walk.text(hours) for weekday, hours in self.week.items()}
        special = {day: office_walk.text(hours) for day, hours in self.special.items()}
        return OpeningHours.parse(week, zone=self.zone, calendar=on, special=special)

    def is_open(self, moment: dt.datetime) -> bool:
        return office_walk.is_open(moment, self.zone, self.week, self.closed, self.special)

    def moment(self, minutes: int) -> dt.datetime:
        return dt.datetime.combine(self.around, dt.time(), dt.UTC) + minutes * MINUTE


@st.composite
def offices(draw: st.DrawFn) -> Office:
    zone, around = draw(st.sampled_from(CHANGES))
    days = [around + n * DAY for n in range(-3, 4)]
    week = draw(st.dictionaries(st.integers(0, 6), day_hours(), max_size=7))
    week[around.weekday()] = draw(day_hours().filter(bool))
    closed = draw(st.lists(st.sampled_from(days), max_size=2, unique=True))
    special = draw(st.dictionaries(st.sampled_from(days), day_hours(), max_size=2))
    return Office(zone, around, week, closed, special)


MINUTES = st.integers(-3 * 1440, 3 * 1440)
SPANS = st.integers(-(10**12), 10**12)


def array(*moments: dt.datetime) -> np.ndarray:
    return np.array([moment.astimezone(dt.UTC).replace(tzinfo=None) for moment in moments], "datetime64[us]")


def utc(moment: dt.datetime) -> dt.datetime:
    """In UTC: Python calls a time that the clocks show twice unequal to the same instant in another zone."""
    return moment.astimezone(dt.UTC)


def instants(found: np.ndarray) -> list[dt.datetime]:
    return [moment.replace(tzinfo=dt.UTC) for moment in found.tolist()]


@given(offices(), MINUTES, MINUTES)
def test_open_time_is_what_a_look_every_minute_says(office: Office, first: int, second: int) -> None:
    hours = office.hours
    a, b = office.moment(min(first, second)), office.moment(max(first, second))
    passed = list(office_walk.minutes(a, b))
    is_open = [office.is_open(minute) for minute in passed]
    assert hours.working_time(a, b) == sum(is_open) * MINUTE
    assert hours.working_time(b, a) == -sum(is_open) * MINUTE
    if passed:
        assert hours.is_open(array(*passed)).tolist() == is_open
        assert hours.is_open(a) == is_open[0]


@given(offices(), MINUTES)
def test_the_next_opening_is_the_first_open_minute(office: Office, minute: int) -> None:
    hours, asked = office.hours, office.moment(minute)
    found = utc(hours.next_opening(asked))
    for moment in office_walk.minutes(asked, asked + 7 * DAY):
        if office.is_open(moment):
            assert found == moment
            return
    assert found >= asked + 7 * DAY


@given(offices(), MINUTES, st.integers(1, 2000))
def test_added_time_has_passed_when_that_many_minutes_were_open(office: Office, minute: int, amount: int) -> None:
    hours, asked = office.hours, office.moment(minute)
    found, seen = utc(hours.add(asked, amount * MINUTE)), 0
    for moment in office_walk.minutes(asked, asked + 7 * DAY):
        seen += office.is_open(moment)
        if seen == amount:
            assert found == moment + MINUTE
            return
    assert found > asked + 7 * DAY


@given(offices(), MINUTES, SPANS, SPANS)
def test_open_time_adds_up(office: Office, minute: int, first: int, second: int) -> None:
    hours, a = office.hours, office.moment(minute)
    b, c = a + first * TICK, a + second * TICK
    assert hours.working_time(a, b) + hours.working_time(b, c) == hours.working_time(a, c)


@given(offices(), MINUTES, SPANS)
def test_adding_undoes_the_time_between_and_no_instant_before_it_does(office: Office, minute: int, ticks: int) -> None:
    hours, asked, span = office.hours, office.moment(minute), ticks // 1000 * TICK
    found = utc(hours.add(asked, span))
    assert hours.working_time(asked, found) == span
    if span > dt.timedelta(0):
        assert hours.working_time(asked, found - TICK) == span - TICK
    if span < dt.timedelta(0):
        assert hours.working_time(asked, found + TICK) == span + TICK


@given(offices(), st.lists(st.tuples(MINUTES, SPANS), min_size=1, max_size=20))
def test_arrays_say_what_single_instants_say(office: Office, drawn: list[tuple[int, int]]) -> None:
    hours = office.hours
    starts = [office.moment(minute) for minute, _ in drawn]
    ends = [start + ticks * TICK for start, (_, ticks) in zip(starts, drawn, strict=True)]
    spans = [ticks // 1000 * TICK for _, ticks in drawn]
    pairs = list(zip(starts, ends, strict=True))
    assert hours.is_open(array(*ends)).tolist() == [hours.is_open(end) for end in ends]
    assert instants(hours.next_opening(array(*ends))) == [utc(hours.next_opening(end)) for end in ends]
    assert hours.working_time(array(*starts), array(*ends)).tolist() == [hours.working_time(a, b) for a, b in pairs]
    assert hours.working_time(starts[0], array(*ends)).tolist() == [hours.working_time(starts[0], b) for b in ends]
    added = hours.add(array(*starts), np.array(spans, "timedelta64[us]"))
    assert instants(added) == [utc(hours.add(start, span)) for start, span in zip(starts, spans, strict=True)]


@given(offices(), MINUTES)
def test_a_deadline_counts_from_the_next_opening(office: Office, minute: int) -> None:
    days = Calendar.make("all", week="1111111", first=FIRST, last=LAST, source="drawn")
    title = {"en": "Any", "da": "Enhver"}
    rule = Deadline(id="any", title=title, kind="decide", terms="3 working days", calendar=days, opening=office.hours)
    received = office.moment(minute)
    start, due = office.hours.next_opening(received), rule.due(received)
    assert isinstance(due, dt.datetime)
    wall = (start + 3 * DAY).replace(fold=0)
    assert utc(due) == utc(wall)
    assert instants(rule.due(array(received))) == [utc(due)]
