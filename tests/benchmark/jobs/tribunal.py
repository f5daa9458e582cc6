"""Cases of a rent tribunal: every figure that its plugin offers, month by month."""

from __future__ import annotations

import calendar
import datetime as dt
from fractions import Fraction
from typing import Any

from tests.benchmark.contest import OWN, Answer, Comparison, Given, Job, Work
from tests.benchmark.peers import (
    BARE,
    DECODING,
    EARLIEST,
    LATEST,
    NO_FAULT,
    POLARS_BARE,
    POLARS_SAME,
    SAME,
    confirm,
    confirm_with_duckdb,
    decoding,
    duckdb_with,
    whole,
)

NAMES = (
    *("backlog", "clearance-rate", "closed", "closed-in-time", "decided-against-received", "disposition-time"),
    *("pending-age", "pending-age-median", "processing-time", "received", "received-against-year-before"),
)
IN_TIME, CLOSED_IN_TIME = "rent-tribunal.closed-in-time", "closed-in-time of the closed"
ENDINGS = ("decided", "settled", "withdrawn", "dismissed")
FIRST, AS_OF = dt.date(2008, 1, 1), dt.date(2012, 1, 1)
MONTHS = range(FIRST.year * 12, AS_OF.year * 12)
"""Months as year * 12 + month - 1."""

Figures = dict[str, str | None]


def casequality(given: Given) -> Work:
    """Measure as a user does, with all checks; closed in time by both cohorts."""
    import polars  # noqa: F401
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
        return {**by_received, CLOSED_IN_TIME: by_closed[IN_TIME]}

    return Work(run, _own_answer)


def _own_answer(results: Any) -> Answer:
    figures: Figures = {}
    for name, result in results.items():
        for figure in result:
            exact = figure.value.exact
            figures[f"{figure.period.label} {name.removeprefix('rent-tribunal.')}"] = (
                None if exact is None else str(exact)
            )
    apart: dict[str, dict[str, int]] = {}
    for name, result in zip(
        ("received", "received, ending", "closed", "closed, ending"), _told_apart(results), strict=True
    ):
        for figure in result:
            found = {outcome: rows for outcome, rows in figure.outcomes.items() if rows}
            if found:
                apart[f"{figure.period.label} {name}"] = found
    return {
        "rows": results[IN_TIME].accounts["read"],
        "figures": figures,
        "outcomes": apart,
        "faults": whole(results.values()),
    }


def _told_apart(results: Any) -> list[Any]:
    """Return the results whose outcomes tell all cases apart: by receipt and by closing, in time and by ending."""
    return [
        results[name] for name in (IN_TIME, "rent-tribunal.received", CLOSED_IN_TIME, "rent-tribunal.processing-time")
    ]


def _month(day: str) -> str:
    return f"(year({day}) * 12 + month({day}) - 1)"


GROUPING = """
    create or replace temp table grouped as
    select received_on, received, due, {month}::smallint as closed, {ending},
        count(*) as cases, sum(closed_on - received_on) as days, count(*) filter (closed_on <= due) as in_time,
        {further}
    from cases join calendar on day = received_on
    group by all
"""
FROM_GROUPS = (
    f"""
    select received, sum(cases), sum(in_time), sum(cases) filter (closed is not null or due < date '{AS_OF}')
    from grouped group by all
    """,
    """
    select closed, sum(cases), sum(cases) filter (ending = 'decided'), sum(days), sum(in_time)
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


STATES = """
    select {month}, ending, due >= date '{as_of}' as early, closed is null as pending, sum(cases), sum(in_time),
        count(*) filter (least < received_on)
    from grouped {where} group by all
"""


def with_duckdb(given: Given) -> Work:
    """Group the file once by day of receipt, month of closing and ending, and make every figure from the groups."""
    connection = _with_calendar(given)
    ending = "if(ending = 'decided', ending, if(ending is null, ending, 'other')) as ending"
    grouping = GROUPING.format(month=_month("closed_on"), ending=ending, further="0")

    def run() -> Any:
        connection.execute(grouping)
        return [connection.execute(query).fetchall() for query in FROM_GROUPS]

    return Work(run, _duckdb_answer)


def with_duckdb_alike(given: Given) -> Work:
    """Keep all endings and the first closing of each group, so that every outcome and fault is told from the groups."""
    connection = _with_calendar(given)
    grouping = GROUPING.format(month=_month("closed_on"), ending="ending", further="min(closed_on) as least")
    states = [
        STATES.format(month=month, as_of=AS_OF, where=where)
        for month, where in (("received", ""), ("closed", "where closed is not null"))
    ]

    def run() -> Any:
        confirm_with_duckdb(connection, given.path, "case", "received_on", "closed_on", str(AS_OF))
        connection.execute(grouping)
        apart = [connection.execute(query).fetchall() for query in states]
        confirm(not any(early for _, *_, early in apart[0]))
        return [connection.execute(query).fetchall() for query in FROM_GROUPS], apart

    return Work(run, _whole_answer)


def _with_calendar(given: Given) -> Any:
    connection = _cases(given)
    connection.execute(f"""
        create table calendar as
        select day::date as day, {_month("day")} as received, (day + interval 4 month)::date as due
        from range(date '{FIRST}', date '{AS_OF}', interval 1 day) days(day)
    """)
    return connection


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


def _whole_answer(found: tuple[list[list[tuple[Any, ...]]], list[list[tuple[Any, ...]]]]) -> Answer:
    """Return the figures with each outcome, by receipt and by closing, from counts by ending and state."""
    apart: dict[str, dict[str, int]] = {}
    for name, rows in zip(("received", "closed"), found[1], strict=True):
        for month, ending, early, pending, *counts in rows:
            cases, in_time = int(counts[0]), int(counts[1])
            before = "" if ending in (None, "decided") else f"{ending}_"
            kept = "early" if before and early else "in_time_early" if early else "in_time"
            states = {f"{before}{kept}": in_time, f"{before}late": cases - in_time}
            states = {"pending" if early else "open_overdue": cases} if pending else states
            confirm(pending == (ending is None) and (pending or ending in ENDINGS))
            place = f"{month // 12}-{month % 12 + 1:02} {name}"
            for where, outcomes in ((place, states), (f"{place}, ending", {ending or "pending": cases})):
                held = apart.setdefault(where, {})
                held |= {outcome: held.get(outcome, 0) + rows for outcome, rows in outcomes.items() if rows}
    return {**_duckdb_answer(found[0]), "outcomes": apart, "faults": NO_FAULT}


def with_polars(given: Given) -> Work:
    """Group the file once, as with DuckDB, and make every figure from the groups."""
    return _with_polars(given, alike=False)


def with_polars_alike(given: Given) -> Work:
    """Keep all endings and the first closing of each group, so that every outcome and fault is told from the groups."""
    return _with_polars(given, alike=True)


def _with_polars(given: Given, alike: bool) -> Work:
    """Months and due days are joined, in half the time that looking them up takes within a streamed grouping."""
    import polars as pl

    col, epoch, long = pl.col, (FIRST - dt.date(1970, 1, 1)).days, pl.Int64
    days = pl.Series([FIRST + dt.timedelta(days=number) for number in range((AS_OF - FIRST).days)])
    months = (days.dt.year() * 12 + days.dt.month() - 1).cast(pl.Int16)
    dues = days.dt.offset_by("4mo")
    calendar = pl.DataFrame({"day": days, "month": months, "due": dues}).lazy()
    received = col("received_on").to_physical() - epoch
    decided = pl.when(col("ending").is_not_null()).then(
        pl.when(col("ending") == "decided").then(pl.lit("decided")).otherwise(pl.lit("other"))
    )
    ending = col("ending") if alike else decided
    further = [col("closed_on").min().alias("least"), col("closed_on").max().alias("most")] if alike else []

    def grouped() -> Any:
        return (
            pl.scan_parquet(given.path)
            .join(calendar.select(received_on="day", due="due"), on="received_on", how="left")
            .join(calendar.select(closed_on="day", closed="month"), on="closed_on", how="left")
            .group_by("received_on", "closed", ending.alias("ending"))
            .agg(
                pl.len().cast(long).alias("cases"),
                (col("closed_on") - col("received_on")).dt.total_days().sum().alias("days"),
                (col("closed_on") <= col("due")).sum().cast(long).alias("in_time"),
                *further,
            )
            .collect(engine="streaming")
            .with_columns(received=pl.lit(months).gather(received), due=pl.lit(dues).gather(received))
        )

    def run() -> Any:
        if alike:
            falls = (col("case").diff() <= 0).sum()
            keys = pl.scan_parquet(given.path).select(col("case").null_count(), falls.alias("falls"))
            confirm(keys.collect(engine="streaming").row(0) == (0, 0))
        groups = grouped()
        figures = _from_groups(pl, groups)
        if not alike:
            return figures
        early, least, most, begun = groups.select(
            (col("least") < col("received_on")).sum(),
            pl.min_horizontal(col("received_on").min(), col("least").min()).alias("first"),
            pl.max_horizontal(col("received_on").max(), col("most").max()).alias("last"),
            col("received_on").null_count().alias("unknown"),
        ).row(0)
        plain = dt.date.fromisoformat(EARLIEST), min(dt.date.fromisoformat(LATEST), AS_OF)
        confirm(early == begun == 0 and plain[0] <= least and most < plain[1])
        state = ["ending", (col("due") >= AS_OF).alias("early"), col("closed").is_null().alias("pending")]
        sums = col("cases").sum(), col("in_time").sum(), pl.lit(0).alias("fault")
        apart = [groups.group_by("received", *state).agg(*sums).rows()]
        apart.append(groups.filter(col("closed").is_not_null()).group_by("closed", *state).agg(*sums).rows())
        return figures, apart

    return Work(run, _whole_answer if alike else _duckdb_answer)


def _from_groups(pl: Any, groups: Any) -> list[list[tuple[Any, ...]]]:
    col = pl.col
    settled = col("closed").is_not_null() | (col("due") < AS_OF)
    by_receipt = groups.group_by("received").agg(
        col("cases").sum(), col("in_time").sum(), col("cases").filter(settled).sum().alias("settled")
    )
    decided = col("cases").filter(col("ending") == "decided").sum().alias("decided")
    by_closing = (
        groups.filter(col("closed").is_not_null())
        .group_by("closed")
        .agg(col("cases").sum(), decided, col("days").sum(), col("in_time").sum())
    )
    lasting = groups.select(
        pl.int_ranges("received", col("closed").fill_null(MONTHS.stop)).alias("month"), "received_on", "cases"
    ).explode("month")
    pending = lasting.drop_nulls("month").group_by("month", "received_on").agg(col("cases").sum())
    running = pending.sort("month", "received_on", descending=[False, True]).with_columns(
        younger=col("cases").cum_sum().over("month"), total=col("cases").sum().over("month")
    )
    since = (col("received_on") - pl.lit(FIRST)).dt.total_days()
    stocks = running.group_by("month").agg(
        col("cases").sum(),
        (col("cases") * since).sum().alias("began"),
        col("received_on").filter(2 * col("younger") >= col("total")).max().alias("median"),
    )
    return [by_receipt.rows(), by_closing.rows(), stocks.rows()]


JOB = Job(
    name="tribunal",
    title=f"Rent tribunal cases from Parquet: {len(NAMES)} metrics by month",
    data="tribunal",
    contenders={
        OWN: casequality,
        SAME: with_duckdb_alike,
        POLARS_SAME: with_polars_alike,
        BARE: with_duckdb,
        POLARS_BARE: with_polars,
        DECODING: decoding(["case", "received_on", "closed_on", "ending"], ["ending"]),
    },
    comparisons=(
        Comparison("speed against", (SAME,), 1.3, threads=(1,)),
        Comparison("speed against", (SAME,), 1.2, threads=(2,)),
        Comparison("speed against", (POLARS_SAME,)),
        Comparison("speed against", (BARE,)),
        Comparison("speed against", (BARE,), 0.8, threads=(1,), of_processor=True),
        Comparison("speed against", (POLARS_BARE,)),
        Comparison("time against", (DECODING,)),
    ),
    threads=(1, 2),
)
