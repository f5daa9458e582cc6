"""Figures of surveys. The sources publish none beside the goal of 95 %, so every record and figure here is invented."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import pytest

import casequality as cq
from casequality_citizen_service import TARGET_GROUPS, Experience, Satisfaction

Row = Mapping[str, Any]
GOAL = """
id    = "invented"
title = { en = "The satisfaction goal", da = "Målet for tilfredshed" }
basis = { title = "Mål for god sagsbehandling", document = "2010-24342" }

[[goal]]
id       = "satisfaction"
title    = { en = "Satisfied citizens", da = "Borgertilfredshed" }
metric   = "citizen-service.satisfaction"
source   = "survey_answers"
target   = "at least 95 %"
aim      = "complaints"
focus_area = "Borgerservicecentrene"

[goal.readings]
measure      = "share"
satisfied    = "top_two"
dont_know    = "left_out"
weights      = "unweighted"
basis        = "sample"
non_response = "MISSING"
"""


def survey(*groups: tuple[int, str | None], **same: Any) -> list[Row]:
    """Return so many rows with each answer; None for a person who did not reply."""
    answers = [answer for count, answer in groups for _ in range(count)]
    return [
        {"row": number, "asked_on": "2010-09-01", "answered_on": answer and "2010-09-10", "answer": answer, **same}
        for number, answer in enumerate(answers, start=1)
    ]


def measured(rows: Sequence[Row], metric: type[cq.Metric] = Satisfaction, **asked: Any) -> Any:
    columns = {name: None for name in ("side", "weight", "target_group") if name not in rows[0]}
    return cq.measure(metric, rows, as_of="2011-01-01", period="2010", columns=columns, **asked)


def value(rows: Sequence[Row], **readings: str) -> Any:
    [figure] = measured(rows, readings=readings)
    return figure.value


FIVE_HUNDRED_AND_EIGHTY = survey(
    (300, "very_satisfied"),
    (80, "satisfied"),
    (12, "neither"),
    (5, "dissatisfied"),
    (3, "very_dissatisfied"),
    (20, "dont_know"),
    (160, None),
)


@pytest.mark.parametrize(
    ("readings", "figure"),
    [
        ({}, Fraction(38_000, 400)),  # 95: the goal is met, and under none of the others but the third
        ({"satisfied": "top_box"}, 75),
        ({"satisfied": "not_dissatisfied"}, 98),
        ({"dont_know": "not_satisfied"}, Fraction(38_000, 420)),
        ({"non_response": "not_satisfied"}, Fraction(38_000, 560)),
        ({"measure": "index"}, Fraction(300 * 100 + 80 * 75 + 12 * 50 + 5 * 25, 400)),
    ],
)
def test_the_same_answers_give_another_figure_under_each_reading(readings: Row, figure: Fraction) -> None:
    assert value(FIVE_HUNDRED_AND_EIGHTY, **readings).exact == figure


def test_citizens_who_did_not_reply_can_leave_the_figure_between_two_bounds() -> None:
    found = value(FIVE_HUNDRED_AND_EIGHTY, non_response="unknown")
    assert (found.exact, found.low, found.high) == (95, Fraction(38_000, 560), Fraction(54_000, 560))


@pytest.mark.parametrize(
    ("non_response", "basis", "verdict"),
    [
        ("left_out", "everyone", "met"),
        ("left_out", "sample", "not shown"),
        ("unknown", "everyone", "undecided"),
        ("unknown", "sample", "undecided"),
    ],
)
def test_the_goal_is_judged_by_the_readings_that_it_chooses(non_response: str, basis: str, verdict: str) -> None:
    unasked = {"side": None, "weight": None, "target_group": None}
    source = cq.source(FIVE_HUNDRED_AND_EIGHTY, Satisfaction.records, columns=unasked)
    goals = cq.load_goals(GOAL.replace("MISSING", non_response).replace('"sample"', f'"{basis}"'))
    assessed = cq.assess(goals, {"survey_answers": source}, period="2010", as_of="2011-01-01", metrics=[Satisfaction])
    assert str(assessed["satisfaction"].verdict) == verdict


def test_a_goal_that_leaves_a_reading_open_does_not_load() -> None:
    goals = cq.load_goals(GOAL.replace('non_response = "MISSING"', ""))
    with pytest.raises(cq.errors.CaseQualityError, match="non_response"):
        cq.assess(goals, {"survey_answers": []}, period="2010", as_of="2011-01-01", metrics=[Satisfaction])


def centre(name: str, weight: str, satisfied: int) -> list[Row]:
    return survey((satisfied, "satisfied"), (100 - satisfied, "dissatisfied"), centre=name, weight=weight)


TWO_CENTRES = [{**row, "row": number} for number, row in enumerate(centre("A", "1", 98) + centre("B", "2.5", 90))]


def test_weights_are_counted_exactly_and_centres_together_or_apart() -> None:
    assert value(TWO_CENTRES).exact == 94
    assert value(TWO_CENTRES, weights="weighted").exact == Fraction(98 + 225, 350) * 100
    apart = measured(TWO_CENTRES, by=("centre",), readings={"weights": "weighted"})
    assert {figure.groups["centre"]: figure.value.exact for figure in apart} == {"A": 98, "B": 90}


def test_thirds_as_weights_do_not_round_the_figure() -> None:
    rows = [{**row, "weight": "0.3333"} for row in survey((1, "satisfied"), (2, "neither"))]
    assert value(rows, weights="weighted").exact == Fraction(100, 3)


@pytest.mark.parametrize("weight", ["", "-1"])
def test_an_answer_without_a_weight_is_unknown_only_where_weights_count(weight: str) -> None:
    rows = survey((9, "satisfied"), (1, "neither"), weight="1")
    rows[-1] = {**rows[-1], "weight": weight}
    weighted = value(rows, weights="weighted")
    assert (weighted.exact, weighted.low, weighted.high) == (100, 0, 100)  # it may weigh more than all others
    assert value(rows).exact == 90


def test_a_survey_without_a_valid_answer_gives_no_figure() -> None:
    nobody = survey((3, "dont_know"), (2, None))
    assert (value(nobody).exact, value(nobody).reason) == (None, "no data")
    assert value(nobody, non_response="unknown").reason == "nothing settled yet"


def test_an_answer_that_is_on_no_scale_is_set_aside_and_found() -> None:
    result = measured(survey((8, "satisfied"), (2, "7")))
    assert result.accounts["set aside"] == 2
    assert [(item.column, item.fault, item.count) for item in result.findings.items] == [("answer", "unknown code", 2)]
    [figure] = result
    assert (figure.value.exact, figure.value.denominator) == (100, 8)


def test_a_reply_that_came_later_was_not_known() -> None:
    rows = survey((2, "satisfied"))
    rows[1] = {**rows[1], "answered_on": "2010-12-24"}
    columns = {"side": None}
    [figure] = cq.measure(Satisfaction, rows, as_of="2010-12-24", period="2010", columns=columns)
    assert (figure.outcomes["satisfied"], figure.outcomes["no_reply"]) == (1, 1)


def test_caseworkers_are_in_no_figure_of_the_citizens() -> None:
    rows = survey((4, "satisfied")) + survey((6, "dissatisfied"))
    sided = [{**row, "row": n, "side": "citizen" if n < 4 else "caseworker"} for n, row in enumerate(rows)]
    assert value(sided).exact == 100


def experienced(side: str, satisfied: int, **same: Any) -> list[Row]:
    return survey((satisfied, "satisfied"), (10 - satisfied, "dissatisfied"), side=side, **same)


def test_citizens_stand_beside_caseworkers_by_group_parameter_and_channel() -> None:
    told = {"target_group": "disabled", "parameter": "told of rights", "channel": "telephone"}
    rows = experienced("citizen", 4, **told) + experienced("caseworker", 8, **told)
    rows += experienced("citizen", 9, **{**told, "channel": "written"})
    rows = [{**row, "row": number} for number, row in enumerate(rows)]
    found = {
        (figure.facet, figure.groups["channel"]): figure.value.exact
        for figure in measured(rows, Experience, by=("target_group", "parameter", "channel"))
    }
    assert found == {
        ("citizens", "telephone"): 40,
        ("caseworkers", "telephone"): 80,
        ("citizens", "written"): 90,
        ("caseworkers", "written"): None,
    }


def test_the_four_target_groups_hold_from_their_day() -> None:
    [since] = [entry.since for entry in TARGET_GROUPS]
    assert (since.isoformat(), len(TARGET_GROUPS.on(since))) == ("2006-01-01", 4)
    rows = [
        {"row": 1, "asked_on": "2005-12-31", "answered_on": "2006-01-09", "answer": "satisfied"},
        {"row": 2, "asked_on": "2006-01-01", "answered_on": "2006-01-09", "answer": "satisfied"},
    ]
    figures = cq.measure(
        Experience,
        [{**row, "target_group": "disabled"} for row in rows],
        as_of="2011-01-01",
        period=["2005", "2006"],
        columns={"side": None},
    )
    counted = [(figure.period.label, figure.value.denominator) for figure in figures if figure.facet == "citizens"]
    assert counted == [("2005", 0), ("2006", 1)]
