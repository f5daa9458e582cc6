"""Goal sets and deadlines against their laws, and the catalogue that is made by hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

import casequality as cq
import casequality.testing as kit
from casequality.deadlines import shipped
from casequality.testing.goals_and_deadlines import check_deadline
from casequality.testing.report import tried
from tests.kit.original import CITED, FOUR_WEEKS, GOALS, DecidedInTime

RULE = """
[deadlines."permits/decide"]
title    = { en = "Decided", da = "Afgjort" }
calendar = "dk-statutory"
kind     = "decide"
terms    = "4 weeks"
source   = "invented for this test"
"""
PERMITS = [
    {"permit": 1, "applied_on": "2010-03-01", "decided_on": "2010-03-29", "result": "granted", "district": "north"},
    {"permit": 2, "applied_on": "2010-03-01", "decided_on": "2010-03-30", "result": "granted", "district": "north"},
]


@pytest.fixture
def goals(tmp_path: Path) -> Path:
    path = tmp_path / "permits-2010.toml"
    path.write_text(GOALS, encoding="utf-8")
    return path


def states(tests: type[kit.GoalSetConformance | kit.DeadlineConformance]) -> dict[str, str]:
    laws: Sequence[kit.Law[Any]] = tests.laws
    return {law.name: tried(law, tests().subject()).state for law in laws}


def test_a_goal_set_is_tested_with_metrics_that_nobody_installed(goals: Path) -> None:
    class Sound(kit.GoalSetConformance):
        path = goals
        plugins = kit.catalogue(metrics=[DecidedInTime])

    class Installed(kit.GoalSetConformance):
        path = goals

    assert states(Sound) == {"judgeable": "passed", "citation": "passed"}
    assert states(Installed) == {"judgeable": "failed", "citation": "passed"}, "no plugin offers its metric"


def test_deadlines_are_tested_by_themselves_or_by_their_file(tmp_path: Path) -> None:
    path = tmp_path / "rules.toml"
    path.write_text(RULE, encoding="utf-8")

    class Whole(kit.DeadlineConformance):
        file = path

    class One(kit.DeadlineConformance):
        deadline = FOUR_WEEKS

    assert [rule.id for rule in Whole().subject().deadlines] == ["permits/decide"]
    assert states(Whole) == {"counted-again": "passed", "citation": "passed"}
    assert states(One) == {"counted-again": "passed", "citation": "failed"}, "its term has no source"


def test_a_schedule_is_tested_kind_by_kind() -> None:
    schedule = cq.deadlines.Schedule(
        id="permits", title=FOUR_WEEKS.title, calendar="dk-statutory", by_kind={"shed": "4 weeks", "house": CITED.terms}
    )
    report = check_deadline(schedule)
    assert {check.law: check.state for check in report.checks} == {"counted-again": "passed", "citation": "failed"}
    assert "permits, shed" in str(report)
    assert "permits, house" not in str(report)


@pytest.mark.parametrize("rule", shipped(), ids=lambda rule: rule.id)
def test_every_shipped_deadline_keeps_the_laws_also_one_that_began_late_or_has_ended(
    rule: cq.deadlines.Deadline,
) -> None:
    assert check_deadline(rule).count("passed") == len(kit.deadline_laws)


def test_a_catalogue_made_by_hand_serves_measuring_goals_and_deadlines(goals: Path, tmp_path: Path) -> None:
    path = tmp_path / "rules.toml"
    path.write_text(RULE, encoding="utf-8")
    offered = kit.catalogue(metrics=[DecidedInTime], goals=[goals], deadlines=[FOUR_WEEKS, path])
    assert (list(offered.metrics), list(offered.goals)) == (["permits.decided-in-time"], ["permits-2010"])
    assert list(offered.deadlines) == ["permits", "permits/decide"]
    assert offered.errors() == []
    assert cq.load_goals("permits-2010", plugins=offered).goals[0].metric == "permits.decided-in-time"
    for parameters in ({}, {"deadline": "permits/decide"}):
        [figure] = cq.measure(
            "permits.decided-in-time",
            cq.source(PERMITS, DecidedInTime.records),
            as_of=dt.date(2010, 8, 1),
            period="2010",
            parameters=parameters,
            plugins=offered,
        )
        assert (figure.value.numerator, figure.value.denominator) == (1, 2)


def test_what_is_offered_twice_clashes_as_with_installed_plugins() -> None:
    offered = kit.catalogue(metrics=[DecidedInTime, DecidedInTime])
    assert not offered.metrics
    [fault] = offered.errors()
    assert "offered more than once" in str(fault)


def test_a_metric_that_lacks_something_is_told_with_the_plugin_that_offers_it() -> None:
    class Nameless(DecidedInTime):
        title = {}

    with pytest.raises(cq.errors.PluginError, match=r"lacks(.|\n)*under-test 0(.|\n)*without title"):
        cq.records_of("permits.decided-in-time", kit.catalogue(metrics=[Nameless]))
