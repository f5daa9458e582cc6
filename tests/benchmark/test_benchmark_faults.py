"""Who gives the same answer notices every fault that casequality does, so that no peer is spared a check; few rows."""

from __future__ import annotations

import datetime as dt
import functools
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.benchmark import data
from tests.benchmark.contest import OWN, Given
from tests.benchmark.peers import NO_FAULT, POLARS_SAME, SAME, NotPlain
from tests.benchmark.suite import JOBS

ROWS, PLACE = 4_000, 1_234
DATES = {
    "calls": ("call", "offered_at", "answered_at"),
    "benefits": ("case", "received_on", "decided_on"),
    "tribunal": ("case", "received_on", "closed_on"),
    "dead-periods": ("case", "received_at", "decided_at"),
}
FAULTS = {
    "no key": (0, None),
    "a key once more": (0, 1),
    "no beginning": (1, None),
    "begun before 1900": (1, "1850-01-01"),
    "begun on a day that stands for none": (1, "1970-01-01"),
    "begun after the as-of": (1, "2031-01-01"),
    "ended before it began": (2, "1990-01-01"),
    "ended after the horizon": (2, "2999-01-01"),
}


def broken(path: Path, column: str, value: int | str | None) -> Path:
    """Return a copy of a file in which one cell is another."""
    table = pq.read_table(path)
    cells: list[Any] = table[column].to_pylist()
    kind = table.schema.field(column).type
    if isinstance(value, str):
        day = dt.date.fromisoformat(value)
        cells[PLACE % len(cells)] = dt.datetime.combine(day, dt.time(), dt.UTC) if pa.types.is_timestamp(kind) else day
    else:
        cells[PLACE % len(cells)] = value
    changed = table.set_column(table.schema.get_field_index(column), column, pa.array(cells, kind))
    other = path.with_name(f"broken-{column}-{value}-{path.name}")
    pq.write_table(changed, other)
    return other


def noticed(name: str, contender: str, path: Path) -> bool:
    work = JOBS[name].contenders[contender](Given(path, 1))
    try:
        return bool(work.answer(work.run())["faults"] != NO_FAULT)
    except (NotPlain, pl.exceptions.OutOfBoundsError):  # polars looks a day up where its table has none
        return True


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """What gives the file of a job without a fault, made once; faulty ones are copies of it."""
    folder = tmp_path_factory.mktemp("data")

    @functools.cache
    def made(name: str) -> Path:
        wanted = data.Wanted(folder, ROWS * (10 if name == "dead-periods" else 1))
        return data.MADE_BY[str(JOBS[name].data)](wanted)

    return made


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("name", DATES)
def test_a_fault_is_noticed_by_all_who_give_the_same_answer(
    name: str, fault: str, whole: Callable[[str], Path]
) -> None:
    place, value = FAULTS[fault]
    path = whole(name)
    other = broken(path, DATES[name][place], value)
    if name == "dead-periods":
        shutil.copy(data.events_of(path), data.events_of(other))
    found = {who: noticed(name, who, other) for who in (OWN, SAME, POLARS_SAME)}
    # the figures of dead periods rest on events: a case without a beginning is no fault of theirs
    assert found == {OWN: (name, fault) != ("dead-periods", "no beginning"), SAME: True, POLARS_SAME: True}
