"""Times without an offset in the hour that a clock shows twice: by the order of dates, by choice, or a finding."""

from __future__ import annotations

import csv
import datetime as dt
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from typing import Any
from unittest import mock
from zoneinfo import ZoneInfo

import pytest

pytest.importorskip("openpyxl")
pytest.importorskip("pandas")
pytest.importorskip("pyarrow")

import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from casequality.desk.projects import load_project
from casequality.errors import UsageError
from casequality.records import Records, instant, key, ordered, source
from tests.factories.records import Read, read

ZONE = ZoneInfo("Europe/Copenhagen")
NIGHT = "2010-10-31 "
TWICE, FIRST, SECOND = "shown twice by the clock", "read as the first of two", "read as the second of two"


class Call(Records, name="calls"):
    call = key()
    offered_at = instant()
    queued_at = instant(missing="not queued")
    answered_at = instant(missing="not answered")
    rules = ordered("queued_at", "answered_at")


FIELDS = ["offered_at", "queued_at", "answered_at"]
WALLS = [None, "01:59:50", "02:00:10", "02:30:00", "02:59:50", "03:00:10"]
ROWS: list[dict[str, Any]] = [
    {"call": at, "offered_at": NIGHT + "01:00:00"}
    | {name: wall and NIGHT + wall for name, wall in zip(FIELDS[1:], walls, strict=True)}
    for at, walls in enumerate(product(WALLS, repeat=2), start=1)
]


def meant(wall: str | None) -> Sequence[dt.datetime | None]:
    """Return every instant that a time on the wall may mean, in UTC and naive."""
    if wall is None:
        return [None]
    given = dt.datetime.fromisoformat(wall)
    either = {given.replace(tzinfo=ZONE, fold=fold).astimezone(dt.UTC).replace(tzinfo=None) for fold in (0, 1)}
    return sorted(either)


def by_hand(row: dict[str, Any]) -> tuple[list[dt.datetime | None], set[str]]:
    """Try each way of reading a call's times; those that keep their order say what is meant, where they agree."""
    kept = [
        ways
        for ways in product(*(meant(row[name]) for name in FIELDS))
        if None in ways[1:] or ways[1] <= ways[2]  # type: ignore[operator]
    ]
    agreed = {name: {ways[at] for ways in kept} for at, name in enumerate(FIELDS)}
    undecided = {name for name, found in agreed.items() if len(found) > 1}
    return [None if len(agreed[name]) != 1 else next(iter(agreed[name])) for name in FIELDS], undecided


def test_the_order_decides_where_it_can_and_the_others_are_findings() -> None:
    found = read(source(ROWS, Call, zone="Europe/Copenhagen"), FIELDS)
    rows = dict(zip(found.numbers, found.rows, strict=True))
    assert len(rows) > 10
    faults = found.faults()
    for number, row in enumerate(ROWS, start=1):
        ways, undecided = by_hand(row)
        broken = number in faults.get(("answered_at", "answered_at before queued_at"), [])
        assert broken == (None not in row.values() and ways == [None] * 3 and not undecided), row
        assert {name for name in FIELDS if number in faults.get((name, TWICE), [])} == undecided, row
        if not undecided and not broken:
            assert [rows[number][name] for name in FIELDS] == ways, row
    # of two times in that hour, the later first on the wall: only one way is left, and it is 20 seconds
    [across] = [
        row for row in ROWS if (row["queued_at"], row["answered_at"]) == (NIGHT + "02:59:50", NIGHT + "02:00:10")
    ]
    assert rows[across["call"]]["answered_at"] - rows[across["call"]]["queued_at"] == dt.timedelta(seconds=20)


@contextmanager
def line_by_line() -> Iterator[None]:
    with mock.patch.dict(sys.modules, {"pyarrow.csv": None}):
        yield


def written(rows: list[dict[str, Any]], folder: Path) -> Path:
    with (folder / "a.csv").open("w", encoding="ascii", newline="") as file:
        out = csv.DictWriter(file, list(rows[0]))
        out.writeheader()
        out.writerows(rows)
    return folder / "a.csv"


def as_times(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [row | {name: row[name] and dt.datetime.fromisoformat(row[name]) for name in FIELDS} for row in rows]


def workbook(rows: list[dict[str, Any]], folder: Path) -> Path:
    book = openpyxl.Workbook()
    book.worksheets[0].append(list(rows[0]))
    for row in as_times(rows):
        book.worksheets[0].append(list(row.values()))
    book.save(folder / "a.xlsx")
    return folder / "a.xlsx"


def parquet(rows: list[dict[str, Any]], folder: Path) -> Path:
    pq.write_table(pa.Table.from_pylist(as_times(rows)), folder / "a.parquet")
    return folder / "a.parquet"


READERS: dict[str, Callable[[list[dict[str, Any]], Path], Any]] = {
    "csv": written,
    "excel": workbook,
    "parquet": parquet,
    "pandas": lambda rows, _: pd.DataFrame(as_times(rows)),
    "objects": lambda rows, _: as_times(rows),
}


def below_the_header(found: Read, reader: str) -> tuple[Any, ...]:
    step = 1 if reader == "excel" else 0
    faults = {place: [row - step for row in rows] for place, rows in found.faults().items()}
    return found.rows, [number - step for number in found.numbers], faults


@pytest.mark.parametrize("choice", [None, "first", "second", "unreadable"])
@pytest.mark.parametrize("reader", READERS)
def test_every_reader_reads_the_hour_the_same(tmp_path: Path, reader: str, choice: Any) -> None:
    options = {"zone": "Europe/Copenhagen", "repeated_hour": choice}
    data = READERS[reader](ROWS, tmp_path)
    expected = below_the_header(read(source(ROWS, Call, **options), FIELDS), "mappings")
    assert below_the_header(read(source(data, Call, **options), FIELDS), reader) == expected
    if reader == "csv":
        with line_by_line():
            assert below_the_header(read(source(data, Call, **options), FIELDS), reader) == expected


@pytest.mark.parametrize(("choice", "fold", "said"), [("first", 0, FIRST), ("second", 1, SECOND)])
def test_a_declared_choice_is_kept_and_counted(choice: Any, fold: int, said: str) -> None:
    rows = [{"call": 1, "offered_at": NIGHT + "01:00", "queued_at": NIGHT + "02:30", "answered_at": None}]
    found = read(source(rows, Call, zone="Europe/Copenhagen", repeated_hour=choice), FIELDS)
    assert found.values("queued_at") == [meant(NIGHT + "02:30")[fold]]
    assert (found.faults(), found.findings.set_aside) == ({("queued_at", said): [1]}, 0)


def test_unreadable_where_it_is_declared_so() -> None:
    rows = [{"call": 1, "offered_at": NIGHT + "01:00", "queued_at": NIGHT + "02:30", "answered_at": NIGHT + "02:10"}]
    found = read(source(rows, Call, zone="Europe/Copenhagen", repeated_hour="unreadable"), FIELDS)
    assert found.faults() == {("queued_at", TWICE): [1], ("answered_at", TWICE): [1]}


@pytest.mark.parametrize("text", ["2010-10-31T02:30:00Z", "2010-10-31 02:30:00+01:00", "2010-10-31 01:59:59"])
def test_times_that_say_which_are_never_in_doubt(text: str) -> None:
    rows = [{"call": 1, "offered_at": text, "queued_at": None, "answered_at": None}]
    assert read(source(rows, Call, zone="Europe/Copenhagen"), FIELDS).faults() == {}


def test_a_choice_that_cannot_be_and_the_same_in_a_project_file(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="first, second, unreadable"):
        source(ROWS, Call, repeated_hour="third")  # type: ignore[arg-type]
    written(ROWS, tmp_path)
    (tmp_path / "casequality.toml").write_text(
        'title = "t"\ngoals = []\n[sources.calls]\nrecords = "calls"\npath = "a.csv"\nrepeated_hour = "second"\n',
        encoding="utf-8",
    )
    given = load_project(tmp_path / "casequality.toml").sources["calls"].open(Call, "Europe/Copenhagen")
    assert ("queued_at", SECOND) in read(given, FIELDS).faults()
