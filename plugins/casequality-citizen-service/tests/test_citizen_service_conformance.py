"""Every metric against the laws of the kit, and against one plain look at each record."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import casequality.testing as kit
import casequality_citizen_service as plugin

GOOD = ("very_satisfied", "satisfied")
ANY_CASE = "the law adds a case that is good in any facet, which may be bad in the facet that it looks at"


def answered(row: Mapping[str, Any]) -> tuple[str, int]:
    """Return what one answer is, and the points it counts for a share of the satisfied."""
    if row["answer"] is None:
        return ("left_blank" if row["answered_on"] else "no_reply"), 0
    return row["answer"], 100 if row["answer"] in GOOD else 0


class Satisfaction(kit.MetricConformance):
    metric = plugin.Satisfaction

    def oracle(self, case: dict[str, Any], as_of: dt.date) -> Any:
        outcome, points = answered(case)
        return ("other_side" if case["side"] == "caseworker" else outcome), points


class Experience(kit.MetricConformance):
    metric = plugin.Experience
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


class PassportErrors(kit.MetricConformance):
    metric = plugin.PassportErrors
    others = {"error_classes": ("control",)}
    skips = {"monotone": ANY_CASE}

    def oracle(self, case: dict[str, Any], as_of: dt.date) -> Any:
        classes = ("control", "case_information", "case_handling", "register_update")
        return {"": checked(case), **{each: checked(case, each) for each in classes}}


class LicenceErrors(kit.MetricConformance):
    metric = plugin.LicenceErrors
    others = {"error_classes": ("north",)}

    def oracle(self, case: dict[str, Any], as_of: dt.date) -> Any:
        return {"": checked(case)}


class SampleShare(kit.MetricConformance):
    metric = plugin.SampleShare

    def oracle(self, case: dict[str, Any], as_of: dt.date) -> Any:
        if case["examined"] > case["population"]:
            return dict.fromkeys(("examined", "population"), "larger_than_population")
        return {"examined": "examined", "population": "in_population"}


TestPlugin = kit.every_law(plugin, Satisfaction, Experience, PassportErrors, LicenceErrors, SampleShare, examples=20)
