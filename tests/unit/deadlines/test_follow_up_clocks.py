"""The clocks of reopened cases: refused where the policy or the days make none, the same in columns as for one case."""

from __future__ import annotations

import datetime as dt
from itertools import permutations, product
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from casequality.deadlines import Deadline, clocks, clocks_each
from casequality.deadlines.follow_up import CLOSED, POLICIES
from casequality.errors import UsageError

TITLE = {"en": "X", "da": "X"}
START = dt.date(2010, 6, 1)
ANSWER = Deadline(id="x", title=TITLE, kind="decide", terms="10 working days", calendar="dk-statutory", pauses=[CLOSED])
PLAIN = Deadline(id="x", title=TITLE, kind="decide", terms="10 working days", calendar="dk-statutory")
SPELLS = [(dt.date(2010, 6, 7), dt.date(2010, 6, 10)), (dt.date(2010, 6, 16), None)]


def spells_of(steps: list[int], is_open: bool) -> list[tuple[dt.date, dt.date | None]]:
    moments = [START + dt.timedelta(days=sum(steps[: n + 1])) for n in range(len(steps))]
    found: list[tuple[dt.date, dt.date | None]] = list(zip(moments[::2], moments[1::2], strict=True))
    return [*found[:-1], (found[-1][0], None)] if is_open else found


CASES = st.builds(
    spells_of,
    st.integers(1, 4).flatmap(lambda n: st.lists(st.integers(0, 9), min_size=2 * n, max_size=2 * n)),
    st.booleans(),
)


def test_an_unknown_policy_lists_the_known() -> None:
    with pytest.raises(UsageError, match=r"(?s)Unknown policy.*continue, restart, new case"):
        clocks(PLAIN, SPELLS, "carry on")  # type: ignore[arg-type]


def test_a_clock_goes_on_only_where_the_deadline_allows_it_to_stand_still() -> None:
    with pytest.raises(UsageError, match=r"(?s)does not stand still while a case is closed.*add the rule CLOSED"):
        clocks(PLAIN, SPELLS, "continue")
    assert len(clocks(ANSWER, SPELLS, "continue")) == 1


@pytest.mark.parametrize(
    "spells",
    [
        [],
        [(dt.date(2010, 6, 7), dt.date(2010, 6, 6))],
        [(dt.date(2010, 6, 7), None), (dt.date(2010, 6, 16), None)],
        [SPELLS[1], SPELLS[0]],
        [(dt.date(2010, 6, 7), dt.date(2010, 6, 17)), (dt.date(2010, 6, 16), None)],
    ],
)
def test_days_out_of_order_are_refused_for_one_case(spells: list[tuple[dt.date, dt.date | None]]) -> None:
    with pytest.raises(UsageError, match="in that order"):
        clocks(ANSWER, spells, "restart")


def test_a_case_whose_rows_contradict_each_other_is_not_known_in_columns() -> None:
    opened = np.array(["2010-06-07", "2010-06-16", "2010-06-07", "2010-06-07"], "M8[D]")
    closed = np.array(["NaT", "NaT", "2010-06-06", "2010-06-08"], "M8[D]")
    each = clocks_each(ANSWER, np.array([0, 0, 1, 2]), opened, closed, "new case")
    assert each.of.tolist() == [0, 0, 1, 2]
    assert np.isnat(each.start).tolist() == [True, True, True, False]


@pytest.mark.parametrize("order", [[0, 1], [1, 0]])
def test_opened_again_on_the_day_it_was_opened_and_closed_is_no_contradiction(order: list[int]) -> None:
    closed = np.array(["2010-06-07", "NaT"], "M8[D]")[order]
    each = clocks_each(ANSWER, np.array([0, 0]), np.array(["2010-06-07"] * 2, "M8[D]"), closed, "restart")
    assert each.start.tolist() == [dt.date(2010, 6, 7)]
    assert each.last_closed.tolist() == [None]


@given(st.lists(CASES, max_size=6), st.sampled_from(POLICIES), st.randoms(use_true_random=False))
def test_columns_in_any_order_give_the_clocks_of_each_case(
    cases: list[list[tuple[dt.date, dt.date | None]]], policy: str, chance: object
) -> None:
    rows = [(number, *spell) for number, spells in enumerate(cases) for spell in spells]
    chance.shuffle(rows)  # type: ignore[attr-defined]
    of, opened, closed = (list(column) for column in zip(*rows, strict=True)) if rows else ([], [], [])
    opened_on, closed_on = (np.array(days, "M8[D]") for days in (opened, closed))
    each = clocks_each(ANSWER, np.array(of, np.int64), opened_on, closed_on, policy)  # type: ignore[arg-type]
    expected = [(n, clock) for n, spells in enumerate(cases) for clock in clocks(ANSWER, spells, policy)]  # type: ignore[arg-type]
    assert each.of.tolist() == [number for number, _ in expected]
    assert each.start.tolist() == [clock.start for _, clock in expected]
    assert each.first_closed.tolist() == [clock.first_closed for _, clock in expected]
    assert each.last_closed.tolist() == [clock.last_closed for _, clock in expected]
    due = ANSWER.due(each.start, pauses=each.pauses)
    assert due.tolist() == [ANSWER.due(clock.start, pauses=clock.pauses) for _, clock in expected]


DAYS = [START, START + dt.timedelta(days=1), START + dt.timedelta(days=2)]
EVERY_SPELL = [(opened, shut) for opened in DAYS for shut in (*DAYS, None)]


@pytest.mark.parametrize("policy", POLICIES)
def test_whatever_days_coincide_columns_agree_with_the_clocks_of_one_case(policy: str) -> None:
    """All pairs and triples of spells on three days; a case is orderly if some order of its rows is."""
    for size in (1, 2, 3):
        for rows in product(EVERY_SPELL, repeat=size):
            opened, closed = (np.array(days, "M8[D]") for days in zip(*rows, strict=True))
            each = clocks_each(ANSWER, np.zeros(size, np.int64), opened, closed, policy)  # type: ignore[arg-type]
            expected = next(filter(None, (_in_order(order, policy) for order in permutations(rows))), None)
            if expected is None:
                assert np.isnat(each.start).all(), rows
                continue
            starts = zip(each.start.tolist(), each.first_closed.tolist(), each.last_closed.tolist(), strict=True)
            assert list(starts) == [(one.start, one.first_closed, one.last_closed) for one in expected], rows


def _in_order(spells: tuple[tuple[dt.date, dt.date | None], ...], policy: str) -> tuple[Any, ...]:
    try:
        return clocks(ANSWER, spells, policy)  # type: ignore[arg-type]
    except UsageError:
        return ()
