"""Cases closed and opened again, by each policy; and times net of waiting. Expected answers were reckoned on paper."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import casequality as cq
from casequality.deadlines import PauseRule, clocks
from casequality_case_flow import FlowCase, Notice, Wait, casequality_metrics, reopened
from casequality_case_flow.net import DecidedInTimeNet
from casequality_case_flow.reopened import POLICIES, Policy

METRICS = {metric.id.removeprefix("case-flow."): metric for metric in casequality_metrics()}
AS_OF = "2010-09-01"
TYPES = cq.deadlines.Schedule(
    id="case-types",
    title={"en": "Case types", "da": "Sagstyper"},
    by_kind={"aid": "10 working days"},
    calendar="dk-statutory",
    pauses=[PauseRule("closed", {"en": "the case was closed", "da": "sagen var lukket"})],
)


def spell(case: object, opened: str | None, closed: str | None = None, ending: str = "decided") -> dict[str, Any]:
    return {
        "case": case,
        "kind": "aid",
        "opened_on": opened,
        "closed_on": closed,
        "ending": ending if closed else None,
    }


# Case 1 is closed after 7 days, opened again 10 days later and closed after another 5; 2 is closed and opened again on
# one day, the 4th of June; 3 is never opened again; 4 is opened again and still open.
SPELLS = [
    spell(1, "2010-05-20", "2010-05-25"),
    spell(1, "2010-05-03", "2010-05-10"),
    spell(2, "2010-06-01", "2010-06-04", "withdrawn"),
    spell(2, "2010-06-04", "2010-06-10"),
    spell(3, "2010-05-03", "2010-05-04"),
    spell(4, "2010-05-03", "2010-05-31"),
    spell(4, "2010-07-01"),
]


def figure(name: str, policy: Policy, rows: list[dict[str, Any]] = SPELLS, **asked: Any) -> Any:
    [found] = cq.measure(METRICS[name], reopened(rows, policy).source(), as_of=AS_OF, period="2010-H1", **asked)
    return found


@pytest.mark.parametrize(
    ("policy", "received", "closed", "backlog", "days"),
    [
        # 1: 22 days from first opening to last end; 2: 9; 3: 1
        ("continue", 4, 3, 1, Fraction(22 + 9 + 1, 3)),
        # 1: 5; 2: 6; 3: 1; 4 is opened in July
        ("restart", 3, 3, 0, Fraction(5 + 6 + 1, 3)),
        # each row: 7, 5, 3, 6, 1, 28, and the open one of July
        ("new case", 6, 6, 0, Fraction(7 + 5 + 3 + 6 + 1 + 28, 6)),
    ],
)
def test_each_policy_makes_other_cases_of_the_same_openings(
    policy: Policy, received: int, closed: int, backlog: int, days: Fraction
) -> None:
    found = {name: figure(name, policy).value.exact for name in ("received", "closed", "backlog", "processing-time")}
    assert found == {"received": received, "closed": closed, "backlog": backlog, "processing-time": days}


def test_a_case_that_is_closed_and_opened_again_on_one_day_counts() -> None:
    rows = [spell(2, "2010-06-04", "2010-06-04"), spell(2, "2010-06-04")]
    counts = {policy: figure("received", policy, rows).value.exact for policy in POLICIES}
    assert counts == {"continue": 1, "restart": 1, "new case": 2}
    assert {policy: figure("closed", policy, rows).value.exact for policy in POLICIES} == {
        "continue": 0,
        "restart": 0,
        "new case": 1,
    }


def test_the_time_while_a_case_was_closed_is_taken_out_of_its_net_time() -> None:
    """Case 1 was closed for 10 of its 22 days, case 2 for none of its 9, case 3 was never opened again."""
    assert figure("net-processing-time", "continue").value.exact == Fraction(12 + 9 + 1, 3)
    assert figure("net-processing-time-median", "continue").value.exact == 9
    assert figure("processing-time-median", "continue").value.exact == 9
    assert figure("net-processing-time", "new case").value.exact == figure("processing-time", "new case").value.exact


def net(*waits: tuple[str, str | None], closed: str | None = "2010-05-31") -> Any:
    rows = [{"case": 1, "since": since, "until": until, "reason": "citizen"} for since, until in waits]
    cases = [{"case": 1, "kind": "aid", "received_on": "2010-05-01", "closed_on": closed, "ending": "decided"}]
    source = cq.source(
        cases,
        FlowCase,
        columns=dict.fromkeys(("administration", "notified_on", "no_notice_because")),
        children={"waits": rows or Wait.empty(), "caseworkers": [], "notices": Notice.empty()},
    )
    return cq.measure(METRICS["net-processing-time"], source, as_of=AS_OF, period="2010-05")


@pytest.mark.parametrize(
    ("waits", "days"),
    [
        ((), 30),
        ((("2010-05-10", "2010-05-20"),), 20),
        ((("2010-05-10", "2010-05-10"),), 30),
        ((("2010-05-10", "2010-05-20"), ("2010-05-15", "2010-05-25")), 15),  # what overlaps is taken out once
        ((("2010-05-10", "2010-05-25"), ("2010-05-12", "2010-05-14"), ("2010-05-20", "2010-05-26")), 14),
        ((("2010-05-21", None),), 20),  # a wait that nobody ended lasts until the case ends
        ((("2010-05-21", "2010-07-01"),), 20),
        ((("2010-06-10", "2010-06-20"),), 30),
    ],
)
def test_waits_are_taken_out_once_and_between_receipt_and_end(
    waits: tuple[tuple[str, str | None], ...], days: int
) -> None:
    [found] = net(*waits)
    assert found.value.exact == days


def test_a_wait_before_receipt_is_a_finding() -> None:
    result = net(("2010-04-30", "2010-05-10"))
    assert [(each.column, each.fault) for each in result.findings.items] == [("waits.since", "began before its parent")]
    assert result.measurement.figures[0].value.exact is None


def test_spells_that_contradict_each_other_are_findings_and_leave_the_figure_in_doubt() -> None:
    rows = [
        spell(1, "2010-05-03", "2010-05-20"),
        spell(1, "2010-05-10", "2010-05-25"),  # overlaps
        spell(2, "2010-05-03"),
        spell(2, "2010-05-10", "2010-05-25"),  # the first was never closed
        spell(3, "2010-05-03", "2010-05-02"),
        spell(4, None, "2010-05-02"),
        spell(5, "2010-05-03", "2010-05-05"),
    ]
    for policy in POLICIES:
        made = reopened(rows, policy)
        assert made.faulty == {
            "rows of one case that overlap": (1, 2),
            "a row that is open although another one follows": (3, 4),
            "a row that is closed before it is opened": (5,),
            "a row without a day of opening": (6,),
        }
        result = cq.measure(METRICS["received"], made.source(), as_of=AS_OF, period="2010-05")
        [found] = result
        assert found.value.low == 1
        assert found.value.high == 5
        assert result.accounts["undated"] == 4


def test_an_unknown_policy_and_a_day_that_is_none_are_errors_that_repeat_no_cell() -> None:
    with pytest.raises(cq.errors.UsageError, match="continue, restart"):
        reopened(SPELLS, "again")  # type: ignore[arg-type]
    with pytest.raises(cq.errors.InputError) as fault:
        reopened([spell(1, "Jens Jensen")], "restart")
    assert "row 1, opened_on" in str(fault.value)
    assert "Jens" not in str(fault.value)


days = st.integers(0, 40)


@settings(deadline=None)
@given(st.lists(days, min_size=1, max_size=7), st.sampled_from(POLICIES))
def test_cases_start_and_are_due_as_the_clocks_of_one_case_are(cuts: list[int], policy: Policy) -> None:
    """Against `clocks`, which reckons each case by itself; days of May and June 2010 in order are openings and ends."""
    ordered = [dt.date(2010, 5, 3) + dt.timedelta(days=day) for day in sorted(cuts)]
    spells: list[tuple[dt.date, dt.date | None]] = list(zip(ordered[::2], ordered[1::2], strict=False))
    if len(ordered) % 2:
        spells.append((ordered[-1], None))
    rule = cq.deadlines.Deadline(
        id="aid",
        title=TYPES.title,
        kind="reply",
        terms="10 working days",
        calendar="dk-statutory",
        pauses=[PauseRule("closed", {"en": "the case was closed", "da": "sagen var lukket"})],
    )
    expected = clocks(rule, spells, policy)
    made = reopened([{**spell(1, None), "opened_on": opened, "closed_on": shut} for opened, shut in spells], policy)
    assert [(case["received_on"], case["closed_on"]) for case in made.cases] == [
        (each.start, each.last_closed) for each in expected
    ]
    in_time = [
        each.last_closed <= rule.due(each.start, pauses=each.pauses)
        for each in expected
        if each.last_closed is not None
    ]
    [found] = cq.measure(
        DecidedInTimeNet(deadlines=TYPES),
        reopened([{**row, "ending": "decided"} for row in rows_of(spells)], policy).source(),
        as_of=AS_OF,
        period="2010",
    ) or [None]
    counted = (found.value.numerator, found.value.denominator) if found else (0, 0)
    assert counted == (sum(in_time), len(in_time))


def rows_of(spells: list[tuple[dt.date, dt.date | None]]) -> list[dict[str, Any]]:
    return [{**spell(1, None), "opened_on": opened, "closed_on": shut} for opened, shut in spells]
