"""The same calls on Spark, beside this library in one process: what the detour through Spark costs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.benchmark.contest import OWN, Comparison, Given, Job, Work
from tests.benchmark.jobs import calls

IN_PROCESS = "in process"


def on_spark(given: Given) -> Work:
    """Count on a session that is there, with the Python processes of its executors; starting them is not timed."""
    from casequality.engines.spark import Spark
    from casequality.engines.spark.session import session_of

    session = session_of(f"local[{given.threads}]")

    def idle(batches: Iterator[Any]) -> Iterator[Any]:
        yield from batches

    session.range(0, given.threads, 1, given.threads).mapInArrow(idle, "id long").collect()
    return calls.counting(given, engine=Spark(session))


JOB = Job(
    name="calls-on-spark",
    title="The same on Spark, a task for each executor's share of the row groups; the session is there already",
    data="calls",
    contenders={OWN: on_spark, IN_PROCESS: calls.casequality},
    comparisons=(Comparison("time against", (IN_PROCESS,), 4, from_rows=100_000_000),),
    threads=(1, 2),
)
