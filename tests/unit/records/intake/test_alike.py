"""Rows that are alike: each different one once, with how many there are of it, and the same answer as of each row."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

import numpy as np
import pytest

pa = pytest.importorskip("pyarrow")

from casequality.records import Block, Codes, Doubts, Records, code, day, flag, key, source
from casequality.records.intake import alike
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
    assert len(own) == sum(len(set(rows[first : first + step])) for first in range(0, len(rows), step))
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


DAYS: list[Any] = [None, *(dt.date(1969, 12, 30) + dt.timedelta(days=number) for number in range(6))]
NAMES: dict[str, list[Any]] = {"booked_on": DAYS[3:5], "held_on": [None, *DAYS[4:]], "kind": ["home", "office", None]}
NAMES |= {"place": ["north", "south", None], "paid": [True, False, None]}


def visits(rows: int, seed: int, **other: Any) -> Any:
    """Return visits as an Arrow table of days, labels and flags, of which `other` replaces some cells by row."""
    drawn = np.random.default_rng(seed)
    cells: dict[str, list[Any]] = {
        name: [values[drawn.integers(len(values))] for _ in range(rows)] for name, values in NAMES.items()
    }
    for name, by_row in other.items():
        for row, value in by_row.items():
            cells[name][row] = value
    labels = pa.dictionary(pa.int8(), pa.string())
    kinds = {"booked_on": pa.date32(), "held_on": pa.date32(), "kind": labels, "place": labels, "paid": pa.bool_()}
    columns = {
        name: pa.array(values, pa.string() if kinds[name] == labels else kinds[name]) for name, values in cells.items()
    }
    columns = {name: array.dictionary_encode() if kinds[name] == labels else array for name, array in columns.items()}
    return pa.table({"visit": np.arange(1, rows + 1), **columns})


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
    "a day before the beginning": {"held_on": {150: dt.date(1969, 12, 30)}, "booked_on": {150: dt.date(1970, 1, 1)}},
    "a label that is not declared": {"kind": {210: "by letter"}},
    "no beginning": {"booked_on": {10: None}},
    "a day too far off": {"held_on": {250: dt.date(3010, 1, 1)}},
    "a mark for no date": {"held_on": {90: dt.date(1900, 1, 1)}},
}


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("fields", [list(NAMES), ["booked_on"], ["held_on", "place", "booked_on"]], ids=len)
def test_blocks_with_each_record_once_say_what_blocks_of_each_row_say(fault: str, fields: list[str]) -> None:
    given = source(visits(300, 3, **FAULTS[fault]), Visit)
    [part] = given.reading(fields, block_rows=100).parts
    each, once = list(part.blocks()), list(part.blocks(once=True))
    for one, other in zip(once, each, strict=True):
        assert told(one) == told(other)
        assert (one.read, one.first, one.order, one.dropped) == (other.read, other.first, other.order, other.dropped)
        assert one.findings == other.findings
        assert one.rows.tolist() == other.rows.tolist()
        # what is said of a row is said of each
        assert (one.alike is None) == bool(other.findings.items or other.records.doubts)
        assert one.rows_of(np.arange(len(one.records))).tolist() == other.rows.tolist()
        row_of = dict(zip(other.rows.tolist(), rows_of(other.records), strict=True))
        for place, row in enumerate(rows_of(one.records)):
            assert {row_of[number] for number in one.rows_of(np.array([place])).tolist()} == {row}
