"""The frozen table against the law's own rules, and against the installed `holidays`."""

from __future__ import annotations

import attrs
import pytest

from casequality.days.calendars import FIRST, LAST, closing_days
from casequality.days.working_calendar import ClosingDay
from tests import danish_days
from tests.closing_days import differences


@pytest.mark.parametrize("name", danish_days.NAMES)
def test_the_table_follows_easter_and_the_fixed_dates(name: str) -> None:
    table = {closing.day for closing in closing_days() if name in closing.calendars}

    expected = {day for year in range(1990, 2061) for day in danish_days.closed_days(name, year)}
    assert table == expected


def test_the_table_is_in_order_and_says_each_reason_once() -> None:
    table = closing_days()

    assert list(table) == sorted(set(table))
    assert table[0].day >= FIRST
    assert table[-1].day <= LAST
    assert all(closing.en and closing.da and closing.calendars for closing in table)


def test_a_difference_says_the_day_and_what_each_side_says() -> None:
    table = closing_days()
    forgotten = [closing for closing in table if str(closing.day) != "2023-05-05"]
    later = ClosingDay(table[0].day.replace(year=2024, month=4, day=26), "Great Prayer Day", "", ("x",))
    every = "dk-statutory, dk-administrative, dk-bank"

    assert differences(forgotten, [*table, later]) == [
        f"2023-05-05: the table says open, holidays says Great Prayer Day (closes {every})",
        "2024-04-26: the table says open, holidays says Great Prayer Day (closes x)",
    ]


def test_a_day_that_closes_other_calendars_is_a_difference() -> None:
    table = closing_days()
    moved = [attrs.evolve(closing, calendars=("dk-statutory",)) for closing in table if closing.day.year == 2010]
    differ = differences([closing for closing in table if closing.day.year == 2010], moved)

    assert "2010-06-05" in "".join(differ)
    assert len(differ) == len({closing.day for closing in moved})
