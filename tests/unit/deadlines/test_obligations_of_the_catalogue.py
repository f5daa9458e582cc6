"""What the shipped deadlines ask of a case where it took another turn: a new decision, a notice, a withdrawal."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from casequality.deadlines import Deadline, Duty, Extended, deadline, obligations, rule_for, shipped
from casequality.errors import UsageError

DAY = dt.timedelta(days=1)
ASKED = [rule for rule in shipped() if rule.kind != "arrival"]


def states(case: dict[str, Any], *ids: str, as_of: str = "2024-12-01") -> dict[str, str]:
    return {each["id"]: each["state"] for each in obligations(case, ids, as_of=as_of)}


@pytest.mark.parametrize("name", ["access/appeal-forwarded", "access/delay-complaint-forwarded"])
def test_an_authority_that_decides_anew_need_not_forward(name: str) -> None:
    """Section 37(2): it forwards if it maintains its decision; 39(2): if it has not decided within the seven days."""
    complaint = {"received_on": "2014-04-11"}  # a Friday, due on the 25th as the worked example E16
    assert states({**complaint, "decided_on": "2014-04-25"}, name) == {name: "kept"}
    assert states({**complaint, "forwarded_on": "2014-04-25"}, name) == {name: "kept"}
    assert states({**complaint, "decided_on": "2014-04-28", "forwarded_on": "2014-04-28"}, name) == {name: "kept late"}
    assert states(complaint, name) == {name: "overdue"}


@pytest.mark.parametrize("name", ["access/appeal-decided", "access/delay-complaint-decided"])
def test_an_appeal_body_that_is_late_owes_a_notice_with_reason_and_date(name: str) -> None:
    """Sections 37(3) and 39(3): twenty working days from 3 February 2014 end on 3 March."""
    appeal: dict[str, Any] = {"received_on": "2014-02-03"}
    notice = {"sent_on": "2014-03-03", "new_date": "2014-04-01"}
    [told] = obligations({**appeal, "notices": [{**notice, "states": []}]}, [name], as_of="2014-03-10")
    assert (told["state"], told["lacks"]) == ("overdue with notice in time", ["reason"])
    assert told["communicated_due"] == "2014-04-01"
    [silent] = obligations(appeal, [name], as_of="2014-03-10")
    assert (silent["state"], silent["due"]) == ("overdue", "2014-03-03")
    assert "reason" in deadline(name).breach.en
    assert deadline(name).extension is not None


def test_the_seven_days_of_party_access_take_a_notice_as_those_of_public_access_do() -> None:
    case = {"received_on": "2014-04-11", "extended": "2014-04-15"}
    for name in ("access/decide", "party-access/decide"):
        [one] = obligations(case, [name], as_of="2014-04-20")
        assert (one["due"], one["state"]) == ("2014-04-25", "open")  # no source states a longer term
        notice = Extended(dt.date(2014, 4, 15))
        assert deadline(name).due(dt.date(2014, 4, 11), extended=notice) == dt.date(2014, 4, 25)


def test_a_request_that_passed_to_the_act_of_2013_takes_its_notice_too() -> None:
    rule, received, notice = deadline("access/decide-transitional"), dt.date(2013, 12, 27), dt.date(2014, 1, 3)
    assert rule.due(received, extended=Extended(notice)) == rule.due(received) == dt.date(2014, 1, 8)


@pytest.mark.parametrize("rule", [rule for rule in ASKED if not rule.by_the_hour], ids=lambda rule: rule.id)
@pytest.mark.parametrize("wrong", [dt.date(2024, 3, 2), "2024-03-02", 3, {"sent_on": dt.date(2024, 3, 2)}], ids=repr)
def test_pauses_and_notices_of_another_form_are_refused_with_the_form_that_is_one(rule: Deadline, wrong: Any) -> None:
    received = next(day for day in (dt.date(2013, 12, 20), dt.date(2024, 3, 18)) if rule.table().at(day) is not None)
    for asked in (rule.due, rule.explain):
        with pytest.raises(UsageError) as refused:
            asked(received, extended=wrong)
        assert ("Extended(sent_on)" if rule.extension else "no extension") in str(refused.value)
        with pytest.raises(UsageError, match="an iterable of Pause for one case"):
            asked(received, pauses=[(wrong, wrong)])  # type: ignore[list-item]
        with pytest.raises(UsageError, match="an iterable of Pause for one case"):
            asked(received, pauses=wrong)


@pytest.mark.parametrize("rule", ASKED, ids=lambda rule: rule.id)
@pytest.mark.parametrize("days", [0, 5, 400])
def test_a_withdrawal_ends_the_clock_of_every_deadline(rule: Deadline, days: int) -> None:
    """Withdrawn on the day of receipt, soon after it, and long after: never open or overdue at any later moment."""
    for received in (dt.date(2013, 12, 20), dt.date(2024, 3, 18)):
        if rule.table().at(received) is None:
            continue
        closed = received + days * DAY
        for as_of in (closed + DAY, dt.date(2026, 11, 29)):
            case = {"received_on": received, "closed_on": closed}
            found = {each["id"]: each["state"] for each in obligations(case, [rule], as_of=as_of)}
            still = set(found.values()) & {"open", "paused", "overdue", "overdue with notice in time"}
            assert not still, (received, as_of, found)
            due = rule.due(received)
            if "closing" not in rule.duty.kept_by and rule.passes_to is None:  # what is to be closed was
                assert found[rule.id] == ("does not apply" if closed <= due else "missed")


@pytest.mark.parametrize("ended", ["decided_on", "closed_on"])
def test_a_request_that_ended_before_2014_passes_to_no_act_of_2013(ended: str) -> None:
    name = "access/notify-or-decide"
    case = {"received_on": "2013-12-20", ended: "2013-12-27"}
    assert list(states(case, name)) == [name]
    later = {"received_on": "2013-12-20", ended: "2014-01-10"}
    assert set(states(later, name)) == {name, "access/decide-transitional"}
    acts = [deadline(name), deadline("access/decide")]
    assert rule_for(acts, dt.date(2013, 12, 20), dt.date(2013, 12, 27)).id == name


ASSESSED = Deadline(
    id="local/assessed",
    title={"en": "Assessed", "da": "Vurderet"},
    kind="step",
    terms="24 hours",
    calendar="dk-statutory",
    duty=Duty(kept_by=("decision",)),
)


@pytest.mark.parametrize(
    ("received", "done", "as_of", "state"),
    [
        ("2024-03-01T10:00:00+01:00", "2024-03-02T10:00:00+01:00", "2024-03-10", "kept"),
        ("2024-03-01T10:00:00+01:00", "2024-03-02T10:00:01+01:00", "2024-03-10", "kept late"),
        ("2024-03-01T10:00:00+01:00", "2024-03-01", "2024-03-10", "kept"),  # the day before, at whatever time
        ("2024-03-01T10:00:00+01:00", "2024-03-03", "2024-03-10", "kept late"),
        ("2024-03-01", "2024-03-01", "2024-03-10", "kept"),
        ("2024-03-01", "2024-03-03", "2024-03-10", "kept late"),
        ("2024-03-01T10:00:00+01:00", None, "2024-03-02T10:00:00+01:00", "open"),
        ("2024-03-01T10:00:00+01:00", None, "2024-03-02T10:00:01+01:00", "overdue"),
        ("2024-03-01T10:00:00+01:00", None, "2024-03-02", "open"),
        ("2024-03-01T10:00:00+01:00", None, "2024-03-03", "overdue"),
        ("2024-03-01", None, "2024-03-02", "open"),
        ("2024-03-01", None, "2024-03-03", "overdue"),
    ],
)
def test_hours_are_kept_to_the_second_where_the_times_are_known(
    received: str, done: str | None, as_of: str, state: str
) -> None:
    [one] = obligations({"received_on": received, **({"decided_on": done} if done else {})}, [ASSESSED], as_of=as_of)
    assert one["state"] == state
    assert one["kept"] is {"kept": True, "kept late": False, "open": None, "overdue": False}[state]
    assert one["due_at"] == ("2024-03-02T10:00:00+01:00" if "T" in received else None)


@pytest.mark.parametrize(
    ("received", "done"),
    [
        ("2024-03-01T10:00:00+01:00", "2024-03-02"),
        ("2024-03-01", "2024-03-02T09:00:00+01:00"),
        ("2024-03-01", "2024-03-02"),
    ],
)
def test_a_day_is_refused_where_the_hour_decides(received: str, done: str) -> None:
    with pytest.raises(UsageError, match="depends on the time"):
        obligations({"received_on": received, "decided_on": done}, [ASSESSED], as_of="2024-04-01")


def test_the_sentence_says_the_time() -> None:
    [one] = obligations({"received_on": "2024-03-01T10:00:00+01:00"}, [ASSESSED], as_of="2024-03-02")
    assert one["sentence"]["da"] == "Vurderet: fristen er lørdag den 2. marts 2024 kl. 10.00."
