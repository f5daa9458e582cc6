"""Pitfalls of other engines with pauses, extensions and reopened cases, by their numbers in the list of features."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import attrs
import numpy as np
import pytest

from casequality.citation import Citation, Dated, Entry
from casequality.days import calendar
from casequality.deadlines import (
    Deadline,
    Extended,
    Extension,
    Pause,
    PauseRule,
    Pauses,
    Term,
    clocks,
    clocks_each,
    deadline,
    shipped,
)
from casequality.deadlines.follow_up import CLOSED
from casequality.errors import UsageError

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
CITIZEN, EXPERT = "awaiting the citizen", "awaiting an expert"
LAW = Citation(title="A made-up act", section="s. 9")
RULES = (
    PauseRule(CITIZEN, {"en": "awaiting the citizen", "da": "afventer borgeren"}, LAW),
    PauseRule(EXPERT, {"en": "awaiting an expert", "da": "afventer en sagkyndig"}),
)
CONTINUES = (*RULES, CLOSED)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(f"2010-{text}")


def days(*texts: str) -> np.ndarray:
    return np.array([text if text == "NaT" else f"2010-{text}" for text in texts], "datetime64[D]")


def rule(terms: object = "10 working days", **more: object) -> Deadline:
    fields: dict[str, object] = {"id": "x", "title": {"en": "X", "da": "X"}, "kind": "decide", "pauses": RULES}
    return Deadline(terms=terms, **{**fields, "calendar": "dk-statutory", **more})  # type: ignore[arg-type]


def pause(since: str, until: str | None, reason: str = CITIZEN) -> Pause:
    return Pause(day(since), until and day(until), reason)  # type: ignore[arg-type]


# June 2010: the 7th is a Monday, no holidays but Saturday the 5th; ten working days from the 7th end on the 21st.


def test_pitfall_09_a_local_summer_closing_does_not_stop_a_statutory_clock() -> None:
    closed = calendar("dk-statutory").without(["2010-06-14", "2010-06-15"], name="town hall", source="local")
    assert rule().due(day("06-07")) == day("06-21")
    assert rule().due(day("06-07"), pauses=[pause("06-13", "06-16", "summer closing")]) == day("06-21")
    assert rule().due(day("06-07"), calendar=closed) == day("06-23")  # only for who asks by that calendar


def test_pitfall_24_a_pause_overnight_or_over_a_weekend_moves_no_working_day() -> None:
    evening = dt.datetime(2010, 6, 8, 17, tzinfo=COPENHAGEN)
    overnight = Pause(evening, evening + dt.timedelta(hours=16), CITIZEN)
    weekend = Pause(
        dt.datetime(2010, 6, 11, 17, tzinfo=COPENHAGEN), dt.datetime(2010, 6, 14, 9, tzinfo=COPENHAGEN), CITIZEN
    )
    assert rule().due(day("06-07"), pauses=[overnight, weekend]) == day("06-21")
    assert rule("10 calendar days").due(day("06-07"), pauses=[overnight]) == day("06-17")
    assert rule("10 calendar days").due(day("06-07"), pauses=[weekend]) == day("06-19")  # the two days it covers


def test_pitfall_25_a_case_decided_while_paused_is_paused_up_to_the_decision() -> None:
    paused, decided = pause("06-09", None), day("06-16")  # 10, 11, 14, 15 June are covered
    assert rule().due(day("06-07"), pauses=[paused], as_of=decided) == day("06-25")
    columns = Pauses(np.array([0, 1]), days("06-09", "06-09"), days("NaT", "NaT"), CITIZEN)
    due = rule().due(days("06-07", "06-07"), pauses=columns, as_of=days("06-16", "06-10"))
    assert due.tolist() == [day("06-25"), day("06-21")]


def test_pitfall_26_one_pause_after_another_neither_resets_nor_counts_a_day_twice() -> None:
    overlapping = [pause("06-08", "06-11"), pause("06-09", "06-15", EXPERT), pause("06-10", "06-11")]
    assert rule().due(day("06-07"), pauses=overlapping) == day("06-25")  # 9, 10, 11, 14 June
    beside = [pause("06-08", "06-11"), pause("06-11", "06-15", EXPERT)]
    assert rule().due(day("06-07"), pauses=beside) == day("06-24")  # neither covers all of 11 June
    rows = rule().explain(day("06-07"), pauses=overlapping).rows
    assert [(row.date, row.source) for row in rows if row.phase == "pause"] == [
        (day("06-09"), f"pause: {CITIZEN}"),
        (day("06-10"), f"pause: {CITIZEN}"),
        (day("06-11"), "rule"),
        (day("06-14"), "rule"),
    ]


def test_pitfall_27_a_pause_survives_a_change_of_rule_and_a_receipt_set_back() -> None:
    changed = rule(
        Dated((Entry(dt.date.min, Term.parse("10 working days")), Entry(day("06-07"), Term.parse("2 weeks"))))
    )
    stopped = [pause("06-08", "06-11")]  # 9 and 10 June
    assert changed.due(day("06-06"), pauses=stopped) == day("06-22")
    assert changed.due(day("06-07"), pauses=stopped) == day("06-23")
    assert changed.due(day("06-01"), pauses=[pause("05-25", "06-04"), *stopped]) == day("06-21")  # 2, 3, 9, 10 June


def test_pitfall_28_a_case_that_says_paused_without_any_day_runs_on_and_is_a_finding() -> None:
    columns = Pauses(np.array([0, 1]), days("NaT", "06-08"), days("NaT", "06-11"), CITIZEN)
    assert columns.undated.tolist() == [True, False]
    assert rule().due(days("06-07", "06-07"), pauses=columns).tolist() == [day("06-21"), day("06-23")]


def test_pitfall_29_a_pause_that_the_law_does_not_allow_is_shown_and_stops_nothing() -> None:
    acknowledgement = rule(kind="acknowledge", pauses=())
    stopped = [pause("06-08", "06-11")]
    ledger = acknowledgement.explain(day("06-07"), pauses=stopped)
    assert ledger.due == acknowledgement.due(day("06-07"), pauses=stopped) == day("06-21")
    assert [(shown.since, shown.allowed, shown.source) for shown in ledger.pauses] == [(day("06-08"), False, None)]
    assert {row.phase for row in ledger.rows} == {"receipt", "term"}
    columns = Pauses(
        np.array([0, 0]), days("06-08", "06-08"), days("06-11", "06-11"), (CITIZEN, "busy"), np.array([2, 0])
    )
    assert columns.allowed(RULES).tolist() == [False, False]  # another reason, and none
    assert rule().due(days("06-07"), pauses=columns).tolist() == [day("06-21")]


def test_pitfall_29_no_shipped_deadline_is_paused_without_a_source() -> None:
    assert all(allowed.source for shipped in shipped() for allowed in shipped.pauses)


@pytest.mark.parametrize(
    ("closed", "reopened", "continues", "restarts"),
    [("06-10", "06-16", "06-24", "06-30"), ("06-25", "06-28", "06-21", "07-12")],
    ids=["before the deadline", "after the deadline"],
)
def test_pitfall_30_a_reopened_case_under_each_policy(
    closed: str, reopened: str, continues: str, restarts: str
) -> None:
    answer = rule(pauses=CONTINUES)
    spells = [(day("06-07"), day(closed)), (day(reopened), None)]

    def due(policy: str) -> list[dt.date]:
        return [answer.due(clock.start, pauses=clock.pauses) for clock in clocks(answer, spells, policy)]  # type: ignore[arg-type]

    assert due("continue") == [day(continues)]  # 11, 14 and 15 June are covered, or the clock has run out
    assert due("restart") == [day(restarts)]
    assert due("new case") == [day("06-21"), day(restarts)]


def test_pitfall_31_the_first_close_is_kept_for_closed_within_and_the_last_for_processing_time() -> None:
    answer = rule(pauses=CONTINUES)
    spells = [(day("06-07"), day("06-10")), (day("06-16"), day("06-18")), (day("06-22"), day("07-01"))]
    kept = {
        policy: [(clock.first_closed, clock.last_closed) for clock in clocks(answer, spells, policy)]
        for policy in ("continue", "restart", "new case")
    }
    assert kept == {
        "continue": [(day("06-10"), day("07-01"))],
        "restart": [(day("07-01"), day("07-01"))],
        "new case": [(day("06-10"), day("06-10")), (day("06-18"), day("06-18")), (day("07-01"), day("07-01"))],
    }


def test_pitfall_32_a_letter_after_the_decision_starts_no_clock_unless_it_is_registered() -> None:
    decided = [(day("06-07"), day("06-10"))]
    for policy in ("continue", "restart", "new case"):
        [clock] = clocks(rule(pauses=CONTINUES), decided, policy)
        assert (clock.start, clock.last_closed) == (day("06-07"), day("06-10"))
    registered = [*decided, (day("06-16"), None)]
    assert [clock.start for clock in clocks(rule(), registered, "new case")] == [day("06-07"), day("06-16")]


def test_pitfall_33_a_late_first_answer_stays_late_whatever_comes_after_it() -> None:
    answer = rule(extension=Extension({"en": "large", "da": "stor"}, Term.parse("20 working days")))
    answered = day("06-22")
    after = [pause("06-22", "06-30"), pause("06-21", None)]
    assert answer.due(day("06-07"), pauses=after) == day("06-21") < answered
    ledger = answer.explain(day("06-07"), pauses=after, extended=Extended(answered))
    assert ledger.due == day("06-21")


def test_pitfall_34_a_question_stops_the_clock_only_where_the_rule_says_so_and_a_resend_resets_nothing() -> None:
    asked = pause("06-09", "06-14")  # 10 and 11 June
    assert rule().due(day("06-07"), pauses=[asked]) == day("06-23")
    assert rule().due(day("06-07"), pauses=[asked, asked, pause("06-10", "06-14")]) == day("06-23")
    access = deadline("access/decide")
    received = dt.date(2014, 6, 16)
    question = Pause(dt.date(2014, 6, 17), dt.date(2014, 6, 23), CITIZEN)
    assert access.due(received, pauses=[question]) == access.due(received)


def test_pitfall_35_a_delay_notice_on_the_last_day_a_day_late_twice_and_without_a_new_date() -> None:
    large = {"en": "large case", "da": "stor sag"}
    answer = rule(extension=Extension(large, Term.parse("20 working days")))
    received, last, late = day("06-07"), day("06-21"), day("06-22")
    assert answer.due(received, extended=Extended(last)) == day("07-05")
    with pytest.raises(UsageError, match="before the deadline has expired"):
        answer.due(received, extended=Extended(late))
    shown = answer.explain(received, extended=Extended(late, "large case")).extension
    assert shown is not None
    assert (shown.valid, shown.term, shown.reason) == (False, None, "large case")
    sent = days("06-21", "06-22", "NaT", "06-06")  # the last before the receipt
    assert answer.due(days(*["06-07"] * 4), extended=sent).tolist() == [day("07-05"), last, last, last]
    twice = [answer.due(received, extended=Extended(notice)) for notice in (day("06-14"), last)]
    assert twice == [day("07-05")] * 2  # counted from the receipt, so a second notice adds nothing
    undated = attrs.evolve(answer, extension=Extension(large))
    assert undated.due(received, extended=Extended(last)) == last
    shown = undated.explain(received, extended=Extended(last)).extension
    assert shown is not None
    assert (shown.valid, shown.term) == (True, None)


def test_pitfall_36_the_unit_of_an_extension_is_its_own() -> None:
    large = {"en": "large case", "da": "stor sag"}
    in_days = rule(extension=Extension(large, Term.parse("15 working days")))
    in_months = rule(extension=Extension(large, Term.parse("15 months")))
    notice = Extended(day("06-21"))
    assert in_days.due(day("06-07"), extended=notice) == day("06-28")
    assert in_months.due(day("06-07"), extended=notice) == dt.date(2011, 9, 7)
    assert in_months.explain(day("06-07"), extended=notice).term == Term(15, "months")
    with pytest.raises(UsageError, match="bare days"):
        Term.parse("15 days")


def test_reopened_cases_in_columns_are_those_of_one_case() -> None:
    answer = rule(pauses=CONTINUES)
    of = np.array([1, 0, 1, 0, 2])
    opened, closed = days("06-16", "06-07", "06-07", "06-21", "06-01"), days("NaT", "06-10", "06-10", "06-25", "06-02")
    each = clocks_each(answer, of, opened, closed, "continue")
    assert each.of.tolist() == [0, 1, 2]
    assert answer.due(each.start, pauses=each.pauses).tolist() == [day("06-29"), day("06-24"), day("06-15")]
    assert each.first_closed.tolist() == [day("06-10"), day("06-10"), day("06-02")]
    assert each.last_closed.tolist() == [day("06-25"), None, day("06-02")]
