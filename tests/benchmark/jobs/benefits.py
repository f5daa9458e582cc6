"""Benefit cases against the deadline of their type, half-year by half-year."""

from __future__ import annotations

from typing import Any

from tests.benchmark.contest import OWN, Answer, Comparison, Given, Job, Work
from tests.benchmark.peers import DECODING, DUCKDB, danish_holidays, decoding, duckdb_with

METRIC = "housing-benefit.decided-in-time"
TERMS = {
    "child_allowance": "4 weeks",
    "adoption_allowance": "20 working days",
    "advance_child_support": "10 working days",
    "housing_benefit": "30 working days",
    "deposit_loan": "2 weeks",
}
AS_OF = "2021-01-01"


def casequality(given: Given) -> Work:
    """Measure as a user does, with all checks, also how many cases another Danish calendar would settle otherwise."""
    return counting(given)


def counting(given: Given, data: Any = None, **how: Any) -> Work:
    """Count the file, or data that hold the same, read in some way."""
    import pyarrow.parquet  # noqa: F401

    import casequality as cq
    from casequality.host import discover

    plugins, tally = discover(only=["casequality-housing-benefit"]), cq.tally
    schedule = cq.deadlines.Schedule(
        id="benefits", title={"en": "Benefits", "da": "Ydelser"}, calendar="dk-statutory", by_kind=TERMS
    )

    def run() -> Any:
        counted = tally(
            [METRIC],
            given.path if data is None else data,
            as_of=AS_OF,
            by="kind",
            columns={"withdrawn_on": None},
            parameters={METRIC: {"deadlines": schedule}},
            plugins=plugins,
            threads=given.threads,
            **how,
        )
        readings = {METRIC: {"cohort": "received"}}
        return counted.conclude(by=("half-year", "kind"), readings=readings, plugins=plugins)[METRIC]

    return Work(run, _own_answer)


def _own_answer(result: Any) -> Answer:
    figures = {}
    for figure in result:
        counts = figure.outcomes
        in_time = counts["in_time"] + counts["in_time_early"]
        figures[f"{figure.period.label} {figure.groups['kind']}"] = [
            figure.rows,
            in_time + counts["late"],
            in_time,
            counts["open_overdue"],
        ]
    return {"rows": result.accounts["read"], "figures": figures}


def with_duckdb(given: Given, data: Any = None) -> Work:
    """Join a calendar that holds the due day of each type beside each day of receipt; it is there beforehand."""
    connection = duckdb_with(given.threads)
    cases = f"'{given.path}'"
    if data is not None:
        connection.register("cases", data)
        cases = "cases"
    connection.execute(f"create table calendar (day date, half integer, {', '.join(f'{kind} date' for kind in TERMS)})")
    connection.executemany(f"insert into calendar values (?, ?{', ?' * len(TERMS)})", _calendar())
    due = " ".join(f"when '{kind}' then {kind}" for kind in TERMS)
    query = f"""
        select half, kind, count(*), count(decided_on), count(*) filter (decided_on <= due),
            count(*) filter (decided_on is null and due < date '{AS_OF}')
        from (
            select half, kind, decided_on, case kind {due} end as due
            from {cases} join calendar on day = received_on
        )
        group by all
    """
    return Work(lambda: connection.execute(query).fetchall(), _duckdb_answer)


def _calendar() -> list[tuple[Any, ...]]:
    import numpy as np

    days = np.arange("2000-01-01", AS_OF, dtype="datetime64[D]")
    calendar = np.busdaycalendar(holidays=danish_holidays())
    due = []
    for term in TERMS.values():
        amount, unit = term.split(" ", 1)
        working = unit == "working days"
        due.append(
            np.busday_offset(days, int(amount), roll="backward", busdaycal=calendar)
            if working
            else days + np.timedelta64(7 * int(amount), "D")
        )
    halves = [day.year * 2 + (day.month > 6) for day in days.tolist()]
    return list(zip(days.tolist(), halves, *(column.tolist() for column in due), strict=True))


def _duckdb_answer(found: list[tuple[Any, ...]]) -> Answer:
    figures = {f"{half // 2}-H{half % 2 + 1} {kind}": counts for half, kind, *counts in found}
    return {"rows": sum(cases for cases, *_ in figures.values()), "figures": figures}


JOB = Job(
    name="benefits",
    title="Benefit cases from Parquet: decided in time by type and half-year of receipt",
    data="benefits",
    contenders={
        OWN: casequality,
        DUCKDB: with_duckdb,
        DECODING: decoding(["case", "kind", "received_on", "decided_on"], ["kind"]),
    },
    comparisons=(Comparison("speed against", (DUCKDB,), 2.3), Comparison("time against", (DECODING,))),
    threads=(1, 2),
)
