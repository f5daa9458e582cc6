"""Add months to many dates; a day that the month does not have becomes its last."""

from __future__ import annotations

from typing import Any

from tests.benchmark.contest import OWN, Answer, Comparison, Given, Job, Work, fingerprint
from tests.benchmark.peers import duckdb_with

N = 4
PANDAS, POLARS, DUCKDB = "pandas DateOffset", "polars dt.offset_by", "DuckDB interval"


def casequality(given: Given) -> Work:
    """Add by the deadline of a rent tribunal, which is four months."""
    import numpy as np

    import casequality as cq

    days = np.load(given.path)[0]
    deadline, out = cq.deadline("copenhagen/rent-tribunal-goal"), np.empty_like(days)
    return Work(lambda: deadline.due(days, out=out), _answer)


def with_pandas(given: Given) -> Work:
    import numpy as np
    import pandas as pd

    days = pd.Series(np.load(given.path)[0])
    return Work(lambda: days + pd.DateOffset(months=N), _answer)


def with_polars(given: Given) -> Work:
    import numpy as np
    import polars as pl

    days = pl.Series(np.load(given.path)[0])
    return Work(lambda: days.dt.offset_by(f"{N}mo"), _answer)


def with_duckdb(given: Given) -> Work:
    import numpy as np
    import pyarrow as pa

    connection = duckdb_with(given.threads)
    connection.register("given", pa.table({"day": np.load(given.path)[0]}))
    connection.execute("create table days as select day from given")

    def run() -> Any:
        connection.execute(f"create or replace table due as select (day + interval {N} month)::date as day from days")
        return connection

    return Work(run, lambda done: _answer(done.execute("select day from due").fetchnumpy()["day"]))


def _answer(found: object) -> Answer:
    return {"days": fingerprint(found)}


JOB = Job(
    name="add-months",
    title=f"Add {N} months to dates in random order",
    data="days",
    contenders={OWN: casequality, PANDAS: with_pandas, POLARS: with_polars, DUCKDB: with_duckdb},
    comparisons=(Comparison("speed against", (PANDAS, POLARS, DUCKDB), 20),),
    repeats=3,
)
