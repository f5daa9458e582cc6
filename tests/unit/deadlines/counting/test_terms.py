"""A term: its unit is never guessed, its end is what a paper calendar says."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from casequality.deadlines import Term
from casequality.errors import OutsideCalendar, UsageError


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("10 working days", Term(10, "working days")),
        ("1 working day", Term(1, "working days")),
        ("10 calendar days", Term(10, "calendar days")),
        ("4 weeks", Term(4, "weeks")),
        (" 1 month,  roll forward ", Term(1, "months", "forward")),
        ("2 weeks, roll backward", Term(2, "weeks", "backward")),
        ("3 months, roll none", Term(3, "months")),
    ],
)
def test_a_written_term_is_read(text: str, term: Term) -> None:
    assert Term.parse(text) == term
    assert Term.parse(str(term)) == term


@pytest.mark.parametrize("text", ["10 days", "1 day", "10 days, roll forward"])
def test_bare_days_are_refused_with_the_way_out(text: str) -> None:
    with pytest.raises(UsageError) as refused:
        Term.parse(text, where="local.toml, terms")
    assert str(refused.value) == (
        "A term in bare days does not say which days count\n"
        "  where:   local.toml, terms\n"
        f"  got:     {text}\n"
        "  allowed: '10 working days' or '10 calendar days'\n"
        "  remedy:  write 'working days' where weekends and holidays do not count, else 'calendar days'"
    )
    with pytest.raises(UsageError, match="bare days"):
        Term(10, "days")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text", ["", "ten days", "working days", "10", "1.5 weeks", "-3 weeks", "10 fortnights", "4 weeks forward"]
)
def test_a_term_that_cannot_be_read_lists_the_forms(text: str) -> None:
    with pytest.raises(UsageError) as refused:
        Term.parse(text)
    assert "'10 working days', '10 calendar days', '4 weeks', '1 month'" in str(refused.value)


def test_an_unknown_roll_rule_lists_the_known_ones() -> None:
    with pytest.raises(UsageError) as refused:
        Term.parse("4 weeks, roll sideways")
    assert str(refused.value) == (
        "Unknown roll rule\n"
        "  got:     sideways\n"
        "  allowed: forward, backward, none\n"
        "  remedy:  say where an end on a closed day moves, or 'none'"
    )
    with pytest.raises(UsageError, match="Unknown roll rule"):
        Term(4, "weeks", "sideways")  # type: ignore[arg-type]


@pytest.mark.parametrize("amount", [0, -1, True, 1.5, 10_001])
def test_a_term_lasts_at_least_one_unit(amount: int) -> None:
    with pytest.raises(UsageError, match="at least one whole unit"):
        Term(amount, "working days")


def test_pitfall_36_units_cannot_be_confused() -> None:
    received = day("2010-04-22")
    dues = [
        Term.parse(f"15 {unit}").due(received, "dk-statutory")
        for unit in ("working days", "calendar days", "weeks", "months")
    ]
    assert dues == [day("2010-05-17"), day("2010-05-07"), day("2010-08-05"), day("2011-07-22")]
    assert Term(15, "working days") != Term(15, "months")


def test_what_is_asked_with_a_scalar_or_an_array_is_answered_so() -> None:
    term = Term.parse("10 working days")
    assert type(term.due(day("2010-04-22"), "dk-statutory")) is dt.date
    assert term.due(np.datetime64("2010-04-22"), "dk-statutory") == np.datetime64("2010-05-07")
    days = np.array([["2010-04-22", "NaT"], ["2010-03-24", "2010-04-23"]], "datetime64[D]")
    expected = np.array([["2010-05-07", "NaT"], ["2010-04-12", "2010-05-10"]], "datetime64[D]")
    out = np.empty_like(days)
    assert term.due(days, "dk-statutory", out=out) is out
    np.testing.assert_array_equal(out, expected)


def test_a_term_that_asks_no_calendar_reaches_beyond_it_and_one_that_does_names_the_year() -> None:
    assert Term.parse("4 months").due(day("1985-10-31"), "dk-statutory") == day("1986-02-28")
    for text in ("10 working days", "4 months, roll forward"):
        with pytest.raises(OutsideCalendar, match="1985"):
            Term.parse(text).due(day("1985-10-31"), "dk-statutory")
    with pytest.raises(OutsideCalendar, match="2060"):
        Term.parse("10 working days").due(day("2060-12-30"), "dk-statutory")


def test_a_term_is_said_in_both_languages() -> None:
    assert Term.parse("10 working days").words.da == "10 arbejdsdage"
    assert Term.parse("1 month").words.da == "1 måned"
    assert Term.parse("1 week").words.en == "1 week"
    assert Term.parse("2 months, roll forward").words.en == "2 months (an end on a day not worked moves forward)"
