"""What holds of deadlines asked backwards, compared, and owed together: each against a plain walk."""

from __future__ import annotations

import datetime as dt

import attrs
import numpy as np
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

import casequality as cq
from casequality.citation import Dated, Entry
from casequality.deadlines import FollowUp, Term, compare, deadline, latest_receipt, working_days_left
from tests.danish_days import working_days
from tests.factories.deadlines import TITLE, any_deadline

CALENDARS = ("dk-statutory", "dk-administrative", "dk-bank")
WORKED = {name: working_days(name) for name in CALENDARS}
DAY = dt.timedelta(days=1)
DAYS = st.dates(dt.date(1995, 1, 1), dt.date(2050, 12, 31))
TERMS = st.builds(
    Term,
    st.integers(1, 40),
    st.sampled_from(["working days", "calendar days", "weeks", "months"]),
    st.sampled_from(["none", "forward", "backward"]),
)
CHANGES = st.one_of(
    st.builds(Dated.always, TERMS),
    st.builds(lambda a, b, day: Dated((Entry(dt.date.min, a), Entry(day, b))), TERMS, TERMS, DAYS),
)


@given(CHANGES, st.sampled_from(CALENDARS), DAYS)
def test_the_latest_receipt_is_due_in_time_and_the_next_ones_are_not(terms: Dated[Term], on: str, due: dt.date) -> None:
    rule = any_deadline(terms, calendar=on)
    latest = latest_receipt(rule, due)
    assert rule.due(latest) <= due
    later = np.datetime64(latest) + np.arange(1, 1500)
    assert (rule.due(later) > np.datetime64(due)).all()
    assert latest_receipt(rule, np.array([due], "M8[D]")).tolist() == [latest]


@given(st.sampled_from(CALENDARS), DAYS, st.integers(-60, 60))
def test_working_days_left_are_those_of_a_walk(on: str, as_of: dt.date, apart: int) -> None:
    due = as_of + apart * DAY
    first, last = sorted((as_of, due))
    between = sum(first + step * DAY in WORKED[on] for step in range(1, (last - first).days + 1))
    rule = any_deadline(Dated.always(Term(1, "weeks")), calendar=on)
    assert working_days_left(rule, due, as_of=as_of) == (between if due >= as_of else -between)


CASES = st.lists(st.tuples(st.dates(dt.date(2019, 11, 1), dt.date(2020, 3, 1)), st.integers(-1, 60)), max_size=12)


def verdict(due: dt.date, done: dt.date | None, as_of: dt.date) -> str:
    if done is not None and done < as_of:
        return "kept" if done <= due else "kept late"
    return "overdue" if due < as_of else "open"


@given(CASES, st.integers(1, 20), st.dates(dt.date(2020, 1, 1), dt.date(2020, 3, 1)), st.booleans())
def test_a_comparison_lists_exactly_the_cases_that_differ(
    cases: list[tuple[dt.date, int]], amount: int, as_of: dt.date, every: bool
) -> None:
    rule = any_deadline(Dated.always(Term(amount, "working days")))
    done = [None if after < 0 else received + after * DAY for received, after in cases]
    expected = []
    for position, ((received, _), ended) in enumerate(zip(cases, done, strict=True)):
        before = rule.due(received)
        left = ended is not None and ended < as_of and not every
        after = before if left else rule.due(received, calendar="dk-administrative")
        row = (position, before, after, verdict(before, ended, as_of), verdict(after, ended, as_of))
        if row[1] != row[2] or row[3] != row[4]:
            expected.append(row)
    found = compare(
        rule,
        cq.calendar("dk-administrative"),
        np.array([received for received, _ in cases], "M8[D]"),
        np.array(done, "M8[D]"),
        as_of=as_of,
        recompute="all" if every else "open",
    )
    assert [attrs.astuple(change) for change in found] == expected
    assert found.compared == len(cases)


@given(DAYS, st.integers(1, 14), st.integers(0, 1500), st.lists(st.integers(0, 1500), max_size=6))
def test_follow_ups_never_chain_and_each_is_looked_for_in_its_own_time(
    start: dt.date, every: int, seen: int, held: list[int]
) -> None:
    as_of = start + seen * DAY
    known = sorted(start + days * DAY for days in held if start + days * DAY < as_of)
    rule = FollowUp(id="any", title=TITLE, every=Term(every, "months"), calendar="dk-statutory")
    case = {"received_on": start, "follow_ups": [start + days * DAY for days in held]}
    found = cq.obligations(case, [rule], as_of=as_of)
    dates = [start + relativedelta(months=every * number) for number in range(len(found) + 1)]
    assert [each["due"] for each in found] == [str(day) for day in dates[1:]]
    for before, due, each in zip(dates, dates[1:], found, strict=False):
        done = next((day for day in known if day > before), None)
        assert each["done_on"] == (done and str(done))
        assert each["state"] == verdict(due, done, as_of)
    assert [each["state"] for each in found].count("open") == 1
    assert found[-1]["due"] >= str(as_of)


KINDS = ("access/decide", "copenhagen/reply-guarantee", "rent-tribunal/decide", "environment/decide")
SPANS = st.integers(0, 90)


@given(st.dates(dt.date(2016, 1, 1), dt.date(2022, 1, 1)), st.none() | SPANS, st.none() | SPANS, SPANS)
def test_obligations_are_sorted_and_judged_alone_as_together(
    received: dt.date, decided: int | None, replied: int | None, seen: int
) -> None:
    as_of = received + seen * DAY
    decision = None if decided is None else received + decided * DAY
    replies = [] if replied is None else [received + replied * DAY]
    case = {"received_on": received, "decided_on": decision, "replies": replies}
    together = cq.obligations(case, KINDS, as_of=as_of)
    assert [each["due"] for each in together] == sorted(each["due"] for each in together)
    for each in together:
        [alone] = cq.obligations(case, [each["id"]], as_of=as_of)
        assert each["due"] == alone["due"] == str(deadline(each["id"]).due(received))
        if each["state"] != "replaced":
            assert each == alone
        else:
            assert each["id"] == "copenhagen/reply-guarantee"
            assert next(other for other in together if other["id"] == each["replaced_by"])["due"] < each["due"]
        events = [decision, *(replies if "reply" in each["id"] else ())]
        done = min((day for day in events if day and day < as_of), default=None)
        assert alone["state"] == verdict(dt.date.fromisoformat(each["due"]), done, as_of)
