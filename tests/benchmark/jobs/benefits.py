"""Benefit cases against the deadline of their type, half-year by half-year."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
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
    danish_holidays,
    decoding,
    duckdb_with,
    office_closings,
    whole,
)

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
    import polars  # noqa: F401

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
    figures, outcomes = {}, {}
    for figure in result:
        counts, place = figure.outcomes, f"{figure.period.label} {figure.groups['kind']}"
        in_time = counts["in_time"] + counts["in_time_early"]
        figures[place] = [figure.rows, in_time + counts["late"], in_time, counts["open_overdue"]]
        outcomes[place] = {name: rows for name, rows in counts.items() if rows} | {"otherwise": figure.sensitive}
    faults = {**whole([result]), "on the other calendar": 0}  # told figure by figure
    return {"rows": result.accounts["read"], "figures": figures, "outcomes": outcomes, "faults": faults}


def with_duckdb(given: Given, data: Any = None) -> Work:
    """Ask for the figures alone."""
    connection, cases = _prepared(given, data)
    return Work(lambda: connection.execute(_counted(cases)).fetchall(), _answer)


def with_duckdb_alike(given: Given) -> Work:
    """Ask for every outcome too, for the cases that are settled otherwise, and confirm that no row has a fault.

    The other calendar is joined where the two differ, which takes a third of what both together do in one query.
    """
    connection, cases = _prepared(given, None)
    further = f"count(*) filter (decided_on <= due and due < date '{AS_OF}'), min(decided_on - received_on)"
    asked = f"""
        select half, kind, count(*) from {cases} join unlike using (kind, received_on)
        where decided_on > due and decided_on <= other
            or (due < date '{AS_OF}') <> (other < date '{AS_OF}') and coalesce(decided_on <= due, true)
        group by all
    """

    def run() -> Any:
        confirm_with_duckdb(connection, given.path, "case", "received_on", "decided_on", AS_OF)
        found = connection.execute(_counted(cases, further)).fetchall()
        confirm(all(kind in TERMS and (least is None or least >= 0) for _, kind, *_, least in found))
        otherwise = {place: rows for *place_, rows in connection.execute(asked).fetchall() for place in [tuple(place_)]}
        return [(*row[:-1], otherwise.get(row[:2], 0)) for row in found]

    return Work(run, _whole_answer)


def _prepared(given: Given, data: Any) -> tuple[Any, str]:
    """Return a connection with its calendar, and what the cases are called in it.

    The calendar has the due day of each type beside each day of receipt: a join on the day alone is faster than one on
    day and type.
    """
    connection = duckdb_with(given.threads)
    connection.execute(f"create table calendar (day date, half integer, {', '.join(f'{kind} date' for kind in TERMS)})")
    connection.executemany(f"insert into calendar values (?, ?{', ?' * len(TERMS)})", _calendar(danish_holidays()))
    connection.execute("create table unlike (received_on date, half integer, kind text, due date, other date)")
    connection.executemany("insert into unlike values (?, ?, ?, ?, ?)", _unlike())
    if data is None:
        return connection, f"'{given.path}'"
    connection.register("cases", data)
    return connection, "cases"


def _counted(cases: str, further: str = "0") -> str:
    due = " ".join(f"when '{kind}' then {kind}" for kind in TERMS)
    return f"""
        select half, kind, count(*), count(decided_on), count(*) filter (decided_on <= due),
            count(*) filter (decided_on is null and due < date '{AS_OF}'), {further}
        from (
            select half, kind, received_on, decided_on, case kind {due} end as due
            from {cases} join calendar on day = received_on
        )
        group by all
    """


def _calendar(closed: list[dt.date]) -> list[tuple[Any, ...]]:
    """Return each day with its half-year and the due day of each type."""
    import numpy as np

    days = np.arange("2000-01-01", AS_OF, dtype="datetime64[D]")
    calendar = np.busdaycalendar(holidays=closed)
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


def _unlike() -> list[tuple[Any, ...]]:
    """Return day, half-year and type where the two calendars differ, with the due day of each."""
    return [
        (day, half, kind, due, other)
        for (day, half, *one), (_, _, *two) in zip(
            _calendar(danish_holidays()), _calendar(office_closings()), strict=True
        )
        for kind, due, other in zip(TERMS, one, two, strict=True)
        if due != other
    ]


def _answer(found: Iterable[tuple[Any, ...]]) -> Answer:
    figures = {_place(half, kind): list(counts[:4]) for half, kind, *counts in found}
    return {"rows": sum(cases for cases, *_ in figures.values()), "figures": figures}


def _whole_answer(found: list[tuple[Any, ...]]) -> Answer:
    outcomes = {}
    for half, kind, cases, decided, in_time, overdue, passed, otherwise in found:
        several = {
            "in_time": passed,
            "in_time_early": in_time - passed,
            "late": decided - in_time,
            "open_overdue": overdue,
            "pending": cases - decided - overdue,
        }
        outcomes[_place(half, kind)] = {name: rows for name, rows in several.items() if rows} | {"otherwise": otherwise}
    return {**_answer(found), "outcomes": outcomes, "faults": NO_FAULT}


def _place(half: int, kind: str) -> str:
    return f"{half // 2}-H{half % 2 + 1} {kind}"


def with_polars(given: Given) -> Work:
    """Ask for the figures alone."""
    return _with_polars(given, alike=False)


def with_polars_alike(given: Given) -> Work:
    """Ask for every outcome too, for the cases that are settled otherwise, and confirm that no row has a fault."""
    return _with_polars(given, alike=True)


def _with_polars(given: Given, alike: bool) -> Work:
    """Look due days up in one flat table by type and day, faster than any join; types are numbered by their table."""
    import polars as pl

    tables = [_calendar(closed) for closed in (danish_holidays(), office_closings())]
    due, other = (pl.Series([day for column in list(zip(*rows, strict=True))[2:] for day in column]) for rows in tables)
    halves, first = pl.Series([row[1] for row in tables[0]], dtype=pl.Int32), tables[0][0][0]
    kinds = pl.Enum(list(TERMS))
    received, decided, slot, as_of = (
        pl.col("received_on"),
        pl.col("decided_on"),
        pl.col("slot"),
        dt.date.fromisoformat(AS_OF),
    )
    place = received.to_physical() - (first - dt.date(1970, 1, 1)).days
    number = pl.col("kind").cast(kinds).to_physical().cast(pl.Int32) * len(halves)
    on_time, passed = decided <= pl.col("due"), pl.col("due") < as_of
    further, seen = [], []
    if alike:
        late_here = (decided > pl.col("due")) & (decided <= pl.col("other"))
        moved = (passed != (pl.col("other") < as_of)) & (decided <= pl.col("due")).fill_null(True)
        further = [
            (on_time & passed).sum().alias("passed"),
            (late_here.fill_null(False) | moved).sum().alias("otherwise"),
        ]
        seen = [
            (decided < received).sum().alias("early"),
            pl.min_horizontal(received.min(), decided.min()).alias("least"),
            pl.max_horizontal(received.max(), decided.max()).alias("greatest"),
            received.null_count().alias("unknown"),
        ]
    looked_up = [pl.lit(due).gather(slot).alias("due"), *([pl.lit(other).gather(slot).alias("other")] if alike else [])]

    def run() -> Any:
        cases = pl.scan_parquet(given.path)
        if alike:
            falls = (pl.col("case").diff() <= 0).sum()
            keys = cases.select(pl.col("case").null_count(), falls.alias("falls")).collect(engine="streaming")
            confirm(keys.row(0) == (0, 0))
        placed = cases.with_columns(half=pl.lit(halves).gather(place), slot=number + place).with_columns(*looked_up)
        counts = [
            pl.len().alias("cases"),
            decided.count().alias("decided"),
            on_time.sum().alias("on_time"),
            (decided.is_null() & passed).sum().alias("overdue"),
        ]
        found = placed.group_by("half", "kind").agg(*counts, *further, *seen).collect(engine="streaming").rows()
        plain = dt.date.fromisoformat(EARLIEST), min(dt.date.fromisoformat(LATEST), as_of)
        for *_, early, least, greatest, unknown in found if alike else []:
            confirm(early == unknown == 0 and plain[0] <= least and greatest < plain[1])
        return [row[:8] for row in found]

    return Work(run, _whole_answer if alike else _answer)


JOB = Job(
    name="benefits",
    title="Benefit cases from Parquet: decided in time by type and half-year of receipt",
    data="benefits",
    contenders={
        OWN: casequality,
        SAME: with_duckdb_alike,
        POLARS_SAME: with_polars_alike,
        BARE: with_duckdb,
        POLARS_BARE: with_polars,
        DECODING: decoding(["case", "kind", "received_on", "decided_on"], ["kind"]),
    },
    comparisons=(
        Comparison("speed against", (SAME,), 1.3, threads=(1,)),
        Comparison("speed against", (SAME,), 1.2, threads=(2,)),
        Comparison("speed against", (POLARS_SAME,)),
        Comparison("speed against", (BARE,)),
        Comparison("speed against", (BARE,), 0.6, threads=(1,), of_processor=True),
        Comparison("speed against", (POLARS_BARE,)),
        Comparison("time against", (DECODING,)),
    ),
    threads=(1, 2),
)
