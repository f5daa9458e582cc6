"""Periods, their labels, parts and neighbours."""

from __future__ import annotations

import datetime as dt

import pytest

from casequality.days import Period, months_after, period, rolling_year, year_to_date
from casequality.errors import UnknownName, UsageError

DAY = dt.date.fromisoformat


@pytest.mark.parametrize(
    ("label", "first", "last", "kind", "english", "danish"),
    [
        ("2010-06", "2010-06-01", "2010-06-30", "month", "June 2010", "juni 2010"),
        ("2012-02", "2012-02-01", "2012-02-29", "month", "February 2012", "februar 2012"),
        ("2017-Q2", "2017-04-01", "2017-06-30", "quarter", "2nd quarter of 2017", "2. kvartal 2017"),
        ("2017-Q4", "2017-10-01", "2017-12-31", "quarter", "4th quarter of 2017", "4. kvartal 2017"),
        ("2010-H1", "2010-01-01", "2010-06-30", "half-year", "1st half of 2010", "1. halvår 2010"),
        ("2010-H2", "2010-07-01", "2010-12-31", "half-year", "2nd half of 2010", "2. halvår 2010"),
        ("2010", "2010-01-01", "2010-12-31", "year", "2010", "2010"),
        (
            "2010-04-01..2010-12-31", "2010-04-01", "2010-12-31", "own range",
            "1 April 2010 to 31 December 2010", "1. april 2010 til 31. december 2010",
        ),
        ("2010-08-02..2010-08-02", "2010-08-02", "2010-08-02", "own range", None, None),
        (
            "12 months to 2010-06-30", "2009-07-01", "2010-06-30", "rolling 12 months",
            "12 months to 30 June 2010", "12 måneder til og med 30. juni 2010",
        ),
        (
            "year to 2010-06-15", "2010-01-01", "2010-06-15", "year to date",
            "year to 15 June 2010", "året til og med 15. juni 2010",
        ),
    ],
)  # fmt: skip
def test_a_label_says_a_period(
    label: str, first: str, last: str, kind: str, english: str | None, danish: str | None
) -> None:
    found = period(label)

    assert (found.first, found.last, found.kind) == (DAY(first), DAY(last), kind)
    assert found.end == DAY(last) + dt.timedelta(days=1)
    assert found.label == str(found) == label
    if english and danish:
        assert (found.title(), found.title("da")) == (english, danish)


@pytest.mark.parametrize(
    "label", ["2010-13", "2010-Q5", "2010-H3", "10-06", "2010-6", "2010-02-30..2010-03-01", "2010-01-01..", "", "juni"]
)
def test_a_label_that_says_nothing_is_refused(label: str) -> None:
    with pytest.raises(UnknownName, match="2010-Q2"):
        period(label)


def test_a_period_ends_after_it_begins() -> None:
    with pytest.raises(UsageError, match="ends before it begins"):
        period("2010-02-01..2010-01-31")
    with pytest.raises(UsageError, match="ends before it begins"):
        Period(DAY("2010-01-01"), DAY("2010-01-01"))


def test_a_day_is_in_its_period_only() -> None:
    june = period("2010-06")

    asked = ["2010-05-31", "2010-06-01", "2010-06-30", "2010-07-01"]
    assert [DAY(day) in june for day in asked] == [False, True, True, False]


@pytest.mark.parametrize(
    ("label", "kind", "parts"),
    [
        ("2010", "half-year", ["2010-H1", "2010-H2"]),
        ("2010-H2", "quarter", ["2010-Q3", "2010-Q4"]),
        ("2010-Q1", "month", ["2010-01", "2010-02", "2010-03"]),
        ("2010-06", "month", ["2010-06"]),
        ("2010-04-01..2010-12-31", "quarter", ["2010-Q2", "2010-Q3", "2010-Q4"]),
        ("2009-11-16..2010-01-31", "month", ["2009-11-16..2009-11-30", "2009-12", "2010-01"]),
        ("12 months to 2010-06-30", "half-year", ["2009-H2", "2010-H1"]),
        ("year to 2010-02-15", "month", ["2010-01", "2010-02-01..2010-02-15"]),
        ("2010-06", "year", ["2010-06-01..2010-06-30"]),
    ],
)
def test_a_period_has_parts(label: str, kind: str, parts: list[str]) -> None:
    assert [part.label for part in period(label).parts(kind)] == parts  # type: ignore[arg-type]


def test_an_unknown_part_is_refused() -> None:
    with pytest.raises(UsageError, match="month, quarter, half-year, year"):
        period("2010").parts("week")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("label", "previous", "year_before"),
    [
        ("2010-01", "2009-12", "2009-01"),
        ("2013-02", "2013-01", "2012-02"),
        ("2010-Q1", "2009-Q4", "2009-Q1"),
        ("2010-H1", "2009-H2", "2009-H1"),
        ("2010", "2009", "2009"),
        ("2010-04-01..2010-12-31", "2009-07-01..2010-03-31", "2009-04-01..2009-12-31"),
        ("2010-03-10..2010-04-09", "2010-02-07..2010-03-09", "2009-03-10..2009-04-09"),
        ("2010-03-10..2010-03-19", "2010-02-28..2010-03-09", "2009-03-10..2009-03-19"),
        ("2012-02-29..2012-03-09", "2012-02-19..2012-02-28", "2011-02-28..2011-03-09"),
        ("2012-02-01..2012-02-28", "2012-01-04..2012-01-31", "2011-02-01..2011-02-28"),
        ("12 months to 2010-06-30", "12 months to 2009-06-30", "12 months to 2009-06-30"),
        ("12 months to 2010-06-15", "12 months to 2009-06-15", "12 months to 2009-06-15"),
        ("year to 2012-02-29", "year to 2011-02-28", "year to 2011-02-28"),
    ],
)
def test_a_period_has_neighbours(label: str, previous: str, year_before: str) -> None:
    assert period(label).previous() == period(previous)
    assert period(label).year_before() == period(year_before)


def test_twelve_months_end_with_a_month_or_a_day() -> None:
    assert rolling_year("2010-06") == rolling_year(DAY("2010-06-30")) == period("12 months to 2010-06-30")
    assert rolling_year("2013-02").first == DAY("2012-03-01")
    assert rolling_year(DAY("2010-06-15")).first == DAY("2009-06-16")
    assert rolling_year(DAY("2012-02-28")).first == DAY("2011-03-01")


def test_a_year_to_date_begins_with_its_year() -> None:
    assert year_to_date(DAY("2010-06-15")) == period("year to 2010-06-15")
    assert year_to_date(DAY("2010-01-01")).label == "year to 2010-01-01"


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(UsageError, match="Unknown language"):
        period("2010").title("sv")


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        ("2009-10-31", 4, "2010-02-28"),
        ("2007-10-31", 4, "2008-02-29"),
        ("2010-01-15", 12, "2011-01-15"),
        ("2010-03-31", -1, "2010-02-28"),
        ("2010-01-31", -13, "2008-12-31"),
        ("2012-02-29", 12, "2013-02-28"),
        ("2010-12-31", 0, "2010-12-31"),
    ],
)
def test_months_keep_the_day_or_end_with_the_month(day: str, months: int, later: str) -> None:
    assert months_after(DAY(day), months) == DAY(later)
