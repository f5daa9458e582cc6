"""Calls of a contact centre, month by month for each queue."""

from __future__ import annotations

import datetime as dt
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

MEAN, P90 = "contact-centre.mean-wait", "contact-centre.p90-wait"
ANSWERED, RESOLVED = "contact-centre.answered-share", "contact-centre.immediately-resolved"
METRICS = (MEAN, P90, ANSWERED, RESOLVED)
AS_OF = "2011-03-02"


def casequality(given: Given) -> Work:
    """Measure as a user does, with all checks."""
    import polars  # noqa: F401

    return counting(given, threads=given.threads)


def counting(given: Given, **who: Any) -> Work:
    """Count with an engine; the source has no end of calls, and its callers queue on arrival."""
    import pyarrow.parquet  # noqa: F401

    import casequality as cq
    from casequality.host import discover

    plugins, tally = discover(only=["casequality-contact-centre"]), cq.tally

    def run() -> Any:
        counted = tally(
            METRICS,
            given.path,
            as_of=AS_OF,
            by="queue",
            zone="UTC",
            columns={"queued_at": "offered_at"},
            codes={"resolved": {"true": "by the contact centre", "false": "passed on"}},
            parameters={name: {"ends_recorded": False} for name in METRICS},
            plugins=plugins,
            **who,
        )
        return counted.conclude(by=("month", "queue"), plugins=plugins)

    return Work(run, _own_answer)


def _own_answer(results: Any) -> Answer:
    figures: dict[str, list[int]] = {}
    outcomes: dict[str, dict[str, int]] = {}
    for mean, p90, answered, resolved in zip(*(results[name] for name in METRICS), strict=True):
        place = f"{mean.period.label} {mean.groups['queue']}"
        figures[place] = [
            answered.value.denominator,
            answered.value.numerator,
            mean.value.numerator,
            p90.value.numerator,
            resolved.value.numerator,
        ]
        outcomes[place] = {name: rows for name, rows in {**answered.outcomes, **resolved.outcomes}.items() if rows}
    return {
        "rows": results[MEAN].accounts["read"],
        "figures": figures,
        "outcomes": outcomes,
        "faults": whole(results.values()),
    }


def with_duckdb(given: Given) -> Work:
    """Ask for the figures alone."""
    connection = duckdb_with(given.threads)
    return Work(lambda: connection.execute(_counted(given)).fetchall(), _answer)


def with_duckdb_alike(given: Given) -> Work:
    """Ask for every outcome too, and confirm that no row has a fault."""
    connection = duckdb_with(given.threads)
    further = "count(*) filter (not resolved)"

    def run() -> Any:
        confirm_with_duckdb(connection, given.path, "call", "offered_at", "answered_at", AS_OF)
        found = connection.execute(_counted(given, further)).fetchall()
        confirm(all(least is None or least >= 0 for *_, least in found))
        return found

    return Work(run, _whole_answer)


def _counted(given: Given, further: str = "0") -> str:
    """Return the query: calls by month, queue and wait first, which is faster than `quantile_disc` over all calls.

    Year and month of the plain time are twice as fast as a time with a zone that is truncated.
    """
    moment = "make_timestamp(epoch_us(offered_at))"
    return f"""
        with waits as (
            select year({moment}) * 12 + month({moment}) - 1 as month, queue, wait,
                count(*) as calls, count(*) filter (resolved) as resolved, {further} as passed
            from (select *, epoch_us(answered_at) - epoch_us(offered_at) as wait from '{given.path}')
            group by all
        ), placed as (
            select *, if(wait is null, 0, calls) as answered, sum(answered) over (queues order by wait) as upto,
                sum(answered) over queues as total
            from waits window queues as (partition by month, queue)
        )
        select month, queue, sum(calls), max(total), sum(calls * wait), min(wait) filter (10 * upto >= 9 * total),
            sum(resolved), sum(passed), min(wait)
        from placed group by all
    """


def _answer(found: list[tuple[Any, ...]]) -> Answer:
    figures = {_place(month, queue): [int(count) for count in counts[:5]] for month, queue, *counts in found}
    return {"rows": sum(calls for calls, *_ in figures.values()), "figures": figures}


def _whole_answer(found: list[tuple[Any, ...]]) -> Answer:
    outcomes = {}
    for month, queue, *counts in found:
        calls, answered, _, _, resolved, passed, _ = map(int, counts)
        several = {
            "answered": answered,
            "abandoned_untimed": calls - answered,
            "resolved": resolved,
            "passed_on": passed,
            "not_recorded": answered - resolved - passed,
            "not_answered": calls - answered,
        }
        outcomes[_place(month, queue)] = {name: rows for name, rows in several.items() if rows}
    return {**_answer(found), "outcomes": outcomes, "faults": NO_FAULT}


def _place(month: int, queue: str) -> str:
    return f"{month // 12}-{month % 12 + 1:02} {queue}"


def with_polars(given: Given) -> Work:
    """Ask for the figures alone."""
    import polars as pl

    return Work(lambda: _with_polars(pl, given, []), _answer)


def with_polars_alike(given: Given) -> Work:
    """Ask for every outcome too, and confirm that no row has a fault."""
    import polars as pl

    offered, answered, zone = pl.col("offered_at"), pl.col("answered_at"), dt.UTC
    earliest, latest, as_of = (dt.datetime.fromisoformat(day).replace(tzinfo=zone) for day in (EARLIEST, LATEST, AS_OF))
    seen = {
        "least": pl.min_horizontal(offered.min(), answered.min()),
        "greatest": pl.max_horizontal(offered.max(), answered.max()),
        "unknown": offered.null_count(),
    }

    def run() -> Any:
        keys = pl.scan_parquet(given.path).select(
            none=pl.col("call").null_count(), falls=(pl.col("call").diff() <= 0).sum()
        )
        confirm(keys.collect(engine="streaming").row(0) == (0, 0))
        found = _with_polars(pl, given, [each.alias(name) for name, each in seen.items()])
        confirm(
            all(
                unknown == 0 and least >= earliest and greatest < min(latest, as_of) and shortest >= 0
                for *_, shortest, least, greatest, unknown in found
            )
        )
        return [row[:9] for row in found]

    return Work(run, _whole_answer)


def _with_polars(pl: Any, given: Given, seen: list[Any]) -> list[tuple[Any, ...]]:
    """Count calls by month, queue and wait first, as with DuckDB: the streaming engine is slower with a quantile."""
    offered, wait, calls, queues = pl.col("offered_at"), pl.col("wait"), pl.col("calls"), ("month", "queue")
    resolved = pl.col("resolved")
    passed = [resolved.not_().sum().alias("passed")] if seen else []
    by_wait = (
        pl.scan_parquet(given.path)
        .group_by(
            (offered.dt.year().cast(pl.Int32) * 12 + offered.dt.month() - 1).alias("month"),
            "queue",
            (pl.col("answered_at") - offered).dt.total_microseconds().alias("wait"),
        )
        .agg(pl.len().cast(pl.Int64).alias("calls"), resolved.sum(), *passed, *seen)
        .collect(engine="streaming")
    )
    known = pl.when(wait.is_not_null()).then(calls).otherwise(0)
    upto, total = known.cum_sum().over(queues), known.sum().over(queues)
    placed = by_wait.sort(*queues, wait, nulls_last=True).with_columns(upto=upto, total=total)
    longest = wait.filter(10 * pl.col("upto") >= 9 * pl.col("total")).min().alias("p90")
    further = [pl.col("least").min(), pl.col("greatest").max(), pl.col("unknown").sum()] if seen else []
    sums = [calls.sum(), pl.col("total").max(), (calls * wait).sum().alias("waited"), longest, resolved.sum()]
    passed = [pl.col("passed").sum(), wait.min().alias("shortest")] if seen else []
    found: list[tuple[Any, ...]] = placed.group_by(queues).agg(*sums, *passed, *further).rows()
    return found


JOB = Job(
    name="calls",
    title="Calls from Parquet: mean wait, exact p90, answered and resolved share by month and queue",
    data="calls",
    contenders={
        OWN: casequality,
        SAME: with_duckdb_alike,
        POLARS_SAME: with_polars_alike,
        BARE: with_duckdb,
        POLARS_BARE: with_polars,
        DECODING: decoding(["call", "offered_at", "answered_at", "queue", "resolved"], ["queue"]),
    },
    comparisons=(
        Comparison("speed against", (SAME,), 1.3, threads=(1,)),
        Comparison("speed against", (SAME,), 1.2, threads=(2,)),
        Comparison("speed against", (POLARS_SAME,)),
        Comparison("speed against", (BARE,)),
        Comparison("speed against", (BARE,), 0.95, threads=(1,), of_processor=True),
        Comparison("speed against", (POLARS_BARE,)),
        Comparison("time against", (DECODING,), 1.5),
        Comparison("peak memory in MB", goal=450),
        Comparison("peak memory against", (SAME,), 0.4, from_rows=100_000_000),
    ),
    threads=(1, 2),
)
