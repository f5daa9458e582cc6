"""The adviser's figures: those published for 2017 under the stated definition, and others counted by hand."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

import casequality as cq
from casequality.reports.measurement import measurement_table
from casequality_citizens_adviser import Enquiry, casequality_metrics

METRICS = {metric.id.removeprefix("citizens-adviser."): metric for metric in casequality_metrics()}
AS_OF = "2018-01-15"
THREE_QUARTERS = "2017-04-01..2017-12-31"
KIND = {"received_on": "2017-05-02", "kind": "intervention"}
QUARTERS = ("2017-02-01", "2017-05-02", "2017-08-02", "2017-11-02")


def enquiries(rows: list[dict[str, Any]]) -> Any:
    numbered = [
        {name: row.get(name) for name in Enquiry.fields} | {"enquiry": number} for number, row in enumerate(rows)
    ]
    return cq.source([{**row, "received_on": row["received_on"] or "2017-05-02"} for row in numbered], Enquiry)


def measured(name: str, rows: list[dict[str, Any]], period: str = THREE_QUARTERS, **asked: Any) -> Any:
    return list(cq.measure(METRICS[name], enquiries(rows), as_of=AS_OF, period=period, **asked))


def shown(figures: Any) -> dict[str, str]:
    """Return each facet's share as it is printed, rounded half up to one decimal."""
    return {each.facet: f"{int(each.value.exact * 1000 + Fraction(1, 2)) / 10:.1f}" for each in figures}


PUBLISHED = {
    "risks-for-citizen": {"risk_lawful_decision": "66.7", "risk_position": "86.3", "risk_trust": "99.6"},
    "risks-for-municipality": {
        "risk_lawful_administration": "74.5",
        "risk_efficient_administration": "80.5",
        "risk_service_level": "84.3",
        "risk_economy": "71.3",
    },
}
"""From the source: the shares of cases with risks in the three quarters from 1 April 2017."""
CASES = {
    "risk_lawful_decision": 332,
    "risk_position": 430,
    "risk_trust": 496,
    "risk_lawful_administration": 371,
    "risk_efficient_administration": 401,
    "risk_service_level": 420,
    "risk_economy": 355,
}
"""Invented: of 498 cases, the fewest that give all seven published shares, how many carry each risk."""
ASSESSED = 498
NEIGHBOURS = {
    ("risks-for-citizen", "all"): {"risk_lawful_decision": "55.3", "risk_position": "71.7", "risk_trust": "82.7"},
    ("risks-for-municipality", "without"): {
        "risk_lawful_administration": "88.3",
        "risk_efficient_administration": "95.5",
        "risk_service_level": "100.0",
        "risk_economy": "84.5",
    },
}
"""What the neighbouring readings give: of all 600 cases, and of the 420 with any of the four risks."""


def risky() -> list[dict[str, Any]]:
    """Return 498 cases assessed and 102 not; the risks nest, so that 420 carry one for the municipality."""
    rows = [
        {**KIND, **{risk: "yes" if number < count else "no" for risk, count in CASES.items()}}
        for number in range(ASSESSED)
    ]
    return rows + [dict(KIND) for _ in range(102)]


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_published_risk_shares_are_shares_of_the_cases_assessed(name: str) -> None:
    figures = measured(name, risky())
    assert shown(figures) == PUBLISHED[name]
    assert sum(each.value.exact for each in figures) > 2


def test_neighbouring_readings_give_other_shares_of_the_same_cases() -> None:
    every = measured("risks-for-citizen", risky(), readings={"of": "all"})
    some = measured("risks-for-municipality", risky(), readings={"without": "left_out"})
    assert shown(every) == NEIGHBOURS["risks-for-citizen", "all"]
    assert shown(some) == NEIGHBOURS["risks-for-municipality", "without"]


def test_the_year_2017_begins_in_april_unless_both_systems_are_joined() -> None:
    rows = [{**KIND, "received_on": day} for day in QUARTERS for _ in range(3)]
    assert [each.value.exact for each in measured("enquiries", rows, "2017")] == [9]
    assert [each.value.exact for each in measured("enquiries", rows, "2017", readings={"series": "joined"})] == [12]
    joined = measured("enquiries", rows, "2017", by=["quarter"], readings={"series": "joined"})
    assert [each.value.exact for each in joined] == [3, 3, 3, 3]


@pytest.mark.parametrize("registered_before", [3, 0])
def test_a_quarter_before_the_series_is_not_comparable_and_never_0(registered_before: int) -> None:
    days = (*QUARTERS[:1] * registered_before, *QUARTERS[1:] * 3)
    rows = [{**KIND, "received_on": day, "ended_on": day, "solved": "yes", "learning": "yes"} for day in days]
    for name, exact in (("enquiries", 3), ("solved", 1), ("learning", 1)):
        first, *others = measured(name, rows, "2017", by=["quarter"])
        assert (first.period.label, first.value.exact) == ("2017-Q1", None)
        assert first.value.reason == "not comparable: before the series begins"
        assert (first.value.possible, first.rows) == (False, registered_before)
        assert [each.value.exact for each in others] == [exact] * 3


def judged(period: str, target: str, aggregate: str, series: str = "new_system") -> Any:
    goal = f"""
    id = "adviser"
    [[goal]]
    id = "enquiries"
    metric = "citizens-adviser.enquiries"
    source = "enquiries"
    target = "{target}"
    each = "quarter"
    aggregate = "{aggregate}"
    readings = {{ series = "{series}" }}
    """
    rows = [{**KIND, "received_on": day} for day in QUARTERS for _ in range(3)]
    [found] = cq.assess(goal, {"enquiries": enquiries(rows)}, period=period, as_of=AS_OF)
    return found


def test_the_year_says_that_it_holds_three_quarters_and_the_first_is_not_comparable() -> None:
    found = judged("2017", "not in the source", "pooled")
    assert (found.value, str(found.verdict)) == (9, "not in the source")
    said = "Serien begynder i løbet af 2017: tallet omfatter 1. april 2017 til 31. december 2017"
    assert said in [reason.da for reason in found.reasons]
    assert [(part.period.label, part.value, str(part.verdict)) for part in found.parts] == [
        ("2017-Q1", None, "not comparable"),
        ("2017-Q2", 3, "not in the source"),
        ("2017-Q3", 3, "not in the source"),
        ("2017-Q4", 3, "not in the source"),
    ]
    [why] = found.parts[0].reasons
    assert why.da.startswith("Serien begynder 1. april 2017: det, der hører til 1. kvartal 2017, er registreret på")
    assert [reason.code for reason in found.parts[1].reasons] == ["target unstated"]


@pytest.mark.parametrize(
    ("period", "held"),
    [
        ("2017", "Serien begynder i løbet af 2017: tallet omfatter 1. april 2017 til 31. december 2017"),
        ("2017-H1", "Serien begynder i løbet af 1. halvår 2017: tallet omfatter 1. april 2017 til 30. juni 2017"),
        ("2017-Q1", None),
        ("2017-Q2", None),
        ("2018", None),
    ],
)
def test_a_figure_alone_says_which_days_of_its_period_it_holds_too(period: str, held: str | None) -> None:
    rows = [{**KIND, "received_on": day, "ended_on": day, "solved": "yes"} for day in QUARTERS]
    for name in ("enquiries", "solved"):
        result = cq.measure(METRICS[name], enquiries(rows), as_of=AS_OF, period=period)
        notes = measurement_table(result.measurement, "da").notes
        assert [each for each in notes if each.startswith("Serien")] == ([held] if held else [])


@pytest.mark.parametrize(("series", "verdict"), [("new_system", "not comparable"), ("joined", "met")])
def test_no_later_quarter_is_held_against_one_before_the_series(series: str, verdict: str) -> None:
    assert str(judged("2017-Q2", "at most 100 % of 2017-Q1", "each", series).verdict) == verdict
    assert str(judged("2017-Q1", "at most 5 enquiries", "each", series).verdict) == verdict


def test_a_goal_from_before_the_break_is_not_comparable() -> None:
    goal = """
    id = "adviser"
    [[goal]]
    id = "solved"
    metric = "citizens-adviser.solved"
    source = "enquiries"
    target = "above 100 % of the year before"
    readings = { series = "joined" }
    [[goal.series_breaks]]
    on = 2017-04-01
    note = { en = "new statistics system", da = "nyt statistiksystem" }
    """
    rows = [{**KIND, "received_on": day, "ended_on": day, "solved": "yes"} for day in ("2016-05-02", "2017-05-02")]
    [judged] = cq.assess(goal, {"enquiries": enquiries(rows)}, period="2017-Q2", as_of=AS_OF)
    assert str(judged.verdict) == "not comparable"


@pytest.mark.parametrize("group", ["kind", "level", "administration", "problem"])
def test_enquiries_are_told_apart_by_each_code(group: str) -> None:
    label = {"kind": "supervision", "level": "supervision", "administration": "BIF", "problem": "waiting"}
    rows = [dict(KIND), {**KIND, **label}, {**KIND, **label}]
    found = {each.groups[group]: each.value.exact for each in measured("enquiries", rows, by=[group])}
    assert found == {label[group]: 2, {"kind": "intervention"}.get(group): 1}


def test_points_are_another_count_than_enquiries() -> None:
    """From outside the seeds (bha.dk, June 2018): 863 cases with 1,295 points in 2017; here two cases with three."""
    points = [
        {"point": number, "received_on": "2017-05-02", "subject": subject, "administration": "BIF"}
        for number, subject in enumerate(["hearing", "waiting", "waiting"])
    ]
    figures = cq.measure(METRICS["points"], points, as_of=AS_OF, period="2017", by=["subject"])
    assert {each.groups["subject"]: each.value.exact for each in figures} == {"hearing": 1, "waiting": 2}


ANSWERS = ["wholly", "wholly", "partly", "no", "no", None, None, None]


@pytest.mark.parametrize(
    ("readings", "share"),
    [
        ({}, Fraction(3, 5)),
        ({"partly": "not_counted"}, Fraction(2, 5)),
        ({"of": "all"}, Fraction(3, 8)),
        ({"of": "all", "partly": "not_counted"}, Fraction(2, 8)),
    ],
)
def test_upheld_is_a_share_of_the_answers_that_are_known(readings: dict[str, str], share: Fraction) -> None:
    """Invented; the source's own figures are not in the seed."""
    rows = [{**KIND, "answered_on": answer and "2017-06-01", "upheld": answer} for answer in ANSWERS]
    rows.append({**KIND, "kind": "consultative_help"})
    [figure] = measured("upheld", rows, readings=readings)
    assert figure.value.exact == share


def test_an_answer_after_the_as_of_is_not_known_yet() -> None:
    rows = [
        {**KIND, "answered_on": "2018-02-01", "upheld": "wholly"},
        {**KIND, "answered_on": "2017-06-01", "upheld": "no"},
    ]
    [figure] = measured("upheld", rows)
    assert (figure.value.exact, figure.outcomes["answer_not_known"]) == (0, 1)


def test_solution_is_of_concrete_cases_that_have_ended() -> None:
    ended = {"ended_on": "2017-06-01"}
    rows = [
        {**KIND, **ended, "solved": "yes"},
        {**KIND, **ended, "solved": "yes"},
        {**KIND, **ended, "solved": "no"},
        {**KIND, **ended},
        dict(KIND),
        {**KIND, **ended, "kind": "consultative_help", "solved": "yes"},
    ]
    [figure] = measured("solved", rows)
    assert (figure.value.exact, figure.value.low, figure.value.high) == (Fraction(2, 3), Fraction(2, 5), Fraction(4, 5))


def test_learning_is_of_the_cases_assessed_or_of_all() -> None:
    rows = [{**KIND, "learning": learning} for learning in ("yes", "no", "no", None)]
    assert [each.value.exact for each in measured("learning", rows)] == [Fraction(1, 3)]
    assert [each.value.exact for each in measured("learning", rows, readings={"of": "all"})] == [Fraction(1, 4)]


def test_consultative_help_is_usable_and_may_have_two_potentials() -> None:
    help_ = {**KIND, "kind": "consultative_help"}
    rows = [
        {**help_, "usable": "yes", "improves_case": "yes", "improves_generally": "yes"},
        {**help_, "usable": "yes", "improves_case": "no", "improves_generally": "yes"},
        {**help_, "usable": "no", "improves_case": "no"},
        {**KIND, "usable": "yes", "improves_case": "yes"},
    ]
    assert [each.value.exact for each in measured("usable-help", rows)] == [Fraction(2, 3)]
    potential = {each.facet: each.value.exact for each in measured("help-potential", rows)}
    assert potential == {"improves_case": Fraction(1, 3), "improves_generally": 1}


def test_forwarded_is_of_the_citizens_enquiries() -> None:
    kinds = ("forwarded", "forwarded", "intervention", "supervision", "consultative_help")
    assert [each.value.exact for each in measured("forwarded", [{**KIND, "kind": kind} for kind in kinds])] == [
        Fraction(1, 2)
    ]


@pytest.mark.parametrize("name", ["risks-for-citizen", "risks-for-municipality", "learning", "help-potential"])
def test_what_the_adviser_judges_says_so_in_title_and_limits(name: str) -> None:
    metric = METRICS[name]
    limits = metric.limits
    assert isinstance(limits, dict)
    assert "assessed" in metric.title["en"]
    assert "vurdering" in metric.title["da"]
    assert "assessment by the citizens' adviser" in limits["en"]
    assert "Borgerrådgiverens vurdering, ikke et konstateret forhold" in limits["da"]


@pytest.mark.parametrize("field", ["kind", "upheld", "risk_trust"])
def test_an_unknown_code_is_set_aside(field: str) -> None:
    result = cq.measure(
        METRICS["enquiries" if field == "kind" else "upheld" if field == "upheld" else "risks-for-citizen"],
        enquiries([{**KIND, "answered_on": "2017-06-01", field: "maybe"}, dict(KIND)]),
        as_of=AS_OF,
        period="2017",
        by=["kind"],
    )
    assert [finding.fault for finding in result.findings.items] == ["unknown code"]
    assert result.accounts["set aside"] == 1
