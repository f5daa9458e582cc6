"""Every metric against the laws of the kit, and against one plain look at each record."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import casequality.testing as kit
from casequality_citizen_service import (
    Experience,
    LicenceCase,
    LicenceErrors,
    PassportCase,
    PassportErrors,
    Sample,
    SampleShare,
    Satisfaction,
    SurveyAnswer,
)

GOOD = ("very_satisfied", "satisfied")
ANY_CASE = "the law adds a case that is good in any facet, which may be bad in the facet that it looks at"


def answered(row: Mapping[str, Any]) -> tuple[str, int]:
    """Return what one answer is, and the points it counts for a share of the satisfied."""
    if row["answer"] is None:
        return ("left_blank" if row["answered_on"] else "no_reply"), 0
    return row["answer"], 100 if row["answer"] in GOOD else 0


class TestSatisfactionConforms(kit.MetricConformance):
    metric = Satisfaction
    examples = 20

    def oracle(self, case: dict[str, Any], as_of: dt.date) -> Any:
        outcome, points = answered(case)
        return ("other_side" if case["side"] == "caseworker" else outcome), points


class TestExperienceConforms(kit.MetricConformance):
    metric = Experience
    examples = 20
    as_of = "2006-07-01"
    skips = {"whole-weeks": "the list of target groups holds from a day of its own"}

    def oracle(self, case: dict[str, Any], as_of: dt.date) -> Any:
        outcome, points = answered(case)
        asked = case["asked_on"]
        if case["target_group"] and asked and asked < dt.date(2006, 1, 1):
            outcome = "group_not_in_force"
        side = "caseworkers" if case["side"] == "caseworker" else "citizens"
        facets = {"citizens": ("other_side", points), "caseworkers": ("other_side", points)}
        return {**facets, side: (outcome, points)}


def checked(case: Mapping[str, Any], *classes: str) -> str:
    if case["checked_on"] is None:
        return "not_checked"
    found = [error for error in case["errors"] if not classes or error["error_class"] in classes]
    return "with_errors" if found else "without_errors"


class TestPassportErrorsConforms(kit.MetricConformance):
    metric = PassportErrors
    examples = 20
    others = {"error_classes": ("control",)}
    skips = {"monotone": ANY_CASE}

    def oracle(self, case: dict[str, Any], as_of: dt.date) -> Any:
        classes = ("control", "case_information", "case_handling", "register_update")
        return {"": checked(case), **{each: checked(case, each) for each in classes}}


class TestLicenceErrorsConforms(kit.MetricConformance):
    metric = LicenceErrors
    examples = 20
    others = {"error_classes": ("north",)}

    def oracle(self, case: dict[str, Any], as_of: dt.date) -> Any:
        return {"": checked(case)}


class TestSampleShareConforms(kit.MetricConformance):
    metric = SampleShare
    examples = 20

    def oracle(self, case: dict[str, Any], as_of: dt.date) -> Any:
        if case["examined"] > case["population"]:
            return dict.fromkeys(("examined", "population"), "larger_than_population")
        return {"examined": "examined", "population": "in_population"}


class TestSurveyAnswerConforms(kit.RecordsConformance):
    records = SurveyAnswer
    examples = 20


class TestPassportCaseConforms(kit.RecordsConformance):
    records = PassportCase
    examples = 20


class TestLicenceCaseConforms(kit.RecordsConformance):
    records = LicenceCase
    examples = 20


class TestSampleConforms(kit.RecordsConformance):
    records = Sample
    examples = 20
