"""Letters answered within ten working days, on the closing days of spring 2010 written down by hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from tests.golden.walks.figures import STATES, Figure, date, month, rows, shares, state, working_days_later

AS_OF = dt.date(2010, 5, 26)
PERIODS = ("2010-03", "2010-04", "2010-05")
CLOSED = {dt.date(2010, *day) for day in ((4, 1), (4, 2), (4, 5), (4, 30), (5, 13), (5, 24))}


def figures() -> Iterator[Figure]:
    """Yield every figure of the set."""
    yield from shares("example.answered-in-time", {}, PERIODS, placed(), STATES)


def placed() -> Iterator[tuple[str, str]]:
    """Yield the month and the outcome of each letter that was known at the as-of."""
    for row in rows("example/letters.csv"):
        received, answered = date(row["received_on"]), date(row["answered_on"])
        if received is not None and received < AS_OF:
            known = answered if answered and answered < AS_OF else None
            yield month(received), state(working_days_later(received, 10, CLOSED), known, AS_OF)
