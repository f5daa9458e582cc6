"""What the other libraries are given: the holidays as the package `holidays` knows them, not as casequality does."""

from __future__ import annotations

import datetime as dt
from typing import Any

YEARS = range(1998, 2031)


def danish_holidays() -> list[dt.date]:
    """Return the Danish public holidays of the years in which any job has a date."""
    import holidays

    return sorted(holidays.country_holidays("DK", years=YEARS))


def duckdb_with(threads: int) -> Any:
    """Return a connection to an empty database in memory."""
    import duckdb

    connection = duckdb.connect()
    connection.execute(f"set threads = {threads}")
    return connection
