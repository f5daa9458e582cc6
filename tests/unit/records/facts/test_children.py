"""Child tables against plain loops over the rows of each parent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from casequality.records import Children, Records, day

MISSING = np.iinfo(np.int64).min
LENGTHS = [2, 0, 3, 1, 0]
WHERE = [True, False, False, True, False, True]
VALUES = [5, 7, 2, 9, 9, 1]


class Event(Records, name="events"):
    on = day()


def packed() -> Children[Event]:
    days = np.array(VALUES, "M8[D]")
    starts = np.concatenate(([0], np.cumsum(LENGTHS)))
    return Children(Event({"on": days}, len(VALUES)), starts, np.zeros(len(LENGTHS), bool))


def families(values: list[Any]) -> list[list[Any]]:
    starts = [sum(LENGTHS[:place]) for place in range(len(LENGTHS))]
    return [values[start : start + length] for start, length in zip(starts, LENGTHS, strict=True)]


def chosen(where: list[bool] | None) -> list[list[int]]:
    marks = where or [True] * len(VALUES)
    return [
        [value for value, mark in zip(values, kept, strict=True) if mark]
        for values, kept in zip(families(VALUES), families(marks), strict=True)
    ]


@pytest.mark.parametrize("where", [None, WHERE, [False] * 6])
@pytest.mark.parametrize(
    ("asked", "plain"),
    [
        (lambda c, _, w: c.count(w), len),
        (lambda c, _, w: c.any(w), bool),
        (lambda c, v, w: c.sum(v, w), sum),
        (lambda c, v, w: c.first(v, w), lambda rows: rows[0] if rows else MISSING),
        (lambda c, v, w: c.last(v, w), lambda rows: rows[-1] if rows else MISSING),
        (lambda c, v, w: c.worst(v, w), lambda rows: max(rows, default=MISSING)),
    ],
    ids=["count", "any", "sum", "first", "last", "worst"],
)
def test_each_parent_gets_what_its_own_rows_say(
    where: list[bool] | None, asked: Callable[..., Any], plain: Callable[[list[int]], Any]
) -> None:
    mask = None if where is None else np.array(where)
    found = asked(packed(), np.array(VALUES), mask)
    assert found.tolist() == [plain(rows) for rows in chosen(where)]


def test_days_without_a_row_are_no_day() -> None:
    children = packed()
    found = children.first(children.rows.on)
    assert np.isnat(found).tolist() == [False, True, False, False, True]
    assert found.dtype == np.dtype("M8[D]")


def test_no_child_rows_at_all() -> None:
    none = Children(Event.empty(), np.zeros(4, np.intp), np.zeros(3, bool))
    assert none.count().tolist() == [0, 0, 0]
    assert np.isnat(none.first(none.rows.on)).all()
    assert np.isnat(none.last(none.rows.on)).all()
    assert none[np.array([2, 0])].count().tolist() == [0, 0]


@pytest.mark.parametrize("parents", [slice(1, 4), [4, 2, 2, 0], [True, False, True, False, True]])
def test_chosen_parents_keep_their_rows(parents: Any) -> None:
    wanted = parents if isinstance(parents, slice) else np.array(parents)
    found = packed()[wanted]
    numbers = np.arange(len(LENGTHS))[wanted].tolist()
    days = [families(VALUES)[number] for number in numbers]
    assert found.rows.on.view(np.int64).tolist() == [value for rows in days for value in rows]
    assert found.count().tolist() == [len(rows) for rows in days]


def test_the_parents_of_rows_and_a_parents_value_at_its_rows() -> None:
    children = packed()
    assert children.parents.tolist() == [0, 0, 2, 2, 2, 3]
    assert children.of_parent(np.array([10, 11, 12, 13, 14])).tolist() == [10, 10, 12, 12, 12, 13]
    with pytest.raises(ValueError, match="read-only"):
        children.starts[0] = 1
