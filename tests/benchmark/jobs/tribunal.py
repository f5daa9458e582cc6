"""Cases of a rent tribunal: every figure that its plugin offers, month by month."""

from __future__ import annotations

import calendar
import datetime as dt
from fractions import Fraction
from typing import Any

from tests.benchmark.contest import OWN, Answer, Comparison, Given, Job, Work
from tests.benchmark.peers import DECODING, DUCKDB, decoding, duckdb_with

NAMES = (
    *("backlog", "clearance-rate", "closed", "closed-in-time", "decided-against-received", "disposition-time"),
    *("pending-age", "pending-age-median", "processing-time", "received", "received-against-year-before"),
)
GROUPED = "DuckDB, grouped once"
IN_TIME = "rent-tribunal.closed-in-time"
FIRST, AS_OF = dt.date(2008, 1, 1), dt.date(2012, 1, 1)
MONTHS = range(FIRST.year * 12, AS_OF.year * 12)
"""Months as year * 12 + month - 1."""

Figures = dict[str, str | None]


def casequality(given: Given) -> Work:
    """Measure as a user does, with all checks; closed in time by both cohorts."""
    import pyarrow.parquet  # noqa: F401

    import casequality as cq
    from casequality.host import discover

    plugins, tally = discover(only=["casequality-rent-tribunal"]), cq.tally
    metrics = [f"rent-tribunal.{name}" for name in NAMES]

    def run() -> Any:
        counted = tally(metrics, given.path, as_of=AS_OF, plugins=plugins, threads=given.threads)
        closed = {IN_TIME: {"cohort": "closed"}}
        by_received = counted.conclude(by="month", plugins=plugins)
        by_closed = type(counted)({IN_TIME: counted.parts[IN_TIME]}).conclude(
            by="month", readings=closed, plugins=plugins
        )
        return {**by_received, "closed-in-time of the closed": by_closed[IN_TIME]}

    return Work(run, _own_answer)


def _own_answer(results: Any) -> Answer:
    figures: Figures = {}
    for name, result in results.items():
        for figure in result:
            exact = figure.value.exact
            figures[f"{figure.period.label} {name.removeprefix('rent-tribunal.')}"] = (
                None if exact is None else str(exact)
            )
    return {"rows": results[IN_TIME].accounts["read"], "figures": figures}


def _month(day: str) -> str:
    return f"(year({day}) * 12 + month({day}) - 1)"


DIRECT = (
    f"""
    select {_month("received_on")} as received, count(*),
        count(*) filter (closed_on <= received_on + interval 4 month),
        count(*) filter (closed_on is not null or received_on + interval 4 month < date '{AS_OF}')
    from cases group by all
    """,
    f"""
    select {_month("closed_on")} as closed, count(*), count(*) filter (ending = 'decided'),
        sum(closed_on - received_on), count(*) filter (closed_on <= received_on + interval 4 month)
    from cases where closed_on is not null group by all
    """,
    f"""
    select month, count(*), sum(received_on - date '{FIRST}'),
        date '{AS_OF}' - quantile_disc(date '{AS_OF}' - received_on, 0.5)::integer
    from (
        select received_on,
            unnest(range({_month("received_on")}, coalesce({_month("closed_on")}, {MONTHS.stop}))) as month
        from cases
    )
    group by all
    """,
)
"""By month of receipt; by month of closing; and the cases pending at each month's end."""

GROUPING = f"""
    create or replace temp table grouped as
    select received_on, received, due, {_month("closed_on")}::smallint as closed, ending = 'decided' as decided,
        count(*) as cases, sum(closed_on - received_on) as days, count(*) filter (closed_on <= due) as in_time
    from cases join calendar on day = received_on
    group by all
"""
FROM_GROUPS = (
    f"""
    select received, sum(cases), sum(in_time), sum(cases) filter (closed is not null or due < date '{AS_OF}')
    from grouped group by all
    """,
    """
    select closed, sum(cases), sum(cases) filter (decided), sum(days), sum(in_time)
    from grouped where closed is not null group by all
    """,
    f"""
    with lasting as (
        select unnest(range(received, coalesce(closed, {MONTHS.stop}))) as month, received_on, cases from grouped
    ), pending as (
        select month, received_on, sum(cases) as cases from lasting group by all
    ), running as (
        select *, sum(cases) over (partition by month order by received_on desc) as younger,
            sum(cases) over (partition by month) as total
        from pending
    )
    select month, sum(cases), sum(cases * (received_on - date '{FIRST}')),
        max(received_on) filter (2 * younger >= total)
    from running group by all
    """,
)


def with_duckdb(given: Given) -> Work:
    """Ask the file for each kind of figure, as one writes it."""
    connection = _cases(given)
    return Work(lambda: [connection.execute(query).fetchall() for query in DIRECT], _duckdb_answer)


def with_duckdb_grouped(given: Given) -> Work:
    """Group the file once by day of receipt, month of closing and ending, and make every figure from the groups."""
    connection = _cases(given)
    connection.execute(f"""
        create table calendar as
        select day::date as day, {_month("day")} as received, (day + interval 4 month)::date as due
        from range(date '{FIRST}', date '{AS_OF}', interval 1 day) days(day)
    """)

    def run() -> Any:
        connection.execute(GROUPING)
        return [connection.execute(query).fetchall() for query in FROM_GROUPS]

    return Work(run, _duckdb_answer)


def _cases(given: Given) -> Any:
    connection = duckdb_with(given.threads)
    connection.execute(f"create view cases as select * from '{given.path}'")
    return connection


def _duckdb_answer(found: list[list[tuple[Any, ...]]]) -> Answer:
    by_receipt, by_closing, pending = ({month: counts for month, *counts in rows} for rows in found)
    figures: Figures = {}
    for month in MONTHS:
        received, in_time, settled = (int(count or 0) for count in by_receipt[month])
        closed, decided, days, closed_in_time = (int(count or 0) for count in by_closing.get(month, [0] * 4))
        stock, began, median = pending[month]
        year, number = month // 12, month % 12 + 1
        length = calendar.monthrange(year, number)[1]
        last = dt.date(year, number, length)
        before = int(by_receipt[month - 12][0]) if month - 12 in by_receipt else 0
        own = {
            "backlog": _exact(stock, 1),
            "clearance-rate": _exact(closed, received),
            "closed": _exact(closed, 1),
            "closed-in-time": _exact(in_time, settled),
            "closed-in-time of the closed": _exact(closed_in_time, closed),
            "decided-against-received": _exact(decided, received),
            "disposition-time": _exact(stock * length, closed),
            "pending-age": _exact((last - FIRST).days * stock - began, stock),
            "pending-age-median": _exact((last - median).days, 1),
            "processing-time": _exact(days, closed),
            "received": _exact(received, 1),
            "received-against-year-before": _exact(received, before),
        }
        figures |= {f"{year}-{number:02} {name}": figure for name, figure in own.items()}
    return {"rows": sum(int(counts[0]) for counts in by_receipt.values()), "figures": figures}


def _exact(numerator: Any, denominator: Any) -> str | None:
    return str(Fraction(int(numerator), int(denominator))) if denominator else None


JOB = Job(
    name="tribunal",
    title=f"Rent tribunal cases from Parquet: {len(NAMES)} metrics by month",
    data="tribunal",
    contenders={
        OWN: casequality,
        DUCKDB: with_duckdb,
        GROUPED: with_duckdb_grouped,
        DECODING: decoding(["case", "received_on", "closed_on", "ending"], ["ending"]),
    },
    comparisons=(
        Comparison("speed against", (DUCKDB,), 4),
        Comparison("speed against", (GROUPED,)),
        Comparison("time against", (DECODING,)),
    ),
    threads=(1, 2),
)
