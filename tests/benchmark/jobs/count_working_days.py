"""Count the working days between many pairs of dates."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.benchmark.contest import OWN, Answer, Comparison, Given, Job, Work, fingerprint
from tests.benchmark.peers import danish_holidays

NUMPY, POLARS = "numpy.busday_count", "polars business_day_count"


def casequality(given: Given) -> Work:
    import numpy as np

    import casequality as cq

    first, second = np.load(given.path)
    calendar, out = cq.calendar("dk-statutory"), np.empty(len(first), np.int64)
    return Work(lambda: calendar.count(first, second, out=out), _answer)


def with_numpy(given: Given) -> Work:
    import numpy as np

    first, second = _from_included(given.path)
    calendar, out = np.busdaycalendar(holidays=danish_holidays()), np.empty(len(first), np.int64)
    return Work(lambda: np.busday_count(first, second, busdaycal=calendar, out=out), _answer)


def with_polars(given: Given) -> Work:
    import polars as pl

    first, second = _from_included(given.path)
    frame = pl.DataFrame({"first": first, "second": second})
    counted = pl.business_day_count("first", "second", holidays=danish_holidays())
    return Work(lambda: frame.select(counted).to_series(), _answer)


def _from_included(path: Path) -> tuple[Any, Any]:
    """Return the pairs moved so that the same days are counted by those who count the first day and not the last.

    Both ways agree where the second day lies before the first.
    """
    import numpy as np

    first, second = np.load(path)
    moved = (second >= first).astype("timedelta64[D]")
    return first + moved, second + moved


def _answer(found: object) -> Answer:
    return {"counts": fingerprint(found)}


JOB = Job(
    name="count-working-days",
    title="Count the working days between two dates",
    data="days",
    contenders={OWN: casequality, NUMPY: with_numpy, POLARS: with_polars},
    comparisons=(Comparison("speed against", (NUMPY,), 12), Comparison("speed against", (POLARS,))),
    repeats=3,
)
