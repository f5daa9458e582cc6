"""The data of the jobs, drawn from a seed and kept: `python -m tests.benchmark.data name folder rows keys`."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt

SEED = 20260101
QUEUES = ("main", "benefits", "rent")
KINDS = ("child_allowance", "adoption_allowance", "advance_child_support", "housing_benefit", "deposit_loan")
ENDINGS = ("decided", "settled", "withdrawn", "dismissed")
CALLS_FROM, CALLS_TO = "2009-01-01", "2011-03-01"
BENEFITS_FROM, BENEFITS_TO = "2000-01-01", "2021-01-01"
TRIBUNAL_FROM, TRIBUNAL_TO = "2008-01-01", "2012-01-01"
LOGS_FROM, LOGS_TO = "2008-01-01", "2012-01-01"
HOLDERS = ("active", "citizen", "third_party", "statutory_step", "internal")
SECOND = 1_000_000

Integers = npt.NDArray[np.int64]


@attrs.frozen
class Wanted:
    """How many rows, in which folder; keys are written "plain", as pyarrow does it, or as "differences"."""

    folder: Path
    rows: int
    keys: str = "plain"

    def path(self, name: str, suffix: str) -> Path:
        """Return where a file of these rows is kept."""
        keys = "" if self.keys == "plain" or suffix != "parquet" else f"-{self.keys}"
        return self.folder / f"{name}-{self.rows}{keys}.{suffix}"


def days(wanted: Wanted) -> Path:
    """Return days in random order, shape (2, rows); in 7 % of the columns the second lies before the first."""

    def write(path: Path) -> None:
        rng, rows = np.random.default_rng(SEED), wanted.rows
        first = rng.integers(_day("2006-01-01"), _day("2027-01-01"), rows)
        second = first + np.where(rng.random(rows) < 0.07, -rng.integers(1, 60, rows), rng.integers(0, 365, rows))
        with path.open("wb") as file:
            np.save(file, np.stack([first, second]).view("datetime64[D]"))

    return _kept(wanted.path("days", "npy"), write)


def days_in_order(wanted: Wanted) -> Path:
    """Return the same days with each row in order."""

    def write(path: Path) -> None:
        with path.open("wb") as file:
            np.save(file, np.sort(np.load(days(wanted))))

    return _kept(wanted.path("days-in-order", "npy"), write)


def pauses(wanted: Wanted) -> Path:
    """Return cases with the days of their receipt, and three pauses a case in random order."""

    def write(path: Path) -> None:
        rng, rows = np.random.default_rng(SEED), wanted.rows
        received = rng.integers(_day("2008-01-01"), _day("2021-01-01"), rows)
        of = rng.permutation(np.repeat(np.arange(rows), 3))
        since = received[of] + rng.integers(0, 60, of.size)
        until = since + rng.integers(0, 30, of.size)
        columns = {name: column.view("datetime64[D]") for name, column in (("since", since), ("until", until))}
        with path.open("wb") as file:
            np.savez(file, received=received.view("datetime64[D]"), of=of, **columns)

    return _kept(wanted.path("pauses", "npz"), write)


def calls(wanted: Wanted) -> Path:
    """Return a Parquet file of calls in the order of their keys; a tenth are not answered, waits are whole seconds."""
    start, end = (int(np.datetime64(day, "s").astype(np.int64)) for day in (CALLS_FROM, CALLS_TO))

    def group(rng: np.random.Generator, keys: Integers) -> dict[str, Any]:
        import pyarrow as pa

        first, last = (start + (end - start) * int(key) // wanted.rows for key in (keys[0] - 1, keys[-1]))
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

    return _kept(wanted.path("calls", "parquet"), lambda path: _write(path, wanted, group))


def benefits(wanted: Wanted) -> Path:
    """Return a Parquet file of benefit cases in the order of their keys, as they stood at the end of 2020."""
    start, end = _day(BENEFITS_FROM), _day(BENEFITS_TO)

    def group(rng: np.random.Generator, keys: Integers) -> dict[str, Any]:
        import pyarrow as pa

        received = start + (end - start) * (keys - 1) // wanted.rows
        decided = received + rng.exponential(24, len(keys)).astype(np.int64)
        pending = (decided >= end) | (rng.random(len(keys)) < 0.01)
        return {
            "case": pa.array(keys),
            "kind": _labels(KINDS, rng.choice(len(KINDS), len(keys), p=[0.4, 0.02, 0.18, 0.3, 0.1])),
            "received_on": pa.array(received.astype(np.int32), pa.date32()),
            "decided_on": pa.array(decided.astype(np.int32), pa.date32(), mask=pending),
        }

    return _kept(wanted.path("benefits", "parquet"), lambda path: _write(path, wanted, group))


def calls_as_csv(wanted: Wanted) -> Path:
    """Return the same calls as a CSV file, their times in ISO 8601 and UTC."""
    times = ", ".join(f"strftime({name}, '%Y-%m-%dT%H:%M:%SZ') as {name}" for name in ("offered_at", "answered_at"))
    return _as_csv(wanted, "calls", calls(wanted), f"call, {times}, queue, resolved", ",")


def benefits_as_csv(wanted: Wanted) -> Path:
    """Return the same benefit cases as a CSV file written as Danish spreadsheets write it."""
    days = ", ".join(f"strftime({name}, '%d-%m-%Y') as {name}" for name in ("received_on", "decided_on"))
    return _as_csv(wanted, "benefits", benefits(wanted), f'"case", kind, {days}', ";")


def _as_csv(wanted: Wanted, name: str, parquet: Path, columns: str, delimiter: str) -> Path:
    import duckdb

    def write(path: Path) -> None:
        connection = duckdb.connect()
        connection.execute("set timezone = 'UTC'")
        query = f"select {columns} from '{parquet}'"
        connection.execute(f"copy ({query}) to '{path}' (format csv, header, delimiter '{delimiter}')")

    return _kept(wanted.path(name, "csv"), write)


def benefits_as_xlsx(wanted: Wanted) -> Path:
    """Return a tenth of the benefit cases as an Excel sheet whose dates are dates."""
    tenth = attrs.evolve(wanted, rows=max(wanted.rows // 10, 1))

    def write(path: Path) -> None:
        import openpyxl
        import pyarrow.parquet as pq

        book = openpyxl.Workbook(write_only=True)
        sheet = book.create_sheet("cases")
        table = pq.read_table(benefits(tenth), columns=["case", "kind", "received_on", "decided_on"])
        sheet.append(table.column_names)
        for row in zip(*(column.to_pylist() for column in table.columns), strict=True):
            sheet.append(row)
        book.save(path)

    return _kept(tenth.path("benefits", "xlsx"), write)


def tribunal(wanted: Wanted) -> Path:
    """Return a Parquet file of rent tribunal cases in the order of their keys, as they stood at the end of 2011."""
    start, end = _day(TRIBUNAL_FROM), _day(TRIBUNAL_TO)

    def group(rng: np.random.Generator, keys: Integers) -> dict[str, Any]:
        import pyarrow as pa

        received = start + (end - start) * (keys - 1) // wanted.rows
        closed = received + rng.exponential(110, len(keys)).astype(np.int64)
        ending = rng.choice(len(ENDINGS), len(keys), p=[0.6, 0.2, 0.15, 0.05])
        pending = closed >= end
        return {
            "case": pa.array(keys),
            "received_on": pa.array(received.astype(np.int32), pa.date32()),
            "closed_on": pa.array(closed.astype(np.int32), pa.date32(), mask=pending),
            "ending": _labels(ENDINGS, ending, pending),
        }

    return _kept(wanted.path("tribunal", "parquet"), lambda path: _write(path, wanted, group))


def event_logs(wanted: Wanted) -> Path:
    """Return a Parquet file of cases; as many events as rows are wanted, 10 a case, are in the file `events_of` it.

    Both are in the order of the cases' keys, and the events of a case in that of their times; row groups begin
    anywhere. An eighth of the events do not say who holds the case, a tenth of the cases are open, no two events of
    a case are at the same time.
    """

    def cases(rng: np.random.Generator, keys: Integers) -> dict[str, Any]:
        import pyarrow as pa

        received, lasting = _received_and_lasting(keys, wanted)
        instant = pa.timestamp("us", "UTC")
        return {
            "case": pa.array(keys),
            "received_at": pa.array(received, instant),
            "decided_at": pa.array(received + lasting, instant, mask=rng.random(len(keys)) < 0.1),
        }

    def events(rng: np.random.Generator, keys: Integers) -> dict[str, Any]:
        import pyarrow as pa

        received, lasting = _received_and_lasting(keys, wanted)
        of = np.sort(np.concatenate([np.arange(len(keys)), rng.integers(0, len(keys), 9 * len(keys))]))
        at = received[of] + (rng.random(len(of)) * (lasting[of] // SECOND)).astype(np.int64) * SECOND
        at = at[np.lexsort((at, of))] + np.arange(len(of)) % SECOND + 1
        holder = rng.integers(0, len(HOLDERS), len(of))
        return {
            "case": pa.array(keys[of]),
            "at": pa.array(at, pa.timestamp("us", "UTC")),
            "holder": _labels(HOLDERS, holder, rng.random(len(of)) < 0.125),
        }

    few = attrs.evolve(wanted, rows=max(wanted.rows // 10, 1))
    path = wanted.path("event-logs", "parquet")
    _kept(events_of(path), lambda begun: _write(begun, few, events))
    return _kept(path, lambda begun: _write(begun, few, cases))


def events_of(cases: Path) -> Path:
    """Return the file of the events of a file of cases."""
    return cases.with_name(cases.name.replace("event-logs", "events"))


def xes(wanted: Wanted) -> Path:
    """Return an XES file of a fiftieth as many events as rows are wanted, 10 a case."""
    rng, cases = np.random.default_rng(SEED), max(wanted.rows // 500, 1)
    start = int(np.datetime64(LOGS_FROM, "s").astype(np.int64))

    def events(begun: int) -> Iterator[str]:
        for second, holder in zip(np.sort(rng.integers(0, 90 * 86_400, 10)), rng.integers(0, 5, 10), strict=True):
            at = np.datetime64((begun + int(second)) * 1000, "ms")
            yield (
                f'<event><string key="concept:name" value="step {holder}"/><string key="org:resource" value="Unit 7"/>'
                f'<string key="holder" value="{HOLDERS[holder]}"/>'
                f'<date key="time:timestamp" value="{at}+00:00"/></event>\n'
            )

    def write(path: Path) -> None:
        with path.open("w", encoding="utf-8") as file:
            file.write('<?xml version="1.0" encoding="UTF-8"?>\n<log xes.version="1.0">\n')
            for number in range(cases):
                file.write(f'<trace><string key="concept:name" value="{number}"/>\n')
                file.writelines(events(start + number * 1000))
                file.write("</trace>\n")
            file.write("</log>\n")

    return _kept(wanted.path("log", "xes"), write)


def store(wanted: Wanted) -> Path:
    """Return a store of tallies that five municipalities have delivered to every month; more months for more rows."""
    path = wanted.path("store", "folder")

    def fill(begun: Path) -> None:
        import casequality as cq

        country_of(path).fill(cq.store(begun))

    return _kept(path, fill)


def country_of(path: Path) -> Any:
    """Return whose deliveries are in a store, by its name."""
    from tests.benchmark.country import Country

    return Country(who=5, months=min(48, max(6, int(path.name.split("-")[1].split(".")[0]) // 200_000)))


def _received_and_lasting(keys: Integers, wanted: Wanted) -> tuple[Integers, Integers]:
    """Return when cases were received, in the order of their keys, and how long they last."""
    start, end = (int(np.datetime64(day, "s").astype(np.int64)) for day in (LOGS_FROM, LOGS_TO))
    rng = np.random.default_rng([SEED, int(keys[0])])
    received = start + (end - start) * (keys - 1) // max(wanted.rows // 10, 1)
    return received * SECOND, (rng.exponential(90 * 86_400, len(keys)).astype(np.int64) + 60) * SECOND


def _day(text: str) -> int:
    return int(np.datetime64(text, "D").astype(np.int64))


def _labels(names: tuple[str, ...], codes: Integers, missing: npt.NDArray[np.bool_] | None = None) -> Any:
    import pyarrow as pa

    indices = pa.array(codes.astype(np.int8), mask=missing)
    return pa.DictionaryArray.from_arrays(indices, list(names)).cast(pa.string())


def _write(path: Path, wanted: Wanted, group: Callable[[np.random.Generator, Integers], dict[str, Any]]) -> None:
    """Write a file row group by row group, so that a hundred million rows need no more memory than one million."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    writer = None
    for number, keys in enumerate(_groups(wanted.rows)):
        table = pa.table(group(np.random.default_rng([SEED, number]), keys))
        writer = writer or pq.ParquetWriter(path, table.schema, **_encoded(table.schema, wanted.keys))
        writer.write_table(table)
    assert writer is not None
    writer.close()


def _encoded(schema: Any, keys: str) -> dict[str, Any]:
    """Return the writer's options; the first column is the key."""
    if keys == "plain":
        return {}
    key, *others = schema.names
    return {"use_dictionary": others, "column_encoding": {key: "DELTA_BINARY_PACKED"}}


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
    "pauses": pauses,
    "calls": calls,
    "benefits": benefits,
    "calls-csv": calls_as_csv,
    "benefits-csv": benefits_as_csv,
    "benefits-xlsx": benefits_as_xlsx,
    "tribunal": tribunal,
    "event-logs": event_logs,
    "xes": xes,
    "store": store,
}

if __name__ == "__main__":
    name, folder, rows, keys = sys.argv[1:]
    print(MADE_BY[name](Wanted(Path(folder), int(rows), keys)))
