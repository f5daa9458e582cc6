"""A day is taken in every form that its meaning is clear in, by everything that takes days, one or many."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import casequality as cq
from casequality.errors import CaseQualityError
from casequality.metrics.declaring.as_of import instant_of

pd = pytest.importorskip("pandas")

RECEIVED = dt.date(2010, 4, 22)
DUE = dt.date(2010, 5, 7)  # ten working days later: 30 April was Great Prayer Day
ONE: dict[str, Callable[[dt.date], Any]] = {
    "date": lambda day: day,
    "text": dt.date.isoformat,
    "numpy": lambda day: np.datetime64(day, "D"),
    "timestamp": pd.Timestamp,
}
MANY: dict[str, Callable[[dt.date], Any]] = {
    "numpy": lambda day: np.array([day, None], "datetime64[D]"),
    "dates": lambda day: [day, None],
    "texts and none": lambda day: [day.isoformat(), None],
    "tuple of timestamps": lambda day: (pd.Timestamp(day), pd.NaT),
    "series": lambda day: pd.Series(pd.to_datetime([day, None])),
    "series of dates": lambda day: pd.Series([day, None], dtype=object),
    "index": lambda day: pd.DatetimeIndex([day, None]),
}
DEADLINE = cq.deadline("copenhagen/reply-guarantee")
CALENDAR = cq.calendar("dk-statutory")
ASKED: dict[str, tuple[Callable[[Any], Any], Any, Any]] = {
    "due": (DEADLINE.due, DUE, None),
    "add": (lambda day: CALENDAR.add(day, 10), DUE, None),
    "add each": (lambda day: CALENDAR.add(day, np.array([10, 10]))[:1], [DUE], None),
    "count": (lambda day: CALENDAR.count(day, DUE), 10, np.iinfo(np.int64).min),
    "count to": (lambda day: CALENDAR.count(DUE, day), -10, np.iinfo(np.int64).min),
    "roll": (lambda day: CALENDAR.roll(day, "forward"), RECEIVED, None),
    "is_working": (CALENDAR.is_working, True, False),
}


@pytest.mark.parametrize("form", ONE)
@pytest.mark.parametrize("asked", ASKED)
def test_one_day(asked: str, form: str) -> None:
    ask, answer, _ = ASKED[asked]
    found = ask(ONE[form](RECEIVED))
    assert (found.tolist() if isinstance(found, np.ndarray | np.generic) else found) == answer


@pytest.mark.parametrize("form", MANY)
@pytest.mark.parametrize("asked", [name for name in ASKED if name != "add each"])
def test_many_days(asked: str, form: str) -> None:
    ask, answer, missing = ASKED[asked]
    assert ask(MANY[form](RECEIVED)).tolist() == [answer, missing]


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ("22/4/2010", "cannot be read"),
        (["22/4/2010"], "A day cannot be read"),
        ([3, None], "A day is needed"),
        ([3], "An array of days is needed"),
        (np.array([1.5]), "An array of days is needed"),
        (pd.Timestamp("2010-04-22 09:30"), "without a zone|not an instant"),
        ([pd.Timestamp("2010-04-22 09:30")], "not an instant|not of instants"),
        ([dt.datetime(2010, 4, 22, 9, 30, tzinfo=dt.UTC)], "An array of days is needed"),
    ],
)
def test_what_is_not_clear_is_refused(given: object, fault: str) -> None:
    for ask in (DEADLINE.due, CALENDAR.is_working):
        with pytest.raises(CaseQualityError, match=fault):
            ask(given)  # type: ignore[call-overload]


@pytest.mark.parametrize("form", ONE)
def test_a_calendar_closes_on_one_more_day(form: str) -> None:
    closed = CALENDAR.without(ONE[form](dt.date(2010, 4, 23)), name="town hall", source="invented")
    assert closed.add(RECEIVED, 10) == dt.date(2010, 5, 10)


@pytest.mark.parametrize("form", ["date", "text", "timestamp"])
def test_an_as_of_is_the_start_of_its_day(form: str) -> None:
    midnight = np.datetime64("2010-07-31T22:00", "us")  # of 1 August in Copenhagen
    assert instant_of(ONE[form](dt.date(2010, 8, 1)), "Europe/Copenhagen") == midnight
