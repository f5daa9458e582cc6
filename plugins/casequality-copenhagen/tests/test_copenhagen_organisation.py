"""The tree of units and the calendar of reports; days and numbers here were read from the documents."""

from __future__ import annotations

import datetime as dt

import pytest

import casequality as cq
from casequality.goals import next_due, recipients
from casequality_copenhagen import GOAL_SETS
from casequality_copenhagen.organisation import organisation, reports

KNOWN = organisation()
BEFORE, AFTER = dt.date(2010, 5, 31), dt.date(2010, 6, 1)
SETS = [cq.load_goals(name) for name in GOAL_SETS]


def test_eighteen_units_merge_on_the_first_of_june_2010_two_of_them_named() -> None:
    [merger] = [each for each in KNOWN.changes if each.kind == "merge"]
    assert (merger.on, merger.units, merger.into) == (AFTER, 18, "Københavns Borgerservice")
    [new] = [unit for unit in KNOWN.units if unit.name == merger.into]
    old = [unit for unit in KNOWN.units if unit.name in merger.old]
    assert (new.since, [unit.until for unit in old]) == (AFTER, [BEFORE, BEFORE])
    assert {unit.under for unit in old} == set(merger.where["administration"])


def test_the_social_structure_and_the_advisers_statistics_have_their_days() -> None:
    days = {each.id: each.on for each in KNOWN.changes}
    assert days["social-structure-2006"] == dt.date(2006, 1, 1)
    assert days["statistics-2017"] == dt.date(2017, 4, 1)


def test_a_unit_is_rolled_up_from_those_that_stand_below_it_that_day() -> None:
    assert KNOWN.below("Økonomiforvaltningen", BEFORE) == (
        "Økonomiforvaltningen",
        "Borgerservice i Økonomiforvaltningen",
    )
    after = KNOWN.below("Københavns Borgerservice", AFTER)
    focus = {"Borgerservicecentrene", "Kontaktcentret", "Sikringsområdet", "Huslejenævnet"}
    assert set(after) == {"Københavns Borgerservice", *focus, "Center for Sikringsydelser"}
    assert KNOWN.below("Kultur- og Fritidsforvaltningen", AFTER) == ("Kultur- og Fritidsforvaltningen",)


def test_every_unit_stands_below_one_that_is_known_and_cites_its_source() -> None:
    names = [unit.name for unit in KNOWN.units]
    assert len(names) == len(set(names))
    assert {unit.under for unit in KNOWN.units} <= {None, *names}
    cited = {unit.source for unit in KNOWN.units} | {each.source for each in KNOWN.changes}
    assert cited <= KNOWN.sources.keys()


def test_every_administration_that_a_goal_names_is_a_unit() -> None:
    named = {name for each in SETS for goal in each.goals for name in goal.where.get("administration", ())}
    assert named == {unit.name for unit in KNOWN.units if unit.under is None}


def test_the_calendar_names_goals_and_metrics_that_exist() -> None:
    goals = {goal.id for each in SETS for goal in each.goals} | set(GOAL_SETS)
    assert {name for each in reports() for name in each.goals} <= goals
    for name in {name for each in reports() for name in each.figures}:
        assert cq.records_of(name)


def test_the_advisers_figures_go_to_his_committee_and_have_no_target() -> None:
    [adviser] = [each for each in SETS if each.id == "copenhagen-adviser"]
    for goal in adviser.goals:
        assert str(goal.target) == "not in the source"
        assert goal.report is not None
        assert (goal.report.to, goal.report.every) == ("Borgerrådgiverudvalget", "half-year")
        assert goal.basis is not None
        assert goal.basis.adopted == dt.date(2016, 2, 5)
        assert goal.each[0] == "quarter"
        assert [each.on for each in goal.series_breaks] == [dt.date(2017, 4, 1)]
    assert {goal.facet for goal in adviser.goals if "risks" in goal.metric} == {
        *("risk_lawful_decision", "risk_position", "risk_trust", "risk_lawful_administration"),
        *("risk_efficient_administration", "risk_service_level", "risk_economy"),
    }


FOLLOWED = {
    "okf.contact-centre.wait": "month",
    "okf.benefits.decided-in-time": "year",
    "okf.benefits.notified": "year",
    "okf.benefits.answered-by-person": "continuous",
    "okf.rent-tribunal.closed-in-time": "continuous",
    "okf.citizen-service.satisfaction": "year",
    "okf.citizen-service.passport-errors": "year",
    "okf.citizen-service.licence-errors": "year",
}


def test_the_calendar_says_how_often_each_goal_of_2010_is_followed() -> None:
    listed = {name: (to, each.every) for each in reports() for to in each.to for name in each.goals}
    assert {name: listed[name] for name in FOLLOWED} == {
        name: ("not in the source", every) for name, every in FOLLOWED.items()
    }
    assert {goal.id for goal in SETS[0].goals} <= listed.keys()


@pytest.mark.parametrize(
    ("day", "month", "covered"),
    [
        ("2017-12-01", "2018-01-01", "2017-04-01..2017-12-31"),  # the report of January 2018 says so itself
        ("2018-02-01", "2018-08-01", None),
        ("2019-01-01", "2019-01-01", None),
    ],
)
def test_the_advisers_report_is_on_the_period_that_the_document_states_and_no_other(
    day: str, month: str, covered: str | None
) -> None:
    [due] = [each for each in SETS[-1].due if each.to == "Borgerrådgiverudvalget" and each.every == "half-year"]
    found, on = next_due(due, dt.date.fromisoformat(day))
    assert (found, on and on.label) == (dt.date.fromisoformat(month), covered)


def test_the_administrations_are_recipients_of_the_advisers_statistics_without_a_rhythm() -> None:
    seven = {unit.name for unit in KNOWN.units if unit.under is None}
    own = [each for each in recipients([SETS[-1]]) if each.name in seven]
    assert {each.name for each in own} == seven
    assert {(due.every, due.own, next_due(due, BEFORE)) for each in own for due in each.due if due.own} == {
        ("not in the source", "administration", (None, None))
    }


def test_committees_get_their_figures_when_the_documents_say() -> None:
    due = {(to, each.every, each.first, each.months) for each in reports() for to in each.to}
    assert ("Økonomiudvalget", "half-year", "2010-08", ()) in due
    assert {("Socialudvalget", "quarter", "", ()), ("Socialudvalget", "year", "", ())} <= due
    assert {(months, every) for to, every, _, months in due if to == "Borgerrådgiverudvalget"} == {
        ((1, 8), "half-year"),
        ((5,), "year"),
    }
