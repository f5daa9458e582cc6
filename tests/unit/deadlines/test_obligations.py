from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import attrs
import pytest

import casequality as cq
from casequality.deadlines import Deadline, Duty, FollowUp, Reaction, Schedule, deadline
from casequality.deadlines.counting.pauses import PauseRule
from casequality.errors import NaiveTime, OutsideCalendar, UnknownName, UsageError

TITLE = {"en": "Any", "da": "Enhver"}
GUARANTEE, ACCESS = "copenhagen/reply-guarantee", "access/decide"
REVIEW = FollowUp(id="local/review", title=TITLE, every="6 months", calendar="dk-statutory")
APRIL = {"received_on": "2010-04-22"}  # the guarantee is due on 7 May 2010


def asked(case: Mapping[str, Any], kinds: Sequence[Any], as_of: dt.date | str) -> list[tuple[str, str | None, str]]:
    return [(each["id"], each["due"], each["state"]) for each in cq.obligations(case, kinds, as_of=as_of)]


def only(case: Mapping[str, Any], kind: Any, as_of: dt.date | str) -> dict[str, Any]:
    [one] = cq.obligations(case, [kind], as_of=as_of)
    return one


@pytest.mark.parametrize(
    ("events", "as_of", "state", "next_date", "left"),
    [
        ({}, "2010-05-03", "open", "2010-05-07", 4),
        ({}, "2010-05-07", "open", "2010-05-07", 0),
        ({}, "2010-05-07T23:00:00+02:00", "open", "2010-05-07", 0),
        ({}, "2010-05-08", "overdue", "2010-05-08", 0),
        ({}, "2010-05-12", "overdue", "2010-05-12", -3),
        ({"replies": ["2010-05-07"]}, "2010-06-01", "kept", None, None),
        ({"replies": ["2010-05-10"]}, "2010-06-01", "kept late", None, None),
        ({"decided_on": "2010-05-03"}, "2010-06-01", "kept", None, None),
        ({"decided_on": "2010-05-10", "replies": ["2010-05-05"]}, "2010-06-01", "kept", None, None),
        ({"replies": ["2010-05-05"]}, "2010-05-05", "open", "2010-05-07", 2),  # that day's events are not known yet
        ({"replies": ["2010-05-05"]}, "2010-05-05T16:00:00+02:00", "kept", None, None),
        ({"closed_on": "2010-05-05"}, "2010-06-01", "does not apply", None, None),
        ({"closed_on": "2010-05-10"}, "2010-06-01", "missed", None, None),
        ({"channel": "telephone"}, "2010-06-01", "does not apply", None, None),
    ],
)
def test_the_states_of_the_reply_guarantee(
    events: dict[str, Any], as_of: str, state: str, next_date: str | None, left: int | None
) -> None:
    found = only({**APRIL, **events}, GUARANTEE, as_of)
    assert (found["state"], found["next_date"], found["working_days_left"]) == (state, next_date, left)


def test_a_reply_never_keeps_a_decision_deadline_but_a_decision_keeps_a_reply() -> None:
    case = {"received_on": "2020-01-06", "replies": ["2020-01-07"]}
    tribunal = "rent-tribunal/decide"  # 4 weeks: longer than the guarantee, so both hold
    assert asked(case, [tribunal, GUARANTEE], "2020-02-10") == [
        (GUARANTEE, "2020-01-20", "kept"),
        (tribunal, "2020-02-03", "overdue"),
    ]
    decided = {"received_on": "2020-01-06", "decided_on": "2020-01-08"}
    assert {state for _, _, state in asked(decided, [tribunal, GUARANTEE], "2020-02-10")} == {"kept"}


def test_a_shorter_statutory_deadline_takes_the_place_of_the_guarantee() -> None:
    case = {"received_on": "2020-01-06"}
    assert asked(case, [GUARANTEE, ACCESS], "2020-01-10") == [
        (ACCESS, "2020-01-15", "open"),
        (GUARANTEE, "2020-01-20", "replaced"),
    ]
    replaced = cq.obligations(case, [GUARANTEE, ACCESS], as_of="2020-02-10")[1]
    assert (replaced["replaced_by"], replaced["next_date"], replaced["kept"]) == (ACCESS, None, None)
    assert "Access to documents: decision" in replaced["sentence"]["en"]
    assert "Aktindsigt: færdigbehandling" in replaced["sentence"]["da"]


@pytest.mark.parametrize("terms", ["10 working days", "3 weeks"])
def test_a_deadline_that_is_no_shorter_replaces_nothing(terms: str) -> None:
    other = Deadline(id="local/decide", title=TITLE, kind="decide", terms=terms, calendar="dk-statutory")
    assert {state for _, _, state in asked({"received_on": "2020-01-06"}, [GUARANTEE, other], "2020-01-10")} == {"open"}


TOLD, FIRST = "overdue with notice in time", {"sent_on": "2020-01-14", "new_date": "2020-02-03"}
SECOND = {"sent_on": "2020-02-03", "new_date": "2020-03-02"}


@pytest.mark.parametrize(
    ("notices", "as_of", "state", "promised", "next_date"),
    [
        (["2020-01-15"], "2020-01-20", TOLD, None, "2020-01-20"),  # sent on the last day
        (["2020-01-16"], "2020-01-20", "overdue", None, "2020-01-20"),
        ([FIRST], "2020-01-15", "open", "2020-02-03", "2020-01-15"),
        ([FIRST], "2020-01-20", TOLD, "2020-02-03", "2020-02-03"),
        ([FIRST], "2020-02-04", "overdue", "2020-02-03", "2020-02-04"),
        ([FIRST, SECOND], "2020-02-04", TOLD, "2020-03-02", "2020-03-02"),
        ([SECOND, FIRST], "2020-02-04", TOLD, "2020-03-02", "2020-03-02"),
        ([SECOND], "2020-02-04", "overdue", "2020-03-02", "2020-03-02"),
    ],
)
def test_what_a_notice_of_delay_changes(
    notices: list[Any], as_of: str, state: str, promised: str | None, next_date: str
) -> None:
    found = only({"received_on": "2020-01-06", "notices": notices}, ACCESS, as_of)
    assert found["due"] == found["original_due"] == "2020-01-15"
    assert (found["state"], found["communicated_due"], found["next_date"]) == (state, promised, next_date)


def test_a_promise_that_is_kept_does_not_remove_the_breach() -> None:
    case = {"received_on": "2020-01-06", "notices": [{"sent_on": "2020-01-14", "new_date": "2020-02-03"}]}
    found = only({**case, "decided_on": "2020-02-03"}, ACCESS, "2020-03-01")
    assert (found["state"], found["original_kept"], found["communicated_kept"]) == ("kept late", False, True)
    late = only({**case, "decided_on": "2020-02-04"}, ACCESS, "2020-03-01")
    assert (late["original_kept"], late["communicated_kept"]) == (False, False)
    waiting = only(case, ACCESS, "2020-01-16")
    assert (waiting["original_kept"], waiting["communicated_kept"]) == (False, None)


def test_a_notice_keeps_the_old_act_and_then_its_promise_is_next() -> None:
    case = {"received_on": "2012-03-01", "notices": [{"sent_on": "2012-03-09", "new_date": "2012-04-02"}]}
    found = only(case, "access/notify-or-decide", "2012-03-12")
    assert (found["due"], found["state"], found["done_on"]) == ("2012-03-11", "kept", "2012-03-09")
    assert (found["next_date"], found["communicated_kept"]) == ("2012-04-02", None)
    assert only({**case, "decided_on": "2012-03-20"}, "access/notify-or-decide", "2012-04-12")["next_date"] is None


def test_what_a_notice_or_reply_does_not_say_is_shown() -> None:
    notice = {"sent_on": "2020-01-14", "states": ["reason"]}
    found = only({"received_on": "2020-01-06", "notices": [notice]}, ACCESS, "2020-02-01")
    assert found["lacks"] == ["expected date"]
    assert "does not state when to expect it" in found["sentence"]["en"]
    dated = {**notice, "new_date": "2020-02-20"}
    assert only({"received_on": "2020-01-06", "notices": [dated]}, ACCESS, "2020-02-01")["lacks"] == []
    reply = only({**APRIL, "replies": [{"sent_on": "2010-05-03", "states": []}]}, GUARANTEE, "2010-06-01")
    assert (reply["state"], reply["lacks"]) == ("kept", ["statutory deadline"])
    assert only({**APRIL, "replies": ["2010-05-03"]}, GUARANTEE, "2010-06-01")["lacks"] == []


def test_only_what_is_written_counts_where_the_duty_says_so() -> None:
    spoken = {**APRIL, "replies": [{"sent_on": "2010-05-03", "written": False}]}
    rule = attrs.evolve(deadline(GUARANTEE), duty=Duty(kept_by=["reply"], written=True))
    assert only(spoken, rule, "2010-05-05")["state"] == "open"
    assert only(spoken, attrs.evolve(rule, duty=Duty(kept_by=["reply"])), "2010-05-05")["state"] == "kept"


def test_what_was_undecided_when_the_law_changed_owes_both() -> None:
    asked_for = ["access/notify-or-decide"]
    assert asked({"received_on": "2013-12-20"}, asked_for, "2014-01-02") == [
        ("access/notify-or-decide", "2013-12-30", "overdue"),
        ("access/decide-transitional", "2014-01-03", "open"),
    ]
    assert asked({"received_on": "2013-12-23"}, asked_for, "2014-01-02") == [
        ("access/notify-or-decide", "2014-01-02", "does not apply"),
        ("access/decide-transitional", "2014-01-06", "open"),
    ]
    decided = {"received_on": "2013-12-20", "decided_on": "2013-12-27"}
    assert asked(decided, asked_for, "2014-01-02") == [("access/notify-or-decide", "2013-12-30", "kept")]
    assert asked({"received_on": "2013-12-20"}, asked_for, "2013-12-31") == [
        ("access/notify-or-decide", "2013-12-30", "overdue")
    ]


def test_a_rule_of_another_time_is_not_in_force() -> None:
    found = only(APRIL, ACCESS, "2010-05-01")
    assert (found["state"], found["due"], found["source"], found["kept"]) == ("not in force", None, None, None)


def test_the_earliest_due_comes_first_and_what_has_no_date_last() -> None:
    case = {"received_on": "2020-01-06"}
    kinds = ["access/notify-or-decide", "rent-tribunal/decide", REVIEW, ACCESS, "copenhagen/rent-tribunal-goal"]
    assert [due for _, due, _ in asked(case, kinds, "2020-01-10")] == [
        *("2020-01-15", "2020-02-03", "2020-05-06", "2020-07-06", None),
    ]


def test_a_follow_up_is_owed_every_six_months_until_the_case_is_closed() -> None:
    case = {"received_on": "2019-08-31", "decided_on": "2019-10-01", "follow_ups": ["2020-02-10", "2020-09-15"]}
    found = cq.obligations(case, [REVIEW], as_of="2021-01-04")
    assert [(each["number"], each["due"], each["state"], each["done_on"]) for each in found] == [
        (1, "2020-02-29", "kept", "2020-02-10"),  # the month's last day: February is short
        (2, "2020-08-31", "kept late", "2020-09-15"),  # and August is not
        (3, "2021-02-28", "kept", "2020-09-15"),
        (4, "2021-08-31", "open", None),
    ]
    assert asked({**case, "closed_on": "2020-12-01"}, [REVIEW], "2021-01-04")[2:] == []
    assert asked({"received_on": "2019-08-31", "closed_on": "2020-03-01"}, [REVIEW], "2021-01-04") == [
        ("local/review", "2020-02-29", "missed")
    ]


def test_a_follow_up_can_run_from_another_event_and_roll() -> None:
    review = attrs.evolve(REVIEW, every="4 weeks, roll forward")
    case = {"received_on": "2010-01-04", "started_on": {"local/review": "2010-03-05"}}  # four weeks on: Good Friday
    assert asked(case, [review], "2010-05-04") == [
        ("local/review", "2010-04-06", "overdue"),
        ("local/review", "2010-05-03", "overdue"),  # from 30 April, closed, which is eight weeks after the start
        ("local/review", "2010-05-28", "open"),
    ]


def test_a_follow_up_does_not_recur_by_working_days() -> None:
    with pytest.raises(UsageError, match="by the calendar"):
        attrs.evolve(REVIEW, every="20 working days")


def test_everything_that_arrives_in_a_running_case_starts_a_reply_of_its_own() -> None:
    reaction = Reaction(deadline(GUARANTEE))
    case = {
        "received_on": "2010-04-22",
        "replies": ["2010-04-28"],
        "information": ["2010-05-03", {"received_on": "2010-05-05", "channel": "telephone"}, "2010-05-10"],
    }
    assert asked(case, [GUARANTEE, reaction], "2010-05-19") == [
        (GUARANTEE, "2010-05-07", "kept"),
        (GUARANTEE, "2010-05-18", "overdue"),
        (GUARANTEE, "2010-05-26", "open"),
        (GUARANTEE, None, "does not apply"),
    ]
    replied = {**case, "replies": ["2010-04-28", "2010-05-17"]}
    assert [state for _, _, state in asked(replied, [reaction], "2010-05-19")] == ["kept", "kept", "does not apply"]


WAITING = "awaiting the citizen"
PAUSABLE = Deadline(
    id="local/permit",
    title=TITLE,
    kind="decide",
    terms="10 working days",
    calendar="dk-statutory",
    pauses=(PauseRule(WAITING, {"en": "waiting for the citizen", "da": "afventer borgeren"}),),
)


@pytest.mark.parametrize(
    ("pause", "as_of", "due", "state", "next_date"),
    [
        (None, "2010-05-03", "2010-05-07", "open", "2010-05-07"),
        (("2010-04-26", "2010-04-29"), "2010-05-03", "2010-05-11", "open", "2010-05-11"),  # 27 and 28 stood still
        (("2010-04-26", "2010-04-27"), "2010-05-03", "2010-05-07", "open", "2010-05-07"),  # overnight
        (("2010-04-26", None), "2010-04-26", "2010-05-07", "open", "2010-05-07"),  # asked on a day not yet known
        (("2010-04-26", None), "2010-04-26T12:00:00+02:00", "2010-05-07", "paused", None),
        (("2010-04-26", None), "2010-04-29", "2010-05-11", "paused", None),  # as if it were answered on that day
        (("2010-04-26", "2010-06-01"), "2010-04-29", "2010-05-11", "paused", None),  # the answer is not known yet
        (("2010-05-10", None), "2010-06-01", "2010-05-07", "overdue", "2010-06-01"),  # asked too late
    ],
)
def test_a_pause_stops_the_clock_that_allows_it(
    pause: tuple[str, str | None] | None, as_of: str, due: str, state: str, next_date: str | None
) -> None:
    pauses = [{"since": pause[0], "until": pause[1], "reason": WAITING}] if pause else []
    found = only({**APRIL, "pauses": pauses}, PAUSABLE, as_of)
    assert (found["due"], found["state"], found["next_date"]) == (due, state, next_date)
    assert found["original_due"] == due


def test_a_pause_that_the_deadline_does_not_allow_stops_nothing() -> None:
    pauses = [{"since": "2010-04-26", "until": None, "reason": WAITING}]
    assert only({**APRIL, "pauses": pauses}, GUARANTEE, "2010-05-10")["state"] == "overdue"
    other = [{"since": "2010-04-26", "until": None, "reason": "holidays"}]
    assert only({**APRIL, "pauses": other}, PAUSABLE, "2010-05-10")["state"] == "overdue"


def test_a_decision_while_the_clock_stands_still_ends_the_pause() -> None:
    pauses = [{"since": "2010-04-26", "until": None, "reason": WAITING}]
    found = only({**APRIL, "pauses": pauses, "decided_on": "2010-04-29"}, PAUSABLE, "2010-09-01")
    assert (found["due"], found["state"]) == ("2010-05-11", "kept")


def test_a_pause_that_ends_before_it_begins_is_refused() -> None:
    pauses = [{"since": "2010-04-26", "until": "2010-04-23", "reason": WAITING}]
    with pytest.raises(UsageError, match="before it begins"):
        only({**APRIL, "pauses": pauses}, PAUSABLE, "2010-05-10")


@pytest.mark.parametrize(
    ("sent_on", "due", "kept", "original_kept"),
    [
        (None, "2020-02-06", False, False),
        ("2020-02-06", "2020-03-06", True, False),
        ("2020-02-07", "2020-02-06", False, False),
    ],
)
def test_an_extension_in_time_moves_the_due_day_and_hides_no_breach(
    sent_on: str | None, due: str, kept: bool, original_kept: bool
) -> None:
    """A month, or two where the notice is sent before the month is over."""
    case = {"received_on": "2020-01-06", "decided_on": "2020-03-02", "extended": sent_on}
    found = only(case, "environment/decide", "2020-06-01")
    assert (found["due"], found["original_due"]) == (due, "2020-02-06")
    assert (found["kept"], found["original_kept"]) == (kept, original_kept)
    assert ("without the extension" in found["sentence"]["en"]) == kept


def test_a_deadline_may_run_from_another_event() -> None:
    case = {
        "received_on": "2020-01-06",
        "decided_on": "2020-01-10",
        "started_on": {"access/appeal-forwarded": "2020-02-03"},
    }
    assert asked(case, ["access/appeal-forwarded"], "2020-02-10") == [("access/appeal-forwarded", "2020-02-12", "open")]
    assert asked({**case, "forwarded_on": "2020-02-13"}, ["access/appeal-forwarded"], "2020-03-10") == [
        ("access/appeal-forwarded", "2020-02-12", "kept late")
    ]


def test_an_instant_counts_on_its_local_day() -> None:
    evening = {"received_on": dt.datetime(2010, 4, 21, 22, 30, tzinfo=dt.UTC)}  # half past midnight in Copenhagen
    assert only(evening, GUARANTEE, "2010-05-01")["due"] == "2010-05-07"
    assert only({"received_on": "2010-04-21T22:30:00+00:00"}, GUARANTEE, "2010-05-01")["started_on"] == "2010-04-22"


def test_a_schedule_gives_the_deadline_of_a_type() -> None:
    benefits = Schedule(id="benefits", title=TITLE, calendar="dk-statutory", by_kind={"loan": "2 weeks"})
    assert asked(APRIL, [benefits.deadline("loan")], "2010-05-01") == [("benefits/loan", "2010-05-06", "open")]


def test_an_obligation_says_itself_in_both_languages() -> None:
    found = only(APRIL, GUARANTEE, "2010-05-03")
    assert found["sentence"] == {
        "en": "Reply guarantee: due Friday 7 May 2010.",
        "da": "Tilbagemeldingsgaranti: fristen er fredag den 7. maj 2010.",
    }
    assert found["source"]["document"] == "BR 337/06"
    assert found["breach"]["da"].startswith("fremgår ikke af kilden")


def plain(value: Any) -> bool:
    if isinstance(value, dict):
        return all(type(key) is str and plain(each) for key, each in value.items())
    return all(map(plain, value)) if type(value) is list else value is None or type(value) in (str, int, bool)


def test_all_of_it_is_plain_data() -> None:
    case = {"received_on": dt.date(2020, 1, 6), "notices": [{"sent_on": "2020-01-15", "new_date": dt.date(2020, 2, 3)}]}
    found = cq.obligations(case, [GUARANTEE, ACCESS, REVIEW], as_of=dt.datetime(2020, 1, 20, 12, tzinfo=dt.UTC))
    assert plain(found)
    assert json.loads(json.dumps(found)) == found


def test_the_case_is_not_changed() -> None:
    case = {"received_on": "2020-01-06", "notices": [{"sent_on": "2020-01-15"}], "information": ["2020-01-08"]}
    before = json.dumps(case)
    cq.obligations(case, [GUARANTEE, ACCESS, Reaction(deadline(GUARANTEE))], as_of="2020-01-20")
    assert json.dumps(case) == before


def test_threads_that_ask_at_once_get_what_one_gets_alone() -> None:
    def ask(day: int) -> list[dict[str, Any]]:
        received = dt.date(2020, 1, 6) + dt.timedelta(days=day % 40)
        fresh = attrs.evolve(deadline(ACCESS), id="fresh")  # its tables are not made yet
        kinds: list[Any] = [GUARANTEE, ACCESS, fresh, REVIEW]
        return cq.obligations({"received_on": received, "replies": [received]}, kinds, as_of="2020-03-02")

    alone = [ask(day) for day in range(40)]
    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(ask, range(400)))
    assert together == alone * 10


@pytest.mark.parametrize(
    ("case", "error", "message"),
    [
        ({}, UsageError, "add `received_on`"),
        ({"received_on": "2020-01-06", "decided": "2020-01-07"}, UnknownName, "did you mean decided_on"),
        ({"received_on": "2020-01-06", "notices": [{"sent": "2020-01-07"}]}, UnknownName, "did you mean sent_on"),
        ({"received_on": "2020-01-06", "notices": "2020-01-07"}, UsageError, "A list is needed"),
        ({"received_on": "6 January"}, UsageError, "write it as 2010-04-22"),
        ({"received_on": None}, UsageError, "write it as 2010-04-22"),
        ({"received_on": dt.datetime(2020, 1, 6, 9)}, NaiveTime, "zone"),  # noqa: DTZ001
        ({"received_on": "2020-03-01"}, UsageError, "after the as-of"),
        ({"received_on": "2020-01-06", "decided_on": "2020-01-03"}, UsageError, "before the case was received"),
        ({"received_on": "2020-01-06", "channel": "fax"}, UsageError, "in writing, telephone, in person"),
        ({"received_on": "2020-01-06", "replies": [{"sent_on": "2020-01-07", "states": [""]}]}, UsageError, "reason"),
        ({"received_on": "2020-01-06", "started_on": "2020-01-07"}, UsageError, "{id: day}"),
        ("2020-01-06", UsageError, "A table is needed"),
    ],
)  # fmt: skip
def test_a_case_that_cannot_be_understood_is_refused(case: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error) as caught:
        cq.obligations(case, [ACCESS], as_of="2020-02-01")
    assert message in str(caught.value)
    assert "6 January" not in str(caught.value)


@pytest.mark.parametrize(
    ("kinds", "error", "message"),
    [
        (["access/decided"], UnknownName, "did you mean access/decide"),
        ("access/decide", UsageError, "kinds=[...]"),
        ([7], UsageError, "Deadline, FollowUp, Reaction"),
        (["appeals/letter-arrival"], UsageError, "Nothing is known that keeps this deadline"),
        ([attrs.evolve(deadline(ACCESS), zone="Asia/Tokyo")], UsageError, "zone='Asia/Tokyo'"),
    ],
)
def test_kinds_that_nobody_can_answer_are_refused(kinds: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error) as caught:
        cq.obligations({"received_on": "2020-01-06"}, kinds, as_of="2020-02-01")
    assert message in str(caught.value)


def test_nothing_asks_the_clock() -> None:
    with pytest.raises(TypeError, match="as_of"):
        cq.obligations(APRIL, [GUARANTEE])  # type: ignore[call-arg]
    with pytest.raises(NaiveTime, match="offset"):
        cq.obligations(APRIL, [GUARANTEE], as_of=dt.datetime(2010, 5, 1, 12))  # noqa: DTZ001
    with pytest.raises(OutsideCalendar):
        cq.obligations({"received_on": "2060-12-30"}, [GUARANTEE], as_of="2060-12-31")


def test_the_zone_decides_which_day_it_is() -> None:
    tokyo = Deadline(
        id="any", title=TITLE, kind="decide", terms="3 calendar days", calendar="dk-statutory", zone="Asia/Tokyo"
    )
    noon = dt.datetime(2010, 5, 3, 16, tzinfo=dt.UTC)  # already the 4th in Tokyo
    [found] = cq.obligations(
        {"received_on": "2010-05-01"}, [tokyo], as_of=noon + dt.timedelta(days=1), zone="Asia/Tokyo"
    )
    assert (found["due"], found["state"]) == ("2010-05-04", "overdue")
