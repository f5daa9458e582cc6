"""The names of the root: few enough to be read, loaded when they are first used, and none lost without a word."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from typing import Any, cast

import pytest

import casequality
from casequality import citation, days, deadlines, rules, units


def test_every_name_is_there_and_no_more_than_can_be_read_at_once() -> None:
    assert len(casequality.__all__) <= 49
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
        ("SHARE", units.SHARE, "units.SHARE"),
        ("Calendar", days.Calendar, "days.Calendar"),
        ("Dated", citation.Dated, "days.Dated"),
        ("Entry", citation.Entry, "days.Entry"),
        ("period", days.period, "days.period"),
        ("Deadline", deadlines.Deadline, "deadlines.Deadline"),
        ("Schedule", deadlines.Schedule, "deadlines.Schedule"),
        ("Term", deadlines.Term, "deadlines.Term"),
        ("ordered", rules.ordered, "rules.ordered"),
        ("sums", rules.sums, "rules.sums"),
    ],
)
def test_a_name_that_moved_is_found_and_says_where_it_is_now(name: str, value: object, place: str) -> None:
    with pytest.warns(
        DeprecationWarning, match=f"casequality.{name} is casequality.{place} from 0.2 on, and goes with 0.3"
    ):
        assert getattr(casequality, name) is value


def test_names_of_other_modules_that_moved_are_found_too() -> None:
    with pytest.warns(DeprecationWarning, match=r"casequality\.deadlines\.MONTHS is casequality\.days\.MONTH_NAMES"):
        assert vars(casequality.deadlines)["__getattr__"]("MONTHS") is days.MONTH_NAMES
    with pytest.raises(AttributeError, match="no attribute 'MONTH'"):
        vars(casequality.deadlines)["__getattr__"]("MONTH")
    with pytest.warns(DeprecationWarning, match=r"casequality\.deadlines\.deadlines is .*\.deadlines\.shipped from"):
        assert vars(casequality.deadlines)["__getattr__"]("deadlines") is deadlines.shipped
    called: Callable[[], object] = cast("Any", casequality.deadlines)
    assert called() == deadlines.shipped()
    sys.modules.pop("casequality.days.closing_days", None)
    with pytest.warns(DeprecationWarning, match=r"part of casequality\.days\.calendars"):
        moved = importlib.import_module("casequality.days.closing_days")
    assert moved.from_holidays is importlib.import_module("casequality.days.calendars").from_holidays
