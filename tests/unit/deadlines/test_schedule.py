"""A schedule: each type of case has its own term, and a case without one is not given any."""

from __future__ import annotations

import datetime as dt
import pickle

import numpy as np
import pytest

from casequality.citation import Dated, Entry
from casequality.deadlines import Schedule, Term
from casequality.errors import OutsideCalendar, UnknownName, UsageError

BENEFITS = Schedule(
    id="benefits",
    title={"en": "Benefits", "da": "Ydelser"},
    calendar="dk-statutory",
    by_kind={
        "child_allowance": "4 weeks",
        "housing_benefit": Dated(
            (
                Entry(dt.date(2009, 1, 1), Term.parse("8 weeks")),
                Entry(dt.date(2010, 3, 1), Term.parse("30 working days")),
            )
        ),
    },
)
KINDS = ["housing_benefit", "unheard_of", "child_allowance"]


def days(*texts: str) -> np.ndarray:
    return np.array(texts, "datetime64[D]")


@pytest.mark.parametrize("width", ["u1", "i4", "i8"])
def test_each_case_gets_the_term_of_its_type_and_day(width: str) -> None:
    received = days("2010-02-28", "2010-03-01", "2010-03-01", "2010-03-01", "2010-03-01", "NaT", "2008-12-31")
    codes = np.array([1, 1, 2, 3, 0, 1, 1], width)
    due = BENEFITS.due(received, KINDS, codes)
    expected = days("2010-04-25", "2010-04-15", "NaT", "2010-03-29", "NaT", "NaT", "NaT")
    np.testing.assert_array_equal(due, expected)
    assert BENEFITS.has_rule(KINDS, codes).tolist() == [True, True, False, True, False, True, True]


def test_another_calendar_is_named_and_out_is_filled() -> None:
    received, codes = days("2010-11-19", "2010-11-19"), np.array([1, 3])
    out = np.empty_like(received)
    assert BENEFITS.due(received, KINDS, codes, calendar="dk-administrative", out=out) is out
    np.testing.assert_array_equal(out, days("2011-01-04", "2010-12-17"))
    assert BENEFITS.due(received, KINDS, codes)[0] == np.datetime64("2010-12-31")


def test_instants_count_from_their_local_day() -> None:
    instants = np.array(["2010-02-28T22:59", "2010-02-28T23:00"], "datetime64[us]")
    np.testing.assert_array_equal(BENEFITS.due(instants, KINDS, np.array([1, 1])), days("2010-04-25", "2010-04-15"))


def test_a_day_beyond_the_calendar_is_an_error_only_for_a_case_that_has_a_deadline() -> None:
    received, codes = days("2061-06-01", "2061-06-01", "2010-03-01"), np.array([2, 0, 1])
    assert np.isnat(BENEFITS.due(received, KINDS, codes)).tolist() == [True, True, False]
    with pytest.raises(OutsideCalendar, match="2061: benefits"):
        BENEFITS.due(received, KINDS, np.array([2, 1, 1]))
    assert BENEFITS.reaches(received, KINDS, np.array([2, 1, 1])).tolist() == [True, False, True]


def test_one_type_is_a_deadline_of_its_own() -> None:
    child = BENEFITS.deadline("child_allowance")
    assert child.id == "benefits/child_allowance"
    assert child.due(dt.date(2010, 3, 1)) == dt.date(2010, 3, 29)
    with pytest.raises(UnknownName) as refused:
        BENEFITS.deadline("unheard_of")
    assert refused.value.allowed == ("child_allowance", "housing_benefit")


def test_codes_must_have_labels() -> None:
    for codes in ([4], [-1]):
        with pytest.raises(UsageError, match="has no label"):
            BENEFITS.due(days("2010-03-01"), KINDS, np.array(codes))
    with pytest.raises(UsageError, match="integer codes"):
        BENEFITS.due(days("2010-03-01"), KINDS, np.array([1.0]))


def test_no_cases_and_no_known_types_are_no_trouble() -> None:
    assert BENEFITS.due(days(), KINDS, np.array([], "u1")).size == 0
    assert np.isnat(BENEFITS.due(days("2010-03-01"), ["other"], np.array([1]))).all()
    assert pickle.loads(pickle.dumps(BENEFITS)) == BENEFITS
