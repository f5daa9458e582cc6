"""Worked examples of intervals and changes: numbers that were worked out by hand or elsewhere, and not here."""

from __future__ import annotations

from fractions import Fraction

import pytest

from casequality.evidence import count_change, interval, take_apart, wilson
from casequality.evidence.said import per_cent
from casequality.metrics import Sample


@pytest.mark.parametrize(
    ("yes", "size", "low", "high"),
    [
        (5, 100, "2.15 %", "11.18 %"), (0, 60, "0.00 %", "6.02 %"), (190, 200, "91.04 %", "97.26 %"),
        (188, 200, "89.81 %", "96.53 %"), (80, 100, "71.12 %", "86.66 %"),
    ],
)  # fmt: skip
def test_five_errors_in_a_hundred_do_not_show_that_at_most_five_per_cent_are_faulty(
    yes: int, size: int, low: str, high: str
) -> None:
    """Wilson's interval, two-sided at 95 %."""
    found = wilson(Sample(Fraction(yes), size))
    assert (per_cent(found.low, decimals=2).en, per_cent(found.high, decimals=2).en) == (low, high)


def test_380_satisfied_of_400_are_95_per_cent_and_do_not_show_it() -> None:
    found = interval(Sample(Fraction(380), 400))
    assert (per_cent(found.low).en, per_cent(found.high).en) == ("92.4 %", "96.9 %")
    assert found.low < Fraction(95, 100) < found.high


def test_clearing_old_cases_looks_bad_and_nothing_became_worse() -> None:
    """80 of 100 in time; with 40 old ones closed as well it is 80 of 140, 57 %, all of it by the mix."""
    found = take_apart({"new": (80, 100), "old": (0, 0)}, {"new": (80, 100), "old": (0, 40)})
    assert (per_cent(found.before, decimals=0).en, per_cent(found.after, decimals=0).en) == ("80 %", "57 %")
    assert (found.rate, found.mix) == (Fraction(0), Fraction(80, 140) - Fraction(80, 100))


def test_840_enquiries_and_1077_in_the_next_year_are_28_per_cent_more_and_more_than_variation() -> None:
    found = count_change(1077, 840)
    assert found.ratio is not None
    assert per_cent(found.ratio - 1).en == "28.2 %"
    assert found.shown
