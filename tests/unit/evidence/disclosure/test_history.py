"""What earlier editions told of records that came or went since: by trying every table that there could have been."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np
import pytest

pytest.importorskip("scipy")

from casequality.evidence.disclosure.grids import Sums
from casequality.evidence.disclosure.history import History, PublishedSum, history_of

NONE = Sums.of((), 3)
EACH = Sums.of([{0: 1}, {1: 1}, {2: 1}], 3)


def fact(edition: int, atoms: str, value: int) -> PublishedSum:
    return PublishedSum(edition, frozenset("abc".index(each) for each in atoms), value)


def found(now: Sequence[int], facts: Sequence[PublishedSum], editions: int = 1, same: Sums = NONE) -> History:
    return history_of(np.array(now), facts, editions, same)


def then(history: History, edition: int) -> list[int]:
    """Return the counts of an edition, in the one way in which they may have been."""
    return [int(count) for count in history.as_of(EACH, np.full(3, edition)) @ history.counts]


def possible(history: History, edition: int) -> set[tuple[int, ...]]:
    """Return every table of an edition that all lines leave possible, with the counts of now as they are."""
    many = len(history.parent) - 3
    tables = set()
    for came in product(range(8), repeat=many):
        counts = np.array([*[0] * 3, *came])
        now = history.as_of(EACH, np.full(3, 99))
        counts[:3] = now @ history.counts - now @ counts
        moved = history.lines @ (counts - history.counts)
        if (counts >= 0).all() and (-history.play[0] <= moved).all() and (moved <= history.play[1]).all():
            tables.add(tuple((history.as_of(EACH, np.full(3, edition)) @ counts).astype(int).tolist()))
    return tables


def test_where_nothing_told_has_changed_nothing_came() -> None:
    history = found((10, 7, 3), [fact(0, "a", 10), fact(0, "ab", 17)])
    assert len(history.parent) == 3
    assert then(history, 0) == [10, 7, 3]


def test_what_came_to_a_sum_came_to_one_of_its_parts() -> None:
    history = found((5, 4, 3), [fact(0, "ab", 7)])
    every = {(a, b, 3) for a in range(6) for b in range(5) if a + b == 7}
    assert possible(history, 0) == every
    assert tuple(then(history, 0)) in every


def test_a_part_that_is_as_it_was_leaves_the_rest_to_the_other() -> None:
    """10 + 7 = 17 then, 12 + 7 = 19 now: that the second was 7 follows without its being told."""
    history = found((12, 7, 3), [fact(0, "a", 10), fact(0, "ab", 17)])
    assert possible(history, 0) == {(10, 7, 3)}


def test_two_sums_of_one_part_have_their_change_in_common() -> None:
    """Both grew by 2, so that it is the common part, or both of the others."""
    history = found((6, 4, 3), [fact(0, "ab", 8), fact(0, "ac", 7)])
    assert possible(history, 0) == {(4, 4, 3), (5, 3, 2), (6, 2, 1)}


def test_each_edition_is_a_step_between_the_one_before_and_the_next() -> None:
    history = found((6, 4, 3), [fact(0, "ab", 6), fact(1, "ab", 8)], 2)
    assert sum(then(history, 0)[:2]) == 6
    assert sum(then(history, 1)[:2]) == 8
    assert all(
        first <= second <= now for first, second, now in zip(then(history, 0), then(history, 1), (6, 4, 3), strict=True)
    )


def test_a_goal_on_the_same_records_has_the_same_change() -> None:
    """The third is what the first two are together: told of these, it changed by as much."""
    history = found((6, 4, 10), [fact(0, "ab", 8)], same=Sums.of([{0: 1, 1: 1, 2: -1}], 3))
    assert {table[2] for table in possible(history, 0)} == {8}


@pytest.mark.parametrize(
    ("now", "facts"),
    [
        ((5, 4, 3), [fact(0, "a", 7)]),
        ((5, 4, 3), [fact(0, "a", 6), fact(0, "ab", 9)]),  # one was moved from the first to the second
        ((5, 0, 3), [fact(0, "b", 4), fact(0, "abc", 12)]),
    ],
)
def test_what_fell_went_and_no_count_was_ever_less_than_none(now: Sequence[int], facts: list[PublishedSum]) -> None:
    history = found(now, facts)
    counts = then(history, 0)
    assert min(counts) >= 0
    for each in facts:
        assert sum(counts[atom] for atom in each.atoms) == each.value


def test_what_cannot_have_been_is_left_out() -> None:
    """A label that is no longer counted: told of it was 30, and of all 100, which nothing of now can say."""
    history = found((70, 0, 0), [fact(0, "a", 70), fact(0, "a", 100)])
    assert then(history, 0)[0] in (70, 100)
