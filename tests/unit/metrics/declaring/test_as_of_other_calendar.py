"""The other Danish calendar is asked for few cases, and gives all of them what counting each by hand gives."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from casequality.deadlines import Deadline, Schedule
from casequality.metrics import AsOf
from casequality.records import Codes

holidays = pytest.importorskip("holidays")

YEARS = range(1999, 2031)
TERMS = {"short": "1 working day", "long": "30 working days", "weeks": "2 weeks"}
TITLE = {"en": "Answer", "da": "Svar"}


def by_numpy(days: np.ndarray, amount: int, office: bool) -> np.ndarray:
    closed = list(holidays.country_holidays("DK", years=YEARS))
    further = [dt.date(year, *day) for year in YEARS for day in ((6, 5), (12, 24), (12, 31))]
    calendar = np.busdaycalendar(holidays=closed + (further if office else []))
    return np.busday_offset(days, amount, roll="backward", busdaycal=calendar)


def expected(days: np.ndarray, kinds: np.ndarray, office: bool) -> np.ndarray:
    due = np.full(len(days), np.datetime64("NaT", "D"))
    for code, amount in ((1, 1), (2, 30)):
        chosen = (kinds == code) & ~np.isnat(days)
        due[chosen] = by_numpy(days[chosen], amount, office)
    return np.where(kinds == 3, days + np.timedelta64(14, "D"), due)


@pytest.mark.parametrize(
    "period", [("2009-01-05", "2009-01-20"), ("2009-05-01", "2009-06-20"), ("2000-01-01", "2029-01-01")]
)
@pytest.mark.parametrize("blank", [False, True])
@pytest.mark.parametrize(("calendar", "office"), [("dk-statutory", False), ("dk-administrative", True)])
def test_of_a_schedule(period: tuple[str, str], blank: bool, calendar: str, office: bool) -> None:
    rng = np.random.default_rng(9)
    first, last = (int(np.datetime64(day, "D").astype(int)) for day in period)
    days = rng.integers(first, last, 3_000).view("datetime64[D]")
    if blank:
        days[::7] = np.datetime64("NaT", "D")
    kinds = rng.integers(0, 5, 3_000).astype(np.uint8)
    schedule = Schedule(id="own", title=TITLE, calendar=calendar, by_kind=TERMS)
    due = AsOf.at("2030-01-01", zone="UTC").due(schedule, days, Codes(kinds, ("short", "long", "weeks", "other"), True))
    assert due.otherwise is not None
    np.testing.assert_array_equal(due.at, expected(days, kinds, office))
    np.testing.assert_array_equal(due.otherwise, expected(days, kinds, not office))


@pytest.mark.parametrize("day", ["2009-01-05", "2009-05-20"])
def test_of_one_deadline(day: str) -> None:
    days = np.datetime64(day, "D") + np.arange(10)
    rule = Deadline(id="own", title=TITLE, kind="decide", terms="15 working days", calendar="dk-statutory")
    due = AsOf.at("2030-01-01", zone="UTC").due(rule, days)
    assert due.otherwise is not None
    np.testing.assert_array_equal(due.otherwise, by_numpy(days, 15, office=True))


def test_a_day_that_no_calendar_reaches_is_told_beside_days_on_which_they_agree() -> None:
    days = np.array(["2009-01-05", "2060-12-30", "2009-06-01", "NaT"], "datetime64[D]")
    rule = Deadline(id="own", title=TITLE, kind="decide", terms="15 working days", calendar="dk-statutory")
    as_of = AsOf.at("2030-01-01", zone="UTC").for_block(4)
    due = as_of.due(rule, days)
    assert as_of.remarks.beyond is not None
    assert as_of.remarks.beyond.tolist() == [False, True, False, False]
    assert np.isnat(due.at).tolist() == [False, True, False, True]
