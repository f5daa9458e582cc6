"""What a deadline asks for as data: what obligations and metrics can act on."""

from __future__ import annotations

import json

import pytest

from casequality.citation import Citation
from casequality.deadlines import DelayNotice, Duty, deadline, shipped
from casequality.errors import UsageError

BY_KIND: dict[str, set[tuple[str, ...]]] = {
    "decide": {("decision",)},
    "notify or decide": {("decision", "notice")},
    "acknowledge": {("reply", "decision"), ("reply",)},
    "goal": {("closing",), ("decision",)},
    "step": {("notification",), ("closing",), ("decision", "forwarding"), ("forwarding", "decision"), ("decision",)},
    "reply": {("reply",)},
    "appeal": {("complaint",)},
    "arrival": {()},
}


def test_what_keeps_a_deadline_follows_from_its_kind() -> None:
    for rule in shipped():
        assert rule.duty.kept_by in BY_KIND[rule.kind], rule.id


def test_an_acknowledgement_keeps_no_decision_deadline_but_a_decision_keeps_a_reply_guarantee() -> None:
    guarantee = deadline("copenhagen/reply-guarantee").duty
    assert guarantee == Duty(
        kept_by=("reply", "decision"),
        written=True,
        says=("statutory deadline",),
        not_for=("telephone", "in person"),
        replaced_by_shorter=True,
    )
    for rule in shipped():
        if rule.kind in ("decide", "notify or decide"):
            assert "reply" not in rule.duty.kept_by
            assert not rule.duty.replaced_by_shorter


def test_a_notice_under_the_old_acts_says_the_reason_and_a_day() -> None:
    for rule in shipped():
        if rule.kind == "notify or decide":
            assert rule.duty.says == ("reason", "expected date")


def test_the_act_of_2013_owes_a_notice_but_does_not_say_by_when() -> None:
    notice = deadline("access/decide").duty.delay_notice
    assert notice == DelayNotice(says=("reason", "expected date"))
    assert not notice.before_expiry


def test_a_duty_is_plain_data() -> None:
    duty = Duty(
        kept_by=["decision"],
        says="reason",
        delay_notice=DelayNotice(says=["reason"], written=True),
        law=Citation(title="Act"),
    )
    assert json.loads(json.dumps(duty.to_dict())) == {
        "kept_by": ["decision"],
        "written": False,
        "says": ["reason"],
        "not_for": [],
        "replaced_by_shorter": False,
        "delay_notice": {"says": ["reason"], "written": True, "before_expiry": False},
        "law": {"title": "Act", "certain": True},
    }


@pytest.mark.parametrize(
    ("words", "allowed"),
    [
        ({"kept_by": ["receipt"]}, "decision"),
        ({"says": ["excuse"]}, "expected date"),
        ({"not_for": ["letter"]}, "telephone"),
    ],
)
def test_an_unknown_word_lists_those_that_a_duty_knows(words: dict[str, list[str]], allowed: str) -> None:
    with pytest.raises(UsageError) as refused:
        Duty(**words)  # type: ignore[arg-type]
    assert (refused.value.what, refused.value.where) == ("Unknown word in a duty", next(iter(words)))
    assert allowed in str(refused.value)
