"""Dead periods of logged cases: their time by who holds them, and their standstills longer than a fortnight."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.benchmark.contest import OWN, Answer, Comparison, Given, Job, Work
from tests.benchmark.data import events_of
from tests.benchmark.peers import (
    BARE,
    EARLIEST,
    LATEST,
    NO_FAULT,
    POLARS_SAME,
    SAME,
    confirm,
    confirm_with_duckdb,
    duckdb_with,
    whole,
)

TIME, PERIODS = "case-flow.time-by-holder", "case-flow.dead-periods"
AS_OF = "2020-01-01"
FORTNIGHT = 14 * 86_400 * 1_000_000
STATES = ("standstill", "without", "open_without")
STANDSTILLS = ("internal_idle", "unexplained")
POLARS = "polars, rows trusted to be in order"


def casequality(given: Given) -> Work:
    """Measure as a user does, with all checks."""
    import polars  # noqa: F401
    import pyarrow.parquet  # noqa: F401

    import casequality as cq
    from casequality.host import discover
    from casequality_case_flow import Event

    plugins, tally = discover(only=["casequality-case-flow"]), cq.tally

    def run() -> Any:
        counted = tally(
            [TIME, PERIODS],
            given.path,
            as_of=AS_OF,
            zone="UTC",
            columns={"kind": None},
            children={"events": cq.source(events_of(given.path), Event, columns={"cause": None})},
            plugins=plugins,
            threads=given.threads,
        )
        return counted.conclude(plugins=plugins)

    return Work(run, _own_answer)


def _own_answer(results: Any) -> Answer:
    return {
        "rows": results[TIME].accounts["read"],
        "microseconds of decided cases": {figure.facet: figure.value.numerator for figure in results[TIME]},
        "standstills": {figure.facet: figure.value.numerator for figure in results[PERIODS]},
        "outcomes": {
            "decided": {figure.outcomes["decided"] for figure in results[TIME]}.pop(),
            **{figure.facet: [figure.outcomes[name] for name in STATES] for figure in results[PERIODS]},
        },
        "faults": whole(results.values()),
    }


CLASS = f"""
    case when holder is null then if(span > {FORTNIGHT}, 'unexplained', 'active')
        when holder = 'internal' then if(span > {FORTNIGHT}, 'internal_idle', 'active') else holder end
"""


def with_duckdb(given: Given) -> Work:
    """Put each case's receipt into its log and look from one entry to the next; of three forms the cheapest."""
    connection = duckdb_with(given.threads)
    query = _stretches(given)

    def run() -> Any:
        return connection.execute(query).fetchall(), connection.execute(
            f"select count(*) from '{given.path}'"
        ).fetchone()

    return Work(run, lambda found: _answer(found[0], found[1][0]))


def with_duckdb_alike(given: Given) -> Work:
    """Count the cases of each outcome too, and confirm that no case and no event has a fault or no case."""
    connection = duckdb_with(given.threads)
    standing = f"span > {FORTNIGHT} and (holder is null or holder = 'internal')"
    query = _stretches(
        given,
        f'count(distinct "case") filter ({standing}), count(distinct "case") filter (decided and {standing}), '
        "min(span), sum(early), count(entry)",
    )
    cases, events = f"'{given.path}'", f"'{events_of(given.path)}'"
    counted = f"select count(*), count(decided_at), min(decided_at - received_at) >= interval 0 second from {cases}"
    dated = f"""
        select count(*), count(*) = count("case") and count(*) = count("at") and min("at")::date >= date '{EARLIEST}'
            and max("at")::date < least(date '{LATEST}', date '{AS_OF}')
        from {events}
    """

    def run() -> Any:
        confirm_with_duckdb(connection, given.path, "case", "received_at", "decided_at", AS_OF)
        (known, decided, in_order), (logged, plain) = (
            connection.execute(each).fetchall()[0] for each in (counted, dated)
        )
        found = connection.execute(query).fetchall()
        met = sum(entries for *_, entries in found)
        confirm(in_order and plain and met == logged and all(low >= 0 and not early for *_, low, early, _ in found))
        return [row[:5] for row in found], known, decided

    return Work(run, _whole_answer)


def _stretches(given: Given, further: str = "0") -> str:
    return f"""
        with log as (
            select "case", "at", holder, "at" as entry from '{events_of(given.path)}'
            union all select "case", received_at, null, null from '{given.path}'
        ), ends as (
            select "case", coalesce(decided_at, timestamptz '{AS_OF} 00:00:00+00') as until,
                decided_at is not null as decided, received_at
            from '{given.path}'
        ), stretches as (
            select "case", holder, decided, entry, (entry < received_at)::tinyint as early,
                epoch_us(lead("at", 1, until) over (partition by "case" order by "at")) - epoch_us("at") as span
            from log join ends using ("case")
        )
        select {CLASS} as class, sum(span) filter (decided), count(*) filter (span > {FORTNIGHT}), {further}
        from stretches group by all
    """


def _answer(classes: list[tuple[Any, ...]], cases: int) -> Answer:
    return {
        "rows": cases,
        "microseconds of decided cases": {name: int(time) for name, time, *_ in classes},
        "standstills": {name: count for name, _, count, *_ in classes if name in STANDSTILLS},
    }


def _whole_answer(found: tuple[list[tuple[Any, ...]], int, int]) -> Answer:
    classes, cases, decided = found
    outcomes: dict[str, Any] = {"decided": decided}
    for name, _, _, standing, standing_decided in classes:
        if name in STANDSTILLS:
            others = decided - standing_decided
            outcomes[name] = [standing, others, cases - standing - others]
    return {**_answer(classes, cases), "outcomes": outcomes, "faults": NO_FAULT}


def with_polars(given: Given) -> Work:
    """Look from each row to the next, as far as it has the same case; the rows are trusted to be in order."""
    return _with_polars(given, alike=False)


def with_polars_alike(given: Given) -> Work:
    """Confirm first that rows are in order and no case and no event has a fault or no case; count outcomes too."""
    return _with_polars(given, alike=True)


def _with_polars(given: Given, alike: bool) -> Work:
    import polars as pl

    at, case, holder, span = (pl.col(name) for name in ("at", "case", "holder", "span"))
    idle = span > FORTNIGHT
    told = pl.when(holder == "internal").then(pl.lit("internal_idle")).otherwise(pl.lit("unexplained"))
    of_class: Any = pl.when(holder.is_not_null() & (holder != "internal")).then(holder)
    of_class = of_class.when(idle).then(told).otherwise(pl.lit("active"))
    following = pl.when(case.shift(-1) == case).then(at.shift(-1))
    as_of = pl.lit(dt.datetime.fromisoformat(f"{AS_OF}T00:00:00+00:00")).cast(pl.Datetime("us", "UTC"))

    standing: Any = [
        case.filter(idle).n_unique().alias("cases"),
        case.filter(idle & pl.col("decided")).n_unique().alias("closed"),
    ]
    kept = ["case", "holder", "decided", "span"] if alike else ["holder", "decided", "span"]

    def plain(moments: Any) -> Any:
        low, high = (dt.datetime.fromisoformat(f"{day}T00:00:00+00:00") for day in (EARLIEST, min(LATEST, AS_OF)))
        return (moments.min() >= low) & (moments.max() < high)

    def confirmed() -> tuple[int, int]:
        cases, events = pl.scan_parquet(given.path), pl.scan_parquet(events_of(given.path))
        received, decided = pl.col("received_at"), pl.col("decided_at")
        told = cases.select(
            pl.len(),
            decided.count().alias("decided"),
            ((case.diff() > 0).all() & (case.null_count() == 0) & (received.null_count() == 0)).alias("keys"),
            (plain(received) & plain(decided) & (decided >= received).all()).alias("dates"),
        )
        rising = (case.diff() > 0) | ((case.diff() == 0) & (at.diff() > pl.duration(microseconds=0)))
        nulls = case.null_count() + at.null_count()
        logged = events.select(rising.all().alias("order"), nulls.alias("unknown"), plain(at).alias("plain"))
        known, closed, keys, dates = told.collect(engine="streaming").row(0)
        order, unknown, dated = logged.collect(engine="streaming").row(0)
        confirm(keys and dates and order and dated and not unknown)
        return known, closed

    def run() -> Any:
        events = pl.scan_parquet(events_of(given.path))
        known = confirmed() if alike else None
        ends = pl.scan_parquet(given.path).select(
            "case",
            "received_at",
            until=pl.col("decided_at").fill_null(as_of),
            decided=pl.col("decided_at").is_not_null(),
        )
        joined = events.join(ends, on="case", maintain_order="left").with_columns(following=following)
        after = joined.select(*kept[:-1], span=pl.coalesce("following", "until") - at)
        firsts = events.group_by("case").agg(first=at.min())
        before = ends.join(firsts, on="case", how="left").select(
            "case",
            "decided",
            holder=pl.lit(None, pl.String),
            span=pl.coalesce("first", "until") - pl.col("received_at"),
        )
        spans = pl.concat([after, before.select(kept)]).with_columns(span.dt.total_microseconds())
        counts = [(span * pl.col("decided")).sum().alias("time"), idle.sum().alias("count")]
        if known is None:
            found = spans.group_by(of_class.alias("class")).agg(*counts)
            return found.collect(engine="streaming").rows(), ends.select(pl.len()).collect().item()
        found = spans.group_by(of_class.alias("class")).agg(
            *counts, *standing, span.min().alias("least"), span.null_count().alias("alone")
        )
        rows = found.collect(engine="streaming").rows()
        confirm(all(shortest >= 0 and not alone for *_, shortest, alone in rows))
        return [row[:5] for row in rows], *known

    return Work(run, _whole_answer if alike else lambda found: _answer(*found))


JOB = Job(
    name="dead-periods",
    title="Dead periods of cases with ten events each, from two Parquet files in the order of the cases",
    data="event-logs",
    contenders={
        OWN: casequality,
        SAME: with_duckdb_alike,
        POLARS_SAME: with_polars_alike,
        BARE: with_duckdb,
        POLARS: with_polars,
    },
    comparisons=(
        Comparison("speed against", (SAME,), 3),
        Comparison("speed against", (POLARS_SAME,), 1),
        Comparison("speed against", (BARE,), 3),
        Comparison("speed against", (POLARS,), 1),
        Comparison("peak memory in MB", goal=450),
    ),
    threads=(1, 2),
)
