"""The shipped catalogue: complete, cited, and honest about what no source says."""

from __future__ import annotations

import datetime as dt

import pytest

from casequality.citation import NOT_IN_SOURCE
from casequality.days import calendar
from casequality.deadlines import Deadline, deadline, deadlines
from casequality.errors import OutsideCalendar, UnknownName

CHECKED = dt.date(2026, 11, 21)
IDS = [rule.id for rule in deadlines()]


@pytest.mark.parametrize("rule", deadlines(), ids=IDS)
def test_each_deadline_says_what_it_is_and_where_it_stands(rule: Deadline) -> None:
    assert calendar(str(rule.calendar)).name == rule.calendar
    assert str(rule.starts) != NOT_IN_SOURCE
    assert str(rule.satisfied_by) != NOT_IN_SOURCE
    for entry in rule.terms:
        if entry.value is None:
            continue
        cited = entry.citation
        assert cited is not None
        assert cited.checked_on in (None, CHECKED)
        assert cited.certain or cited.question
        assert cited.checked_on or not cited.certain  # what nobody read in the source is not certain


def test_a_deadline_that_counts_working_days_is_not_certain() -> None:
    for rule in deadlines():
        for entry in rule.terms:
            if entry.value is not None and entry.value.unit == "working days":
                assert entry.citation is not None
                assert not entry.citation.certain


def test_ids_are_unique_sorted_and_named_by_area() -> None:
    assert sorted(set(IDS)) == IDS
    assert {name.split("/")[0] for name in IDS} == {
        *("access", "appeals", "copenhagen", "environment", "party-access", "personal-data", "rent-tribunal"),
    }


def test_an_unknown_deadline_names_those_it_resembles() -> None:
    with pytest.raises(UnknownName) as refused:
        deadline("copenhagen/reply-garantee")
    assert refused.value.remedy == "did you mean copenhagen/reply-guarantee?"
    with pytest.raises(UnknownName) as refused:
        deadline("zzz")
    assert "access/decide" in str(refused.value)
    mine = deadline("copenhagen/reply-guarantee")
    assert deadline("mine", {"mine": mine}) is mine
    with pytest.raises(UnknownName):
        deadline("copenhagen/reply-guarantee", {"mine": mine})


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("access/notify-or-decide", "1987-01-01", "2013-12-31"),
        ("access/decide", "2014-01-01", None),
        ("party-access/notify-or-decide", None, "2013-12-31"),
        ("party-access/decide", "2014-01-01", None),
        ("personal-data/notify-or-answer", "2000-07-01", "2018-05-24"),
        ("personal-data/answer", "2018-05-25", None),
        ("copenhagen/reply-guarantee", "2006-06-01", None),
        ("copenhagen/rent-tribunal-goal", None, None),
    ],
)
def test_a_deadline_is_in_force_from_its_first_to_its_last_day(name: str, first: str | None, last: str | None) -> None:
    rule, one_day = deadline(name), dt.timedelta(days=1)
    if first:
        assert rule.in_force_on(dt.date.fromisoformat(first)).since == dt.date.fromisoformat(first)
        with pytest.raises(OutsideCalendar, match="not in force"):
            rule.in_force_on(dt.date.fromisoformat(first) - one_day)
    if last:
        assert rule.in_force_on(dt.date.fromisoformat(last)).until == dt.date.fromisoformat(last)
        with pytest.raises(OutsideCalendar, match="not in force"):
            rule.in_force_on(dt.date.fromisoformat(last) + one_day)
    if first is None:
        assert rule.in_force_on(dt.date(1990, 1, 1)).since is None


def test_the_two_months_of_personal_data_are_counted_from_receipt() -> None:
    extension = deadline("personal-data/answer").extension
    assert extension is not None
    assert extension.term is not None
    received = dt.date(
        2018, 11, 30
    )  # two months after 30 December would be 28 February too, but one month chained is not
    assert extension.term.due(received, "dk-statutory") == dt.date(2019, 2, 28)
    assert extension.term.due(dt.date(2019, 1, 31), "dk-statutory") == dt.date(2019, 4, 30)


def test_the_law_of_the_rent_tribunal_changed_without_a_day_between() -> None:
    rule = deadline("rent-tribunal/notify-other-party")
    before, after = (rule.in_force_on(day).citation for day in (dt.date(2022, 6, 30), dt.date(2022, 7, 1)))
    assert before is not None
    assert after is not None
    assert (before.section, after.section) == ("§ 39, stk. 3", "§ 82, stk. 3")
