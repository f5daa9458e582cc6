"""A notice that a term is longer: valid to the last day, an error or a mark after it."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from casequality.deadlines import Deadline, Extended, Extension, Pause, PauseRule, Term, deadline
from casequality.errors import UsageError

LARGE = Extension({"en": "large case", "da": "stor sag"}, Term.parse("1 month"))
RULE = PauseRule("asked", {"en": "asked", "da": "spurgt"})
ANSWER = Deadline(
    id="x",
    title={"en": "X", "da": "X"},
    kind="decide",
    terms="10 working days",
    calendar="dk-statutory",
    extension=LARGE,
    pauses=[RULE],
)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(f"2010-{text}")


def test_a_late_notice_is_an_error_that_names_the_day_that_stands() -> None:
    with pytest.raises(UsageError) as refused:
        ANSWER.due(day("06-07"), extended=Extended(day("06-22")))
    assert str(refused.value) == (
        "An extension that is not sent before the deadline has expired changes nothing\n"
        "  where:   x\n"
        "  got:     2010-06-22\n"
        "  allowed: sent from 2010-06-07 to 2010-06-21\n"
        "  remedy:  leave it out, the due day stays 2010-06-21; explain() shows the notice and that it is not valid"
    )


def test_the_due_day_as_it_stood_includes_the_pauses() -> None:
    asked = Pause(day("06-08"), day("06-11"), "asked")  # 9 and 10 June
    assert ANSWER.due(day("06-07"), pauses=[asked], extended=Extended(day("06-23"))) == day("07-09")


def test_an_instant_counts_by_its_local_day() -> None:
    night = dt.datetime(2010, 6, 21, 21, 59, tzinfo=dt.UTC)
    assert ANSWER.due(day("06-07"), extended=Extended(night)) == day("07-07")
    sent = np.array(["2010-06-21T21:59", "2010-06-21T22:00"], "M8[us]")
    received = np.array([day("06-07")] * 2, "M8[D]")
    assert ANSWER.due(received, extended=sent).tolist() == [day("07-07"), day("06-21")]


def test_another_roll_rule_holds_for_the_longer_term_too() -> None:
    notice = Extended(day("06-10"))
    assert ANSWER.due(day("06-03"), extended=notice) == day("07-03")  # a Saturday
    assert ANSWER.due(day("06-03"), extended=notice, roll="forward") == day("07-05")
    assert ANSWER.explain(day("06-03"), extended=notice, roll="forward").due == day("07-05")


@pytest.mark.parametrize("ask", ["due", "explain"])
def test_a_deadline_without_extension_refuses_one(ask: str) -> None:
    guarantee = deadline("copenhagen/reply-guarantee")
    with pytest.raises(UsageError, match=r"(?s)has no extension.*leave `extended` out"):
        getattr(guarantee, ask)(day("06-07"), extended=Extended(day("06-08")))


def test_an_array_of_notices_for_a_deadline_without_extension_is_refused() -> None:
    guarantee, days = deadline("copenhagen/reply-guarantee"), np.array([day("06-07")], "M8[D]")
    with pytest.raises(UsageError, match="has no extension"):
        guarantee.due(days, extended=days)
