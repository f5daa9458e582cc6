"""Dates that no calendar reaches: declared marks and infinity in every unit and encoding, and never a wrapped date."""

# ruff: noqa: DTZ001 - naive times are among what is tried

from __future__ import annotations

import datetime as dt
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("pyarrow")

import pyarrow as pa
import pyarrow.parquet as pq

from casequality.records import source
from tests.factories.records import Case, Read, read

ZONE = "Europe/Copenhagen"
MOST = 2**63 - 1
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
NOON = 1_275_393_600  # 2010-06-01 12:00 in UTC
END = (dt.datetime(9999, 12, 31, 23, 59, 59, tzinfo=dt.UTC) - EPOCH) // dt.timedelta(seconds=1)
MARKS = {"9999-12-31": "never", "infinity": "never", "-infinity": "unknown"}


def seen(data: Any, marks: dict[str, str] | None = None) -> Read:
    kept = {name: None for name in Case.fields if name not in ("case", "received_on", "seen_at", "notices")}
    columns = {**kept, "received_on": "received_on"}
    given = source(data, Case, columns=columns, zone=ZONE, marks={"seen_at": marks} if marks else None)
    return read(given, ["seen_at"])


def table(array: pa.Array) -> pa.Table:
    rows = len(array)
    return pa.table({"case": range(rows), "received_on": [dt.date(2010, 1, 1)] * rows, "seen_at": array})


def by_parquet(array: pa.Array, folder: Path, **options: Any) -> Path:
    pq.write_table(table(array), folder / "a.parquet", **options)
    return folder / "a.parquet"


UNITS = {"s": 1, "ms": 10**3, "us": 10**6}


@pytest.mark.parametrize("stored", [False, True], ids=["in memory", "parquet"])
@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("zone", ["UTC", "Europe/Copenhagen", "America/New_York", "+05:30", "-11:00"])
def test_a_mark_holds_on_the_day_of_the_sources_own_clock(tmp_path: Path, unit: str, zone: str, stored: bool) -> None:
    ahead = {"UTC": 0, "Europe/Copenhagen": 60, "America/New_York": -300, "+05:30": 330, "-11:00": -660}[zone]
    last = (END - ahead * 60) * UNITS[unit]
    array = pa.array([last, last - 86_399 * UNITS[unit], NOON * UNITS[unit]], pa.int64()).cast(pa.timestamp(unit, zone))
    found = seen(by_parquet(array, tmp_path) if stored else table(array), MARKS)
    assert (found.values("seen_at"), found.faults()) == ([None, None, dt.datetime(2010, 6, 1, 12)], {})


@pytest.mark.parametrize(
    "value",
    [
        "9999-12-31T23:59:59Z",
        "9999-12-31 23:59:59",
        dt.datetime(9999, 12, 31, 23, 59, 59, tzinfo=dt.UTC),
        dt.datetime(9999, 12, 31, 23, 59, 59),
        np.datetime64("9999-12-31T23:59:59", "s"),
        "infinity",
    ],
    ids=str,
)
def test_a_mark_holds_for_texts_and_objects(tmp_path: Path, value: Any) -> None:
    rows = [{"case": 1, "received_on": "2010-01-01", "seen_at": value}]
    assert (seen(rows, MARKS).values("seen_at"), seen(rows, MARKS).faults()) == ([None], {})
    assert seen(rows).faults() == {("seen_at", "after the horizon"): [1]}
    if isinstance(value, str):
        (tmp_path / "a.csv").write_text(f"case,received_on,seen_at\n1,2010-01-01,{value}\n", encoding="ascii")
        assert (seen(tmp_path / "a.csv", MARKS).values("seen_at"), seen(tmp_path / "a.csv", MARKS).faults()) == (
            [None],
            {},
        )


@pytest.mark.parametrize("unit", [*UNITS, "ns"])
@pytest.mark.parametrize("zone", [None, "UTC"])
def test_infinity_is_a_mark_and_otherwise_out_of_range(unit: str, zone: str | None) -> None:
    noon = NOON * {**UNITS, "ns": 10**9}[unit]
    array = pa.array([MOST, -MOST, noon], pa.int64()).cast(pa.timestamp(unit, zone))
    undeclared = seen(table(array))
    assert undeclared.faults() == {("seen_at", "after the horizon"): [1], ("seen_at", "before 1900"): [2]}
    assert undeclared.findings.suspected == {("seen_at", "infinity"): 1, ("seen_at", "-infinity"): 1}
    assert seen(table(array), MARKS).faults() == {}


def test_infinity_of_duckdb(tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    query = """select i as "case", date '2010-01-01' as received_on, t as seen_at, d as closed_on from (values
        (1, timestamptz 'infinity', date 'infinity'), (2, timestamptz '-infinity', date '-infinity'),
        (3, timestamptz '2010-06-01 12:00:00+00', date '2010-06-01')) as v(i, t, d)"""
    connection = duckdb.connect()
    connection.sql(query).write_parquet(str(tmp_path / "a.parquet"))
    for data in (connection.sql(query), tmp_path / "a.parquet"):
        marks = {name: {"infinity": "none", "-infinity": "unknown"} for name in ("seen_at", "closed_on")}
        kept = {name: None for name in Case.fields if name not in ("case", "received_on", "seen_at", "closed_on")}
        given = source(data, Case, columns=kept, zone=ZONE, marks=marks)
        found = read(given, ["seen_at", "closed_on"])
        assert found.faults() == {}
        assert found.values("closed_on") == [None, None, dt.date(2010, 6, 1)]
        assert found.values("seen_at") == [None, None, dt.datetime(2010, 6, 1, 12)]


FAR = [MOST - 1, 2**62, -(2**62), -MOST - 1]


@pytest.mark.parametrize("unit", UNITS)
def test_what_does_not_fit_is_out_of_range_and_never_another_date(unit: str) -> None:
    found = seen(table(pa.array(FAR, pa.int64()).cast(pa.timestamp(unit, "UTC"))), {"9999-12-31": "never"})
    assert found.faults() == {("seen_at", "after the horizon"): [1, 2], ("seen_at", "before 1900"): [3, 4]}


@pytest.mark.parametrize("unit", ["h", "m", "s", "ms", "us"])
def test_what_does_not_fit_among_numpys_times(unit: str) -> None:
    values = [np.array([far]).astype(f"datetime64[{unit}]")[0] for far in FAR[:3]]
    rows = [{"case": at, "received_on": "2010-01-01", "seen_at": value} for at, value in enumerate(values)]
    assert seen(rows).faults() == {("seen_at", "after the horizon"): [1, 2], ("seen_at", "before 1900"): [3]}


@pytest.mark.parametrize("kind", [pa.date32(), pa.date64()])
def test_days_that_are_infinite_or_too_far(kind: pa.DataType) -> None:
    most = 2**31 - 1 if kind == pa.date32() else MOST
    units = 1 if kind == pa.date32() else 86_400_000
    width = pa.int32() if kind == pa.date32() else pa.int64()
    numbers = [most, -most, most - units, 2_932_896 * units, 14_761 * units]
    days = pa.array(numbers, width).view(kind)
    kept = {name: None for name in Case.fields if name not in ("case", "received_on", "closed_on")}
    data = pa.table({"case": range(5), "received_on": [dt.date(2010, 1, 1)] * 5, "closed_on": days})
    marks = {"infinity": "open", "-infinity": "unknown", "9999-12-31": "open"}
    found = read(source(data, Case, columns=kept, marks={"closed_on": marks}), ["closed_on"])
    assert found.faults() == {("closed_on", "after the horizon"): [3]}
    assert found.values("closed_on") == [None, None, None, dt.date(2010, 6, 1)]


def int96(folder: Path, write: Callable[[], Any]) -> Path:
    return by_parquet(write(), folder, use_deprecated_int96_timestamps=True, use_dictionary=False)


def test_int96_holds_the_year_9999(tmp_path: Path) -> None:
    """Written as 2010, the day in the file is then set to 31 December 9999, as Spark would have written it."""
    path = int96(tmp_path, lambda: pa.array([dt.datetime(2010, 6, 1, 12)] * 2, pa.timestamp("us")))
    julian = 2_440_588
    noon = 43_200 * 10**9
    was, wanted = (struct.pack("<qi", noon, julian + day) for day in (14_761, 2_932_896))
    content = path.read_bytes()
    assert was in content
    path.write_bytes(content.replace(was, wanted))
    assert (seen(path, MARKS).values("seen_at"), seen(path, MARKS).faults()) == ([None, None], {})
    assert seen(path).faults() == {("seen_at", "after the horizon"): [1, 2]}
