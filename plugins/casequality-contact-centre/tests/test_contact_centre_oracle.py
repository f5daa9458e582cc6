"""Every metric under every reading, against a walk through the calls one by one; counted rows against as many calls."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any, Final

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import casequality as cq
from casequality_contact_centre import (
    AnsweredByPerson,
    AnsweredShare,
    Calls,
    CountedAnsweredByPerson,
    CountedAnsweredShare,
    CountedCalls,
    CountedImmediatelyResolved,
    CountedMeanWait,
    CountedMedianWait,
    CountedP90Wait,
    CountedP95Wait,
    CountedServiceLevel,
    ImmediatelyResolved,
    MeanWait,
    MedianWait,
    P90Wait,
    P95Wait,
    ServiceLevel,
)

Readings = Mapping[str, str]
START: Final = dt.datetime(2010, 6, 14, 9, tzinfo=dt.UTC)
MICROSECOND: Final = dt.timedelta(microseconds=1)
SHORT, WITHIN = 5 * 10**6, 20 * 10**6


@attrs.frozen
class Plain:
    """A call as plain values; no time is None."""

    offered_at: dt.datetime
    queued_at: dt.datetime | None
    answered_at: dt.datetime | None
    ended_at: dt.datetime | None
    answered_by: str | None
    resolved: str | None

    @property
    def over(self) -> bool:
        return self.answered_at is not None or self.ended_at is not None

    @property
    def in_menu(self) -> bool:
        return self.over and self.queued_at is None and self.answered_at is None

    def wait(self, since: str = "from_queue") -> int | None:
        until = self.answered_at or self.ended_at
        if until is None:
            return None
        microseconds = (
            until - (self.offered_at if since == "from_arrival" else self.queued_at or until)
        ) // MICROSECOND
        return microseconds if microseconds >= 0 else None

    def known_at(self, moment: dt.datetime) -> Plain:
        kept = attrs.asdict(self)
        for name in ("queued_at", "answered_at", "ended_at"):
            if kept[name] is not None and kept[name] >= moment:
                kept[name] = None
        if kept["answered_at"] is None:
            kept["answered_by"] = kept["resolved"] = None
        return Plain(**kept)


def share(verdicts: Sequence[str]) -> Fraction | None:
    yes, no = verdicts.count("yes"), verdicts.count("no")
    return Fraction(yes, yes + no) if yes + no else None


def gave_up(call: Plain, readings: Readings) -> str:
    wait = call.wait()
    if not call.over:
        return "open"
    if call.in_menu:
        return "no" if readings["voice_menu"] == "counted" else "out"
    if readings["short_abandons"] == "counted":
        return "no"
    if wait is None:
        return "unknown"
    return "out" if wait <= SHORT else "no"


def answered_share(calls: Sequence[Plain], readings: Readings) -> Fraction | None:
    return share(["yes" if call.answered_at else gave_up(call, readings) for call in calls])


def answered_by_person(calls: Sequence[Plain], readings: Readings) -> Fraction | None:
    verdict = {"person": "yes", "recording": "no", None: "unknown"}
    return share([verdict[call.answered_by] if call.answered_at else gave_up(call, readings) for call in calls])


def immediately_resolved(calls: Sequence[Plain], readings: Readings) -> Fraction | None:
    verdict = {"by the contact centre": "yes", "passed on": "no", None: "unknown"}
    others = "no" if readings["of"] == "all_calls" else "out"
    return share([verdict[call.resolved] if call.answered_at else others if call.over else "open" for call in calls])


def volume(calls: Sequence[Plain], readings: Readings) -> Fraction | None:
    return Fraction(sum(not call.in_menu or readings["voice_menu"] == "counted" for call in calls)) if calls else None


def service_level(calls: Sequence[Plain], readings: Readings) -> Fraction | None:
    waits = [(call.answered_at, call.wait()) for call in calls if not call.in_menu]
    answered = [wait for answered_at, wait in waits if answered_at and wait is not None]
    abandoned = [wait for answered_at, wait in waits if not answered_at and wait is not None]
    in_time, given_up_in_time = sum(w <= WITHIN for w in answered), sum(w <= WITHIN for w in abandoned)
    at_once, everybody = sum(w <= SHORT for w in abandoned), len(answered) + len(abandoned)
    numerator, denominator = {
        "of_offered": (in_time, everybody),
        "of_answered": (in_time, len(answered)),
        "abandoned_within_met": (in_time + given_up_in_time, everybody),
        "abandoned_within_dropped": (in_time, everybody - given_up_in_time),
        "short_abandons_met": (in_time + at_once, everybody),
    }[readings["formula"]]
    return Fraction(numerator, denominator) if denominator else None


def waits_of(calls: Sequence[Plain], readings: Readings) -> list[int]:
    chosen = [call for call in calls if call.answered_at]
    if readings["callers"] == "answered_from_queue":
        chosen = [call for call in chosen if call.queued_at]
    if readings["callers"] == "answered_and_abandoned":
        chosen = [call for call in calls if call.over and not call.in_menu]
    waits = [call.wait(readings["wait"]) for call in chosen]
    return [wait for wait in waits if wait is not None]


def mean_wait(calls: Sequence[Plain], readings: Readings) -> Fraction | None:
    waits = waits_of(calls, readings)
    return Fraction(sum(waits), len(waits) * 10**6) if waits else None


def quantile(p: Fraction) -> Callable[[Sequence[Plain], Readings], Fraction | None]:
    def wait(calls: Sequence[Plain], readings: Readings) -> Fraction | None:
        waits = waits_of(calls, readings)
        enough = (second for second in range(1000) if sum(w <= second * 10**6 for w in waits) >= p * len(waits))
        return Fraction(next(enough)) if waits else None

    return wait


ORACLES: Final[Mapping[type[cq.Metric], Callable[[Sequence[Plain], Readings], Fraction | None]]] = {
    AnsweredByPerson: answered_by_person,
    AnsweredShare: answered_share,
    Calls: volume,
    ImmediatelyResolved: immediately_resolved,
    MeanWait: mean_wait,
    MedianWait: quantile(Fraction(1, 2)),
    P90Wait: quantile(Fraction(9, 10)),
    P95Wait: quantile(Fraction(19, 20)),
    ServiceLevel: service_level,
}

COUNTED: Final[Mapping[type[cq.Metric], type[cq.Metric]]] = {
    CountedAnsweredByPerson: AnsweredByPerson,
    CountedAnsweredShare: AnsweredShare,
    CountedCalls: Calls,
    CountedImmediatelyResolved: ImmediatelyResolved,
    CountedMeanWait: MeanWait,
    CountedMedianWait: MedianWait,
    CountedP90Wait: P90Wait,
    CountedP95Wait: P95Wait,
    CountedServiceLevel: ServiceLevel,
}

STORED: Final = {"seconds": cq.units.SECONDS.scale}


def later(most: int) -> st.SearchStrategy[dt.timedelta]:
    """Return lengths of time that meet the limits of 5 and 20 seconds often."""
    edges = [second * 10**6 + part for second in (0, 5, 20) for part in (-1, 0, 1)]
    microseconds = st.sampled_from([edge for edge in edges if 0 <= edge <= most]) | st.integers(0, most)
    return microseconds.map(lambda length: length * MICROSECOND)


@st.composite
def plain_calls(draw: st.DrawFn) -> Plain:
    """Return a call whose times are in their order; one whose times contradict each other is in no figure."""
    offered = START + draw(later(100 * 10**6))
    queued, answered, ended = (draw(st.none() | later(most * 10**6)) for most in (30, 60, 90))
    in_queue = offered + (queued or dt.timedelta())
    served = in_queue + (answered or dt.timedelta())
    return Plain(
        offered_at=offered,
        queued_at=None if queued is None else in_queue,
        answered_at=None if answered is None else served,
        ended_at=None if ended is None else served + ended,
        answered_by=None if answered is None else draw(st.sampled_from(["person", "recording", None])),
        resolved=None if answered is None else draw(st.sampled_from(["by the contact centre", "passed on", None])),
    )


def readings_of(metric: type[cq.Metric]) -> st.SearchStrategy[dict[str, str]]:
    return st.fixed_dictionaries(
        {name: st.sampled_from(sorted(choice.alternatives)) for name, choice in metric.readings.items()}
    )


def numbered(calls: Iterable[Plain]) -> list[dict[str, Any]]:
    return [{"call": number, **attrs.asdict(call)} for number, call in enumerate(calls)]


MOMENTS: Final = st.sampled_from([90, 86_400]).map(lambda seconds: START + dt.timedelta(seconds=seconds))


@pytest.mark.parametrize("metric", list(ORACLES), ids=lambda metric: metric.id)
@settings(deadline=None)
@given(data=st.data())
def test_a_figure_is_that_of_a_walk_through_the_calls(metric: type[cq.Metric], data: st.DataObject) -> None:
    calls = data.draw(st.lists(plain_calls(), min_size=1, max_size=12))
    readings, moment = data.draw(readings_of(metric)), data.draw(MOMENTS)
    rows = numbered(calls)
    result = cq.measure(metric, rows, as_of=moment.isoformat(), period="2010-06", readings=readings)
    known = [call.known_at(moment) for call in calls if call.offered_at < moment]
    [one] = result
    expected = ORACLES[metric](known, readings)
    assert one.value.exact == (None if expected is None else expected / STORED.get(metric.unit.name, 1))
    assert one.rows == len(known)
    assert result.accounts["not yet begun"] == len(calls) - len(known)


@pytest.mark.parametrize("metric", list(COUNTED), ids=lambda metric: metric.id)
@settings(deadline=None, max_examples=40)
@given(data=st.data())
def test_a_figure_of_counted_rows_is_that_of_as_many_single_calls(metric: type[cq.Metric], data: st.DataObject) -> None:
    counted = data.draw(st.lists(st.tuples(plain_calls(), st.integers(0, 5)), min_size=1, max_size=8))
    readings, moment = data.draw(readings_of(metric)), data.draw(MOMENTS)
    given: dict[str, Any] = {"as_of": moment.isoformat(), "period": "2010-06", "readings": readings}
    rows = [
        {**row, "times": times} for row, (_, times) in zip(numbered(call for call, _ in counted), counted, strict=True)
    ]
    single = numbered(call for call, times in counted for _ in range(times))
    [one], [other] = cq.measure(metric, rows, **given), cq.measure(COUNTED[metric], single, **given)
    if metric is CountedCalls and one.rows and not other.rows:  # rows that say 0 are a count of 0, no rows are no data
        assert one.value.exact == one.value.low == one.value.high == Fraction(0)
    else:
        assert one.value == other.value
