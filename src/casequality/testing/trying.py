"""Trying a law on invented tables, and the smallest one on which it breaks."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from casequality.testing.law import Broken
from casequality.testing.rows import Row


def try_tables(tables: st.SearchStrategy[list[Row]], check: Callable[[Sequence[Row]], None], examples: int) -> None:
    """Check so many invented tables, the same each time; a failure is that of the fewest rows that still fail.

    Rows are left out one by one, which is far quicker than to have every value of them made smaller.
    """
    met: list[Sequence[Row]] = []

    def noting(rows: list[Row]) -> None:
        met[:] = [rows]
        check(rows)

    trying = settings(
        max_examples=examples,
        phases=[Phase.generate],
        deadline=None,
        derandomize=True,
        database=None,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )
    try:
        trying(given(tables)(noting))()
    except Broken:
        [rows] = met
    else:
        return
    check(_fewest(rows, check))
    raise AssertionError("A law that broke once held the second time, on the same rows")


def _fewest(rows: Sequence[Row], check: Callable[[Sequence[Row]], None]) -> Sequence[Row]:
    for place in range(len(rows) - 1, -1, -1):
        fewer = [row for at, row in enumerate(rows) if at != place]
        if fewer and _breaks(fewer, check):
            rows = fewer
    return rows


def _breaks(rows: Sequence[Row], check: Callable[[Sequence[Row]], None]) -> bool:
    try:
        check(rows)
    except Broken:
        return True
    return False
