"""The kit's laws for case flow: its records, its metrics, and every second of invented cases against a plain walk."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

import casequality as cq
import casequality.testing as kit
import casequality_case_flow as plugin
from casequality_case_flow.dead_periods import TimeByHolder
from casequality_case_flow.flow import Backlog
from casequality_case_flow.kept_without import KeptWithoutDeadTime

SOME = {"north": "1 calendar day", "south": "4 weeks"}
TYPES, SHORT = (
    cq.deadlines.Schedule(
        id="case-types", title={"en": "Case types", "da": "Sagstyper"}, by_kind=by_kind, calendar="dk-statutory"
    )
    for by_kind in (SOME, dict.fromkeys(SOME, "1 calendar day"))
)
"""Invented deadlines for two of the three types that the kit invents; a day is seldom kept but for dead time."""
THRESHOLD = dt.timedelta(days=14)
CLASSES = ("active", "citizen", "third_party", "statutory_step", "internal_idle", "unexplained")


def held_by(holder: str | None, long: bool) -> str:
    if holder in ("citizen", "third_party", "statutory_step"):
        return str(holder)
    standstill = {None: "unexplained", "internal": "internal_idle"}
    return standstill.get(holder, "active") if long else "active"


class ByHolder(kit.MetricConformance):
    metric = TimeByHolder
    examples = 10

    def oracle(self, case: dict[str, Any], as_of: dt.date) -> dict[str, tuple[str, int]]:
        spent = dict.fromkeys(CLASSES, 0)
        received, decided, events = case["received_at"], case["decided_at"], case["events"]
        if received is None or None in [event["at"] for event in events]:
            return dict.fromkeys(CLASSES, ("undated", 0))
        end = decided or dt.datetime(as_of.year, as_of.month, as_of.day, tzinfo=dt.UTC) - dt.timedelta(hours=2)
        steps = [(received, None), *sorted((event["at"], event["holder"]) for event in events), (end, None)]
        for (begins, holder), (ends, _) in itertools.pairwise(steps):
            span = min(ends, end) - min(begins, end)
            spent[held_by(holder, span > THRESHOLD)] += span // dt.timedelta(microseconds=1)
        outcome = "open" if decided is None else "decided"
        return {name: (outcome, ticks) for name, ticks in spent.items()}


class KeptWithout(kit.MetricConformance):
    metric = KeptWithoutDeadTime
    deadlines = (SHORT,)


class Pending(kit.MetricConformance):
    metric = Backlog
    examples = 4


class Cases(kit.RecordsConformance):
    records = plugin.FlowCase
    examples = 10


class Logs(kit.RecordsConformance):
    records = plugin.LoggedCase
    examples = 10


TestPlugin = kit.every_law(
    plugin,
    ByHolder,
    KeptWithout,
    Pending,
    Cases,
    Logs,
    deadlines=[TYPES],
    others={"threshold": "2 working days"},
    examples=4,
)
