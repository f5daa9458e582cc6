"""Changes of caseworker, counted by hand."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import casequality as cq
from casequality_case_flow import FlowCase
from casequality_case_flow.caseworkers import CaseworkerChanges, ToldOfChanges

CASES = [
    {"case": number, "kind": "care", "received_on": "2005-03-01", "closed_on": None if number == 4 else "2005-06-01",
     "ending": None if number == 4 else "decided"}
    for number in range(1, 6)
]  # fmt: skip
TAKEN_OVER = [
    (1, "2005-03-01", "A", None),
    (1, "2005-04-01", "B", "yes"),
    (1, "2005-05-01", "A", "yes"),
    (2, "2005-03-01", "B", None),
    (2, "2005-03-20", "B", None),
    (3, "2005-03-01", "A", "yes"),
    (3, "2005-03-02", "C", "no"),
    (4, "2005-03-01", "C", None),
    (4, "2005-03-05", "A", None),
]


def measured(metric: type[cq.Metric], **readings: str) -> Any:
    rows = [dict(zip(("case", "from_on", "worker", "told"), row, strict=True)) for row in TAKEN_OVER]
    cases = cq.source(CASES, FlowCase, children={"caseworkers": rows})
    [figure] = cq.measure(metric, cases, as_of="2006-01-01", period="2005", readings=readings)
    return figure


def test_a_change_is_another_caseworker_than_the_one_before() -> None:
    """Case 1 changes twice, 2 never, 3 once, 4 (open) once; 5 has no caseworker recorded."""
    assert measured(CaseworkerChanges).value.exact == Fraction(3, 3)
    assert measured(CaseworkerChanges, cohort="received", open_cases="so_far").value.exact == Fraction(4, 4)
    assert measured(CaseworkerChanges, cohort="received").outcomes["no_caseworker"] == 1


def test_the_citizen_was_told_of_every_change_or_not() -> None:
    figure = measured(ToldOfChanges)
    assert {name: count for name, count in figure.outcomes.items() if count} == {
        "unchanged": 2,
        "not_told": 1,
        "not_recorded": 1,
        "told": 1,
    }
    assert (figure.value.exact, figure.value.low, figure.value.high) == (
        Fraction(1, 2),
        Fraction(1, 3),
        Fraction(2, 3),
    )
