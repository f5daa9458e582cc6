"""Pauses of one case and of many: what they must be, what is found out about them, what a ledger shows."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pytest

from casequality.citation import Citation
from casequality.days import OpeningHours
from casequality.days.arrays import Days
from casequality.deadlines import Deadline, Pause, PauseRule, Pauses, deadline
from casequality.errors import NaiveTime, OutsideCalendar, UsageError
from tests.factories.deadlines import any_deadline

CITIZEN = "awaiting the citizen"
LAW = Citation(title="A made-up act", section="s. 9")
RULE = PauseRule(CITIZEN, {"en": "awaiting the citizen", "da": "afventer borgeren"}, LAW)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(f"2010-{text}")


def days(*texts: str) -> np.ndarray:
    return np.array([text if text == "NaT" else f"2010-{text}" for text in texts], "datetime64[D]")


def made(terms: str = "5 working days", **given: Any) -> Deadline:
    return any_deadline(terms, **{"pauses": [RULE], **given})


STOPPED = Pause(day("06-09"), day("06-15"), CITIZEN)  # 10, 11 and 14 June are worked and covered


def test_a_pause_that_ends_before_it_begins_is_an_error_with_the_way_out() -> None:
    with pytest.raises(UsageError) as refused:
        Pause(day("06-09"), day("06-08"), CITIZEN)
    assert str(refused.value) == (
        "A pause ends before it begins\n"
        "  got:     2010-06-09 to 2010-06-08\n"
        "  remedy:  swap the two if they were mixed up, leave `until` None for one that is still open"
    )


def test_a_pause_is_of_days_or_of_instants_with_a_zone() -> None:
    noon = dt.datetime(2010, 6, 9, 12, tzinfo=dt.UTC)
    with pytest.raises(UsageError, match="from day to day or from instant to instant"):
        Pause(day("06-09"), noon, CITIZEN)
    with pytest.raises(NaiveTime):
        Pause(noon, noon.replace(tzinfo=None), CITIZEN)
    with pytest.raises(NaiveTime):
        made().due(day("06-07"), pauses=[Pause(noon.replace(tzinfo=None), None, CITIZEN)])


def test_scalars_come_back_as_they_were_asked() -> None:
    assert made().due(day("06-07"), pauses=[STOPPED]) == day("06-17")
    assert made().due(np.datetime64("2010-06-07"), pauses=[STOPPED]) == np.datetime64("2010-06-17")
    assert np.isnat(made().due(np.datetime64("NaT", "D"), pauses=[STOPPED]))
    received = dt.datetime(2010, 6, 6, 22, 30, tzinfo=dt.UTC)  # the 7th in Copenhagen
    assert made().due(received, pauses=[STOPPED]) == day("06-17")
    assert made().due(day("06-07"), pauses=()) == made().due(day("06-07")) == day("06-14")


def test_arrays_keep_their_shape_and_fill_an_output() -> None:
    received = days("06-07", "06-08", "NaT", "06-07").reshape(2, 2)
    pauses = Pauses(np.array([3, 0]), days("06-09", "06-09"), days("06-15", "06-11"), CITIZEN)
    out = np.empty((2, 2), "datetime64[D]")
    due = made().due(received, pauses=pauses, out=out)
    assert due is out
    assert due.tolist() == [[day("06-15"), day("06-15")], [None, day("06-17")]]
    none = days()
    assert made().due(none, pauses=Pauses(np.array([], np.int64), none, none, CITIZEN)).size == 0


def test_an_array_of_days_to_look_from_has_the_shape_of_the_cases() -> None:
    received = days("06-07", "06-07").reshape(1, 2)
    pauses = Pauses(np.array([0, 1]), days("06-09", "06-09"), days("NaT", "NaT"), CITIZEN)
    due = made().due(received, pauses=pauses, as_of=days("06-15", "NaT").reshape(1, 2))
    assert due.tolist() == [[day("06-17"), None]]
    assert made().due(received, pauses=pauses, as_of=day("06-15")).tolist() == [[day("06-17")] * 2]


def test_faults_of_columns_are_found_and_the_case_is_not_known() -> None:
    pauses = Pauses(
        np.array([0, 1, 2, 3, 4]),
        days("06-09", "NaT", "NaT", "06-09", "06-10"),
        days("06-15", "06-15", "NaT", "NaT", "06-09"),
        (CITIZEN, "busy"),
        np.array([1, 1, 1, 1, 1]),
    )
    assert pauses.faulty.tolist() == [False, True, False, False, True]
    assert pauses.undated.tolist() == [False, False, True, False, False]
    due = made().due(days(*["06-07"] * 5), pauses=pauses)
    assert due.tolist() == [day("06-17"), None, day("06-14"), None, None]
    other = Pauses(pauses.of, pauses.since, pauses.until, ("busy",))
    assert made().due(days(*["06-07"] * 5), pauses=other).tolist() == [day("06-14")] * 5


@pytest.mark.parametrize(
    ("change", "got"),
    [
        ({"of": np.array([0.0])}, "of float64"),
        ({"since": np.array([1])}, "since int64"),
        ({"until": np.array(["2010-06-15"], "M8[us]")}, "until datetime64"),
        ({"until": days("06-15", "06-16")}, "shapes"),
        ({"reasons": ("a", "b")}, "2 reasons and no codes"),
        ({"codes": np.array([2])}, "codes that are not integers from 0 to 1"),
        ({"codes": np.array([1.0])}, "codes that are not integers from 0 to 1"),
    ],
)
def test_columns_that_do_not_fit_are_refused(change: dict[str, object], got: str) -> None:
    columns = {"of": np.array([0]), "since": days("06-09"), "until": days("06-15"), "reasons": CITIZEN}
    with pytest.raises(UsageError, match=f"(?s)columns of pauses do not fit.*{got}.*remedy"):
        Pauses(**{**columns, **change})  # type: ignore[arg-type]


def test_a_pause_of_no_case_and_pauses_in_the_other_form_are_refused() -> None:
    columns = Pauses(np.array([1]), days("06-09"), days("06-15"), CITIZEN)
    with pytest.raises(UsageError, match=r"(?s)belongs to no case.*positions 1 to 1.*0 to 0"):
        made().due(days("06-07"), pauses=columns)
    with pytest.raises(UsageError, match="in the form of the cases"):
        made().due(day("06-07"), pauses=columns)  # type: ignore[call-overload]
    with pytest.raises(UsageError, match="in the form of the cases"):
        made().due(days("06-07"), pauses=[STOPPED])  # type: ignore[call-overload]


def test_opening_hours_and_pauses_are_refused_together() -> None:
    office = OpeningHours.parse("08:00-16:00", zone="Europe/Copenhagen", calendar="dk-statutory")
    received = dt.datetime(2010, 6, 7, 10, tzinfo=dt.UTC)
    rule = made(opening=office)
    with pytest.raises(UsageError, match="counted in whole days"):
        rule.due(received, pauses=[STOPPED])
    with pytest.raises(UsageError, match="counted in whole days"):
        rule.explain(received, pauses=[STOPPED])


def test_a_clock_that_stands_still_past_the_calendar_is_an_error() -> None:
    for terms in ("5 working days", "5 calendar days"):
        forgotten = Pause(day("06-09"), dt.date(9999, 12, 31), CITIZEN)
        columns = Pauses(np.array([0]), days("06-09"), np.array(["9999-12-31"], "M8[D]"), CITIZEN)
        with pytest.raises(OutsideCalendar):
            made(terms).due(day("06-07"), pauses=[forgotten])
        with pytest.raises(OutsideCalendar):
            made(terms).due(days("06-07"), pauses=columns)
        with pytest.raises(OutsideCalendar):
            made(terms).explain(day("06-07"), pauses=[forgotten])


def test_a_day_without_a_term_is_an_error_with_pauses_too() -> None:
    with pytest.raises(OutsideCalendar, match="not in force"):
        deadline("access/decide").due(dt.date(2012, 6, 7), pauses=[STOPPED])


def test_the_ledger_says_whose_pause_and_by_which_source() -> None:
    ledger = made().explain(day("06-07"), pauses=[STOPPED, Pause(day("06-16"), day("06-20"), "busy")], lang="da")
    paused = [(row.date, row.count, row.reason) for row in ledger.rows if row.phase == "pause"]
    text = "sat i bero siden 2010-06-09: afventer borgeren"
    assert paused == [(day("06-10"), 2, text), (day("06-11"), 2, text), (day("06-14"), 2, text)]
    assert ledger.sources[f"pause: {CITIZEN}"] == LAW
    assert [(each.reason, each.allowed) for each in ledger.pauses] == [(CITIZEN, True), ("busy", False)]
    weekend = [row for row in ledger.rows if row.date in (day("06-12"), day("06-13"))]
    assert {(row.phase, row.reason) for row in weekend} == {("term", "weekend")}
    assert made().to_dict()["pauses"] == [RULE.to_dict()]


def test_an_end_put_off_by_a_pause_is_not_called_the_same_weekday() -> None:
    ledger = made("1 week").explain(day("06-07"), pauses=[STOPPED])
    assert (ledger.due, ledger.rows[-1].reason) == (day("06-19"), "calendar day: the term ends")


def test_millions_of_cases_are_counted_in_parts_that_join(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(7)
    received: Days = np.datetime64("2010-06-07") + rng.integers(0, 30, 500)
    of = rng.integers(0, 500, 1500)
    since = received[of] + rng.integers(0, 9, of.size)
    pauses = Pauses(of, since, since + rng.integers(0, 9, of.size), CITIZEN)
    whole = made().due(received, pauses=pauses)
    monkeypatch.setattr("casequality.deadlines.counting.counting_rules.CASES", 64)
    np.testing.assert_array_equal(made().due(received, pauses=pauses), whole)
