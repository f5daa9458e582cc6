"""Every metric and record type of the plugin against every law of the kit."""

from __future__ import annotations

import datetime as dt
from typing import Any

import casequality.testing as kit
import casequality_complaints as plugin

BY_DATE = {"whole-weeks": "a code list holds from a day to a day, so the same complaint 28 years later is on another"}


class Complaints(kit.MetricConformance):
    metric = plugin.Complaints
    as_of = "2013-03-01"
    skips = BY_DATE


class Points(kit.MetricConformance):
    metric = plugin.Points


class TimeToEnd(kit.MetricConformance):
    metric = plugin.TimeToEnd

    def oracle(self, case: dict[str, Any], as_of: dt.date) -> Any:
        if case["received_on"] is None:
            return "undated"
        if case["ended_on"] is None:
            return "open"
        return case["ending"] or "ending_not_stated"


class ReversalRate(kit.MetricConformance):
    metric = plugin.ReversalRate

    def oracle(self, case: dict[str, Any], as_of: dt.date) -> Any:
        parts = case["parts"]
        if not parts or any(part["decided_on"] is None for part in parts):
            return "pending"
        for outcome in ("changed", "remitted", "upheld", "rejected"):
            if any(part["outcome"] == outcome for part in parts):
                return outcome
        return "outcome_not_stated"


TestPlugin = kit.every_law(plugin, Complaints, Points, TimeToEnd, ReversalRate, examples=20)
