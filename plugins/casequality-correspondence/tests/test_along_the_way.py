"""Word along the way and reactions, counted by hand; deadlines are invented, for the source states none."""

from __future__ import annotations

from typing import Any

import pytest

import casequality as cq
from casequality_correspondence import KeptInformed, Message, ReactedInTime, ReactionTime

MONTHLY = cq.deadlines.Deadline(
    id="keep-informed",
    title={"en": "Word along the way", "da": "Besked undervejs"},
    kind="step",
    terms="4 weeks",
    calendar="dk-statutory",
)
WEEK = cq.deadlines.Deadline(
    id="reaction",
    title={"en": "Reaction", "da": "Reaktion"},
    kind="step",
    terms="5 working days",
    calendar="dk-statutory",
)


# Received on 1 March 2010: word is due on 29 March, and four weeks after each message.
@pytest.mark.parametrize(
    ("ended", "messages", "expected"),
    [
        ("2010-03-29", [], "ended_before_due"),
        ("2010-03-30", [], "never_informed"),
        (None, [], "never_informed"),
        ("2010-04-26", ["2010-03-29"], "informed"),
        ("2010-04-27", ["2010-03-29"], "informed_sometimes"),
        ("2010-04-27", ["2010-03-30"], "informed_sometimes"),
        ("2010-05-24", ["2010-03-29", "2010-04-26"], "informed"),
        (None, ["2010-03-29", "2010-04-26"], "informed_sometimes"),
        (None, ["2010-03-29", "2010-04-26", "2010-05-20"], "running"),
        (None, ["2010-05-20"], "informed_sometimes"),
    ],
)
def test_no_silence_may_be_longer_than_the_interval(ended: str | None, messages: list[str], expected: str) -> None:
    case = {"case": 1, "administration": None, "kind": None, "received_on": "2010-03-01", "ended_on": ended}
    sent = [{"case": 1, "sent_on": each} for each in messages]
    neighbour = {**case, "case": 2, "ended_on": None}
    (figure,) = cq.measure(
        KeptInformed,
        [case, neighbour],
        children={"messages": [*sent, {"case": 2, "sent_on": "2010-03-20"}]},
        as_of="2010-06-01",
        period="2010",
        readings={"cohort": "received"},
        parameters={"interval": MONTHLY},
    )
    assert figure.outcomes[expected] >= 1
    assert sum(figure.outcomes.values()) == 2
    assert figure.outcomes["informed_sometimes"] == 1 + (expected == "informed_sometimes")


def test_one_message_is_enough_under_the_other_reading() -> None:
    """Invented: three cases that ran ten weeks; told every four weeks, once, and never."""
    told = {1: ["2010-03-29", "2010-04-26"], 2: ["2010-03-02"], 3: []}
    cases = [
        {"case": each, "administration": None, "kind": None, "received_on": "2010-03-01", "ended_on": "2010-05-10"}
        for each in told
    ]
    messages = [{"case": case, "sent_on": day} for case, days in told.items() for day in days]
    shares = []
    for reading in ("regularly", "at_all"):
        (figure,) = cq.measure(
            KeptInformed,
            cases,
            children={"messages": messages},
            as_of="2010-06-01",
            period="2010",
            readings={"informed": reading},
            parameters={"interval": MONTHLY},
        )
        shares.append((figure.value.numerator, figure.value.denominator))
    assert shares == [(1, 3), (2, 3)]


def test_no_messages_are_no_fault() -> None:
    case = {"case": 1, "administration": None, "kind": None, "received_on": "2010-03-01", "ended_on": None}
    (figure,) = cq.measure(
        KeptInformed,
        [case],
        children={"messages": Message.empty()},
        as_of="2010-03-29",
        readings={"cohort": "received"},
        parameters={"interval": MONTHLY},
    )
    assert figure.outcomes["running"] == 1


def item(number: int, reacted: str | None, ended: str | None = None) -> dict[str, Any]:
    return {
        "item": number,
        "administration": None,
        "arrived_as": "notification",
        "case_was": "running",
        "received_on": "2010-03-24",
        "reacted_on": reacted,
        "case_ended_on": ended,
    }


# Five working days from 24 March 2010, across Easter, end on 31 March.
ITEMS = [
    item(1, "2010-03-31"),
    item(2, "2010-04-06"),
    item(3, None),
    item(4, None, ended="2010-03-26"),
    item(5, None, ended="2010-03-23"),
    item(6, "2010-04-20", ended="2010-03-30"),
]


def test_a_reaction_or_the_end_of_the_case_is_in_time_or_late() -> None:
    (figure,) = cq.measure(ReactedInTime, ITEMS, as_of="2010-05-01", parameters={"deadline": WEEK})
    assert {name: rows for name, rows in figure.outcomes.items() if rows} == {
        "in_time": 3,
        "late": 1,
        "open_overdue": 1,
        "after_the_case": 1,
    }


def test_half_were_reacted_to_within_a_week_with_what_still_waits_counted() -> None:
    """2, 6, 7 and 13 days, and one waiting: after 7 days two of five wait."""
    (figure,) = cq.measure(ReactionTime, ITEMS, as_of="2010-05-01")
    assert figure.value.exact == 7
    (half_known,) = cq.measure(ReactionTime, [item(1, "2010-03-31"), item(2, None), item(3, None)], as_of="2010-05-01")
    assert half_known.value.reason == "not reached: too few have ended"
