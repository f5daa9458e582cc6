"""Which Act decides a request that was pending when the law changed (section 42(2) of the Act of 2013)."""

from __future__ import annotations

import datetime as dt

import attrs
import numpy as np
import pytest

from casequality.deadlines import Deadline, deadline, rule_for, rules_for
from casequality.errors import OutsideCalendar, UsageError

OLD, PENDING, NEW = (deadline(f"access/{name}") for name in ("notify-or-decide", "decide-transitional", "decide"))
ACTS = (OLD, NEW)
DAY = dt.date.fromisoformat

# received, decided, the rule that decides it
CASES = [
    ("2013-12-20", "2013-12-31", OLD),  # decided on the last day of the old Act
    ("2013-12-20", "2014-01-01", PENDING),
    ("2013-12-20", None, PENDING),
    ("1999-05-03", None, PENDING),  # however old
    ("1999-05-03", "1999-05-10", OLD),
    ("2013-12-31", "2014-02-03", PENDING),
    ("2014-01-01", None, NEW),
    ("2014-01-01", "2014-01-02", NEW),
]


@pytest.mark.parametrize(("received", "decided", "rule"), CASES)
def test_a_request_is_decided_under_the_act_of_its_decision(received: str, decided: str | None, rule: Deadline) -> None:
    assert rule_for(ACTS, DAY(received), DAY(decided) if decided else None) == rule
    assert rule_for(ACTS, np.datetime64(received), np.datetime64(decided) if decided else None) == rule


def test_many_requests_are_told_apart_at_once() -> None:
    received = np.array([*(case[0] for case in CASES), "1986-12-31", "NaT"], "datetime64[D]")
    decided = np.array([*(case[1] or "NaT" for case in CASES), "NaT", "NaT"], "datetime64[D]")
    rules, codes = rules_for(ACTS, received, decided)
    assert rules == (OLD, NEW, PENDING)
    assert codes.tolist() == [*(rules.index(case[2]) + 1 for case in CASES), 0, 0]
    assert rules_for(ACTS, received[0], decided)[1].tolist()[2] == codes[2]


def test_before_the_new_act_began_no_request_has_passed_to_it() -> None:
    for as_of, rule in (("2013-12-31", OLD), ("2014-01-01", PENDING)):
        assert rule_for(ACTS, DAY("2013-12-20"), as_of=DAY(as_of)) == rule


def test_the_request_of_december_2013_has_both_days_of_the_worked_example() -> None:
    received = DAY("2013-12-20")
    assert OLD.due(received) == DAY("2013-12-30")  # the notice was due under the old Act
    ruled = rule_for(ACTS, received)
    assert ruled.due(received) == DAY("2014-01-03")
    ledger = ruled.explain(received)
    assert ledger.due == DAY("2014-01-03")
    assert "from when its seven days run" in str(ledger.sources["rule"])


def test_a_day_on_which_no_rule_was_in_force_lists_when_each_was() -> None:
    with pytest.raises(OutsideCalendar) as refused:
        rule_for(ACTS, DAY("1986-12-31"))
    assert refused.value.allowed == (
        "access/notify-or-decide from 1987-01-01 to 2013-12-31",
        "access/decide from 2014-01-01",
    )


def test_a_rule_without_a_passage_decides_what_was_received_under_it() -> None:
    parties = (deadline("party-access/notify-or-decide"), deadline("party-access/decide"))
    assert rule_for(parties, DAY("2013-12-20")) == parties[0]  # the source of this Act says nothing of pending requests
    assert rule_for(parties, DAY("2014-01-02")) == parties[1]


def test_a_passage_has_a_day_and_a_rule() -> None:
    with pytest.raises(UsageError, match="both `passes_to` and `undecided_on`"):
        attrs.evolve(OLD, passes_to=None)
    with pytest.raises(UsageError, match="both `passes_to` and `undecided_on`"):
        attrs.evolve(OLD, undecided_on=None)
    assert OLD.to_dict()["transition"] == {"deadline": "access/decide-transitional", "undecided_on": "2014-01-01"}
    assert NEW.to_dict()["transition"] is None
