"""Calls and benefit cases from CSV, beside the libraries that read it fastest and most often, asked the same."""

from __future__ import annotations

from typing import Any

from tests.benchmark.contest import OWN, Answer, Comparison, Given, Job, Work
from tests.benchmark.jobs import benefits, calls
from tests.benchmark.peers import DUCKDB

PANDAS, POLARS = "pandas", "polars"


def calls_with_pandas(given: Given) -> Work:
    """Read the times as times, and take the p90 by its place among the waits in order."""
    import numpy as np
    import pandas as pd

    def p90(waits: Any) -> int:
        known = waits.dropna().to_numpy()
        place = -(-9 * len(known) // 10) - 1
        return int(np.partition(known, place)[place] / np.timedelta64(1, "us"))

    def run() -> Any:
        table = pd.read_csv(given.path, parse_dates=["offered_at", "answered_at"])
        table["wait"] = table["answered_at"] - table["offered_at"]
        month = table["offered_at"].dt.year * 12 + table["offered_at"].dt.month - 1
        groups = table.assign(resolved=table["resolved"].eq(True)).groupby([month.rename("month"), "queue"])
        return groups.agg(
            calls=("call", "size"),
            answered=("wait", "count"),
            wait=("wait", lambda waits: int(waits.sum() / np.timedelta64(1, "us"))),
            p90=("wait", p90),
            resolved=("resolved", "sum"),
        )

    return Work(
        run, lambda found: _answer([(*index, *row) for index, row in zip(found.index, found.values, strict=True)])
    )


def calls_with_polars(given: Given) -> Work:
    """Read the times as times; only the columns that are asked for are read."""
    import polars as pl

    def run() -> Any:
        wait = (pl.col("answered_at") - pl.col("offered_at")).dt.total_microseconds()
        month = pl.col("offered_at").dt.year() * 12 + pl.col("offered_at").dt.month() - 1
        return (
            pl.scan_csv(given.path, try_parse_dates=True)
            .group_by(month.alias("month"), "queue")
            .agg(
                pl.len().alias("calls"),
                wait.count().alias("answered"),
                wait.sum().alias("wait"),
                wait.quantile(0.9, "equiprobable").alias("p90"),
                pl.col("resolved").sum().alias("resolved"),
            )
            .collect()
        )

    return Work(run, lambda found: _answer(found.rows()))


def _answer(rows: Any) -> Answer:
    figures = {
        f"{month // 12}-{month % 12 + 1:02} {queue}": [int(count) for count in counts] for month, queue, *counts in rows
    }
    return {"rows": sum(called for called, *_ in figures.values()), "figures": figures}


def benefits_in_danish(given: Given) -> Work:
    """Measure as a user does, in the dialect of Danish spreadsheets."""
    import pyarrow.csv  # noqa: F401

    from casequality.records import Dialect

    return benefits.counting(given, dialect=Dialect.danish())


def calls_in_iso(given: Given) -> Work:
    """Measure as a user does, with all checks."""
    import pyarrow.csv  # noqa: F401

    return calls.casequality(given)


BOUNDED = Comparison("peak memory in MB", goal=250)

CALLS = Job(
    name="calls-csv",
    title="Calls from CSV: mean wait, exact p90, answered and resolved share by month and queue",
    data="calls-csv",
    contenders={OWN: calls_in_iso, DUCKDB: calls.with_duckdb, PANDAS: calls_with_pandas, POLARS: calls_with_polars},
    comparisons=(
        Comparison("time against", (DUCKDB,), 2),
        Comparison("speed against", (PANDAS,), 1),
        Comparison("speed against", (POLARS,)),
        BOUNDED,
    ),
)
BENEFITS = Job(
    name="benefits-csv",
    title="Benefit cases from a Danish CSV: decided in time by type and half-year of receipt",
    data="benefits-csv",
    contenders={OWN: benefits_in_danish, DUCKDB: benefits.with_duckdb},
    comparisons=(Comparison("time against", (DUCKDB,), 2), BOUNDED),
)
