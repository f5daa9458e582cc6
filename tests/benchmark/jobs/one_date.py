"""Add working days to one date."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.benchmark.contest import OWN, Answer, Comparison, Given, Job, Work
from tests.benchmark.peers import danish_holidays

N, TIMES = 10, 20_000
NUMPY = "numpy.busday_offset"
DAYS = tuple(dt.date(2006, 1, 1) + dt.timedelta(days=day) for day in range(TIMES // 4)) * 4


def casequality(_: Given) -> Work:
    import casequality as cq

    add = cq.calendar("dk-statutory").add
    return Work(lambda: [add(day, N) for day in DAYS], _answer)


def with_numpy(_: Given) -> Work:
    """Add to numpy's own dates, which it takes faster than Python's."""
    import numpy as np

    days = list(np.array(DAYS, "datetime64[D]"))
    add, calendar = np.busday_offset, np.busdaycalendar(holidays=danish_holidays())
    return Work(lambda: [add(day, N, roll="backward", busdaycal=calendar) for day in days], _answer)


def _answer(found: list[Any]) -> Answer:
    return {"days": [str(day) for day in found[: TIMES // 4]]}


JOB = Job(
    name="one-date",
    title=f"Add {N} working days to one date",
    contenders={OWN: casequality, NUMPY: with_numpy},
    comparisons=(Comparison("speed against", (NUMPY,), 1),),
    repeats=3,
    times=TIMES,
)
