"""The shipped catalogue: complete, cited, and honest about what no source says."""

from __future__ import annotations

import datetime as dt

import pytest

from casequality.citation import NOT_IN_SOURCE
from casequality.days import calendar
from casequality.deadlines import Deadline, deadline, deadlines
from casequality.errors import OutsideCalendar, UnknownName

CHECKED = (dt.date(2026, 11, 21), dt.date(2026, 11, 29))
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
        assert cited.checked_on in (None, *CHECKED)
        assert cited.certain or cited.question
        assert cited.checked_on or not cited.certain  # what nobody read in the source is not certain


def test_a_deadline_that_counts_working_days_is_not_certain() -> None:
    for rule in deadlines():
        for entry in rule.terms:
            if entry.value is not None and entry.value.unit == "working days":
                assert entry.citation is not None
                assert not entry.citation.certain


def test_what_extends_a_deadline() -> None:
    extended = {rule.id: str(rule.extension.term) for rule in deadlines() if rule.extension}
    assert extended == {
        "access/appeal-decided": "None",
        "access/decide": "None",
        "access/delay-complaint-decided": "None",
        "environment/decide": "2 months",
        "party-access/decide": "None",
        "personal-data/answer": "3 months, roll forward",
        "rent-tribunal/reply": "None",
    }


def test_who_moves_off_a_closed_day() -> None:
    """A citizen's or party's period does, an authority's own does not; a month of the Regulation does by its text."""
    rolled = {rule.id for rule in deadlines() for held in rule.terms if held.value and held.value.roll != "none"}
    citizens = {rule.id for rule in deadlines() if rule.kind in ("appeal", "reply")}
    assert rolled == citizens | {"personal-data/answer"}


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
        ("access/decide-transitional", None, "2013-12-31"),
        ("party-access/notify-or-decide", None, "2013-12-31"),
        ("party-access/decide", "2014-01-01", None),
        ("personal-data/notify-or-answer", "2000-07-01", "2018-05-24"),
        ("personal-data/answer", "2018-05-25", None),
        ("appeals/letter-arrival", "2016-07-01", None),
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


def test_a_rule_that_was_not_in_force_says_when_it_was() -> None:
    with pytest.raises(OutsideCalendar) as refused:
        deadline("access/notify-or-decide").due(dt.date(2014, 1, 1))
    assert str(refused.value) == (
        "The deadline was not in force on that day\n"
        "  where:   access/notify-or-decide\n"
        "  got:     2014-01-01\n"
        "  allowed: from 1987-01-01 to 2013-12-31\n"
        "  remedy:  use the deadline that was in force; casequality.deadlines() lists them all"
    )


@pytest.mark.parametrize(
    ("name", "received", "due"),
    [
        # counted on paper calendars
        ("access/decide-simple", "2024-03-27", "2024-04-03"),  # Wednesday before Easter; 2 and 3 April count
        ("access/decide-special", "2024-03-18", "2024-04-10"),  # as the worked example E25 counts fourteen
        ("access/decide-very-special", "2014-02-03", "2014-03-31"),  # eight weeks without a holiday
        (
            "access/decide-very-special",
            "2014-04-11",
            "2014-06-16",
        ),  # six holidays: Easter, Great Prayer, Ascension, Whit
        ("access/appeal-forwarded", "2014-04-11", "2014-04-25"),  # as E16
        ("access/appeal-decided", "2014-02-03", "2014-03-03"),
        ("access/delay-complaint-forwarded", "2014-04-11", "2014-04-25"),
        ("access/delay-complaint-decided", "2014-02-03", "2014-03-03"),
        ("appeals/letter-arrival", "2018-06-26", "2018-07-04"),  # 27 to 29 June and 2 to 4 July
        ("appeals/letter-arrival", "2018-06-25", "2018-06-30"),  # a Monday under the rule by weekday
        ("appeals/letter-arrival", "2017-06-07", "2017-06-14"),  # a Wednesday, whatever is closed: seven days
        ("appeals/letter-arrival", "2017-06-08", "2017-06-14"),
        ("appeals/letter-arrival", "2017-06-09", "2017-06-14"),
        ("appeals/letter-arrival", "2016-07-01", "2016-07-06"),
        ("environment/notify-or-decide", "2010-03-25", "2010-04-04"),  # as E28, and so after 2013
        ("environment/notify-or-decide", "2020-04-02", "2020-04-12"),
        ("environment/decide", "2019-01-31", "2019-02-28"),
        ("rent-tribunal/notify-other-party", "2010-03-25", "2010-04-01"),
        ("rent-tribunal/reply", "2010-03-18", "2010-04-06"),  # 1 April is Maundy Thursday
        ("rent-tribunal/answers", "2022-07-01", "2022-07-15"),
        ("rent-tribunal/decide", "2010-03-04", "2010-04-01"),  # an authority's own term does not move
        ("rent-tribunal/appeal", "2010-03-04", "2010-04-06"),
    ],
)
def test_steps_that_no_worked_example_has(name: str, received: str, due: str) -> None:
    assert str(deadline(name).due(dt.date.fromisoformat(received))) == due


def test_one_month_and_two_are_the_longest_for_environmental_information() -> None:
    extension = deadline("environment/decide").extension
    assert extension is not None
    assert extension.term is not None
    assert extension.term.due(dt.date(2019, 12, 31), "dk-statutory") == dt.date(2020, 2, 29)


def test_nothing_that_is_certain_is_asked_and_what_is_read_nowhere_is_not_certain() -> None:
    cited = [held.citation for rule in deadlines() for held in rule.terms if held.citation]
    for source in cited:
        assert source.certain == (source.question is None)
        assert source.checked_on or not source.certain


def test_no_statutory_deadline_lets_the_clock_stand_still() -> None:
    assert {rule.id: rule.pauses for rule in deadlines() if rule.pauses} == {}


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
