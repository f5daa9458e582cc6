"""Adding and counting working days against a walk day by day and against NumPy, for every day from 1990 to 2060."""

from __future__ import annotations

import datetime as dt
from collections import deque
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from casequality.days import Calendar, calendar
from casequality.errors import OutsideCalendar
from tests import danish_days

AMOUNTS = range(61)
EVERY_DAY = list(danish_days.days())
EVERY = np.array(EVERY_DAY, "datetime64[D]")
NOT_KNOWN = -1

names = pytest.mark.parametrize("name", danish_days.NAMES)


@lru_cache
def walked(name: str, *, back: bool = False) -> npt.NDArray[np.int64]:
    """Return, for each day and each N from 0 to 60, the position of the N-th working day after (before) it."""
    worked = danish_days.working_days(name)
    met: deque[int] = deque(maxlen=AMOUNTS[-1])
    rows = []
    positions = range(len(EVERY_DAY)) if back else range(len(EVERY_DAY) - 1, -1, -1)
    for position in positions:
        rows.append([position, *met, *[NOT_KNOWN] * (AMOUNTS[-1] - len(met))])
        if EVERY_DAY[position] in worked:
            met.appendleft(position)
    return np.array(rows if back else rows[::-1])


@names
@pytest.mark.parametrize("n", AMOUNTS)
@pytest.mark.parametrize("back", [False, True], ids=["after", "before"])
def test_every_day_and_amount_agrees_with_a_walk(name: str, n: int, back: bool) -> None:
    cal, amount = calendar(name), -n if back else n
    expected = walked(name, back=back)[:, n]
    known = expected != NOT_KNOWN
    due = EVERY[expected[known]]

    assert (cal.add(EVERY[known], amount) == due).all()
    assert (cal.add(EVERY[known], np.full(known.sum(), amount)) == due).all()
    for received in EVERY[~known]:
        with pytest.raises(OutsideCalendar):
            cal.add(received, amount)
        with pytest.raises(OutsideCalendar):
            cal.add(np.array([EVERY[100], received]), amount)


@names
def test_amounts_that_differ_from_row_to_row_agree_with_a_walk(name: str) -> None:
    rng = np.random.default_rng(1)
    rows, n = rng.integers(200, len(EVERY) - 200, 300_000), rng.integers(-60, 61, 300_000)
    expected = np.where(n < 0, walked(name, back=True)[rows, abs(n)], walked(name)[rows, abs(n)])

    assert (calendar(name).add(EVERY[rows], n) == EVERY[expected]).all()


@names
def test_every_single_day_agrees_with_its_array(name: str) -> None:
    cal, inner = calendar(name), EVERY[100:-100]
    for n in (-60, -1, 0, 1, 10, 60):
        assert [cal.add(day, n) for day in inner.tolist()] == cal.add(inner, n).tolist()
        assert [cal.add(day, n) for day in inner[::50]] == list(cal.add(inner[::50], n))
    for rule in ("forward", "backward", "none"):
        assert [cal.roll(day, rule) for day in inner.tolist()] == cal.roll(inner, rule).tolist()
    assert [cal.is_working(day) for day in EVERY_DAY] == cal.is_working(EVERY).tolist()
    assert [cal.count(day, EVERY_DAY[9000]) for day in EVERY_DAY] == cal.count(EVERY, EVERY_DAY[9000]).tolist()


@names
def test_a_day_is_worked_when_it_has_no_reason_not_to_be(name: str) -> None:
    cal, worked = calendar(name), danish_days.working_days(name)

    assert {day for day in EVERY_DAY if cal.is_working(day)} == worked
    assert {day for day in EVERY_DAY if cal.reason(day) is None} == worked


@names
def test_numpy_adds_counts_and_rolls_the_same(name: str) -> None:
    closed = [day for year in range(1990, 2061) for day in danish_days.closed_days(name, year)]
    peer = np.busdaycalendar(holidays=np.array(closed, "datetime64[D]"))
    rng = np.random.default_rng(2)
    a, b = np.sort(rng.choice(EVERY[100:-100], (2, 200_000)), axis=0)
    n = rng.integers(1, 61, a.size)
    cal = calendar(name)

    assert (cal.add(a, n) == np.busday_offset(a, n, "backward", busdaycal=peer)).all()
    assert (cal.add(a, -n) == np.busday_offset(a, -n, "forward", busdaycal=peer)).all()
    assert (cal.roll(a, "forward") == np.busday_offset(a, 0, "forward", busdaycal=peer)).all()
    assert (cal.roll(a, "backward") == np.busday_offset(a, 0, "backward", busdaycal=peer)).all()
    assert (cal.is_working(a) == np.is_busday(a, busdaycal=peer)).all()
    # NumPy counts from a up to but not including b
    next_day = np.timedelta64(1, "D")
    assert (cal.count(a, b) == np.busday_count(a + next_day, b + next_day, busdaycal=peer)).all()


a_day = st.dates(danish_days.FIRST, danish_days.LAST)
a_calendar = st.sampled_from(danish_days.NAMES).map(calendar)


@st.composite
def own_calendars(draw: st.DrawFn) -> Calendar:
    first, last = dt.date(2010, 1, 1), dt.date(2010, 12, 31)
    week = draw(st.text("01", min_size=7, max_size=7).filter(lambda week: "1" in week))
    closed = draw(st.lists(st.dates(first, last), max_size=40))
    return Calendar.make("own", closed=closed, week=week, first=first, last=last, source="drawn")


@given(a_calendar, a_day, a_day, a_day)
def test_counts_add_up_and_turn_around(cal: Calendar, a: dt.date, b: dt.date, c: dt.date) -> None:
    assert cal.count(a, b) + cal.count(b, c) == cal.count(a, c)
    assert cal.count(a, b) == -cal.count(b, a)


@given(a_calendar, st.dates(dt.date(1991, 1, 1), dt.date(2059, 12, 31)), st.integers(1, 200))
def test_counting_undoes_adding(cal: Calendar, day: dt.date, n: int) -> None:
    due = cal.add(day, n)

    assert cal.is_working(due)
    assert cal.count(day, due) == n
    assert cal.count(day, due - dt.timedelta(days=1)) == n - 1
    assert cal.add(day, -n) == cal.add(cal.roll(day, "forward"), -n)


@given(own_calendars(), st.dates(dt.date(2010, 1, 1), dt.date(2010, 12, 31)), st.integers(-40, 40))
def test_a_calendar_of_ones_own_agrees_with_a_walk(cal: Calendar, day: dt.date, n: int) -> None:
    closed = set(cal.closed.tolist())
    found, left, step = day, abs(n), dt.timedelta(days=1 if n > 0 else -1)
    while left:
        found += step
        if not cal.first <= found <= cal.last:
            break
        left -= cal.week[found.weekday()] and found not in closed
    if left:
        with pytest.raises(OutsideCalendar):
            cal.add(day, n)
    else:
        assert cal.add(day, n) == found
        assert cal.add(np.array([day], "datetime64[D]"), n).tolist() == [found]


@given(st.lists(st.none() | a_day, max_size=20), a_calendar)
def test_no_day_stays_no_day_among_others(days: list[dt.date | None], cal: Calendar) -> None:
    array = np.array(days, "datetime64[D]")

    assert cal.add(array, 0).tolist() == days
    assert cal.is_working(array).tolist() == [day is not None and cal.is_working(day) for day in days]
