"""What several jobs need of the other libraries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.benchmark.contest import Contender, Given, Work

DECODING, DUCKDB = "decoding alone", "DuckDB"
YEARS = range(1998, 2031)


def danish_holidays() -> list[dt.date]:
    """Return the Danish public holidays as the package `holidays` knows them, of all years that the data have."""
    import holidays

    return sorted(holidays.country_holidays("DK", years=YEARS))


def duckdb_with(threads: int) -> Any:
    """Return a connection to an empty database in memory."""
    import duckdb

    connection = duckdb.connect()
    connection.execute(f"set threads = {threads}")
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
