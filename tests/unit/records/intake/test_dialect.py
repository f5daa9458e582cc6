"""Texts as a dialect writes them."""

# ruff: noqa: DTZ001 - naive times are among what is tried

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from casequality.errors import UsageError
from casequality.records import Dialect
from casequality.records.intake.cells.dialect import NumberStyle, read_number, read_span, time_texts

UTC = dt.UTC
EPOCH = dt.datetime(1970, 1, 1)
AMERICAN = Dialect(day="m/d/yyyy", instant="m/d/yyyy H:MM")
SPOKEN = Dialect(day="dd.mm.yyyy", instant="dd.mm.yyyy kl. HH.MM")


def ticks(moment: dt.datetime) -> int:
    return (moment - EPOCH) // dt.timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("text", "dialect", "moment", "aware", "only_day"),
    [
        ("2010-06-01", Dialect(), dt.datetime(2010, 6, 1), False, True),
        ("2010-06-01 14:30:05", Dialect(), dt.datetime(2010, 6, 1, 14, 30, 5), False, False),
        ("2010-06-01T14:30", Dialect(), dt.datetime(2010, 6, 1, 14, 30), False, False),
        ("2010-06-01T14:30:05.25", Dialect(), dt.datetime(2010, 6, 1, 14, 30, 5, 250_000), False, False),
        ("2010-06-01T14:30:05.1234567", Dialect(), dt.datetime(2010, 6, 1, 14, 30, 5, 123_456), False, False),
        ("2010-06-01T14:30:05Z", Dialect(), dt.datetime(2010, 6, 1, 14, 30, 5), True, False),
        ("2010-06-01 14:30:05+02:00", Dialect(), dt.datetime(2010, 6, 1, 12, 30, 5), True, False),
        ("2010-06-01 14:30:05+02", Dialect(), dt.datetime(2010, 6, 1, 12, 30, 5), True, False),
        ("2010-06-01 14:30:05 -0330", Dialect(), dt.datetime(2010, 6, 1, 18, 0, 5), True, False),
        ("01-06-2010", Dialect.danish(), dt.datetime(2010, 6, 1), False, True),
        ("01-06-2010 14:30:05", Dialect.danish(), dt.datetime(2010, 6, 1, 14, 30, 5), False, False),
        ("1/6/2010", Dialect(day="m/d/yyyy"), dt.datetime(2010, 1, 6), False, True),
        ("12/31/2010 9:05", AMERICAN, dt.datetime(2010, 12, 31, 9, 5), False, False),
        ("01.06.2010 kl. 14.30", SPOKEN, dt.datetime(2010, 6, 1, 14, 30), False, False),
        ("20100601", Dialect(day="yyyymmdd"), dt.datetime(2010, 6, 1), False, True),
        ("9999-12-31", Dialect(), dt.datetime(9999, 12, 31), False, True),
    ],
)  # fmt: skip
def test_a_time(text: str, dialect: Dialect, moment: dt.datetime, aware: bool, only_day: bool) -> None:
    assert time_texts(dialect).read(text) == (ticks(moment), aware, only_day)


@pytest.mark.parametrize(
    ("text", "dialect"),
    [
        ("01-06-2010", Dialect()),
        ("2010-06-01", Dialect.danish()),
        ("2010-02-30", Dialect()),
        ("2010-13-01", Dialect()),
        ("0000-01-01", Dialect()),
        ("2010-06-01 24:00:00", Dialect()),
        ("2010-06-01 14:60:00", Dialect()),
        ("2010-06-01 14:30:60", Dialect()),
        ("2010-6-1", Dialect()),
        ("2010-06-01 noon", Dialect()),
        ("today", Dialect()),
        ("NaT", Dialect()),
        ("²010-06-01", Dialect()),
        ("01062010", Dialect(day="dd.mm.yyyy")),
    ],
)
def test_no_time(text: str, dialect: Dialect) -> None:
    assert time_texts(dialect).read(text) is None


@pytest.mark.parametrize(
    ("text", "decimals", "mark", "value"),
    [
        ("12", 0, ".", 12),
        ("-3", 0, ".", -3),
        ("12.0", 0, ".", 12),
        ("12.50", 1, ".", 125),
        ("12,5", 2, ",", 1250),
        ("1.234,5", 2, ",", 123_450),
        ("1.234", 0, ",", 1234),
        ("1,234,567.89", 2, ".", 123_456_789),
        ("+7", 2, ".", 700),
        ("0.07", 2, ".", 7),
    ],
)
def test_a_number(text: str, decimals: int, mark: str, value: int) -> None:
    assert read_number(text, decimals, NumberStyle(mark)) == value


@pytest.mark.parametrize(
    ("text", "decimals", "mark"),
    [
        ("12.345", 2, "."),
        ("12,5", 0, "."),
        ("12.5", 1, ","),
        ("12,34", 2, "."),
        ("1e3", 0, "."),
        ("1_000", 0, "."),
        ("- -", 0, "."),
        ("5%", 0, "."),
        ("", 0, "."),
        ("99999999999999999999", 0, "."),
        ("٣", 0, "."),
    ],
)
def test_no_number(text: str, decimals: int, mark: str) -> None:
    assert read_number(text, decimals, NumberStyle(mark)) is None


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0:00:10", 10),
        ("7:02:47", 25_367),
        ("100:00:00", 360_000),
        ("2 days 01:00:00", 176_400),
        ("0:00:01.5", 1.5),
        ("-0:00:05", -5),
        ("12", 12),
        ("12.5", 12.5),
    ],
)
def test_a_span(text: str, seconds: float) -> None:
    assert read_span(text, NumberStyle()) == seconds * 1_000_000


@pytest.mark.parametrize("text", ["7:02", "0:61:00", "soon", "1 day"])
def test_no_span(text: str) -> None:
    assert read_span(text, NumberStyle()) is None


def test_seconds_are_taken_to_the_nearest_microsecond() -> None:
    assert read_span("40,7743123456", NumberStyle(",")) == 40_774_312


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        ({"day": "dd-mm"}, "year"),
        ({"instant": "yyyy-mm-dd"}, "hour and the minute"),
        ({"day": "dd-mm-yyyy-dd"}, "twice"),
        ({"instant": "mm/dd/yyyy hh:MM"}, "leaves out the PM"),
        ({"instant": "mm/dd/yyyy HH:MM PM"}, "leaves out the PM"),
        ({"day": "dd-mm-yy"}, "pivot=1950"),
        ({"day": "dd-mm-yy", "pivot": 50}, "1800 to 2000"),
        ({"thousands": "x"}, "thousands"),
        ({"thousands": "."}, "thousands"),
        ({"percent": "yes"}, "'points', 'share'"),
        ({"instant": "HH:MM dd-mm-yyyy"}, "leaves out the year"),
        ({"delimiter": ";;"}, "delimiter"),
        ({"quote": ""}, "quote"),
        ({"decimal": "'"}, "decimal"),
    ],
)
def test_a_dialect_that_cannot_be(arguments: dict[str, Any], word: str) -> None:
    with pytest.raises(UsageError, match=word):
        Dialect(**arguments)


def test_the_danish_one() -> None:
    danish = Dialect.danish()
    assert (danish.delimiter, danish.decimal, danish.encoding) == (";", ",", "iso-8859-1")
    assert (danish.day, danish.instant) == ("dd-mm-yyyy", "dd-mm-yyyy HH:MM:SS")
