"""Every job of the benchmark, in the order in which they are run."""

from __future__ import annotations

from tests.benchmark.jobs import (
    add_months,
    add_working_days,
    benefits,
    calls,
    calls_on_spark,
    commands,
    count_working_days,
    csv_files,
    dead_periods,
    discovering,
    excel_files,
    frames,
    importing,
    one_date,
    pauses,
    tribunal,
    xes,
)

JOBS = {
    job.name: job
    for job in (
        add_working_days.JOB,
        add_working_days.IN_ORDER,
        count_working_days.JOB,
        add_months.JOB,
        one_date.JOB,
        pauses.JOB,
        calls.JOB,
        benefits.JOB,
        tribunal.JOB,
        csv_files.CALLS,
        csv_files.BENEFITS,
        excel_files.JOB,
        frames.ARROW,
        frames.POLARS,
        frames.PANDAS,
        dead_periods.JOB,
        xes.JOB,
        commands.STORE,
        commands.REPORT,
        commands.COMMAND_LINE,
        importing.JOB,
        discovering.JOB,
    )
}

WITH_SPARK = {calls_on_spark.JOB.name: calls_on_spark.JOB}
"""Run only where they are asked for by name: they need Java."""

EVERY = {**JOBS, **WITH_SPARK}
