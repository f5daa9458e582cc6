"""Numbers and days against babel, which the library itself does not use for them."""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest

pytest.importorskip("babel")

from babel.dates import format_date
from babel.numbers import format_decimal
from hypothesis import given
from hypothesis import strategies as st

from casequality.goals import Target
from casequality.goals.definition import Quantity
from casequality.metrics.declaring.units import CASES, INDEX, SECONDS, SHARE
from casequality.reports.judgements import held_against
from casequality.reports.wording.tables import MINUS, ShownAmount, amount, moment
from casequality.showing import NBSP

LOCALES = {"da": "da_DK", "en": "en_US"}


@given(st.decimals(-(10**9), 10**9, places=5), st.integers(0, 4), st.sampled_from(["da", "en"]))
def test_numbers_are_written_as_babel_writes_them(value: Decimal, decimals: int, lang: str) -> None:
    rounded = value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    expected = format_decimal(abs(rounded), pattern, locale=LOCALES[lang])
    shown = ShownAmount(Fraction(value), decimals)
    assert shown.text(lang) == (MINUS if rounded < 0 else "") + expected
    assert Decimal(shown.plain(lang).replace(",", ".")) == rounded


@given(st.dates(dt.date(1900, 1, 1), dt.date(2060, 12, 31)))
def test_a_moment_that_begins_a_day_is_written_as_babel_writes_the_day(date: dt.date) -> None:
    assert moment(date.isoformat(), "UTC", "da") == format_date(date, "long", locale="da_DK")
    assert moment(date.isoformat(), "UTC", "en") == format_date(date, "d MMMM y", locale="en_GB")


@pytest.mark.parametrize(
    ("share", "shown"),
    [
        (Fraction(9996, 100), "99,96"), (Fraction(4, 100), "0,04"), (Fraction(100), "100,0"), (Fraction(0), "0,0"),
        (Fraction(99_999, 1000), "99,999"), (Fraction(9994, 100), "99,9"), (Fraction(1, 20), "0,1"),
    ],
)  # fmt: skip
def test_a_share_looks_like_none_or_all_only_where_it_is(share: Fraction, shown: str) -> None:
    assert amount(share, SHARE, "da").text("da") == f"{shown}{NBSP}%"
    assert Quantity(share, SHARE)["da"] == f"{shown} %"


def test_a_target_keeps_its_own_decimals() -> None:
    assert Target.parse("at least 99.95 %").words(SHARE).da == "mindst 99,95 %"
    assert Target.parse("at least 75.25 %").words(SHARE).da == "mindst 75,25 %"
    target = Target.parse("at least 75.25 %")
    for exact, shown in (
        (Fraction(7524, 100), "75,24"),
        (Fraction(80), "80,00"),
        (Fraction(752_496, 10**4), "75,2496"),
    ):
        assert held_against(exact, target, SHARE, "da").text("da") == f"{shown}{NBSP}%"


def test_a_share_is_written_with_a_space_that_does_not_break() -> None:
    assert amount(Fraction(75), SHARE, "da").text("da") == f"75,0{NBSP}%"
    assert amount(Fraction(75), SHARE, "en").text("en") == f"75.0{NBSP}%"


def test_rounding_never_hides_on_which_side_of_the_target_a_figure_lies() -> None:
    assert amount(Fraction(7496, 100), SHARE, "da", apart_from=[Fraction(75)]).text("da") == f"74,96{NBSP}%"
    assert amount(Fraction(75), SHARE, "da", apart_from=[Fraction(75)]).text("da") == f"75,0{NBSP}%"


def test_one_case_is_not_one_cases() -> None:
    assert [amount(Fraction(count), CASES, "da").text("da") for count in (0, 1, 2)] == [
        f"0{NBSP}sager",
        f"1{NBSP}sag",
        f"2{NBSP}sager",
    ]
    assert amount(Fraction(1), CASES, "en").text("en") == f"1{NBSP}case"


def test_seconds_and_an_index_have_their_own_decimals_and_unit() -> None:
    assert amount(Fraction(123456, 100), SECONDS, "da").text("da") == f"1.234,6{NBSP}sekunder"
    assert amount(Fraction(104, 100), INDEX, "da").text("da") == "1,04"


def test_an_amount_for_another_program_is_a_number_alone() -> None:
    assert ShownAmount(Fraction(-12345678, 1000), 2, "%").plain("en") == "-12345.68"
    assert ShownAmount(Fraction(-12345678, 1000), 2, "%").plain("da") == "-12345,68"


def test_a_figure_that_rounds_to_nothing_has_no_sign() -> None:
    assert ShownAmount(Fraction(-1, 100), 1).text("da") == "0,0"


def test_an_instant_is_said_in_the_zone_and_as_a_day_where_it_begins_one() -> None:
    assert moment("2010-07-31T22:00:00.000000", "Europe/Copenhagen", "da") == "1. august 2010"
    assert moment("2010-07-31T22:30:00.000000", "Europe/Copenhagen", "da") == "1. august 2010 kl. 00.30"
    assert moment("2010-01-31T22:30:00.000000", "Europe/Copenhagen", "en") == "31 January 2010 at 23:30"
