"""What holds of every clock that can stand still: the tables say what a walk day by day says, shared with nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import lru_cache, partial

import numpy as np
import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import assume, given
from hypothesis import strategies as st

from casequality.citation import Dated, Entry
from casequality.deadlines import Deadline, Extended, Extension, Pause, PauseRule, Pauses, Term
from casequality.errors import UsageError
from tests.danish_days import working_days
from tests.factories.deadlines import any_deadline

DAY = dt.timedelta(days=1)
TITLE = {"en": "Any", "da": "Enhver"}
ALLOWED, OTHER = "awaiting the citizen", "busy"
RULES = (PauseRule(ALLOWED, {"en": "awaiting the citizen", "da": "afventer borgeren"}),)
CALENDARS = ("dk-statutory", "dk-administrative", "dk-bank")

ENDED = st.integers(0, 25)
DAYS = st.dates(dt.date(2008, 1, 1), dt.date(2026, 12, 31))
ROLLS = st.sampled_from(["none", "forward", "backward"])
TERMS = st.one_of(
    st.builds(Term, st.integers(1, 40), st.sampled_from(["working days", "calendar days"]), ROLLS),
    st.builds(Term, st.integers(1, 5), st.sampled_from(["weeks", "months"]), ROLLS),
)


def pauses_near(day: dt.date, ends: st.SearchStrategy[int | None] = ENDED) -> st.SearchStrategy[Pause]:
    def made(offset: int, length: int | None, reason: str) -> Pause:
        since = day + offset * DAY
        return Pause(since, None if length is None else since + length * DAY, reason)

    return st.builds(made, st.integers(-10, 80), ends, st.sampled_from([ALLOWED, ALLOWED, OTHER]))


CASES = DAYS.flatmap(lambda day: st.tuples(st.just(day), st.lists(pauses_near(day), max_size=6)))
OPEN_CASES = DAYS.flatmap(
    lambda day: st.tuples(st.just(day), st.lists(pauses_near(day, st.none() | st.integers(0, 25)), max_size=4))
)


@lru_cache
def worked(on: str) -> set[dt.date]:
    return working_days(on)


def plain_end(term: Term, start: dt.date) -> dt.date:
    if term.unit == "months":
        return start + relativedelta(months=term.amount)
    return start + (7 if term.unit == "weeks" else 1) * term.amount * DAY


def walked(term: Term, start: dt.date, pauses: Sequence[Pause], on: str = "dk-statutory") -> dt.date | None:
    """Count on paper; None where the clock stops and does not start again."""
    asks = term.unit == "working days"
    left = term.amount if asks else (plain_end(term, start) - start).days
    day = start
    while left:
        day += DAY
        if asks and day not in worked(on):
            continue
        covering = [pause for pause in pauses if pause.reason == ALLOWED and pause.since < day]
        if any(pause.until is None for pause in covering):
            return None
        left -= not any(pause.until is not None and day < pause.until for pause in covering)
    while term.roll != "none" and not asks and day not in worked(on):
        day += DAY if term.roll == "forward" else -DAY
    return day


made = partial(any_deadline, pauses=RULES)


def array(*days: dt.date | None) -> np.ndarray:
    return np.array(days, "datetime64[D]")


def columns(cases: Sequence[tuple[dt.date, Sequence[Pause]]], order: Sequence[int] | None = None) -> Pauses:
    rows = [(number, pause) for number, (_, pauses) in enumerate(cases) for pause in pauses]
    rows = rows if order is None else [rows[place] for place in order]
    return Pauses(
        np.array([number for number, _ in rows], np.int64),
        array(*(pause.since for _, pause in rows)),
        array(*(pause.until for _, pause in rows)),
        (ALLOWED, OTHER),
        np.array([1 if pause.reason == ALLOWED else 2 for _, pause in rows], np.uint8),
    )


@given(TERMS, st.sampled_from(CALENDARS), CASES)
def test_the_array_is_the_scalar_is_the_last_row_of_the_ledger_is_the_walk(
    term: Term, on: str, case: tuple[dt.date, list[Pause]]
) -> None:
    received, pauses = case
    rule, expected = made(term, calendar=on), walked(term, received, pauses, on)
    assert rule.due(received, pauses=pauses) == expected
    assert rule.due(array(received), pauses=columns([case])).tolist() == [expected]
    ledger = rule.explain(received, pauses=pauses)
    assert ledger.due == ledger.rows[-1].date == expected
    assert [pause.allowed for pause in ledger.pauses] == [
        pause.reason == ALLOWED for pause in sorted(pauses, key=lambda pause: pause.since)
    ]


@given(TERMS, OPEN_CASES, st.integers(-15, 90))
def test_a_pause_that_has_not_ended_gives_no_day_until_one_looks_from_a_day(
    term: Term, case: tuple[dt.date, list[Pause]], later: int
) -> None:
    received, pauses = case
    rule, expected, as_of = made(term), walked(term, received, pauses), received + later * DAY
    assert rule.due(array(received), pauses=columns([case])).tolist() == [expected]
    if expected is None:
        for asked in (rule.due, rule.explain):
            with pytest.raises(UsageError, match="stands still"):
                asked(received, pauses=pauses)
    ended = [Pause(each.since, each.until or max(as_of, each.since), each.reason) for each in pauses]
    then = walked(term, received, ended)
    assert rule.due(received, pauses=pauses, as_of=as_of) == then
    assert rule.explain(received, pauses=pauses, as_of=as_of).due == then
    assert rule.due(array(received), pauses=columns([case]), as_of=array(as_of)).tolist() == [then]


@given(TERMS, st.lists(CASES, max_size=8), st.randoms(use_true_random=False))
def test_many_cases_are_each_counted_alone_in_whatever_order_their_pauses_come(
    term: Term, cases: list[tuple[dt.date, list[Pause]]], chance: object
) -> None:
    order = list(range(sum(len(pauses) for _, pauses in cases)))
    chance.shuffle(order)  # type: ignore[attr-defined]
    received = array(*(day for day, _ in cases))
    due = made(term).due(received, pauses=columns(cases, order))
    assert due.tolist() == [walked(term, day, pauses) for day, pauses in cases]


@given(TERMS, CASES)
def test_pauses_only_put_off_and_taking_one_away_never_does(term: Term, case: tuple[dt.date, list[Pause]]) -> None:
    received, pauses = case
    rule = made(term)
    due = rule.due(received, pauses=pauses)
    assert due >= rule.due(received)
    assert all(rule.due(received, pauses=pauses[:n] + pauses[n + 1 :]) <= due for n in range(len(pauses)))


@given(TERMS, CASES)
def test_pauses_outside_the_clock_or_inside_each_other_change_nothing(
    term: Term, case: tuple[dt.date, list[Pause]]
) -> None:
    received, pauses = case
    rule = made(term)
    due = rule.due(received, pauses=pauses)
    last = max(row.date for row in rule.explain(received, pauses=pauses).rows if row.phase == "term")
    outside = [Pause(received - 9 * DAY, received + DAY, ALLOWED), Pause(last, None, ALLOWED)]
    inside = [
        Pause(pause.since, pause.until - DAY, pause.reason)
        for pause in pauses
        if pause.until and pause.until > pause.since
    ]
    assert rule.due(received, pauses=[*outside, *pauses, *inside, *pauses]) == due


@given(st.integers(1, 40), CASES, DAYS)
def test_a_pause_over_days_that_are_not_worked_moves_no_working_day(
    amount: int, case: tuple[dt.date, list[Pause]], near: dt.date
) -> None:
    received, pauses = case
    first = received + (near.toordinal() % 60) * DAY
    until = first + DAY
    while until not in worked("dk-statutory"):
        until += DAY
    rule = made(Term(amount, "working days"))
    weekend = Pause(first, until, ALLOWED)
    assert rule.due(received, pauses=[*pauses, weekend]) == rule.due(received, pauses=pauses)


@given(TERMS, TERMS, CASES, st.integers(-3, 3))
def test_pauses_survive_a_change_of_rule(
    before: Term, after: Term, case: tuple[dt.date, list[Pause]], offset: int
) -> None:
    received, pauses = case
    change = received + offset * DAY
    rule = made(Dated((Entry(dt.date.min, before), Entry(change, after))))
    in_force = after if received >= change else before
    both = [case, (change - DAY, []), (change, pauses)]
    due = rule.due(array(*(day for day, _ in both)), pauses=columns(both))
    assert due.tolist() == [
        walked(in_force, received, pauses),
        walked(before, change - DAY, []),
        walked(after, change, pauses),
    ]


@given(TERMS, CASES)
def test_after_a_letter_the_clock_starts_with_its_arrival(term: Term, case: tuple[dt.date, list[Pause]]) -> None:
    sent, pauses = case
    letter = Term(6, "working days")
    rule = made(term, after=Deadline(id="l", title=TITLE, kind="arrival", terms=letter, calendar="dk-statutory"))
    arrived = walked(letter, sent, [])
    assert arrived is not None
    expected = walked(term, arrived, pauses)
    assert rule.due(sent, pauses=pauses) == rule.explain(sent, pauses=pauses).due == expected
    assert rule.due(array(sent), pauses=columns([case])).tolist() == [expected]


@given(TERMS, TERMS, CASES, st.integers(-5, 120))
def test_a_notice_counts_if_sent_by_the_due_day_as_it_stood(
    term: Term, longer: Term, case: tuple[dt.date, list[Pause]], later: int
) -> None:
    received, pauses = case
    sent = received + later * DAY
    rule = made(term, extension=Extension({"en": "large", "da": "stor"}, longer))
    stood = walked(term, received, pauses)
    assert stood is not None
    valid = received <= sent <= stood
    expected = walked(longer, received, pauses) if valid else stood
    assert rule.due(array(received), pauses=columns([case]), extended=array(sent)).tolist() == [expected]
    ledger = rule.explain(received, pauses=pauses, extended=Extended(sent, "large"))
    assert ledger.extension is not None
    assert (ledger.due, ledger.extension.valid) == (expected, valid)
    if valid:
        assert rule.due(received, pauses=pauses, extended=Extended(sent)) == expected
    else:
        with pytest.raises(UsageError, match="changes nothing"):
            rule.due(received, pauses=pauses, extended=Extended(sent))


@given(TERMS, st.lists(CASES, min_size=1, max_size=5), st.data())
def test_a_notice_moves_its_own_case_only(
    term: Term, cases: list[tuple[dt.date, list[Pause]]], data: st.DataObject
) -> None:
    rule = made(term, extension=Extension({"en": "large", "da": "stor"}, Term(6, "months")))
    received = array(*(day for day, _ in cases))
    stood = rule.due(received, pauses=columns(cases))
    noticed = np.array(data.draw(st.lists(st.booleans(), min_size=len(cases), max_size=len(cases))))
    sent = np.where(noticed, received, np.datetime64("NaT", "D"))
    due = rule.due(received, pauses=columns(cases), extended=sent)
    np.testing.assert_array_equal(due[~noticed], stood[~noticed])
    expected = [
        walked(Term(6, "months"), day, pauses) for (day, pauses), told in zip(cases, noticed, strict=True) if told
    ]
    assert due[noticed].tolist() == expected


@given(TERMS, CASES)
def test_instants_are_taken_to_their_local_day(term: Term, case: tuple[dt.date, list[Pause]]) -> None:
    received, pauses = case
    assume(pauses)
    late = dt.timedelta(hours=23, minutes=30)  # in UTC, so on the next day in Copenhagen

    def instant(day: dt.date | None) -> dt.datetime:
        assert day is not None
        return dt.datetime.combine(day - DAY, dt.time(), dt.UTC) + late

    instants = [Pause(instant(each.since), instant(each.until), each.reason) for each in pauses]
    rule = made(term)
    packed = columns([case])
    shift = np.timedelta64(late - DAY, "us")
    in_utc = Pauses(
        packed.of,
        packed.since.astype("M8[us]") + shift,
        packed.until.astype("M8[us]") + shift,
        packed.reasons,
        packed.codes,
    )
    expected = walked(term, received, pauses)
    assert rule.due(received, pauses=instants) == expected
    assert rule.due(array(received), pauses=in_utc).tolist() == [expected]
