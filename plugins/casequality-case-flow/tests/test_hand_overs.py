"""Cases that pass through several hands, on timelines reckoned by hand."""

from __future__ import annotations

from typing import Any

import pytest

import casequality as cq
from casequality_case_flow import Caseworker, FlowCase, Notice, Stay, Wait, casequality_metrics

METRICS = {metric.id.removeprefix("case-flow."): metric for metric in casequality_metrics()}
Held = tuple[str, str | None, str]


def source(*cases: tuple[Held, ...], closed: str | None = "2010-05-31") -> Any:
    rows = [
        {"case": number, "received_on": "2010-05-01", "closed_on": closed, "ending": "decided" if closed else None}
        for number, _ in enumerate(cases, 1)
    ]
    stays = [
        {"case": number, "from_on": begun, "until": until, "holder": holder}
        for number, held in enumerate(cases, 1)
        for begun, until, holder in held
    ]
    children = {
        "stays": stays or Stay.empty(),
        "waits": Wait.empty(),
        "notices": Notice.empty(),
        "caseworkers": Caseworker.empty(),
    }
    left_out = dict.fromkeys(("kind", "administration", "notified_on", "no_notice_because"))
    return cq.source(rows, FlowCase, columns=left_out, children=children)


def measured(name: str, *cases: tuple[Held, ...], **asked: Any) -> Any:
    [found] = cq.measure(METRICS[name], source(*cases, **asked), as_of="2010-09-01", period="2010-05")
    return found


@pytest.mark.parametrize(
    ("held", "hand_overs", "lost"),
    [
        ((("2010-05-01", None, "center"),), 0, 0),
        ((("2010-05-01", "2010-05-10", "center"), ("2010-05-14", None, "jobcenter")), 1, 4),
        ((("2010-05-01", "2010-05-10", "center"), ("2010-05-10", None, "jobcenter")), 1, 0),
        # only arrivals are known: nothing is lost
        ((("2010-05-01", None, "center"), ("2010-05-10", None, "jobcenter"), ("2010-05-12", None, "center")), 2, 0),
        # it comes back to the same holder after six days with nobody: no hand-over, and the days are lost all the same
        ((("2010-05-01", "2010-05-04", "center"), ("2010-05-10", None, "center")), 0, 6),
        # two hold it at once, until the 20th: only the days after that are lost
        (
            (
                ("2010-05-01", "2010-05-20", "center"),
                ("2010-05-03", "2010-05-06", "jobcenter"),
                ("2010-05-23", None, "læge"),
            ),
            2,
            3,
        ),
    ],
)
def test_a_case_passes_from_hand_to_hand_and_lies_between_them(
    held: tuple[Held, ...], hand_overs: int, lost: int
) -> None:
    beside = (("2010-05-02", "2010-05-03", "x"), ("2010-05-30", None, "y"))  # another case: one hand-over, 27 days
    for each in ((held, beside), (beside, held)):
        assert measured("hand-overs", *each).value.numerator == hand_overs + 1
        assert measured("time-between-hands", *each).value.numerator == lost + 27
    alone = measured("hand-overs", held), measured("time-between-hands", held)
    assert [found.value.exact for found in alone] == [hand_overs, lost]


def test_cases_with_several_holders_are_a_share_of_those_whose_holders_are_known() -> None:
    found = measured(
        "several-holders",
        (("2010-05-01", None, "a"),),
        (("2010-05-01", None, "a"), ("2010-05-02", None, "b")),
        (("2010-05-01", None, "a"), ("2010-05-02", None, "a")),
        (),
    )
    assert (found.value.numerator, found.value.denominator, found.outcomes["no_stay"]) == (1, 3, 1)
    assert {name: rows for name, rows in found.outcomes.items() if rows} == {"several": 1, "one": 2, "no_stay": 1}


def test_an_arrival_before_the_case_was_received_and_a_stay_that_ends_before_it_begins_are_findings() -> None:
    rows = source(
        (("2010-04-30", None, "a"),),
        (("2010-05-10", "2010-05-09", "a"),),
        (("2010-05-10", None, "a"),),
    )
    result = cq.measure(METRICS["hand-overs"], rows, as_of="2010-09-01", period="2010-05")
    assert {(each.column, each.fault): each.rows.tolist() for each in result.findings.items} == {
        ("stays.from_on", "began before its parent"): [1],
        ("stays.until", "ended before it began"): [2],
    }
    [found] = result
    assert (found.doubt["unknown"], found.value.denominator) == (2, 1)
