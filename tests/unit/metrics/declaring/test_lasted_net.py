"""How long cases lasted net of their waits, against counting the days one by one."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casequality.deadlines import Pauses
from casequality.errors import UsageError
from casequality.metrics import AsOf

AS_OF = AsOf.at("2024-05-01", zone="Europe/Copenhagen")
START = dt.date(2024, 3, 1)
Wait = tuple[int, int | None]


def day(number: int) -> dt.date:
    return START + dt.timedelta(days=number)


def columns(waits: list[list[Wait]]) -> Pauses:
    rows = [(case, since, until) for case, mine in enumerate(waits) for since, until in mine]
    of = np.array([case for case, _, _ in rows], np.int64)
    since = np.array([day(since) for _, since, _ in rows], "M8[D]")
    until = np.array([None if until is None else day(until) for _, _, until in rows], "M8[D]")
    return Pauses(of, since, until, "applicant")


def by_hand(begun: dt.date, ended: dt.date, waits: list[Wait]) -> int:
    counted = 0
    for number in range((ended - begun).days):
        at = begun + dt.timedelta(days=number + 1)
        counted += not any(day(since) < at and (until is None or at < day(until)) for since, until in waits)
    return counted


WAITS = st.tuples(st.integers(-5, 70), st.none() | st.integers(0, 30)).map(
    lambda pair: (pair[0], None if pair[1] is None else pair[0] + pair[1])
)
CASES = st.lists(
    st.tuples(st.integers(0, 20), st.none() | st.integers(0, 40), st.lists(WAITS, max_size=4)), min_size=1, max_size=6
)


@settings(max_examples=60)
@given(CASES, st.randoms(use_true_random=False))
def test_whatever_the_waits_each_day_counts_once_or_not_at_all(
    cases: list[tuple[int, int | None, list[Wait]]], chance: object
) -> None:
    begun = np.array([day(start) for start, _, _ in cases], "M8[D]")
    ended = np.array([None if lasts is None else day(start + lasts) for start, lasts, _ in cases], "M8[D]")
    waits = columns([mine for _, _, mine in cases])
    order = list(range(len(waits)))
    chance.shuffle(order)  # type: ignore[attr-defined]
    mixed = Pauses(waits.of[order], waits.since[order], waits.until[order], waits.reasons)
    found = AS_OF.lasted(begun, ended, pauses=mixed)
    expected = [
        by_hand(day(start), day(start + lasts) if lasts is not None else dt.date(2024, 5, 1), mine)
        for start, lasts, mine in cases
    ]
    assert found.astype(int).tolist() == expected


def test_three_building_cases_take_thirty_days_net_on_average() -> None:
    """On paper: 40 days less nine of waiting are 31; 29 less none; 45 less 15 in two waits that overlap are 30."""
    begun = np.array([START] * 3, "M8[D]")
    ended = np.array([day(40), day(29), day(45)], "M8[D]")
    waits = columns([[(10, 20)], [], [(10, 20), (15, 26)]])
    found = AS_OF.lasted(begun, ended, pauses=waits).astype(int)
    assert (found.tolist(), found.mean()) == ([31, 29, 30], 30.0)
    assert AS_OF.lasted(begun, ended).astype(int).tolist() == [40, 29, 45]


def test_a_case_with_a_faulty_wait_or_without_a_beginning_is_not_known() -> None:
    begun = np.array([START, "NaT", START], "M8[D]")
    ended = np.array([day(10)] * 3, "M8[D]")
    found = AS_OF.lasted(begun, ended, pauses=columns([[(5, 3)], [(1, 4)], [(1, 4)]]))
    assert np.isnat(found).tolist() == [True, True, False]


def test_instants_are_refused() -> None:
    moments = np.array(["2024-03-01T10:00"], "M8[us]")
    with pytest.raises(UsageError, match="counted in days"):
        AS_OF.lasted(moments, moments, pauses=columns([[]]))
