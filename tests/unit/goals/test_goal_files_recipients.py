from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from casequality.days import period
from casequality.errors import CaseQualityError, UnknownName, Words
from casequality.goals import Due, GoalSet, Target, Unstated, goals_for, next_due, parse_goals, parse_target, recipients

CALENDAR = """
[[due]]
what   = { en = "Statistics", da = "Statistik" }
to     = "Udvalget"
every  = "half-year"
months = [1, 8]
from   = "2016-08"
source = { title = "elsewhere" }

[[due]]
what  = "Andet"
to    = "En anden"
every = "year"
"""
GOALS = """
reports = "calendar.toml"
[[goal]]
id = "a"
metric = "m"
source = "s"
target = "at least 80 %"
report = { to = "Udvalget", every = "half-year" }
[[goal]]
id = "b"
metric = "m"
source = "s"
target = "not in the source"
report = { to = "Kontoret", every = "month" }
[[goal]]
id = "c"
metric = "m"
source = "s"
target = "baseline"
"""
ON = dt.date(2017, 11, 20)


@pytest.fixture
def goals(tmp_path: Path) -> GoalSet:
    tmp_path.joinpath("calendar.toml").write_text(CALENDAR, encoding="utf-8")
    tmp_path.joinpath("goals.toml").write_text(GOALS, encoding="utf-8")
    return parse_goals(tmp_path / "goals.toml")


def test_a_recipient_gets_its_own_goals_and_no_other_set(goals: GoalSet) -> None:
    other = GoalSet(id="other", goals=())
    recipient, [kept] = goals_for([goals, other], "Udvalget")
    assert [goal.id for goal in kept.goals] == ["a"]
    assert recipient is not None
    assert recipient.name == "Udvalget"


def test_an_unknown_recipient_is_told_who_there_is(goals: GoalSet) -> None:
    with pytest.raises(UnknownName) as fault:
        goals_for([goals], "Udvalg")
    assert fault.value.allowed == ("Udvalget", "Kontoret")
    assert "did you mean Udvalget?" in str(fault.value)


def test_title_and_rhythm_are_the_calendars_or_else_the_goals_own(goals: GoalSet) -> None:
    committee, office = recipients([goals])
    subject = committee.subject(period("2017-H2"))
    assert subject is not None
    assert subject.da == "Statistik"
    assert committee.fits(period("2017-H2"))
    assert not committee.fits(period("2017-Q4"))
    assert committee.subject(period("2017-Q4")) is None
    assert office.due == (Due(to="Kontoret", every="month"),)
    assert office.to_dict() == {"to": "Kontoret", "every": ["month"]}
    assert office.fits(period("2017-11"))


@pytest.mark.parametrize(
    ("due", "month", "covered"),
    [
        (Due(to="x", every="half-year", months=(1, 8)), "2018-01-01", "2017-H2"),
        (Due(to="x", every="half-year", first=dt.date(2010, 8, 1)), "2018-02-01", "2017-H2"),
        (Due(to="x", every="half-year", first=dt.date(2020, 8, 1)), "2020-08-01", "2020-H1"),
        (Due(to="x", every="year", months=(5,)), "2018-05-01", "2017"),
        (Due(to="x", every="quarter"), None, "2017-Q3"),
        (Due(to="x", every="month"), None, "2017-10"),
        (Due(to="x", every="month", first=dt.date(2010, 1, 1)), "2017-11-01", "2017-10"),
        (Due(to="x", every="year"), None, "2016"),
        (Due(to="x", every="continuous"), None, None),
    ],
)
def test_the_next_report_is_on_the_last_period_that_has_then_ended(
    due: Due, month: str | None, covered: str | None
) -> None:
    found, on = next_due(due, ON)
    assert (found and found.isoformat(), on and on.label) == (month, covered)


def test_each_of_several_recipients_gets_its_own_records_of_the_goals_that_the_calendar_names(tmp_path: Path) -> None:
    own = '\n[[due]]\nto = ["Nord", "Syd"]\nevery = "not in the source"\ngoals = ["b"]\nown = "office"\n'
    tmp_path.joinpath("calendar.toml").write_text(CALENDAR + own, encoding="utf-8")
    tmp_path.joinpath("goals.toml").write_text(GOALS, encoding="utf-8")
    goals = parse_goals(tmp_path / "goals.toml")
    assert [each.name for each in recipients([goals])] == ["Udvalget", "Kontoret", "Nord", "Syd"]
    _, [kept] = goals_for([goals], "Syd")
    assert [(goal.id, dict(goal.where)) for goal in kept.goals] == [("b", {"office": ("Syd",)})]
    _, [kept] = goals_for([goals], "Kontoret")
    assert [(goal.id, dict(goal.where)) for goal in kept.goals] == [("b", {})]


def test_a_report_covers_what_its_source_says_of_its_month_and_else_nothing(tmp_path: Path) -> None:
    covers = 'covers = { "2018-01" = "2017-04-01..2017-12-31" }\nsource = { title = "elsewhere" }'
    tmp_path.joinpath("calendar.toml").write_text(CALENDAR.replace('source = { title = "elsewhere" }', covers))
    tmp_path.joinpath("goals.toml").write_text(GOALS, encoding="utf-8")
    committee, _ = recipients([parse_goals(tmp_path / "goals.toml")])
    [due] = committee.due
    found = [next_due(due, dt.date(2018, month, 1)) for month in (1, 2)]
    assert [(month and month.month, covered and covered.label) for month, covered in found] == [
        (1, "2017-04-01..2017-12-31"),
        (8, None),
    ]
    assert committee.fits(period("2017-04-01..2017-12-31"))
    assert committee.subject(period("2017-04-01..2017-12-31")) == Words("Statistics", "Statistik")


@pytest.mark.parametrize(
    ("change", "part"),
    [
        (("[1, 8]", "[13]"), "Months of the year"),
        (('"2016-08"', '"august"'), "august"),
        (('from   = "2016-08"', 'covers = { "2018-01" = "three quarters" }'), "three quarters"),
        (('"half-year"', '"now and then"'), "now and then"),
        (('to    = "En anden"', ""), "to is missing"),
    ],
)
def test_a_faulty_calendar_is_refused(tmp_path: Path, change: tuple[str, str], part: str) -> None:
    tmp_path.joinpath("calendar.toml").write_text(CALENDAR.replace(*change), encoding="utf-8")
    tmp_path.joinpath("goals.toml").write_text(GOALS, encoding="utf-8")
    with pytest.raises(CaseQualityError) as fault:
        parse_goals(tmp_path / "goals.toml")
    assert part in str(fault.value)
    assert "calendar.toml" in str(fault.value)


def test_a_target_that_the_source_does_not_state_is_none_to_compare_with() -> None:
    assert parse_target("not in the source") == Unstated()
    assert str(Unstated()) == "not in the source"
    assert Unstated().words().da == "fremgår ikke af kilden"
    with pytest.raises(CaseQualityError):
        Target.parse("not in the source")
