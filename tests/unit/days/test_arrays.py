"""The gather that every answer for an array goes through."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from casequality.days import DayTable
from casequality.days.arrays import BLOCK, MISSING
from casequality.errors import OutsideCalendar

DAY = dt.date.fromisoformat
FIRST = np.datetime64("1969-12-30")
NUMBERS = DayTable(-2, np.array([10, 11, 12, 13]), "numbers")
NEXT = DayTable(-2, FIRST + np.array([1, 2, 3, 4]), "the next day")


def test_each_day_finds_its_value() -> None:
    assert NUMBERS.take(FIRST + np.array([3, 0, 2])).tolist() == [13, 10, 12]
    assert NUMBERS.at(DAY("1969-12-31")) == 11
    assert NEXT.take(np.array([FIRST])).tolist() == [DAY("1969-12-31")]
    assert NUMBERS.end == 2


def test_no_day_finds_no_value() -> None:
    asked = np.array(["NaT", "1970-01-01"], "datetime64[D]")
    worked = DayTable(-2, np.array([True, True, True, True]), "worked", missing=False)

    assert NUMBERS.take(asked).tolist() == [MISSING, 12]
    assert NEXT.take(asked).tolist() == [None, DAY("1970-01-02")]
    assert worked.take(asked).tolist() == [False, True]
    assert DayTable(-2, NUMBERS.values[:0], "nothing").take(asked[:1]).tolist() == [MISSING]


@pytest.mark.parametrize("day", ["1969-12-29", "1970-01-03"])
def test_a_day_outside_is_an_error_even_beside_no_day(day: str) -> None:
    with pytest.raises(OutsideCalendar, match=f"{day[:4]}: numbers\n  got:     {day}"):
        NUMBERS.at(DAY(day))
    for beside in ("1970-01-01", "NaT"):
        with pytest.raises(OutsideCalendar, match="1969-12-30 to 1970-01-02"):
            NUMBERS.take(np.array([beside, day], "datetime64[D]"))


def test_days_far_outside_are_not_wrapped_around() -> None:
    for number in (np.iinfo(np.int64).max, np.iinfo(np.int64).min + 1):
        with pytest.raises(OutsideCalendar):
            NUMBERS.take(np.array([number]).view("datetime64[D]"))


def test_every_block_is_filled_and_checked() -> None:
    rows = np.random.default_rng(1).integers(0, 4, 2 * BLOCK + 7)
    asked = FIRST + rows
    assert (NUMBERS.take(asked) == rows + 10).all()

    asked[-1] = np.datetime64("1980-01-01")
    with pytest.raises(OutsideCalendar, match="1980"):
        NUMBERS.take(asked)


def test_the_answer_has_the_kind_of_the_question() -> None:
    assert NEXT.look_up(DAY("1970-01-01")) == DAY("1970-01-02")
    assert NEXT.look_up(np.datetime64("1970-01-01")) == np.datetime64("1970-01-02")
    assert NUMBERS.look_up(np.datetime64("1970-01-01")) == 12
    assert NUMBERS.look_up(np.datetime64("NaT", "D")) == MISSING
    assert NEXT.look_up(np.array([FIRST])).dtype == np.dtype("datetime64[D]")


def test_one_table_after_another_keeps_the_days_that_both_answer() -> None:
    twice = NEXT.then(NEXT)

    assert (twice.first, twice.values.tolist()) == (-2, [DAY("1970-01-01"), DAY("1970-01-02"), DAY("1970-01-03")])
    assert NEXT.then(NUMBERS).values.tolist() == [11, 12, 13]
    assert len(NEXT.then(DayTable(500, NUMBERS.values, "far away")).values) == 0


def test_one_table_after_another_keeps_days_without_an_answer() -> None:
    some = NEXT.values.copy()
    some[[0, 2]] = np.datetime64("NaT", "D")

    assert DayTable(-2, some, "some").then(NUMBERS).values.tolist() == [MISSING, 12, MISSING]


def test_tables_are_equal_by_their_days_and_values() -> None:
    assert DayTable(-2, np.array([10, 11, 12, 13]), "numbers") == NUMBERS
    assert DayTable(-1, np.array([10, 11, 12, 13]), "numbers") != NUMBERS
    assert DayTable(-2, np.array([10, 11, 12, 14]), "numbers") != NUMBERS
