"""Both metrics against the laws of the kit, and against one plain look at each record."""

from __future__ import annotations

import datetime as dt
from typing import Any

import casequality.testing as kit
import casequality_case_review as plugin

SERVICE_LINES = (
    "quick_and_smooth",
    "processing_time",
    "no_feedback",
    "status_not_told",
    "conduct",
    "telephone_service",
    "letters",
    "forms_and_material",
    "in_writing_otherwise",
)
WORDED_AS_FAILURES = ("no_feedback", "status_not_told")


def reviewed(row: dict[str, Any], counts: bool) -> str:
    if not counts:
        return "other_list"
    if row["answer"] in (None, "not_applicable"):
        return row["answer"] or "not_answered"
    wanted = "no" if row["requirement"] in WORDED_AS_FAILURES else "yes"
    return "fulfilled" if row["answer"] == wanted else "not_fulfilled"


class Formal(kit.MetricConformance):
    metric = plugin.FormalRequirements
    others = {"requirements": ("reasons",), "failures": ("reasons",)}

    def oracle(self, case: dict[str, Any], as_of: dt.date) -> Any:
        return reviewed(case, case["requirement"] not in SERVICE_LINES)


class Service(kit.MetricConformance):
    metric = plugin.ServiceRequirements
    others = {"requirements": ("letters",)}

    def oracle(self, case: dict[str, Any], as_of: dt.date) -> Any:
        return reviewed(case, case["requirement"] in SERVICE_LINES)


STEPS = ("north", "south")
"""Two of the labels that the kit invents for a code without a list."""


class Procedure(kit.MetricConformance):
    metric = plugin.ProcedureFollowed
    others = {"steps": STEPS}

    def oracle(self, case: dict[str, Any], as_of: dt.date) -> Any:
        done = [step["done"] for step in case["steps"]]
        if "no" in done:
            return "not_followed"
        return "not_answered" if None in done or not done else "followed"


TestPlugin = kit.every_law(plugin, Formal, Service, Procedure, examples=20)
