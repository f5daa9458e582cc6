"""Rows that are alike: each different one once, with how many there are of it, and the same answer as of each row."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pa = pytest.importorskip("pyarrow")

import pyarrow.parquet as pq

from casequality.records import Block, BlockReader, Codes, Doubts, Records, code, day, flag, key, source
from casequality.records.intake import alike
from casequality.records.intake.alike import Alike
from tests.factories.records import Case

DATES = (None, "1969-12-31", "1970-01-01", "2010-02-28", "2010-03-01", "2010-05-31")


def some_of(drawn: np.random.Generator, rows: int, ended: tuple[str | None, ...]) -> Case:
    """Return cases of which many are alike, with their days, their endings and where they were."""
    return Case(
        {
            "received_on": np.array(
                [f"2010-0{1 + drawn.integers(3)}-0{1 + drawn.integers(4)}" for _ in range(rows)], "M8[D]"
            ),
            "closed_on": np.array([ended[drawn.integers(len(ended))] or "NaT" for _ in range(rows)], "M8[D]"),
            "ending": Codes.encode(
                [(None, "decided", "settled")[drawn.integers(3)] for _ in range(rows)], Case.ending.labels
            ),
            "unit": Codes.encode([(None, "north", "south")[drawn.integers(3)] for _ in range(rows)]),
        },
        rows,
    )


def rows_of(records: Records) -> list[Any]:
    """Return each record as a row of plain values."""
    columns: list[Any] = [records.column(name) for name in records.loaded]
    return list(zip(*(each.decode() if isinstance(each, Codes) else each.tolist() for each in columns), strict=True))


@pytest.mark.parametrize("step", [1 << 16, 700])
@pytest.mark.parametrize("ended", [DATES, DATES[1:], (None,), ("2010-02-28",)], ids=["some", "all", "none", "one day"])
def test_records_that_are_alike_are_told_once_with_how_many_there_are(
    ended: tuple[str | None, ...], step: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alike, "MANY", 1)
    monkeypatch.setattr(alike, "SPREAD", 1 << 16)
    monkeypatch.setattr(alike, "STEP", step)
    cases = some_of(np.random.default_rng(20), 3_000, ended)
    rows = rows_of(cases)
    block = Block(cases, len(cases), 1).once()
    once, kinds = block.records, block.alike
    assert kinds is not None
    assert list(once.loaded) == list(cases.loaded)
    own = rows_of(once)
    told: Counter[Any] = Counter()
    for row, many in zip(own, kinds.counts.tolist(), strict=True):
        told[row] += many
    assert told == Counter(rows)
    size = -(-len(rows) // -(-len(rows) // step))
    assert len(own) == sum(len(set(rows[first : first + size])) for first in range(0, len(rows), size))
    every = [kinds.all_of(np.array([kind])).tolist() for kind in range(len(kinds))]
    assert sorted(place for places in every for place in places) == list(range(len(rows)))
    assert all(rows[place] == own[kind] for kind, places in enumerate(every) for place in places)
    chosen = np.arange(0, len(kinds), 3)
    assert kinds.all_of(chosen).tolist() == sorted(place for kind in chosen for place in every[kind])
    assert kinds.all_of(chosen[:0]).tolist() == []


def is_told_once(cases: Case) -> bool:
    return Block(cases, len(cases), 1).once().alike is not None


def test_records_are_not_told_once_where_that_would_not_pay_or_something_is_said_of_each(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cases = some_of(np.random.default_rng(20), 50, DATES)
    # each day from the first to the last and none; as many endings and units as occur, and none of either
    span = (np.datetime64("2010-05-31") - np.datetime64("1969-12-31")).astype(int) + 2
    width = (cases.received_on.max() - cases.received_on.min()).astype(int) + 1
    could_differ = span * width * 3 * 3
    for many, spread, told in ((50, could_differ, True), (50, could_differ - 1, False), (51, could_differ, False)):
        monkeypatch.setattr(alike, "MANY", many)
        monkeypatch.setattr(alike, "SPREAD", spread / 50)
        assert is_told_once(cases) == told
    monkeypatch.setattr(alike, "MANY", 0)
    monkeypatch.setattr(alike, "SPREAD", 1 << 30)
    assert is_told_once(cases)
    assert not is_told_once(cases.with_doubts(Doubts(unknown={"closed_on": np.zeros(50, bool)})))
    assert not is_told_once(Case({**cases._columns, "letters": np.zeros(50, np.int64)}, 50))
    assert not is_told_once(Case({**cases._columns, "seen_at": np.zeros(50, "M8[us]")}, 50))
    far = np.where(np.arange(50) == 7, np.int64(1 << 31), 0).view("M8[D]")
    assert not is_told_once(Case({**cases._columns, "closed_on": far}, 50))


class Visit(Records, name="visits"):
    visit = key()
    booked_on = day()
    held_on = day(missing="not held")
    kind = code("home", "office", missing="not said")
    place = code(missing="nowhere")
    paid = flag(missing="unknown to us")


DAYS: list[Any] = [None, *(dt.date(2010, 5, 3) + dt.timedelta(days=number) for number in range(6))]
NAMES: dict[str, list[Any]] = {"booked_on": DAYS[3:5], "held_on": [None, *DAYS[4:]], "kind": ["home", "office", None]}
NAMES |= {"place": ["north", "south", None], "paid": [True, False, None]}


def visits(rows: int, seed: int, **other: Any) -> Any:
    """Return visits as an Arrow table of days, labels and flags, of which `other` replaces some cells by row."""
    drawn = np.random.default_rng(seed)
    cells: dict[str, list[Any]] = {
        name: [values[drawn.integers(len(values))] for _ in range(rows)] for name, values in NAMES.items()
    }
    for name in cells.keys() & other.keys():
        for row, value in other[name].items():
            cells[name][row] = value
    labels = pa.dictionary(pa.int8(), pa.string())
    kinds = {"booked_on": pa.date32(), "held_on": pa.date32(), "kind": labels, "place": labels, "paid": pa.bool_()}
    columns = {
        name: pa.array(values, pa.string() if kinds[name] == labels else kinds[name]) for name, values in cells.items()
    }
    columns = {name: array.dictionary_encode() if kinds[name] == labels else array for name, array in columns.items()}
    numbers = [other.get("visit", {}).get(row, row + 1) for row in range(rows)]
    return pa.table({"visit": pa.array(numbers, pa.int64()), **columns})


def told(block: Block) -> Counter[Any]:
    found: Counter[Any] = Counter()
    many = np.ones(len(block.records), int) if block.alike is None else block.alike.counts
    for row, count in zip(rows_of(block.records), many.tolist(), strict=True):
        found[row] += count
    return found


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alike, "MANY", 1)
    monkeypatch.setattr(alike, "SPREAD", 1 << 20)
    monkeypatch.setattr(alike, "STEP", 64)


FAULTS: dict[str, dict[str, Any]] = {
    "none": {},
    "a day before the beginning": {"held_on": {150: dt.date(2010, 5, 3)}},
    "a label that is not declared": {"kind": {210: "by letter"}},
    "no key": {"visit": {120: None}},
    "keys that fall": {"visit": {220: 7}},
    "a mark for unknown": {},
    "a blank read by default": {},
    "no beginning": {"booked_on": {10: None}},
    "a day too far off": {"held_on": {250: dt.date(3010, 1, 1)}},
    "a mark for no date": {"held_on": {90: dt.date(2099, 12, 31)}},
}

MAPPED: dict[str, Any] = {
    "a mark for unknown": {"marks": {"held_on": {"2010-05-08": "unknown"}}},
    "a blank read by default": {"defaults": {"kind": "office"}},
}


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("before_they_are_read", [True, False])
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("fields", [list(NAMES), ["booked_on"], ["held_on", "place", "booked_on"]], ids=len)
def test_blocks_with_each_record_once_say_what_blocks_of_each_row_say(
    fault: str, fields: list[str], before_they_are_read: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pq.write_table(visits(300, 3, **FAULTS[fault]), tmp_path / "visits.parquet")
    read = BlockReader.once
    found: list[Block | None] = []

    def once_read(reader: BlockReader, batch: Any) -> Block | None:
        found.append(read(reader, batch) if before_they_are_read else None)
        return found[-1]

    monkeypatch.setattr(BlockReader, "once", once_read)
    given = source(tmp_path / "visits.parquet", Visit, **MAPPED.get(fault, {}))
    [part] = given.reading(fields, block_rows=100).parts
    each, once = list(part.blocks()), list(part.blocks(once=True))
    # as long as nothing is to be said of a row, no other is read
    clean = [not (block.findings.items or block.records.doubts) for block in each]
    tried = clean.index(False) + 1 if False in clean else len(each)
    assert fault not in ("none", "keys that fall", "no beginning") or all(clean)
    assert [block is not None for block in found] == (clean[:tried] if before_they_are_read else [False])
    for one, other in zip(once, each, strict=True):
        assert told(one) == told(other)
        assert (one.read, one.first, one.order, one.dropped) == (other.read, other.first, other.order, other.dropped)
        assert one.findings == other.findings
        assert one.rows.tolist() == other.rows.tolist()
        # what is in doubt of a row is said of each
        assert (one.alike is None) == bool(other.records.doubts)
        assert one.rows_of(np.arange(len(one.records))).tolist() == other.rows.tolist()
        row_of = dict(zip(other.rows.tolist(), rows_of(other.records), strict=True))
        for place, row in enumerate(rows_of(one.records)):
            assert {row_of[number] for number in one.rows_of(np.array([place])).tolist()} == {row}


INT = np.iinfo(np.int32)
COLUMNS: dict[str, tuple[list[int], list[int]]] = {
    # what is known, and what lies where nothing is
    "near": ([10_957, 10_960, 10_999], [0]),
    "above what lies elsewhere": ([5, 6], [0, 90]),
    "below nought": ([-3, 0, 4], [INT.min + 7, INT.max]),
    "far": ([-(2**29), -(2**29) + 2], [2**29]),
    "the least": ([INT.min, INT.min + 1], [INT.min]),
    "the greatest": ([INT.max - 1, INT.max], [INT.max]),
    "none": ([], [7, 8]),
}


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("blanks", [0, 0.01, 0.5])
@pytest.mark.parametrize("name", COLUMNS)
def test_whole_numbers_are_told_apart_whatever_lies_where_there_is_none(name: str, blanks: float) -> None:
    drawn, rows, (values, elsewhere) = np.random.default_rng(9), 500, COLUMNS[name]
    known = (drawn.random(rows) >= blanks) & bool(values)
    numbers = np.where(known, drawn.choice(values or [0], rows), drawn.choice(elsewhere, rows)).astype(np.int32)
    other = drawn.integers(3, 5, rows).astype(np.int32)
    rest = [(other, None), (numbers, None if known.all() else known)]
    found = Alike.of(rest, rows)
    if found is None:
        assert np.ptp(numbers.astype(np.int64)) >= 2**29 or abs(int(numbers[0])) >= 2**30
        return
    (one, every), (two, told) = found.columns
    assert every is None
    own = zip(one.tolist(), two.tolist(), [True] * len(one) if told is None else told.tolist(), strict=True)
    counted: Counter[Any] = Counter()
    for (first, second, there), many in zip(own, found.counts.tolist(), strict=True):
        counted[first, second if there else None] += many
    pairs = zip(other.tolist(), numbers.tolist(), known.tolist(), strict=True)
    assert counted == Counter((first, second if there else None) for first, second, there in pairs)
