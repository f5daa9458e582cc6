"""Add working days to many dates."""

from __future__ import annotations

import attrs

from tests.benchmark.contest import OWN, Answer, Comparison, Given, Job, Work, fingerprint
from tests.benchmark.peers import danish_holidays

N = 10
NUMPY, POLARS = "numpy.busday_offset", "polars dt.add_business_days"


def casequality(given: Given) -> Work:
    """Add with an output that is ready, as numpy does."""
    import numpy as np

    import casequality as cq

    days = np.load(given.path)[0]
    calendar, out = cq.calendar("dk-statutory"), np.empty_like(days)
    return Work(lambda: calendar.add(days, N, out=out), _answer)


def with_numpy(given: Given) -> Work:
    import numpy as np

    days = np.load(given.path)[0]
    calendar, out = np.busdaycalendar(holidays=danish_holidays()), np.empty_like(days)
    return Work(lambda: np.busday_offset(days, N, roll="backward", busdaycal=calendar, out=out), _answer)


def with_polars(given: Given) -> Work:
    import numpy as np
    import polars as pl

    days, closed = pl.Series(np.load(given.path)[0]), danish_holidays()
    return Work(lambda: days.dt.add_business_days(N, holidays=closed, roll="backward"), _answer)


def _answer(found: object) -> Answer:
    return {"days": fingerprint(found)}


JOB = Job(
    name="add-working-days",
    title=f"Add {N} working days to dates in random order",
    data="days",
    contenders={OWN: casequality, NUMPY: with_numpy, POLARS: with_polars},
    comparisons=(Comparison("speed against", (NUMPY,), 25), Comparison("speed against", (POLARS,), 30)),
    repeats=3,
)
IN_ORDER = attrs.evolve(
    JOB,
    name="add-working-days-in-order",
    title=f"Add {N} working days to dates in order",
    data="days-in-order",
    comparisons=tuple(attrs.evolve(each, goal=None) for each in JOB.comparisons),
)
