"""The kit's laws, and the outcome of every letter against a walk on a calendar counted by hand."""

from __future__ import annotations

import datetime as dt
from typing import Any

import casequality.testing as kit
from casequality_allotments import AnsweredInTime, Letter

CLOSED = {
    *(dt.date(2009, *day) for day in ((1, 1), (4, 9), (4, 10), (4, 13), (5, 8), (5, 21), (6, 1), (12, 25))),
    *(dt.date(2010, *day) for day in ((1, 1), (4, 1), (4, 2), (4, 5), (4, 30), (5, 13), (5, 24))),
}
"""The public holidays of 2009 and 2010, up to the as-of, that fall on weekdays."""


class TestLetter(kit.RecordsConformance):
    records = Letter
    examples = 20


class TestAnsweredInTime(kit.MetricConformance):
    metric = AnsweredInTime
    examples = 20

    def oracle(self, case: dict[str, Any], as_of: dt.date) -> str:
        received, answered = case["received_on"], case["answered_on"]
        if received is None:
            return "undated"
        due, counted = received, 0
        while counted < 10:
            due += dt.timedelta(days=1)
            counted += due.weekday() < 5 and due not in CLOSED
        if answered is None:
            return "open_overdue" if due < as_of else "pending"
        if answered > due:
            return "late"
        return "in_time" if due < as_of else "in_time_early"
