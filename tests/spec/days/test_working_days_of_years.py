"""How many days a year has, by each Danish calendar: a small table that a reader can check by hand."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import pytest

from casequality.days import calendar

TABLE = Path(__file__).with_name("working_days_of_years.csv")
ROWS = list(csv.DictReader(TABLE.read_text("utf-8").splitlines()))


@pytest.mark.parametrize("row", ROWS, ids=[row["year"] for row in ROWS])
def test_a_year_has_so_many_working_days(row: dict[str, str]) -> None:
    before, last = dt.date(int(row["year"]) - 1, 12, 31), dt.date(int(row["year"]), 12, 31)

    for name in ("dk-statutory", "dk-administrative", "dk-bank"):
        assert calendar(name).count(before, last) == int(row[name])


@pytest.mark.parametrize("row", ROWS, ids=[row["year"] for row in ROWS])
def test_easter_and_great_prayer_day_fall_where_they_should(row: dict[str, str]) -> None:
    statutory = calendar("dk-statutory")
    easter = dt.date.fromisoformat(row["easter"])
    fourth_friday = easter + dt.timedelta(days=26)

    assert statutory.reason(easter) == "Easter Sunday"
    assert statutory.reason(easter + dt.timedelta(days=39)) == "Ascension Day"
    if row["great_prayer_day"]:
        assert fourth_friday.isoformat() == row["great_prayer_day"]
        assert statutory.reason(fourth_friday) == "Great Prayer Day"
    else:
        assert statutory.is_working(fourth_friday)
