"""What of a metric's code is told as impure, and what is not: state beside the class, words of the machine."""

from __future__ import annotations

import calendar
import datetime as dt
from functools import cache
from typing import Any

import pytest

from casequality.testing.purity import reached_for
from casequality.testing.watching import watched

SEEN: list[int] = []
BY_NAME: dict[str, int] = {}
COUNT = 0


@cache
def length(name: str) -> int:
    """Return what follows from the argument alone."""
    return len(name)


class Board:
    """Something on which others write."""


class Remembers:
    """Ways to keep something between calls."""

    def by_append(self) -> None:
        SEEN.append(1)

    def by_place(self) -> None:
        BY_NAME["last"] = 1

    def by_sum(self) -> None:
        SEEN[0] += 1

    def by_name(self) -> None:
        global COUNT  # noqa: PLW0603  that is the point
        COUNT = 1

    def by_class(self) -> None:
        Board.last = 1  # type: ignore[attr-defined]

    def not_at_all(self) -> int:
        seen, by_name = [0], dict(BY_NAME)
        seen.append(length("permits"))
        by_name["last"] = seen[0]
        return sum(SEEN) + len(by_name)


class Speaks:
    """Ways to say a date."""

    def month(self, day: dt.date) -> str:
        return day.strftime("%B")

    def in_a_text(self, day: dt.date) -> str:
        return f"{day:%A}"

    def by_calendar(self, day: dt.date) -> str:
        return calendar.month_name[day.month]

    def as_numbers(self, day: dt.date) -> str:
        return f"{day:%Y-%m}" + day.strftime("%d") + format(0.25, ".0%")


def told(kind: type, method: str) -> list[str]:
    only: Any = type("Only", (), {"__module__": kind.__module__, "tried": vars(kind)[method]})
    return reached_for(only)


@pytest.mark.parametrize(
    ("method", "name"), [("by_append", "SEEN"), ("by_place", "BY_NAME"), ("by_sum", "SEEN"), ("by_name", "COUNT")]
)
def test_what_is_kept_between_calls_is_told_by_its_name(method: str, name: str) -> None:
    assert told(Remembers, method) == [f"the module's {name}, kept between calls"]


def test_a_class_that_is_written_to_is_told_and_what_a_call_makes_for_itself_is_not() -> None:
    assert told(Remembers, "by_class") == ["the module's Board, kept between calls"]
    assert told(Remembers, "not_at_all") == []


@pytest.mark.parametrize("method", ["month", "in_a_text", "by_calendar"])
def test_words_that_the_machine_chooses_are_told(method: str) -> None:
    [found] = told(Speaks, method)
    assert found.startswith("the language of the machine")


def test_numbers_of_a_date_are_nobodys_language() -> None:
    assert told(Speaks, "as_numbers") == []


def test_while_code_is_watched_months_and_days_have_other_names_and_numbers_the_same_ones() -> None:
    day = dt.date(2010, 6, 1)
    with watched() as noted:
        spoken = [day.strftime("%B"), f"{day:%A}", calendar.month_name[6], f"{day:%Y-%m-%d}"]
    assert not noted
    assert "June" not in spoken
    assert "Tuesday" not in spoken
    assert spoken[3] == "2010-06-01"
    assert day.strftime("%B %A") == "June Tuesday"
