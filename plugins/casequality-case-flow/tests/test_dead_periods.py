"""Dead periods: timelines written by hand, and sums that must come out to the microsecond."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import casequality as cq
from casequality_case_flow import Event, LoggedCase
from casequality_case_flow.causes import IdleTimeByCause, TimeByCause
from casequality_case_flow.dead_periods import DeadPeriods, DeadTimeShare, TimeByHolder, WithDeadPeriod
from casequality_case_flow.kept_without import KeptWithoutDeadTime
from casequality_case_flow.logs import CAUSES

START = dt.datetime(2006, 3, 1, 9, tzinfo=dt.UTC)
DAY = 86_400_000_000
TYPES = cq.deadlines.Schedule(
    id="case-types",
    title={"en": "Case types", "da": "Sagstyper"},
    by_kind={"pension": "40 calendar days"},
    calendar="dk-statutory",
)


def at(days: float) -> dt.datetime:
    return START + dt.timedelta(days=days)


def measured(metric: Any, *timelines: tuple[float | None, list[tuple[Any, ...]]], **readings: str) -> Any:
    """Return the figures of cases that each begin at the start, end after some days, and have events.

    An event is a number of days after the start, a holder and a cause.
    """
    cases, events = [], []
    for number, (lasting, log) in enumerate(timelines):
        end = None if lasting is None else at(lasting)
        cases.append({"case": number, "kind": "pension", "received_at": START, "decided_at": end})
        names = ("at", "holder", "cause")
        events += [{"case": number, **dict(zip(names, (at(row[0]), *row[1:], None), strict=False))} for row in log]
    source = cq.source(cases, LoggedCase, children={"events": events or Event.empty()})
    return cq.measure(metric, source, as_of="2007-01-01", period="2006", readings=readings)


def by_facet(result: Any) -> dict[str, Any]:
    return {figure.facet: figure.value.exact for figure in result if figure.value.exact}


TIMELINE = [
    (1, "active"),
    (3, "citizen", "citizen"),
    (33, "internal", "organisation"),
    (53, "third_party", "third_party"),
    (58, "statutory_step", "legal_requirements"),
    (60, "internal", "citizen"),
    (80, None),
    (95, "internal"),
    (100, "active"),
]
"""From day 0: 1 unrecorded, 2 active, 30 with the citizen, 20 internal, 5 third party, 2 statutory, 20 internal with
a stated cause that contradicts it, 15 unrecorded, 5 internal, then active until day 101."""


def test_every_day_of_a_case_is_in_the_class_of_who_holds_it() -> None:
    assert by_facet(measured(TimeByHolder, (101, TIMELINE))) == {
        "active": (1 + 2 + 5 + 1) * DAY,
        "citizen": 30 * DAY,
        "third_party": 5 * DAY,
        "statutory_step": 2 * DAY,
        "internal_idle": 40 * DAY,
        "unexplained": 15 * DAY,
    }


def test_causes_stand_beside_the_classes_and_idle_time_has_none_outside() -> None:
    every = by_facet(measured(TimeByCause, (101, TIMELINE)))
    idle = by_facet(measured(IdleTimeByCause, (101, TIMELINE)))
    assert every == {
        "citizen": 30 * DAY,
        "organisation": 20 * DAY,
        "third_party": 5 * DAY,
        "legal_requirements": 2 * DAY,
        "contradicted": 20 * DAY,
        "not_stated": 24 * DAY,
    }
    assert idle == {"organisation": 20 * DAY, "contradicted": 20 * DAY}
    assert not {"citizen", "third_party"} & {figure.facet for figure in measured(IdleTimeByCause, (101, TIMELINE))}


RANKS = (None, "active", "citizen", "third_party", "statutory_step", "internal")
HELD = dict(
    zip(RANKS, ("unexplained", "active", "citizen", "third_party", "statutory_step", "internal_idle"), strict=True)
)


@pytest.mark.parametrize(("lower", "higher"), list(combinations(RANKS, 2)))
def test_of_two_events_at_one_instant_the_one_decides_that_is_last_in_rank(lower: str, higher: str) -> None:
    for pair in ([(1, lower), (1, higher)], [(1, higher), (1, lower)]):
        assert by_facet(measured(TimeByHolder, (41, pair))) == {"active": 1 * DAY} | (
            {"active": 41 * DAY} if HELD[higher] == "active" else {HELD[higher]: 40 * DAY}
        )


@pytest.mark.parametrize(("lower", "higher"), list(combinations((None, *CAUSES), 2)))
def test_of_two_causes_at_one_instant_with_one_holder_the_later_of_the_list_decides(lower: str, higher: str) -> None:
    for pair in ([(1, "active", lower), (1, "active", higher)], [(1, "active", higher), (1, "active", lower)]):
        assert by_facet(measured(TimeByCause, (41, pair))) == {"not_stated": 1 * DAY, higher: 40 * DAY}


def test_the_dead_share_holds_what_is_unexplained_only_where_that_is_chosen() -> None:
    [recorded] = measured(DeadTimeShare, (101, TIMELINE))
    [all_of_it] = measured(DeadTimeShare, (101, TIMELINE), unexplained="dead")
    assert (recorded.value.exact, all_of_it.value.exact) == (Fraction(40, 101), Fraction(55, 101))


def test_dead_periods_are_counted_and_a_case_without_any_counts_as_none() -> None:
    figures = by_facet(measured(DeadPeriods, (101, TIMELINE), (5, [(1, "internal")])))
    assert figures == {"internal_idle": 2, "unexplained": 1}
    [quiet, _] = measured(DeadPeriods, (5, [(1, "internal")]))
    assert quiet.value.exact == 0


@pytest.mark.parametrize(
    ("threshold", "lasting", "dead"),
    [
        ("14 calendar days", 14, 0),
        ("14 calendar days", 14.0001, 1),
        ("10 working days", 14, 0),  # the tenth working day after Wednesday 1 March 2006 is Wednesday 15 March
        ("10 working days", 14.0001, 1),
        ("2 weeks", 14.0001, 1),
    ],
)
def test_a_standstill_counts_once_it_is_longer_than_the_threshold(threshold: str, lasting: float, dead: int) -> None:
    figures = by_facet(measured(DeadPeriods(threshold=threshold), (lasting, [(0, "internal")])))
    assert figures.get("internal_idle", 0) == dead


def test_working_days_leave_out_easter() -> None:
    """From Wednesday 12 April 2006 the second working day is Wednesday 19 April, seven days later."""
    wednesday = [(0, "active"), (42, "internal")]
    for lasting, dead in ((49, 0), (49.01, 1)):
        figures = by_facet(measured(DeadPeriods(threshold="2 working days"), (lasting, wednesday)))
        assert figures.get("internal_idle", 0) == dead
    assert by_facet(measured(DeadPeriods(threshold="2 calendar days"), (49, wednesday)))["internal_idle"] == 1


def test_a_bare_number_of_days_is_no_threshold() -> None:
    with pytest.raises(cq.errors.UsageError, match="working days"):
        DeadPeriods(threshold="14 days")


def test_a_reminder_that_leaves_the_case_with_the_citizen_ends_nothing_and_starts_nothing() -> None:
    log = [(0, "internal"), (2, "citizen"), (20, "citizen"), (40, "citizen")]
    assert by_facet(measured(TimeByHolder, (60, log))) == {"active": 2 * DAY, "citizen": 58 * DAY}


def test_a_late_case_is_held_against_its_deadline_without_its_dead_time() -> None:
    """The deadline is 40 days. 60 days with 20 idle keep it; with 19 they do not; 20 unexplained ones may."""
    [figure] = measured(
        KeptWithoutDeadTime(deadlines=TYPES),
        (60, [(0, "active"), (5, "internal"), (25, "active")]),
        (60, [(0, "active"), (5, "internal"), (24, "active")]),
        (60, [(0, "active"), (5, None), (25, "active")]),
        (60, [(0, "active"), (5, "citizen"), (25, "active")]),
        (40, [(5, "internal")]),
    )
    assert {name: count for name, count in figure.outcomes.items() if count} == {
        "in_time": 1,
        "kept_without_idle": 1,
        "kept_without_unexplained": 1,
        "late_anyway": 2,
    }
    assert (figure.value.exact, figure.value.low, figure.value.high) == (
        Fraction(1, 3),
        Fraction(1, 4),
        Fraction(2, 4),
    )


def test_an_open_case_counts_with_its_time_so_far_only_where_that_is_chosen() -> None:
    readings = {"cohort": "received", "open_cases": "so_far"}
    so_far = by_facet(measured(TimeByHolder, (None, [(1, "citizen")]), **readings))
    to_new_year = (dt.datetime(2006, 12, 31, 23, tzinfo=dt.UTC) - at(1)) // dt.timedelta(microseconds=1)
    assert so_far == {"active": DAY, "citizen": to_new_year}
    assert by_facet(measured(TimeByHolder, (None, [(1, "citizen")]), cohort="received")) == {}


def test_an_unexplained_standstill_leaves_open_whether_a_case_has_a_dead_period() -> None:
    [figure] = measured(WithDeadPeriod, (20, [(0, "internal")]), (20, []), (20, [(0, "active")]))
    assert (figure.value.exact, figure.value.low, figure.value.high) == (
        Fraction(1, 2),
        Fraction(1, 3),
        Fraction(2, 3),
    )


def test_an_event_before_receipt_or_without_a_date_makes_its_case_unknown() -> None:
    cases = [{"case": number, "received_at": START, "decided_at": at(30)} for number in (1, 2, 3)]
    events = [
        {"case": 1, "at": at(-1), "holder": "citizen"},
        {"case": 2, "at": None, "holder": "citizen"},
        {"case": 3, "at": at(1), "holder": "citizen"},
    ]
    result = cq.measure(
        TimeByHolder,
        cq.source(cases, LoggedCase, children={"events": events}),
        as_of="2007-01-01",
        period="2006",
    )
    assert {name: count for name, count in next(iter(result)).outcomes.items() if count} == {
        "unknown": 1,
        "undated": 1,
        "decided": 1,
    }
    assert [finding.fault for finding in result.findings.items] == ["began before its parent"]


def test_an_unknown_holder_is_set_aside_and_its_case_unknown() -> None:
    result = measured(TimeByHolder, (30, [(1, "somebody")]), (30, [(1, "citizen")]))
    assert next(iter(result)).outcomes["unknown"] == 1
    assert [finding.fault for finding in result.findings.items] == ["unknown code"]


moments = st.integers(0, 60 * DAY)
holders = st.sampled_from(["active", "citizen", "third_party", "statutory_step", "internal", None])
logs = st.lists(st.tuples(moments, holders), max_size=6)


@settings(deadline=None)
@given(st.lists(st.tuples(moments, logs), min_size=1, max_size=5), st.sampled_from(["1 working day", "3 weeks"]))
def test_classes_and_causes_add_up_to_decision_minus_receipt(
    drawn: list[tuple[int, list[tuple[int, str | None]]]], threshold: str
) -> None:
    timelines = [(ticks / DAY, [(when / DAY, holder) for when, holder in log]) for ticks, log in drawn]
    expected = sum((at(lasting) - START) // dt.timedelta(microseconds=1) for lasting, _ in timelines)
    for metric in (TimeByHolder(threshold=threshold), TimeByCause(threshold=threshold)):
        figures = list(measured(metric, *timelines))
        assert sum(figure.value.numerator or 0 for figure in figures) == expected
        assert {figure.value.denominator for figure in figures} == {len(drawn)}
