"""Worked examples, recounted by hand on paper calendars; the docs show the same table."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from casequality.deadlines import deadline

# deadline, received, due, due when 5 June, 24 and 31 December are not worked either, what it shows
EXAMPLES = [
    ("copenhagen/reply-guarantee", "2006-06-01", "2006-06-16", "2006-06-16", "Whit Monday on 5 June is skipped once"),
    ("copenhagen/reply-guarantee", "2010-03-24", "2010-04-12", "2010-04-12", "across Easter"),
    ("copenhagen/reply-guarantee", "2010-04-22", "2010-05-07", "2010-05-07", "across Great Prayer Day"),
    ("copenhagen/reply-guarantee", "2010-12-17", "2010-12-31", "2011-01-04", "the calendar decides"),
    ("copenhagen/reply-guarantee", "2023-04-26", "2023-05-11", "2023-05-11", "the last Great Prayer Day"),
    ("copenhagen/reply-guarantee", "2024-04-17", "2024-05-01", "2024-05-01", "the first Friday without it"),
    ("access/decide", "2015-12-15", "2015-12-24", "2015-12-28", "seven working days before Christmas"),
    ("access/decide", "2024-02-23", "2024-03-05", "2024-03-05", "the leap day is worked"),
    (
        "access/notify-or-decide",
        "2010-03-25",
        "2010-04-04",
        "2010-04-04",
        "an authority's tenth day may be Easter Sunday",
    ),
    ("personal-data/answer", "2019-01-31", "2019-02-28", "2019-02-28", "no 31 February"),
    ("personal-data/answer", "2024-02-29", "2024-04-02", "2024-04-02", "the same date is Good Friday"),
    ("personal-data/answer", "2024-11-24", "2024-12-24", "2024-12-27", "the calendar decides where the end moves"),
    ("appeals/appeal", "2024-03-29", "2024-04-26", "2024-04-26", "an ordinary Friday now"),
    ("copenhagen/rent-tribunal-goal", "2009-10-31", "2010-02-28", "2010-02-28", "a Sunday: a goal does not move"),
]


@pytest.mark.parametrize(("name", "received", "due", "otherwise", "shows"), EXAMPLES, ids=[row[-1] for row in EXAMPLES])
def test_worked_example(name: str, received: str, due: str, otherwise: str, shows: str) -> None:
    rule, day = deadline(name), dt.date.fromisoformat(received)
    assert shows
    assert str(rule.due(day)) == due
    assert str(rule.due(day, calendar="dk-administrative")) == otherwise
    assert str(rule.due(np.array([day], "datetime64[D]"))[0]) == due
    assert str(rule.explain(day).due) == due
