"""What several jobs need of the other libraries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from tests.benchmark.contest import Contender, Given, Work

DECODING, DUCKDB = "decoding alone", "DuckDB"
BARE, SAME = "DuckDB, bare query", "DuckDB, same answer"
POLARS_BARE, POLARS_SAME = "polars, bare query", "polars, same answer"
YEARS = range(1998, 2031)


def danish_holidays() -> list[dt.date]:
    """Return the Danish public holidays as the package `holidays` knows them, of all years that the data have."""
    import holidays

    return sorted(holidays.country_holidays("DK", years=YEARS))


def office_closings() -> list[dt.date]:
    """Return those holidays with 5 June, 24 and 31 December, on which Danish offices are closed by another reading."""
    further = [dt.date(year, *day) for year in YEARS for day in ((6, 5), (12, 24), (12, 31))]
    return sorted({*danish_holidays(), *further})


NO_FAULT: dict[str, int] = {"set aside": 0, "not yet begun": 0, "undated": 0, "on the other calendar": 0}
"""What is said of rows none of which is at fault or of the future."""
EARLIEST, LATEST = "1970-01-03", "2049-12-29"
"""Between these no day is out of range, and none is one that systems write for "no date"."""


class NotPlain(Exception):
    """Some row is at fault, or not of the past: a peer would need further queries to say which and why.

    No peer has them, to its advantage: of the data of the benchmark no row is.
    """


def confirm(plain: bool) -> None:
    """Raise `NotPlain` where a check did not hold."""
    if not plain:
        raise NotPlain


def whole(results: Iterable[Any]) -> dict[str, int]:
    """Return what casequality's results say of faults: as `NO_FAULT`, and each kind of finding with its rows."""
    several = list(results)
    tally = several[0].measurement.tally
    told = {name: several[0].accounts[name] for name in ("set aside", "not yet begun", "undated")}
    sensitive = sum(figure.sensitive for result in several for figure in result)
    return {**told, "on the other calendar": sensitive, **tally.accounts.findings, **tally.accounts.marks}


def confirm_with_duckdb(connection: Any, path: Path, key: str, begun: str, ended: str, as_of: str) -> None:
    """Raise `NotPlain` unless keys and beginnings are there, keys are distinct, and all dates plain and past.

    The least and the greatest of a column DuckDB takes from the statistics of the file, without reading the column. Of
    keys it sees that they rise, in an eighth of the time that counting different ones takes.
    """
    query = f"""
        select count(*) = count("{key}") and count(*) = count({begun})
            and least(min({begun}), min({ended}))::date >= date '{EARLIEST}'
            and greatest(max({begun}), max({ended}))::date < least(date '{LATEST}', date '{as_of}')
        from '{path}'
    """
    confirm(connection.execute(query).fetchall() == [(True,)])
    falling = f'select "{key}" <= lag("{key}") over () as falls from \'{path}\''
    confirm(connection.execute(f"select count(*) from ({falling}) where falls").fetchall() == [(0,)])


def duckdb_with(threads: int) -> Any:
    """Return a connection to an empty database in memory."""
    import duckdb

    connection = duckdb.connect()
    connection.execute(f"set threads = {threads}")
    connection.execute("set timezone = 'UTC'")
    return connection


def decoding(columns: Sequence[str], texts: Sequence[str]) -> Contender:
    """Return the contender that decodes these columns of a Parquet file with pyarrow and does nothing with them.

    As in casequality, each row group is decoded by the thread that asks for it, and texts stay dictionaries.
    """

    def contender(given: Given) -> Work:
        import pyarrow.parquet as pq

        def decode(first: int) -> int:
            with pq.ParquetFile(given.path, read_dictionary=texts) as file:
                groups = range(first, file.num_row_groups, given.threads)
                return sum(file.read_row_group(group, columns, use_threads=False).num_rows for group in groups)

        def run() -> int:
            with ThreadPoolExecutor(given.threads) as pool:
                return sum(pool.map(decode, range(given.threads)))

        return Work(run, lambda rows: {"rows": rows})

    return contender
