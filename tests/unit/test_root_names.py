"""The names of the root: few enough to be read, loaded when they are first used, and none lost without a word."""

from __future__ import annotations

import pytest

import casequality
from casequality import days, units


def test_every_name_is_there_and_no_more_than_can_be_read_at_once() -> None:
    assert len(casequality.__all__) <= 54
    assert casequality.__all__ == sorted(
        casequality.__all__, key=lambda name: (not name.isupper(), name[0].islower(), name)
    )
    for name in casequality.__all__:
        assert getattr(casequality, name) is not None


@pytest.mark.parametrize(
    ("name", "value", "place"),
    [
        ("CASES", units.CASES, "units.CASES"),
        ("DAYS", units.DAYS, "units.DAYS"),
        ("SECONDS", units.SECONDS, "units.SECONDS"),
        ("Calendar", days.Calendar, "days.Calendar"),
        ("period", days.period, "days.period"),
    ],
)
def test_a_name_that_moved_is_found_and_says_where_it_is_now(name: str, value: object, place: str) -> None:
    with pytest.warns(
        DeprecationWarning, match=f"casequality.{name} is casequality.{place} from 0.2 on, and goes with 0.3"
    ):
        assert getattr(casequality, name) is value
