"""Child tables packed by their parents, as lists in a dictionary would be."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from casequality.records import Children, Records, code, count, day, key, many, source
from tests.factories.records import read

LABELS = ("a", "b", "c")


class Event(Records, name="events"):
    case = key()
    happened_on = day(may_precede=True)
    kind = code(*LABELS, missing="none")
    size = count(missing="none")


class Case(Records, name="cases"):
    case = key()
    events = many(Event)


Row = dict[str, Any]
FIELDS = ["case", "events.happened_on", "events.kind", "events.size"]
keys = st.integers(1, 9) | st.sampled_from(["A-1", "B-2"])
events = st.lists(
    st.fixed_dictionaries(
        {
            "case": keys,
            "happened_on": st.dates(dt.date(2010, 1, 1), dt.date(2010, 1, 5)) | st.none(),
            "kind": st.sampled_from([*LABELS, None, "?"]),
            "size": st.integers(0, 3) | st.none(),
        }
    ),
    max_size=30,
)


def blank_last(value: Any, far: Any) -> Any:
    return far if value is None else value


def age(row: Row) -> tuple[Any, ...]:
    day, size = blank_last(row["happened_on"], dt.date.max), blank_last(row["size"], 99)
    return day, day, 0 if row["kind"] is None else LABELS.index(row["kind"]) + 1, size


@given(st.lists(keys, unique_by=str, max_size=12), events, st.sampled_from([1, 4, 131_072]), st.randoms())
def test_children_are_where_a_dictionary_has_them(
    parents: list[Any], rows: list[Row], block_rows: int, luck: Any
) -> None:
    luck.shuffle(rows)
    given_cases = source([{"case": parent} for parent in parents], Case, children={"events": rows})
    found = read(given_cases, FIELDS, block_rows=block_rows)
    blanked = [{**row, "kind": None if row["kind"] == "?" else row["kind"]} for row in rows]
    for row in found.rows:
        own = sorted((one for one in blanked if str(one["case"]) == str(row["case"])), key=age)
        assert row["events"] == [{name: one[name] for name in ("happened_on", "kind", "size")} for one in own]
    unknown: list[bool] = []
    for part in given_cases.reading(FIELDS, block_rows=block_rows).parts:
        for block in part.blocks():
            doubt = block.records.unknown(["events", "events.kind"])
            unknown += [False] * len(block.records) if doubt is None else doubt.tolist()
            assert block.records.unknown(["events", "events.size"]) is None
    faulty = {str(row["case"]) for row in rows if row["kind"] == "?"}
    assert unknown == [str(parent) in faulty for parent in parents]
    orphans = [place for place, row in enumerate(rows, 1) if str(row["case"]) not in map(str, parents)]
    assert found.findings.adrift.get("events", 0) == len(orphans)
    assert found.faults().get(("events.case", "child without a parent"), []) == orphans


lengths = st.lists(st.integers(0, 4), max_size=8)


@given(lengths, st.data())
def test_what_children_say_is_what_each_list_says(lengths: list[int], data: st.DataObject) -> None:
    total = sum(lengths)
    values = data.draw(st.lists(st.integers(-5, 5), min_size=total, max_size=total))
    marks = data.draw(st.lists(st.booleans(), min_size=total, max_size=total))
    starts = np.concatenate(([0], np.cumsum(lengths))).astype(np.intp)
    children = Children(Event({}, total), starts, np.zeros(len(lengths), bool))
    lists = [
        [value for value, mark in zip(values[start:end], marks[start:end], strict=True) if mark]
        for start, end in zip(starts[:-1].tolist(), starts[1:].tolist(), strict=True)
    ]
    numbers, where, none = np.array(values, np.int64), np.array(marks, bool), np.iinfo(np.int64).min
    assert children.count(where).tolist() == [len(rows) for rows in lists]
    assert children.any(where).tolist() == [bool(rows) for rows in lists]
    assert children.sum(numbers, where).tolist() == [sum(rows) for rows in lists]
    assert children.first(numbers, where).tolist() == [rows[0] if rows else none for rows in lists]
    assert children.last(numbers, where).tolist() == [rows[-1] if rows else none for rows in lists]
    assert children.worst(numbers, where).tolist() == [max(rows, default=none) for rows in lists]
