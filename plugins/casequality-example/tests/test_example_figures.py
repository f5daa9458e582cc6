"""The figure, against a walk through the letters one by one on a calendar counted by hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

import casequality as cq
from casequality_example import AnsweredInTime

START = dt.date(2010, 3, 1)
AS_OF = dt.date(2010, 5, 14)
CLOSED = {dt.date(2010, 4, day) for day in (1, 2, 5, 30)} | {dt.date(2010, 5, 13)}
"""The public holidays of March to May 2010 that fall on weekdays, up to the as-of."""


def due(received: dt.date) -> dt.date:
    day, counted = received, 0
    while counted < 10:
        day += dt.timedelta(days=1)
        counted += day.weekday() < 5 and day not in CLOSED
    return day


def verdict(received: dt.date, answered: dt.date | None) -> bool | None:
    """Return whether a letter was answered in time; None where that is not known yet at the as-of."""
    if answered is not None and answered < AS_OF:
        return answered <= due(received)
    return False if due(received) < AS_OF else None


def rows(letters: Sequence[tuple[dt.date, dt.date | None]]) -> list[dict[str, object]]:
    names = ("letter", "received_on", "answered_on")
    return [dict(zip(names, (number, *days), strict=True)) for number, days in enumerate(letters)]


@st.composite
def letters(draw: st.DrawFn) -> tuple[dt.date, dt.date | None]:
    received = START + dt.timedelta(days=draw(st.integers(0, 50)))
    after = draw(st.none() | st.integers(0, 25))
    return received, None if after is None else received + dt.timedelta(days=after)


@settings(deadline=None)
@given(st.lists(letters(), min_size=1, max_size=20))
def test_the_share_is_that_of_a_walk_through_the_letters(drawn: list[tuple[dt.date, dt.date | None]]) -> None:
    [figure] = cq.measure(AnsweredInTime, rows(drawn), as_of=AS_OF, period="2010")
    verdicts = [known for letter in drawn if (known := verdict(*letter)) is not None]
    assert figure.value.exact == (Fraction(sum(verdicts), len(verdicts)) if verdicts else None)


def test_a_letter_received_before_easter_has_until_the_tenth_working_day() -> None:
    received, last = dt.date(2010, 3, 24), dt.date(2010, 4, 12)
    drawn = [(received, last), (received, last + dt.timedelta(days=1))]
    [figure] = cq.measure(AnsweredInTime, rows(drawn), as_of="2010-08-01", period="2010")
    assert (figure.outcomes["in_time"], figure.outcomes["late"]) == (1, 1)
