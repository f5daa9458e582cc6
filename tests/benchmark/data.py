"""The data of the jobs, drawn from a seed and kept: `python -m tests.benchmark.data folder name rows` prints where."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

SEED = 20260101
QUEUES = ("main", "benefits", "rent")
KINDS = ("child_allowance", "adoption_allowance", "advance_child_support", "housing_benefit", "deposit_loan")
ENDINGS = ("decided", "settled", "withdrawn", "dismissed")
CALLS_FROM, CALLS_TO = "2009-01-01", "2011-03-01"
BENEFITS_FROM, BENEFITS_TO = "2000-01-01", "2021-01-01"
TRIBUNAL_FROM, TRIBUNAL_TO = "2008-01-01", "2012-01-01"
SECOND = 1_000_000

Integers = npt.NDArray[np.int64]


def days(folder: Path, rows: int) -> Path:
    """Return days in random order, shape (2, rows); in 7 % of the columns the second lies before the first."""

    def write(path: Path) -> None:
        rng = np.random.default_rng(SEED)
        first = rng.integers(_day("2006-01-01"), _day("2027-01-01"), rows)
        second = first + np.where(rng.random(rows) < 0.07, -rng.integers(1, 60, rows), rng.integers(0, 365, rows))
        with path.open("wb") as file:
            np.save(file, np.stack([first, second]).view("datetime64[D]"))

    return _kept(folder / f"days-{rows}.npy", write)


def days_in_order(folder: Path, rows: int) -> Path:
    """Return the same days with each row in order."""

    def write(path: Path) -> None:
        with path.open("wb") as file:
            np.save(file, np.sort(np.load(days(folder, rows))))

    return _kept(folder / f"days-in-order-{rows}.npy", write)


def calls(folder: Path, rows: int) -> Path:
    """Return a Parquet file of calls in the order of their keys; a tenth are not answered, waits are whole seconds."""
    start, end = (int(np.datetime64(day, "s").astype(np.int64)) for day in (CALLS_FROM, CALLS_TO))

    def group(rng: np.random.Generator, keys: Integers) -> dict[str, Any]:
        import pyarrow as pa

        first, last = (start + (end - start) * int(key) // rows for key in (keys[0] - 1, keys[-1]))
        offered = np.sort(rng.integers(first, last, len(keys))) * SECOND
        wait = np.minimum(rng.exponential(40, len(keys)).astype(np.int64), 8191) * SECOND
        lost = rng.random(len(keys)) < 0.1
        instant = pa.timestamp("us", "UTC")
        return {
            "call": pa.array(keys),
            "offered_at": pa.array(offered, instant),
            "answered_at": pa.array(offered + wait, instant, mask=lost),
            "queue": _labels(QUEUES, rng.integers(0, len(QUEUES), len(keys))),
            "resolved": pa.array(rng.random(len(keys)) < 0.45, mask=lost),
        }

    return _kept(folder / f"calls-{rows}.parquet", lambda path: _write(path, rows, group))


def benefits(folder: Path, rows: int) -> Path:
    """Return a Parquet file of benefit cases in the order of their keys, as they stood at the end of 2020."""
    start, end = _day(BENEFITS_FROM), _day(BENEFITS_TO)

    def group(rng: np.random.Generator, keys: Integers) -> dict[str, Any]:
        import pyarrow as pa

        received = start + (end - start) * (keys - 1) // rows
        decided = received + rng.exponential(24, len(keys)).astype(np.int64)
        pending = (decided >= end) | (rng.random(len(keys)) < 0.01)
        return {
            "case": pa.array(keys),
            "kind": _labels(KINDS, rng.choice(len(KINDS), len(keys), p=[0.4, 0.02, 0.18, 0.3, 0.1])),
            "received_on": pa.array(received.astype(np.int32), pa.date32()),
            "decided_on": pa.array(decided.astype(np.int32), pa.date32(), mask=pending),
        }

    return _kept(folder / f"benefits-{rows}.parquet", lambda path: _write(path, rows, group))


def tribunal(folder: Path, rows: int) -> Path:
    """Return a Parquet file of rent tribunal cases in the order of their keys, as they stood at the end of 2011."""
    start, end = _day(TRIBUNAL_FROM), _day(TRIBUNAL_TO)

    def group(rng: np.random.Generator, keys: Integers) -> dict[str, Any]:
        import pyarrow as pa

        received = start + (end - start) * (keys - 1) // rows
        closed = received + rng.exponential(110, len(keys)).astype(np.int64)
        ending = rng.choice(len(ENDINGS), len(keys), p=[0.6, 0.2, 0.15, 0.05])
        pending = closed >= end
        return {
            "case": pa.array(keys),
            "received_on": pa.array(received.astype(np.int32), pa.date32()),
            "closed_on": pa.array(closed.astype(np.int32), pa.date32(), mask=pending),
            "ending": _labels(ENDINGS, ending, pending),
        }

    return _kept(folder / f"tribunal-{rows}.parquet", lambda path: _write(path, rows, group))


def _day(text: str) -> int:
    return int(np.datetime64(text, "D").astype(np.int64))


def _labels(names: tuple[str, ...], codes: Integers, missing: npt.NDArray[np.bool_] | None = None) -> Any:
    import pyarrow as pa

    indices = pa.array(codes.astype(np.int8), mask=missing)
    return pa.DictionaryArray.from_arrays(indices, list(names)).cast(pa.string())


def _write(path: Path, rows: int, group: Callable[[np.random.Generator, Integers], dict[str, Any]]) -> None:
    """Write a file row group by row group, so that a hundred million rows need no more memory than one million."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    writer = None
    for number, keys in enumerate(_groups(rows)):
        table = pa.table(group(np.random.default_rng([SEED, number]), keys))
        writer = writer or pq.ParquetWriter(path, table.schema)
        writer.write_table(table)
    assert writer is not None
    writer.close()


def _groups(rows: int) -> Iterator[Integers]:
    size = min(1_000_000, -(-rows // 4))
    for first in range(1, rows + 1, size):
        yield np.arange(first, min(first + size, rows + 1))


def _kept(path: Path, write: Callable[[Path], None]) -> Path:
    """Return the file, written where it was not there; half a file is never left behind under its name."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        begun = path.with_name(f"{path.name}.{os.getpid()}")
        write(begun)
        begun.replace(path)
    return path


MADE_BY = {
    "days": days,
    "days-in-order": days_in_order,
    "calls": calls,
    "benefits": benefits,
    "tribunal": tribunal,
}

if __name__ == "__main__":
    print(MADE_BY[sys.argv[2]](Path(sys.argv[1]), int(sys.argv[3])))
