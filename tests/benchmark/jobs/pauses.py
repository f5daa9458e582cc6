"""Due days of cases whose clock stood still, three pauses each, in any order."""

from __future__ import annotations

import time
from typing import Any

from tests.benchmark.contest import OWN, Answer, Comparison, Given, Job, Work, fingerprint
from tests.benchmark.peers import danish_holidays, duckdb_with

N = 30
SAMPLE = 10_000
SORT, WALK = "numpy.argsort of the pauses", f"plain walk ({SAMPLE:,} cases, scaled)"
DUCKDB, POLARS = "DuckDB, windows over the pauses", "polars, windows over the pauses"
REASON = "awaiting the citizen"


def casequality(given: Given) -> Work:
    """Count from the columns as they come, checks included."""
    import numpy as np

    import casequality as cq
    from casequality.deadlines import PauseRule, Pauses, Words

    rule = cq.deadlines.Deadline(
        id="answer",
        title={"en": "Answer", "da": "Svar"},
        kind="decide",
        terms=f"{N} working days",
        calendar="dk-statutory",
        pauses=(PauseRule(REASON, Words("awaiting the citizen", "afventer borgeren")),),
    )
    with np.load(given.path) as file:
        received, of, since, until = (file[name] for name in ("received", "of", "since", "until"))

    def answer(due: Any) -> Answer:
        return {"pauses": len(of), "sample": fingerprint(due[:SAMPLE]), "days": fingerprint(due)}

    return Work(lambda: rule.due(received, pauses=Pauses(of, since, until, REASON)), answer)


QUERY = f"""
    with stretches as (
        select p.of, a.upto as opened, greatest(a.upto, b.before) as closed
        from pauses p join days a on a.day = p.since join days b on b.day = p.until
    ), apart as (
        select *, coalesce(max(closed) over (earlier rows between unbounded preceding and 1 preceding), 0) as known
        from stretches window earlier as (partition by of order by opened)
    ), lengths as (
        select of, greatest(opened, known) as opened, greatest(0, closed - greatest(opened, known)) as length from apart
    ), net as (
        select of, length,
            opened - coalesce(sum(length) over (partition by of order by opened
                rows between unbounded preceding and 1 preceding), 0) as reached
        from lengths where length > 0
    ), stood as (
        select of, sum(length) as length from net join cases using (of) join days on day = received
        where reached < upto + {N} group by all
    )
    select worked.day from cases join days on days.day = received left join stood using (of)
        join worked on worked.number = upto + {N} + coalesce(length, 0)
    order by of
"""
"""Working days are numbered; a pause is a stretch of these numbers, joined where they overlap. The clock, which counts
on between them, stands still for each that begins before the count is full. Of two forms the cheaper."""


def with_duckdb(given: Given) -> Work:
    """Ask with windows over each case's pauses; the numbers of the working days are there beforehand."""
    import numpy as np
    import pyarrow as pa

    connection = duckdb_with(given.threads)
    with np.load(given.path) as file:
        received, of, since, until = (file[name] for name in ("received", "of", "since", "until"))
    for name, table in {
        "cases": {"of": np.arange(len(received)), "received": received},
        "pauses": {"of": of, "since": since, "until": until},
        **_numbered(),
    }.items():
        connection.register("given", pa.table(table))
        connection.execute(f"create table {name} as select * from given")
        connection.unregister("given")

    def answer(due: Any) -> Answer:
        return {"pauses": len(of), "sample": fingerprint(due[:SAMPLE]), "days": fingerprint(due)}

    return Work(lambda: connection.execute(QUERY).fetchnumpy()["day"], answer)


def _numbered() -> dict[str, dict[str, Any]]:
    """Return for each day how many working days there are up to it and before it, and the working days by number."""
    import numpy as np

    days = np.arange("2007-01-01", "2027-01-01", dtype="datetime64[D]")
    worked = np.is_busday(days, holidays=danish_holidays())
    upto = np.cumsum(worked)
    return {
        "days": {"day": days, "upto": upto, "before": upto - worked},
        "worked": {"number": np.arange(1, upto[-1] + 1), "day": days[worked]},
    }


def with_polars(given: Given) -> Work:
    """Look the numbers of working days up by the number of the day, and put the pauses of each case in order."""
    import numpy as np
    import polars as pl

    with np.load(given.path) as file:
        received, of, since, until = (file[name] for name in ("received", "of", "since", "until"))
    numbered = _numbered()
    first = int(numbered["days"]["day"][0].astype(int))
    upto, before = (pl.Series(numbered["days"][name]) for name in ("upto", "before"))
    worked = pl.Series(numbered["worked"]["day"])
    cases = pl.DataFrame({"received": received}).with_row_index("of").cast({"of": pl.Int64})
    pauses = pl.DataFrame({"of": of, "since": since, "until": until})
    case, opened, closed, known, length = (pl.col(name) for name in ("of", "opened", "closed", "known", "length"))
    again = case == case.shift(1)

    def number(table: Any, day: str) -> Any:
        return pl.lit(table).gather(pl.col(day).to_physical() - first)

    def run() -> Any:
        stretches = (
            pauses.lazy()
            .select("of", opened=number(upto, "since"), closed=number(before, "until"))
            .with_columns(closed=pl.max_horizontal("opened", "closed"))
            .sort("of", "opened")
            # the greatest end so far in a case is that of all rows, once each case is moved past those before it
            .with_columns(known=(closed + case * 2**20).cum_max().shift(1) - case * 2**20)
            .with_columns(opened=pl.max_horizontal(opened, pl.when(again).then(known)))
            .with_columns(length=pl.max_horizontal(closed - opened, 0))
            .with_columns(sofar=length.cum_sum() - length)
            .with_columns(sofar=pl.col("sofar") - pl.when(~again.fill_null(False)).then("sofar").forward_fill())
        )
        target = cases.lazy().with_columns(full=number(upto, "received") + N)
        stood = (
            stretches.join(target, on="of")
            .filter(opened - pl.col("sofar") < pl.col("full"))
            .group_by("of")
            .agg(length.sum())
        )
        due = pl.col("full") + length.fill_null(0) - 1
        found = target.join(stood, on="of", how="left", maintain_order="left").select(
            pl.lit(worked).gather(due).alias("day")
        )
        return found.collect()["day"].to_numpy()

    def answer(due: Any) -> Answer:
        return {"pauses": len(of), "sample": fingerprint(due[:SAMPLE]), "days": fingerprint(due)}

    return Work(run, answer)


def sort_alone(given: Given) -> Work:
    """Bring the pauses in order of case and begin and do nothing with them; the one key is made beforehand."""
    import numpy as np

    with np.load(given.path) as file:
        key = file["of"] * (1 << 32) + file["since"].view(np.int64)
    return Work(lambda: np.argsort(key), lambda order: {"pauses": len(order)})


def plain_walk(given: Given) -> Work:
    """Count the first cases day by day in Python, on day numbers, and take as long for each of the others."""
    import numpy as np

    with np.load(given.path) as file:
        received, of, since, until = (file[name] for name in ("received", "of", "since", "until"))
    closed = {int(np.datetime64(day).astype(int)) for day in danish_holidays()}
    mine = of < SAMPLE
    pauses: list[list[tuple[int, int]]] = [[] for _ in received[:SAMPLE]]
    columns = (column[mine].astype(int).tolist() for column in (of, since, until))
    for case, asked, answered in zip(*columns, strict=True):
        pauses[case].append((asked, answered))
    cases = list(zip(received[:SAMPLE].astype(int).tolist(), pauses, strict=True))

    def run() -> tuple[float, list[int]]:
        begun = time.perf_counter()
        found = [_walked(day, stops, closed) for day, stops in cases]
        return time.perf_counter() - begun, found

    return Work(run, lambda done: {"sample": fingerprint(done[1])}, lambda done: done[0] * len(received) / len(cases))


def _walked(day: int, pauses: list[tuple[int, int]], closed: set[int]) -> int:
    left = N
    while left:
        day += 1
        if (day + 3) % 7 >= 5 or day in closed:  # day 0 was a Thursday
            continue
        if not any(since < day < until for since, until in pauses):
            left -= 1
    return day


JOB = Job(
    name="pauses",
    title=f"{N} working days with three pauses a case, in any order",
    data="pauses",
    contenders={OWN: casequality, DUCKDB: with_duckdb, POLARS: with_polars, SORT: sort_alone, WALK: plain_walk},
    comparisons=(
        Comparison("speed against", (DUCKDB,)),
        Comparison("speed against", (POLARS,)),
        Comparison("speed against", (WALK,), 50, from_rows=1_000_000),
        Comparison("time against", (SORT,), 3, from_rows=1_000_000),
    ),
    repeats=3,
)
