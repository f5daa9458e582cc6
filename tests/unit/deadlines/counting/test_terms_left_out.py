"""Terms in hours and years, months that do not count, and days that depend on the weekday, against plain counting."""

from __future__ import annotations

import datetime as dt
import json
from itertools import count
from zoneinfo import ZoneInfo

import attrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casequality.deadlines import Deadline, Extension, FollowUp, Pause, PauseRule, Pauses, Term, check
from casequality.deadlines.counting.units import Unit
from casequality.errors import NaiveTime, UsageError
from casequality.metrics import AsOf
from tests.danish_days import closed_days

DAY = dt.timedelta(days=1)
COPENHAGEN = ZoneInfo("Europe/Copenhagen")
WAIT = PauseRule("wait", {"en": "waiting", "da": "venter"})


def deadline_of(term: str, **more: object) -> Deadline:
    title = {"en": "A", "da": "B"}
    return Deadline(id="x", title=title, kind="decide", terms=term, calendar="dk-statutory", **more)  # type: ignore[arg-type]


def by_hand(start: dt.date, days: int, months: set[int], *, working: bool, held: set[dt.date] = frozenset()) -> dt.date:  # type: ignore[assignment]
    """Go from day to day and count those that count."""
    counted = 0
    for number in count(1):
        day = start + number * DAY
        closed = working and (day.weekday() >= 5 or day in closed_days("dk-statutory", day.year))
        counted += not closed and day.month not in months and day not in held
        if counted == days:
            return day
    raise AssertionError


@pytest.mark.parametrize(
    ("term", "received", "due"),
    [
        # 4 weeks are 28 days: of those after Thursday 20 June ten are in June, and 18 in August
        ("4 weeks, without July", "2024-06-20", "2024-08-18"),
        ("4 weeks, without July", "2024-06-02", "2024-06-30"),  # over before July
        ("4 weeks, without July", "2024-06-03", "2024-08-01"),
        ("4 weeks, without July", "2024-07-10", "2024-08-28"),  # received in July: the first day is 1 August
        ("4 weeks, without July, roll forward", "2024-06-20", "2024-08-19"),  # 18 August is a Sunday
        ("10 working days, without July", "2024-06-20", "2024-08-06"),  # 21 to 28 June are six, 1, 2, 5, 6 August four
        ("1 month, without July", "2024-06-15", "2024-08-15"),  # to 15 July 30 days: 15 of June, 15 of August
        ("2 years", "2024-02-29", "2026-02-28"),
        ("5 calendar days, from a Wednesday 7, from a Thursday 6", "2017-06-07", "2017-06-14"),
        ("5 calendar days, from a Wednesday 7, from a Thursday 6", "2017-06-12", "2017-06-17"),
    ],
)
def test_worked_on_paper(term: str, received: str, due: str) -> None:
    rule, day = deadline_of(term), dt.date.fromisoformat(received)
    assert str(rule.due(day)) == due
    assert str(Term.parse(term)) == term
    for lang in ("en", "da"):
        ledger = rule.explain(day, lang=lang)
        assert str(ledger.due) == due
        assert check(json.loads(ledger.to_json())) == []


@settings(max_examples=40)
@given(
    st.dates(dt.date(2015, 1, 1), dt.date(2025, 12, 31)),
    st.integers(1, 70),
    st.sets(st.integers(1, 12), min_size=1, max_size=4),
    st.booleans(),
    st.integers(0, 40),
    st.integers(0, 40),
)
def test_months_left_out_are_as_counting_from_day_to_day_says_with_a_pause_too(
    start: dt.date, days: int, months: set[int], working: bool, after: int, lasts: int
) -> None:
    unit: Unit = "working days" if working else "calendar days"
    term = Term(days, unit, excluded_months=tuple(months))
    rule = attrs.evolve(deadline_of("1 week"), terms=term, pauses=[WAIT])
    assert rule.due(start) == by_hand(start, days, months, working=working)
    stop = Pause(start + after * DAY, start + (after + lasts) * DAY, "wait")
    held = {stop.since + number * DAY for number in range(1, lasts)}
    expected = by_hand(start, days, months, working=working, held=held)
    assert rule.due(start, pauses=[stop]) == expected
    stops = Pauses(np.zeros(1, np.int64), np.array([stop.since], "M8[D]"), np.array([stop.until], "M8[D]"), "wait")
    assert rule.due(np.array([start], "M8[D]"), pauses=stops).tolist() == [expected]
    ledger = rule.explain(start, pauses=[stop])
    assert ledger.due == expected
    assert check(json.loads(ledger.to_json())) == []


def test_a_month_left_out_is_told_on_each_of_its_days() -> None:
    rows = deadline_of("4 weeks, without July").explain(dt.date(2024, 6, 20), lang="da").rows
    told = [row for row in rows if row.reason == "juli regnes ikke med"]
    assert [row.date for row in told] == [dt.date(2024, 7, number) for number in range(1, 32)]
    assert not any(row.counted for row in told)


def test_a_term_says_in_danish_what_it_leaves_out() -> None:
    assert Term.parse("4 weeks, without July and August").words.da == "4 uger (juli og august regnes ikke med)"
    assert Term.parse("5 calendar days, from a Wednesday 7").words.da == "5 kalenderdage (7 fra en onsdag)"


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("2024-03-29T10:15:00+01:00", "2024-03-30T10:15:00+01:00"),
        (
            "2024-03-30T11:15:00+01:00",
            "2024-03-31T12:15:00+02:00",
        ),  # the clocks went on in that night: 24 hours all the same
        ("2024-03-30T23:30:00+01:00", "2024-04-01T00:30:00+02:00"),
        ("2024-10-26T12:15:00+02:00", "2024-10-27T11:15:00+01:00"),
        ("2024-12-31T23:59:59+01:00", "2025-01-01T23:59:59+01:00"),  # on closed days too
    ],
)
def test_hours_run_on_from_the_instant_of_receipt(received: str, due: str) -> None:
    rule, at = deadline_of("24 hours"), dt.datetime.fromisoformat(received)
    found = rule.due(at)
    assert found.isoformat() == due
    utc = np.array([at.astimezone(dt.UTC).replace(tzinfo=None), "NaT"], "M8[us]")
    expected = np.array([dt.datetime.fromisoformat(due).astimezone(dt.UTC).replace(tzinfo=None), "NaT"], "M8[us]")
    assert np.array_equal(rule.due(utc), expected, equal_nan=True)
    ledger = rule.explain(at, lang="da")
    assert ledger.due == found
    assert check(json.loads(ledger.to_json())) == []
    assert check({**json.loads(ledger.to_json()), "due": received})


def test_hours_of_which_only_the_day_is_known_run_out_on_the_last_day_that_they_can() -> None:
    for hours, day in ((1, 1), (24, 1), (25, 2), (36, 2), (72, 3)):
        rule = deadline_of(f"{hours} hours")
        assert rule.due(dt.date(2024, 3, 1)) == dt.date(2024, 3, 1) + day * DAY
        assert check(json.loads(rule.explain(dt.date(2024, 3, 1)).to_json())) == []


def test_hours_that_pass_on_the_day_of_receipt_have_a_ledger_too() -> None:
    ledger = deadline_of("2 hours").explain(dt.datetime(2024, 3, 1, 9, tzinfo=COPENHAGEN))
    assert [row.phase for row in ledger.rows] == ["receipt"]
    assert ledger.due.isoformat() == "2024-03-01T11:00:00+01:00"
    assert check(json.loads(ledger.to_json())) == []


def test_a_time_without_its_zone_is_refused() -> None:
    with pytest.raises(NaiveTime):
        deadline_of("24 hours").due(dt.datetime(2024, 3, 1, 9))  # noqa: DTZ001  that is the fault


def test_what_counts_in_days_takes_no_hours() -> None:
    hours = deadline_of("24 hours")
    with pytest.raises(UsageError, match="counts whole days"):
        deadline_of("4 weeks", extension=Extension({"en": "a", "da": "b"}, Term.parse("48 hours")))
    with pytest.raises(UsageError, match="counts whole days"):
        deadline_of("4 weeks", after=hours)
    for every in ("24 hours", "4 weeks, without July", "5 calendar days, from a Wednesday 7"):
        with pytest.raises(UsageError, match="recurs by the calendar"):
            FollowUp(id="x", title={"en": "A", "da": "B"}, every=every, calendar="dk-statutory")


def test_a_metric_settles_hours_at_the_instant() -> None:
    as_of = AsOf.at("2024-03-05T12:00:00+01:00", zone="Europe/Copenhagen")
    received = np.array(["2024-03-01T09:00", "2024-03-01T09:00", "2024-03-04T12:00", "2024-03-04T10:00"], "M8[us]")
    done = np.array(["2024-03-02T09:00", "2024-03-02T09:01", "NaT", "NaT"], "M8[us]")
    settled = as_of.settle(as_of.due(deadline_of("24 hours"), received), done)
    states = [next(name for name in settled if settled[name][row]) for row in range(4)]
    assert states == ["in_time", "late", "pending", "open_overdue"]


def test_nothing_stops_hours() -> None:
    with pytest.raises(UsageError, match="counts all its terms in hours"):
        deadline_of("24 hours", pauses=[WAIT])
    with pytest.raises(UsageError, match="counts to the hour"):
        deadline_of("24 hours").due(dt.date(2024, 3, 1), pauses=[])
