"""Notices that a deadline is not kept, of a case type that a project names: the memo's 11 % beside its 90 %."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import pytest

import casequality as cq
from casequality_case_flow import FlowCase, Notice
from casequality_case_flow.deadlines import Notified

PENSION = "førtidspension"
TYPES = cq.deadlines.Schedule(
    id="case-types",
    title={"en": "Case types", "da": "Sagstyper"},
    by_kind={PENSION: "13 weeks", "hjælpemidler": "4 weeks"},
    calendar="dk-statutory",
)
"""Invented; the memo does not state the deadlines."""
RECEIVED, DUE, AFTER, AS_OF = "2005-02-01", "2005-05-03", "2005-06-01", "2005-08-01"
"""Thirteen weeks from Tuesday 1 February 2005 end on Tuesday 3 May."""
Letters = Sequence[tuple[str | None, str | None, str | None]]


def case(letters: Letters, closed: str | None = None, kind: str = PENSION, received: str = RECEIVED) -> dict[str, Any]:
    return {
        "kind": kind,
        "received_on": received,
        "closed_on": closed,
        "ending": "decided" if closed else None,
        "letters": letters,
    }


def source(rows: list[dict[str, Any]], **asked: Any) -> Any:
    numbered = list(enumerate(rows, 1))
    letters = [
        {"case": number, "sent_on": sent, "promised_on": promised, "written": written}
        for number, row in numbered
        for sent, promised, written in row["letters"]
    ]
    left_out = dict.fromkeys(("notified_on", "no_notice_because"))
    return cq.source(
        [{"case": number, **{name: row[name] for name in row if name != "letters"}} for number, row in numbered],
        FlowCase,
        columns=left_out,
        children={"notices": cq.source(letters, Notice) if letters else Notice.empty(), "caseworkers": []},
        **asked,
    )


def measured(rows: list[dict[str, Any]], period: str = "2005-05", **asked: Any) -> Any:
    return cq.measure(Notified(deadlines=TYPES), source(rows), as_of=AS_OF, period=period, **asked)


def memo() -> list[dict[str, Any]]:
    """Return a thousand cases of disability pension made to have the memo's shares, and others beside them.

    900 are decided on the last day. Of the 100 over the deadline 4 have a notice with a date by the due date and 7 one
    later; 6 were told in time without a date, 3 later without one, 5 by telephone, and 75 not at all.
    """
    over: list[Letters] = [
        *[[("2005-05-03", "2005-07-01", "yes")]] * 4,
        *[[("2005-05-04", "2005-07-01", None)]] * 7,
        *[[("2005-05-03", None, None)]] * 6,
        *[[("2005-05-04", None, None)]] * 3,
        *[[("2005-05-01", "2005-07-01", "no")]] * 5,
        *[[]] * 75,
    ]
    rows = [case([], DUE) for _ in range(900)]
    rows += [case(letters, AFTER if number % 3 else None) for number, letters in enumerate(over)]
    return rows + [case([("2005-04-01", "2005-06-01", None)], kind="hjælpemidler", received="2005-04-05")] * 50


@pytest.mark.parametrize(
    ("reading", "told"), [("with_date", 11), ("in_time_with_date", 4), ("in_time", 10), ("sent", 20)]
)
def test_the_memos_eleven_per_cent_of_its_own_case_type_stands_beside_its_ninety(reading: str, told: int) -> None:
    goals = textwrap.dedent(
        f"""
        id = "memo"
        [[goal]]
        id = "told"
        metric = "case-flow.notified"
        source = "cases"
        target = "not in the source"
        where = {{ kind = "{PENSION}" }}
        readings = {{ notice = "{reading}", cohort = "due" }}
        [[goal]]
        id = "kept"
        metric = "case-flow.decided-in-time"
        source = "cases"
        target = "at least 80 %"
        where = {{ kind = "{PENSION}" }}
        readings = {{ cohort = "matured", undecided = "left_out" }}
        """
    )
    # each figure places a case by a day of its own: the notice by the due date, the decision by receipt
    [told_of, _] = cq.assess(goals, {"cases": source(memo())}, period="2005-05", as_of=AS_OF, deadlines=[TYPES])
    [_, kept] = cq.assess(goals, {"cases": source(memo())}, period="2005-02", as_of=AS_OF, deadlines=[TYPES])
    assert (told_of.numerator, told_of.denominator) == (told, 100)
    assert (kept.value, kept.denominator, str(kept.verdict)) == (Fraction(90), 1000, "met")


def test_the_memos_words_are_the_reading_where_nobody_chooses() -> None:
    [figure] = measured(memo(), where={"kind": (PENSION,)})
    assert (figure.value.numerator, figure.value.denominator) == (11, 100)
    assert figure.outcomes["closed_in_time"] == 900


def test_a_case_closed_without_a_decision_after_its_deadline_was_owed_a_notice() -> None:
    withdrawn = {**case([], AFTER), "ending": "withdrawn"}
    [figure] = measured([withdrawn, {**withdrawn, "closed_on": DUE}, case([], None, kind="andet")], period="2005")
    assert {name: rows for name, rows in figure.outcomes.items() if rows} == {
        "no_notice": 1,
        "closed_in_time": 1,
        "no_deadline": 1,
    }


def test_a_notice_before_receipt_and_a_promise_before_its_notice_are_findings_and_the_case_is_unknown() -> None:
    rows = [
        case([("2005-01-31", "2005-07-01", None)]),
        case([("2005-05-03", "2005-05-02", None)]),
        case([("2005-05-03", "2005-05-03", None)]),
        case([]),
    ]
    result = measured(rows)
    [figure] = result
    assert {name: count for name, count in figure.outcomes.items() if count} == {
        "unknown": 2,
        "in_time_with_date": 1,
        "no_notice": 1,
    }
    assert dict(figure.doubt) == {"unknown": 2}
    assert (figure.value.low, figure.value.high) == (Fraction(1, 4), Fraction(3, 4))
    assert {(each.column, each.fault): each.rows.tolist() for each in result.findings.items} == {
        ("notices.sent_on", "began before its parent"): [1],
        ("notices.promised_on", "a decision is promised for a day before the notice was sent"): [2],
    }
