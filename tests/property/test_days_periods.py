"""Laws of periods."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from typing import get_args

import numpy as np
import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from casequality.days import Period, months_after, months_after_each, period, rolling_year, year_to_date
from casequality.days.periods import Part

a_day = st.dates(dt.date(1990, 1, 1), dt.date(2060, 12, 31))
kinds: st.SearchStrategy[Part] = st.sampled_from(get_args(Part))


@st.composite
def periods(draw: st.DrawFn) -> Period:
    day, other, kind = draw(a_day), draw(a_day), draw(kinds)
    own = period(f"{min(day, other)}..{max(day, other)}")
    whole = next(part for part in period(str(day.year)).parts(kind) if day in part)
    return draw(st.sampled_from([own, whole, rolling_year(day), year_to_date(day)]))


@given(periods())
def test_a_label_is_read_back(any_period: Period) -> None:
    assert period(any_period.label) == any_period


@given(periods(), kinds)
def test_parts_make_up_the_whole(any_period: Period, kind: Part) -> None:
    parts = any_period.parts(kind)

    assert parts[0].first == any_period.first
    assert parts[-1].end == any_period.end
    assert all(one.end == other.first for one, other in pairwise(parts))
    assert all(part.kind == kind for part in parts[1:-1])


@given(periods())
def test_neighbours_do_not_overlap_and_keep_their_kind(any_period: Period) -> None:
    previous = any_period.previous()

    assert previous.kind == any_period.kind
    assert previous.end <= any_period.first
    assert any_period.kind == "year to date" or previous.end == any_period.first


@given(periods())
def test_a_year_before_is_the_same_days(any_period: Period) -> None:
    before, year = any_period.year_before(), relativedelta(years=1)

    assert (before.kind, before.first) == (any_period.kind, any_period.first - year)
    assert before.last in (any_period.last - year, any_period.end - year - relativedelta(days=1))


@given(st.lists(a_day, max_size=20), st.integers(-40, 40))
def test_months_are_counted_as_dateutil_counts_them(days: list[dt.date], months: int) -> None:
    expected = [day + relativedelta(months=months) for day in days]

    assert [months_after(day, months) for day in days] == expected
    assert months_after_each(np.array([*days, None], "datetime64[D]"), months).tolist() == [*expected, None]


@pytest.mark.parametrize("months", [-13, -1, 1, 4, 12, 24])
def test_months_from_every_day_of_six_years(months: int) -> None:
    days = np.arange("2007-01-01", "2013-01-01", dtype="datetime64[D]")
    expected = [day + relativedelta(months=months) for day in days.tolist()]

    assert months_after_each(days, months).tolist() == expected
    assert [months_after(day, months) for day in days.tolist()] == expected
