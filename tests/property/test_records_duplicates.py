"""Keys that occur more than once, settled in partitions as a dictionary of all rows would settle them."""

from __future__ import annotations

import datetime as dt
import tracemalloc
from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

pytest.importorskip("pyarrow")

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import given
from hypothesis import strategies as st

from casequality.records import Block, Findings, Records, Source, code, count, day, key, source
from tests.factories.records import read

FIELDS = ["case", "received_on", "unit"]


class Case(Records, name="cases"):
    case = key()
    received_on = day()
    unit = code(missing="none")
    letters = count(missing="none")


Row = dict[str, Any]
keys = st.integers(1, 6) | st.sampled_from(["A-1", "A-2", "7", None])
rows = st.lists(
    st.fixed_dictionaries(
        {
            "case": keys,
            "received_on": st.sampled_from(["2010-06-01", "2010-06-02", None, "soon"]),
            "unit": st.sampled_from(["a", "b", None]),
            "letters": st.sampled_from([1, 2, "many"]),
        }
    ),
    max_size=25,
)


def settled(rows: Sequence[Row]) -> tuple[list[int], dict[str, list[int]]]:
    """Return the numbers of the rows that are records, and of those of which their keys tell something."""
    said: dict[str, list[int]] = defaultdict(list)
    for number, row in enumerate(rows, start=1):
        said[str(row["case"]) if row["case"] else f"row {number}"].append(number)
    told: dict[str, list[int]] = defaultdict(list)
    for numbers in said.values():
        contents = {content(rows[number - 1]) for number in numbers}
        told["repeated row" if len(contents) == 1 else "conflicting key"] += numbers[len(contents) == 1 :]
    records = sorted(numbers[0] for numbers in said.values())
    return records, {fault: sorted(numbers) for fault, numbers in told.items() if numbers}


def differing(rows: Sequence[Row], field: str) -> list[int]:
    """Return the records that stand for rows which disagree in a field."""
    said: dict[str, list[int]] = defaultdict(list)
    for number, row in enumerate(rows, start=1):
        said[str(row["case"]) if row["case"] else f"row {number}"].append(number)
    return sorted(numbers[0] for numbers in said.values() if len({str(rows[n - 1][field]) for n in numbers}) > 1)


def content(row: Row) -> tuple[object, ...]:
    return tuple(str(row[name]) for name in ("received_on", "unit", "letters"))


def by_key(findings: Findings) -> dict[str, list[int]]:
    faults = {(item.column, item.fault): item.rows.tolist() for item in findings.items}
    return {fault: faults["case", fault] for fault in ("repeated row", "conflicting key") if ("case", fault) in faults}


def as_type(key: int | str | None, as_text: bool) -> int | str | None:
    return str(key) if as_text and key is not None else key


@given(rows, st.sampled_from([1, 3, 131_072]))
def test_rows_of_one_key_are_one_record_in_doubt_where_they_disagree(rows: list[Row], block_rows: int) -> None:
    records, told = settled(rows)
    for data in (rows, iter(rows)):
        given_rows = source(data, Case)
        reading = given_rows.reading(FIELDS, keys="partitioned", block_rows=block_rows)
        blocks = [block for part in reading.parts for block in part.blocks()]
        assert [number for block in blocks for number in block.rows.tolist()] == records
        assert by_key(sum((block.findings for block in blocks), Findings())) == told
        assert sum(block.dropped for block in blocks) == len(rows) - len(records)
        unreadable = [n for n in records if rows[n - 1]["received_on"] == "soon"]
        keyless = [n for n in records if not rows[n - 1]["case"]]
        for field, faulty in (("received_on", unreadable), ("unit", [])):
            assert in_doubt(blocks, field) == sorted({*differing(rows, field), *faulty, *keyless})


def blocks_of(given_rows: Source) -> list[Block]:
    return [block for part in given_rows.reading(FIELDS, keys="partitioned").parts for block in part.blocks()]


def in_doubt(blocks: Sequence[Block], field: str) -> list[int]:
    marked = [(block.rows, block.records.in_doubt([field])) for block in blocks]
    return [number for rows, mask in marked if mask is not None for number in rows[mask].tolist()]


@given(rows, st.integers(1, 7), st.booleans())
def test_the_same_over_row_groups_and_files(rows: list[Row], size: int, as_text: bool) -> None:
    chosen = [row for row in rows if as_text or not isinstance(row["case"], str)]
    typed = [{**row, "case": as_type(row["case"], as_text), "letters": str(row["letters"])} for row in chosen]
    kept, left_out = settled(typed)
    schema = pa.schema(
        {
            "case": pa.string() if as_text else pa.int64(),
            "received_on": pa.string(),
            "unit": pa.string(),
            "letters": pa.string(),
        }
    )
    with TemporaryDirectory() as folder:
        table = pa.Table.from_pylist(typed, schema)
        pq.write_table(table, f"{folder}/all.parquet", row_group_size=size)
        found = blocks_of(source(f"{folder}/all.parquet", Case))
        assert [number for block in found for number in block.rows.tolist()] == kept
        assert by_key(sum((block.findings for block in found), Findings())) == left_out
        half = len(typed) // 2
        for name, part in (("1.parquet", table.slice(0, half)), ("2.parquet", table.slice(half))):
            pq.write_table(part, Path(folder) / name, row_group_size=size)
        several = blocks_of(source(f"{folder}/[12].parquet", Case))
        offsets = {"1.parquet": 0, "2.parquet": half}
        assert [number + offsets[str(block.file)] for block in several for number in block.rows.tolist()] == kept
        for field in ("received_on", "unit"):
            assert len(in_doubt(several, field)) == len(in_doubt(found, field))


@given(rows)
def test_keys_that_rise_need_no_second_reading(rows: list[Row]) -> None:
    whole = [row for row in rows if isinstance(row["case"], int)]
    found = read(source(whole, Case), FIELDS)
    assert found.in_order == all(first["case"] < second["case"] for first, second in pairwise(whole))


@pytest.mark.parametrize("kind", ["text", "number"])
def test_many_repeated_keys_take_little_memory(kind: str) -> None:
    def peak(rows: int) -> int:
        numbers = np.random.default_rng(1).permutation(rows) // 2
        cases = pa.array(numbers).cast(pa.string()) if kind == "text" else pa.array(numbers)
        days = pa.array(numbers % 9_000).cast(pa.int32()).cast(pa.date32())
        given_rows = source(
            pa.table({"case": cases, "received_on": days}), Case, columns={"unit": None, "letters": None}
        )
        tracemalloc.start()
        reading = given_rows.reading(["received_on"], keys="partitioned", block_rows=8_192)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        kept = sum(len(block.records) for part in reading.parts for block in part.blocks())
        assert kept == rows // 2
        return most

    small, large = peak(20_000), peak(120_000)
    assert large - small < 100_000 * 8


def test_what_a_dictionary_says_of_one_example() -> None:
    given_rows = [
        {"case": 1, "received_on": dt.date(2010, 6, 1), "unit": "a", "letters": 1},
        {"case": 2, "received_on": dt.date(2010, 6, 1), "unit": "a", "letters": 1},
        {"case": "1", "received_on": "2010-06-01", "unit": "a", "letters": "1"},
        {"case": 2, "received_on": dt.date(2010, 6, 1), "unit": "a", "letters": 2},
    ]
    found = read(source(given_rows, Case), ["received_on"], keys="partitioned")
    assert found.numbers == [1, 2], "a question that does not read the letters is in no doubt about case 2"
    assert found.faults() == {("case", "repeated row"): [3], ("case", "conflicting key"): [2, 4]}
