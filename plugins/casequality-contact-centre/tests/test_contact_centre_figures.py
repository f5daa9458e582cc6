"""Worked examples with the figures that others published, and the goals that turn with the reading."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import casequality as cq
from casequality_contact_centre import (
    AnsweredByPerson,
    AnsweredShare,
    Call,
    Calls,
    CountedAnsweredByPerson,
    CountedAnsweredShare,
    CountedCalls,
    CountedImmediatelyResolved,
    CountedMeanWait,
    CountedMedianWait,
    CountedP90Wait,
    CountedServiceLevel,
    ImmediatelyResolved,
    MeanWait,
    MedianWait,
    P90Wait,
    P95Wait,
    ServiceLevel,
)

Row = Mapping[str, Any]
NOON = dt.datetime(2010, 6, 1, 12, tzinfo=dt.UTC)


def call(*, answered: float | None = None, abandoned: float | None = None, at: dt.datetime = NOON, **other: Any) -> Row:
    """Return a call that joined the queue as it came in, and was answered or given up after so many seconds."""
    row: dict[str, Any] = {
        "offered_at": at,
        "queued_at": at,
        "answered_at": None,
        "ended_at": None,
        "answered_by": None,
        "resolved": None,
    }
    if answered is not None:
        row.update(answered_at=at + dt.timedelta(seconds=answered), ended_at=at + dt.timedelta(minutes=9))
        row.update(answered_by="person", resolved="passed on")
    if abandoned is not None:
        row.update(ended_at=at + dt.timedelta(seconds=abandoned))
    return row | other


def numbered(*groups: tuple[int, Row]) -> list[Row]:
    def rows() -> Iterator[Row]:
        for count, row in groups:
            yield from (row for _ in range(count))

    return [{"call": number, **row} for number, row in enumerate(rows())]


def counted(metric: type[cq.Metric] | cq.Metric, rows: Sequence[Row], **arguments: Any) -> Any:
    """Return June 2010, as it was known on 1 August unless said otherwise."""
    given: dict[str, Any] = {"as_of": "2010-08-01", "period": "2010-06"}
    [one] = cq.measure(metric, rows, **(given | arguments))
    return one


def figure(metric: type[cq.Metric] | cq.Metric, rows: Sequence[Row], **arguments: Any) -> Fraction:
    """Return the figure of June 2010 in the metric's unit."""
    exact: Fraction = counted(metric, rows, **arguments).value.exact
    return exact * metric.unit.scale


def test_the_mean_wait_of_the_answered_keeps_the_goal_that_the_abandoned_break() -> None:
    calls = numbered((200, call(answered=23)), (700, call(answered=22)), (100, call(abandoned=90)))
    assert figure(MeanWait, calls) == Fraction(20_000, 900) <= 25
    assert figure(MeanWait, calls, readings={"callers": "answered_and_abandoned"}) == Fraction(29_000, 1_000) > 25


def test_two_peak_days_break_the_goal_that_the_mean_of_daily_means_would_keep() -> None:
    days = [dt.datetime(2010, 6, day, 12, tzinfo=dt.UTC) for day in range(1, 23)]
    sizes = [(9, 12)] * 20 + [(24, 75)] * 2  # a hundredth of the example's 900 and 2,400 calls a day
    calls = numbered(*((count, call(answered=wait, at=day)) for day, (count, wait) in zip(days, sizes, strict=True)))
    pooled = figure(MeanWait, calls)
    daily = cq.measure(MeanWait, calls, as_of="2010-08-01", period=[f"{day:%Y-%m-%d}..{day:%Y-%m-%d}" for day in days])
    means = [daily.measurement.in_unit(each.value.exact) for each in daily if each.value.exact is not None]
    mean_of_means = sum(means, Fraction()) / len(means)
    assert (round(float(pooled), 1), round(float(mean_of_means), 1)) == (25.3, 17.7)
    assert mean_of_means <= 25 < pooled


def test_calls_resolved_at_once_miss_the_goal_of_all_calls_and_meet_it_of_the_answered() -> None:
    resolved = call(answered=5, resolved="by the contact centre")
    calls = numbered((380, resolved), (520, call(answered=5)), (100, call(abandoned=60)))
    assert figure(ImmediatelyResolved, calls) == 38 < 40
    assert round(float(figure(ImmediatelyResolved, calls, readings={"of": "answered"})), 1) == 42.2


def test_calls_resolved_at_once_of_offered_and_of_answered() -> None:
    resolved = call(answered=5, resolved="by the contact centre")
    calls = numbered((396, resolved), (484, call(answered=5)), (120, call(abandoned=60)))
    assert float(figure(ImmediatelyResolved, calls)) == 39.6
    assert figure(ImmediatelyResolved, calls, readings={"of": "answered"}) == 45


def test_answered_calls_miss_the_goal_unless_short_abandons_are_dropped() -> None:
    calls = numbered((880, call(answered=5)), (40, call(abandoned=5)), (80, call(abandoned=60)))
    assert figure(AnsweredShare, calls) == 88 < 90
    dropped = {"short_abandons": "dropped"}
    assert round(float(figure(AnsweredShare, calls, readings=dropped)), 1) == 91.7
    assert figure(AnsweredShare, calls, readings=dropped, parameters={"short_seconds": 4}) == 88
    assert figure(AnsweredShare, calls, readings=dropped, parameters={"short_seconds": 60}) == 100


VECTOR = numbered(
    (860, call(answered=20)),
    (140, call(answered=20.000001)),
    (10, call(abandoned=5)),
    (5, call(abandoned=5.000001)),
    (5, call(abandoned=20)),
    (40, call(abandoned=20.000001)),
)


@pytest.mark.parametrize(
    ("formula", "published"),
    [
        ("abandoned_within_met", 83.02),
        ("of_answered", 86.00),
        ("of_offered", 81.13),
        ("abandoned_within_dropped", 82.69),
        ("short_abandons_met", 82.08),
    ],
)
def test_the_five_formulas_of_the_service_level(formula: str, published: float) -> None:
    assert round(float(figure(ServiceLevel, VECTOR, readings={"formula": formula})), 2) == published


def test_the_answered_share_of_the_same_calls() -> None:
    assert round(float(figure(AnsweredShare, VECTOR)), 2) == 94.34
    assert round(float(figure(AnsweredShare, VECTOR, readings={"short_abandons": "dropped"})), 2) == 95.24


def test_a_service_level_has_its_own_limit() -> None:
    assert figure(ServiceLevel, VECTOR, parameters={"within_seconds": 21}) == Fraction(100_000, 1_060)
    with pytest.raises(cq.errors.UsageError, match="short abandon would be longer"):
        ServiceLevel(within_seconds=4)


def test_a_wait_begins_in_the_queue_or_on_arrival() -> None:
    calls = numbered(
        (1, call(answered=30, queued_at=NOON + dt.timedelta(seconds=10))),
        (1, call(answered=8, queued_at=None)),
    )
    assert figure(MeanWait, calls) == 10
    assert figure(MeanWait, calls, readings={"callers": "answered_from_queue"}) == 20
    assert figure(MeanWait, calls, readings={"wait": "from_arrival"}) == 19
    with pytest.raises(cq.errors.UsageError, match="begins in the queue or on arrival"):
        MeanWait(wait_from="answer")  # type: ignore[arg-type]


def test_a_quantile_is_a_whole_second_that_no_fraction_of_a_second_exceeds() -> None:
    calls = numbered((1, call(answered=10)), (1, call(answered=30.4)), (1, call(answered=30.4)))
    assert figure(MedianWait, calls) == 31
    twenty = numbered(*((1, call(answered=second)) for second in range(1, 21)))
    assert figure(P90Wait, twenty) == 18
    assert figure(P95Wait, twenty) == 19


def test_every_call_that_comes_in_counts_for_the_goal_of_an_answer_by_a_person() -> None:
    calls = numbered(
        (90, call(answered=5)),
        (4, call(answered=5, answered_by="recording")),
        (3, call(abandoned=2)),
        (2, call(abandoned=60)),
        (1, call(abandoned=8, queued_at=None)),
    )
    assert figure(AnsweredByPerson, calls) == 90
    assert figure(AnsweredByPerson, calls, readings={"short_abandons": "dropped"}) == Fraction(9_000, 97)
    assert figure(AnsweredByPerson, calls, readings={"voice_menu": "left_out"}) == Fraction(9_000, 99)


def test_an_answer_by_nobody_knows_whom_leaves_the_share_between_two_bounds() -> None:
    calls = numbered((8, call(answered=5)), (1, call(answered=5, answered_by=None)), (1, call(abandoned=60)))
    one = counted(AnsweredByPerson, calls)
    assert (one.value.exact, one.value.low, one.value.high) == (Fraction(8, 9), Fraction(8, 10), Fraction(9, 10))


def test_the_volume_counts_calls_in_the_voice_menu_unless_they_are_left_out() -> None:
    calls = numbered((7, call(answered=5)), (2, call(abandoned=60)), (1, call(abandoned=8, queued_at=None)))
    assert figure(Calls, calls) == 10
    assert figure(Calls, calls, readings={"voice_menu": "left_out"}) == 9


def test_a_call_is_looked_at_as_it_was_known() -> None:
    calls = numbered((1, call(answered=30)), (1, call(answered=5, resolved="by the contact centre")))
    moment = "2010-06-01T12:00:10+00:00"
    share = counted(AnsweredShare, calls, as_of=moment)
    assert (share.outcomes["answered"], share.outcomes["waiting"]) == (1, 1)
    resolved = counted(ImmediatelyResolved, calls, as_of=moment)
    assert (resolved.outcomes["resolved"], resolved.outcomes["waiting"]) == (1, 1)


def test_a_system_without_ends_of_calls_can_say_who_was_answered_but_not_who_gave_up_at_once() -> None:
    calls = [
        {name: value for name, value in row.items() if name != "ended_at"}
        for row in numbered((9, call(answered=5)), (1, call(abandoned=2)))
    ]
    unended = {"ends_recorded": False}
    assert figure(AnsweredShare, calls, parameters=unended) == 90
    dropped = counted(AnsweredShare, calls, parameters=unended, readings={"short_abandons": "dropped"})
    assert (dropped.value.low, dropped.value.high) == (Fraction(9, 10), Fraction(1))
    resolved = counted(ImmediatelyResolved, calls, parameters=unended)
    assert resolved.outcomes["not_answered"] == 1


@pytest.mark.parametrize(
    ("wrong", "column", "sentence"),
    [
        ({"queued_at": NOON - dt.timedelta(seconds=1)}, "queued_at", "queued before it was offered"),
        ({"queued_at": NOON + dt.timedelta(seconds=11)}, "answered_at", "answered before it was queued"),
        ({"ended_at": NOON + dt.timedelta(seconds=9)}, "ended_at", "ended before it was answered"),
    ],
)
def test_a_call_whose_times_contradict_each_other_is_found_and_in_no_figure_that_reads_them(
    wrong: Row, column: str, sentence: str
) -> None:
    calls = numbered((1, call(answered=10)), (1, call(answered=10, **wrong)))
    assert figure(MeanWait, calls) == 10
    level = counted(ServiceLevel, calls)
    assert (level.outcomes["answered_within"], level.outcomes["untimed"]) == (1, 0)
    found = cq.measure(ServiceLevel, calls, as_of="2010-08-01", period="2010-06").findings
    assert [(item.column, item.rows.tolist()) for item in found.items if item.fault == sentence] == [(column, [2])]


def test_a_wait_that_nobody_knows_is_within_no_limit() -> None:
    times = np.array([NOON.replace(tzinfo=None), "NaT"], "datetime64[us]")
    names = ("offered_at", "queued_at", "answered_at", "ended_at")
    waits = MeanWait().waits(Call(dict.fromkeys(names, times), 2))
    assert waits.at_most(0).tolist() == [True, False]
    assert waits.untimed.tolist() == [False, True]


def test_figures_of_one_count_share_one_tally() -> None:
    calls = numbered((3, call(answered=10)), (1, call(abandoned=60)))
    parts = cq.tally([MeanWait, MedianWait, P90Wait, AnsweredShare, Calls], calls, as_of="2010-08-01").parts
    first, *others = parts.values()
    assert all(np.shares_memory(first.values, other.values) for other in others)


def counted_rows(*groups: tuple[int | None, Row]) -> list[Row]:
    return [{"call": number, "times": times, **row} for number, (times, row) in enumerate(groups)]


COUNTED = counted_rows(
    (12, call(answered=10, resolved="by the contact centre")),
    (6, call(answered=40)),
    (2, call(abandoned=60)),
    (0, call(answered=500)),
)
"""On paper: 18 of 20 answered, 12 of 20 resolved and within 20 seconds, (12 x 10 + 6 x 40) / 18 = 20 seconds."""


@pytest.mark.parametrize(
    ("metric", "on_paper"),
    [
        (CountedAnsweredShare, 90),
        (CountedAnsweredByPerson, 90),
        (CountedImmediatelyResolved, 60),
        (CountedServiceLevel, 60),
        (CountedMeanWait, 20),
        (CountedMedianWait, 10),  # the 9th of 18 waits
        (CountedP90Wait, 40),  # the 17th
        (CountedCalls, 20),
    ],
    ids=lambda given: getattr(given, "id", ""),
)
def test_a_row_counts_as_many_calls_as_it_says(metric: type[cq.Metric], on_paper: int) -> None:
    one = counted(metric, COUNTED)
    assert figure(metric, COUNTED) == on_paper
    assert (one.rows, one.outcomes["no_call"]) == (4, 1)
    assert one.value.low == one.value.high == one.value.exact


def test_a_row_that_stands_for_no_call_leaves_nothing_open() -> None:
    rows = counted_rows(
        (9, call(answered=5)), (1, call(abandoned=60)), (0, call()), (0, call(answered=5, resolved=None))
    )
    for metric in (CountedAnsweredShare, CountedImmediatelyResolved):
        value = counted(metric, rows).value
        assert value.low == value.high == value.exact
    assert figure(CountedCalls, counted_rows((0, call()))) == 0


@pytest.mark.parametrize("count", [None, "many", -1, 2.5])
def test_a_count_that_nobody_can_read_leaves_the_figure_in_doubt(count: Any) -> None:
    rows = counted_rows((9, call(answered=5)), (1, call(abandoned=60)), (count, call(abandoned=60)))
    result = cq.measure(CountedAnsweredShare, rows, as_of="2010-08-01", period="2010-06")
    [one] = result
    assert (one.value.exact, one.value.low, one.value.high) == (Fraction(9, 10), Fraction(0), Fraction(1))
    assert result.accounts["set aside"] == 1
    assert [(item.column, item.rows.tolist()) for item in result.findings.items] == [("times", [3])]


def test_figures_of_counted_rows_share_one_tally() -> None:
    parts = cq.tally(
        [CountedMeanWait, CountedMedianWait, CountedAnsweredShare, CountedCalls], COUNTED, as_of="2010-08-01"
    )
    first, *others = parts.parts.values()
    assert all(np.shares_memory(first.values, other.values) for other in others)
