"""Benefit cases in the frames that libraries hold, beside DuckDB, which reads each of them too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.benchmark.contest import OWN, Comparison, Given, Job, Work
from tests.benchmark.jobs import benefits
from tests.benchmark.peers import DUCKDB

Held = Callable[[Given], Any]


def in_arrow(given: Given) -> Any:
    """Return the cases as a pyarrow table."""
    import pyarrow.parquet as pq

    return pq.read_table(given.path)


def in_polars(given: Given) -> Any:
    """Return the cases as a polars frame."""
    import polars as pl

    return pl.read_parquet(given.path)


def in_pandas(given: Given) -> Any:
    """Return the cases as a pandas frame whose days are Python's own, as database drivers bring them."""
    return in_arrow(given).to_pandas(date_as_object=True)


def _job(library: str, held: Held, goal: float) -> Job:
    def own(given: Given) -> Work:
        return benefits.counting(given, held(given))

    def duckdb(given: Given) -> Work:
        return benefits.with_duckdb(given, held(given))

    return Job(
        name=f"{library}-frame",
        title=f"Benefit cases in a {library} frame: decided in time by type and half-year of receipt",
        data="benefits",
        contenders={OWN: own, DUCKDB: duckdb},
        comparisons=(Comparison("time against", (DUCKDB,), goal),),
        repeats=2,
    )


ARROW, POLARS = _job("arrow", in_arrow, 2), _job("polars", in_polars, 2)
PANDAS = _job("pandas", in_pandas, 1)
