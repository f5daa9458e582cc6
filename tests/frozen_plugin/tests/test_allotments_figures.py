"""The figure, against days counted by hand on the calendar of spring 2010."""

from __future__ import annotations

import pytest

import casequality as cq
from casequality_allotments import AnsweredInTime


@pytest.mark.parametrize(
    ("received", "last", "day_after"),
    [
        ("2010-03-24", "2010-04-12", "2010-04-13"),  # across Easter
        ("2010-04-22", "2010-05-07", "2010-05-08"),  # across Great Prayer Day
        ("2010-06-05", "2010-06-18", "2010-06-19"),  # received on a Saturday
    ],
)
def test_letters_have_until_the_tenth_working_day(received: str, last: str, day_after: str) -> None:
    letters = [
        {"letter": 1, "received_on": received, "answered_on": last},
        {"letter": 2, "received_on": received, "answered_on": day_after},
    ]
    [figure] = cq.measure(AnsweredInTime, letters, as_of="2010-08-01", period="2010")
    assert (figure.outcomes["in_time"], figure.outcomes["late"]) == (1, 1)
    assert (figure.value.numerator, figure.value.denominator) == (1, 2)
