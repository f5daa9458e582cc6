"""Parents and children read side by side: what a dictionary of lists has, or the order is found wanting."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from tempfile import TemporaryDirectory
from typing import Any

import pytest

pytest.importorskip("pyarrow")

import attrs
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pyarrow import csv

import casequality as cq
from casequality.records import Codes, Dialect, OutOfOrder, Source, source
from casequality.records.intake.cells.arrow_cells import ArrowCells
from casequality.records.intake.cells.text_cells import ObjectCells, TextCells
from casequality.records.intake.readers.in_memory import TypedCells
from tests.factories.records import Read, read


class Event(cq.Records, name="events"):
    case = cq.key()
    happened_on = cq.day()
    kind = cq.code("a", "b", missing="none")
    by = cq.code(missing="nobody")


class Letter(cq.Records, name="letters"):
    case = cq.key()
    sent_on = cq.day()


class Case(cq.Records, name="cases"):
    case = cq.key()
    received_on = cq.day()
    events = cq.many(Event)
    letters = cq.many(Letter)


FIELDS = [
    *("case", "received_on", "events", "events.happened_on", "events.kind", "events.by"),
    *("letters", "letters.sent_on"),
]
Row = dict[str, Any]
days = st.dates(dt.date(2010, 1, 1), dt.date(2010, 1, 6))
numbers = st.integers(0, 12)
names = st.builds("A-{:02}".format, numbers)


def tables(keys: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[list[Row], list[Row], list[Row]]]:
    """Return cases, events and letters in any order, now and then without a key, a date or a code that is known."""
    event = {
        "case": keys,
        "happened_on": days | st.none(),
        "kind": st.sampled_from(["a", "b", None, "?"]),
        "by": st.sampled_from(["Ana", "Bo", None]),
    }
    return st.tuples(
        st.lists(st.fixed_dictionaries({"case": keys, "received_on": days | st.none()}), max_size=12),
        st.lists(st.fixed_dictionaries(event), max_size=30),
        st.lists(st.fixed_dictionaries({"case": keys, "sent_on": days | st.none()}), max_size=8),
    )


def in_order(rows: Sequence[Row], distinct: bool = False) -> list[Row]:
    """Return rows in the order of their keys, only the first of each where they are to be `distinct`."""
    ordered = sorted(rows, key=lambda row: row["case"])
    return list({row["case"]: row for row in reversed(ordered)}.values())[::-1] if distinct else ordered


exports = (tables(numbers) | tables(names)).map(lambda three: (in_order(three[0], True), *map(in_order, three[1:])))
"""Tables as a system exports them, in the order of the cases' keys."""


def opened(cases: Any, events: Any, letters: Any) -> Source:
    return source(cases, Case, children={"events": events, "letters": letters})


def frame(rows: Sequence[Row], text: bool) -> pa.Table:
    """Return rows as a table with all columns that any of the three has."""
    types = {"case": pa.string() if text else pa.int64(), "kind": pa.string(), "by": pa.string()}
    types |= dict.fromkeys(("received_on", "happened_on", "sent_on"), pa.date32())
    return pa.table({name: pa.array([row.get(name) for row in rows], kind) for name, kind in types.items()})


def side_by_side(cases: Source, block_rows: int) -> Read:
    return read(cases, FIELDS, keys="side by side", block_rows=block_rows)


READERS = (["events"], ["events", "events.kind"], ["events", "events.by"])


def unknown(cases: Source, keys: Any, block_rows: int = 131_072) -> list[tuple[bool, ...]]:
    found: list[tuple[bool, ...]] = []
    for part in cases.reading(FIELDS, keys=keys, block_rows=block_rows).parts:
        for block in part.blocks():
            none = np.zeros(len(block.records), bool)
            doubts = [block.records.unknown(fields) for fields in READERS]
            found += list(zip(*((none if mask is None else mask).tolist() for mask in doubts), strict=True))
    return found


def assert_same(one: Read, other: Read) -> None:
    assert one.rows == other.rows
    assert (one.numbers, one.files, one.read) == (other.numbers, other.files, other.read)
    assert one.findings.to_dict() == other.findings.to_dict()


block_rows = st.sampled_from([1, 2, 3, 7, 131_072])


def age(event: Row) -> tuple[Any, ...]:
    return event["happened_on"] or dt.date.max, (event["kind"] or "").strip("?"), event["by"] or ""


@given(exports, block_rows)
def test_exports_in_order_are_read_as_a_dictionary_has_them(three: Any, block_rows: int) -> None:
    cases, events, letters = three
    found = side_by_side(opened(cases, events, letters), block_rows)
    assert [row["case"] for row in found.rows] == [row["case"] for row in cases]
    for row in found.rows:
        mine = [age(one) for one in events if one["case"] == row["case"]]
        assert [age(one) for one in row["events"]] == sorted(mine)
        sent = [one["sent_on"] or dt.date.max for one in letters if one["case"] == row["case"]]
        assert [one["sent_on"] or dt.date.max for one in row["letters"]] == sorted(sent)
    received = {row["case"]: row["received_on"] or dt.date.min for row in cases}
    faults = {
        ("events.kind", "unknown code"): [row["kind"] == "?" for row in events],
        ("events.case", "child without a parent"): [row["case"] not in received for row in events],
        ("events.happened_on", "began before its parent"): [
            age(row)[0] < received.get(row["case"], dt.date.min) for row in events
        ],
        ("letters.case", "child without a parent"): [row["case"] not in received for row in letters],
    }
    for fault, rows in faults.items():
        assert found.faults().get(fault, []) == [place for place, is_it in enumerate(rows, 1) if is_it]


@given(exports, block_rows, st.data())
def test_rows_out_of_order_are_read_alike_or_found_out(three: Any, block_rows: int, data: st.DataObject) -> None:
    disturbed = three[data.draw(st.integers(0, 2))]
    assume(disturbed)
    moved = data.draw(st.sampled_from(disturbed)) | data.draw(st.sampled_from([{}, {"case": None}, {"case": "A-99"}]))
    disturbed.insert(data.draw(st.integers(0, len(disturbed))), moved)
    cases = opened(*three)
    try:
        found = side_by_side(cases, block_rows)
    except OutOfOrder:
        return
    assert_same(found, read(cases, FIELDS))
    assert unknown(cases, "side by side", block_rows) == unknown(cases, "in passing")


@given(exports, block_rows)
def test_exports_in_order_need_no_other_way(three: Any, block_rows: int) -> None:
    cases = opened(*three)
    assert_same(side_by_side(cases, block_rows), read(cases, FIELDS))
    assert unknown(cases, "side by side", block_rows) == unknown(cases, "in passing")


@settings(max_examples=30)
@given(exports, st.integers(1, 5), st.integers(1, 3), st.sampled_from([1, 2, 131_072]), st.booleans())
def test_row_groups_and_files_may_end_within_a_case(
    three: Any, group: int, files: int, block_rows: int, as_text: bool
) -> None:
    text = any(isinstance(row["case"], str) for rows in three for row in rows)
    with TemporaryDirectory() as folder:
        for name, rows in zip(("cases", "events", "letters"), three, strict=True):
            for part in range(files):
                cut = frame(rows[len(rows) * part // files : len(rows) * (part + 1) // files], text)
                if as_text:
                    csv.write_csv(cut, f"{folder}/{name}-{part}.csv")
                else:
                    pq.write_table(cut, f"{folder}/{name}-{part}.parquet", group)
        kind = "csv" if as_text else "parquet"
        cases = opened(*(f"{folder}/{name}-*.{kind}" for name in ("cases", "events", "letters")))
        assert_same(side_by_side(cases, block_rows), read(cases, FIELDS))


@attrs.frozen
class Happened(cq.Metric):
    """Number of events, and ten for each letter."""

    id = "test.happened"
    version = 1
    title = {"en": "Events", "da": "Hændelser"}
    records = Case
    unit = cq.units.Unit("events", "hændelser", "events", decimals=0)
    statistic = cq.statistics.Count()
    outcomes = cq.outcomes(some=cq.YES, none=cq.NO)

    def contribute(self, cases: Case, as_of: cq.AsOf, /) -> cq.Contribution:
        """Return how many events and letters each case has."""
        number = cases.events.count() + 10 * cases.letters.count()
        return cq.Contribution(on=cases.received_on, outcome=self.outcomes.pick(some=number > 0), times=number)


@settings(max_examples=25)
@given(exports, st.integers(1, 5), st.integers(1, 4), st.randoms())
def test_figures_are_those_of_shuffled_tables_on_any_number_of_threads(
    three: Any, group: int, threads: int, luck: Any
) -> None:
    def measured(tables: Any, threads: int) -> Any:
        text = any(isinstance(row["case"], str) for rows in tables for row in rows)
        with TemporaryDirectory() as folder:
            paths = [f"{folder}/{number}.parquet" for number in range(3)]
            for path, rows in zip(paths, tables, strict=True):
                pq.write_table(frame(rows, text), path, group)
            result = cq.measure(Happened, opened(*paths), as_of="2020-01-01", by="month", threads=threads)
        counted = {(item.column, item.fault): item.count for item in result.findings.items}
        return [(figure.period, figure.value, figure.rows, figure.outcomes) for figure in result], counted

    shuffled = [luck.sample(rows, len(rows)) for rows in three]
    assert measured(three, threads) == measured(shuffled, 1)


def test_what_is_out_of_order_is_found_out() -> None:
    good = [{"case": 1, "received_on": "2010-01-01"}, {"case": 2, "received_on": "2010-01-01"}]
    event = {"happened_on": "2010-01-02", "kind": "a", "by": "Ana"}
    events = [{"case": 1, **event}, {"case": 2, **event}]
    for cases, below in [
        (good[::-1], events),
        ([*good, good[1]], events),
        (good, events[::-1]),
        (good, [*events, {"case": None, **event}]),
        (good, [{"case": "A-1", **event}]),
    ]:
        for block_rows in (1, 131_072):
            with pytest.raises(OutOfOrder):
                side_by_side(opened(cases, below, frame([], False)), block_rows)


def test_a_slice_of_cells_holds_the_same_as_the_rows_themselves() -> None:
    texts = ["b", None, "a", "b", None]
    for cells in (
        ArrowCells(pa.array(texts), Dialect(), "here"),
        ArrowCells(pa.array(texts).dictionary_encode(), Dialect(), "here"),
        ObjectCells(list(texts), Dialect()),
        TextCells(["a", "b"], np.array([1, 0, 0, 1, 1]), np.array([text is None for text in texts]), Dialect()),
        TypedCells(Codes.encode(texts)),
    ):
        for start, end in ((0, 5), (1, 3), (2, 5), (4, 4)):
            found = cells[start:end].texts()
            blank = found.blank if found.blank is not None else np.zeros(end - start, bool)
            here = zip(found.positions.tolist(), blank.tolist(), strict=True)
            assert [None if no else found.distinct[at] or None for at, no in here] == texts[start:end]


def test_child_rows_before_the_first_and_after_the_last_parent_are_not_kept_until_the_end() -> None:
    """A year's cases beside the events of all years take no more memory than their own events."""
    event = {"happened_on": "2010-01-02", "kind": "a", "by": "Ana"}
    events = [{"case": number, **event} for number in range(100)]
    cases = opened([{"case": 50, "received_on": "2010-01-01"}], events, frame([], False))
    reading = cases.reading(FIELDS, keys="side by side", block_rows=1)
    [block] = reading.parts[0].blocks()
    table: Any = reading.reader.children["events"]
    assert len(block.records.column("events").rows) == 1  # type: ignore[union-attr]
    assert len(table._waiting) <= 2
    assert sum(item.count for item in reading.orphans().items) == 99


def test_child_rows_of_one_day_come_in_the_same_order_however_they_were_delivered() -> None:
    case = [{"case": 1, "received_on": "2010-01-01"}]
    events = [{"case": 1, "happened_on": "2010-01-02", "kind": kind, "by": None} for kind in ("b", "a", "b")]
    one, *others = (side_by_side(opened(case, rows, []), 7) for rows in (events, events[::-1], events[1:] + events[:1]))
    for other in others:
        assert_same(one, other)
