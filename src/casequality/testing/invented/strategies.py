"""Hypothesis strategies: invented records of any declared type, calendars and periods."""

from __future__ import annotations

import datetime as dt
from random import Random

from hypothesis import strategies as st

from casequality.days import Calendar, Period, period
from casequality.records import Records
from casequality.testing.invented.row_factory import AROUND, NO_EDGES, ZONE, Edges, Maker, Row, faults


def records(kind: type[Records], *, around: dt.date = AROUND, zone: str = ZONE) -> st.SearchStrategy[Row]:
    """Return a strategy for one record as a row that keeps to what its type declares, child rows as lists.

    around: the day before which most records began; give the as-of, so that some have not yet ended.
    """
    return tables(kind, min_size=1, max_size=1, around=around, zone=zone).map(lambda rows: rows[0])


def tables(
    kind: type[Records],
    *,
    min_size: int = 0,
    max_size: int = 8,
    around: dt.date = AROUND,
    zone: str = ZONE,
    edges: Edges = NO_EDGES,
) -> st.SearchStrategy[list[Row]]:
    """Return a strategy for several such records, their keys 1, 2, 3 and so on.

    edges: dates and lengths on and beside which events often lie, such as due days.
    """

    def made(random: Random, rows: int) -> list[Row]:
        return Maker(kind, around, zone, random, edges).table(rows)

    return st.builds(made, st.randoms(use_true_random=False), st.integers(min_size, max_size))


def faulty(kind: type[Records], *, around: dt.date = AROUND, zone: str = ZONE) -> st.SearchStrategy[tuple[Row, str]]:
    """Return a strategy for a row with one fault, and the name under which intake finds it.

    Raises `ValueError` for a record type in which nothing can be faulty.
    """
    found = faults(kind)
    if not found:
        raise ValueError(f"{kind.__qualname__} declares nothing that a row could break")

    def spoilt(row: Row, fault: tuple[str, str]) -> tuple[Row, str]:
        field, name = fault
        return {**row, field: found[fault]}, name

    return st.builds(spoilt, records(kind, around=around, zone=zone), st.sampled_from(sorted(found)))


def calendars(
    first: dt.date = dt.date(2000, 1, 1), last: dt.date = dt.date(2030, 12, 31)
) -> st.SearchStrategy[Calendar]:
    """Return a strategy for calendars of one's own: any working week of at least a day, and some closing days."""

    def made(week: str, closed: list[dt.date]) -> Calendar:
        return Calendar.make("invented", week=week, closed=closed, first=first, last=last, source="invented")

    weeks = st.text("01", min_size=7, max_size=7).filter(lambda week: "1" in week)
    return st.builds(made, weeks, st.lists(st.dates(first, last), unique=True, max_size=20))


def periods(first: int = 2000, last: int = 2030) -> st.SearchStrategy[Period]:
    """Return a strategy for whole years, half-years, quarters and months of these years."""
    parts = st.sampled_from(["", *(f"-H{n}" for n in (1, 2)), *(f"-Q{n}" for n in range(1, 5))])
    months = st.integers(1, 12).map(lambda month: f"-{month:02}")
    return st.builds(lambda year, part: period(f"{year}{part}"), st.integers(first, last), parts | months)
