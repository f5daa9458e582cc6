"""Permit requests at a Dutch municipality (event log `receipt`): by instant, by local day, and those still open."""

from __future__ import annotations

import gzip
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from typing import Any

import attrs
import numpy as np

import casequality as cq
from tests.shared import shared

ZONE = "Europe/Amsterdam"
LAST_EVENT = "2012-01-23T14:42:54.644+00:00"
DATES = ("startdate", "enddate", "deadline")


class Permit(cq.Records, name="permits"):
    """A request with its own deadline."""

    case = cq.key()
    started_at = cq.instant()
    due_at = cq.instant(missing="no deadline", planned=True)
    ended_at = cq.instant(missing="still open")


@attrs.frozen
class ByInstant(cq.Metric):
    """Share ended by the instant of the deadline."""

    id = "permits.by-instant"
    title = {"en": "In time", "da": "Til tiden"}
    records = Permit
    outcomes = cq.outcomes(no_deadline=cq.OUT, **cq.SETTLED)

    def contribute(self, permits: Permit, as_of: cq.AsOf) -> cq.Contribution:
        states = as_of.settle(*self.compared(permits, as_of))
        picked = self.outcomes.pick(no_deadline=np.isnat(permits.due_at), **states)
        return cq.Contribution(on=permits.started_at, until=permits.ended_at, outcome=picked)

    def compared(self, permits: Permit, as_of: cq.AsOf) -> tuple[Any, Any]:
        return permits.due_at, permits.ended_at


@attrs.frozen
class ByDay(ByInstant):
    """Share ended by the local day of the deadline."""

    id = "permits.by-day"

    def contribute(self, permits: Permit, as_of: cq.AsOf) -> cq.Contribution:
        return super().contribute(permits, as_of)

    def compared(self, permits: Permit, as_of: cq.AsOf) -> tuple[Any, Any]:
        return as_of.local_days(permits.due_at), as_of.local_days(permits.ended_at)


def permits() -> Iterator[dict[str, str | None]]:
    with gzip.open(shared("data/event_logs/receipt.xes.gz"), "rb") as file:
        for _, element in ET.iterparse(file):
            if element.tag.endswith("trace"):
                found = {child.get("key"): child.get("value") for child in element}
                yield {"case": found["concept:name"], **{name: found.get(name) for name in DATES}}
                element.clear()


COLUMNS = {"started_at": "startdate", "due_at": "deadline", "ended_at": "enddate"}


def totals(metric: type[cq.Metric], **options: Any) -> tuple[dict[str, int], Any]:
    result = cq.measure(metric, list(permits()), as_of=LAST_EVENT, zone=ZONE, columns=COLUMNS, by="year", **options)
    found: dict[str, int] = {}
    for figure in result:
        for outcome, rows in figure.outcomes.items():
            found[outcome] = found.get(outcome, 0) + rows
    return found, result


def in_time(found: dict[str, int]) -> int:
    return found["in_time"] + found["in_time_early"]


def test_on_time_by_instant_and_by_local_day() -> None:
    off = ["ended_at-before-started_at"]
    by_instant, _ = totals(ByInstant, checks_off=off)
    by_day, _ = totals(ByDay, checks_off=off)
    assert in_time(by_instant) == 952
    assert in_time(by_day) == 1_020
    assert in_time(by_instant) + by_instant["late"] == 1_329


def test_the_open_ones_are_split_into_overdue_and_pending_and_both_are_shown() -> None:
    found, result = totals(ByInstant, checks_off=["ended_at-before-started_at"])
    rows = list(permits())
    open_rows = [row for row in rows if row["enddate"] is None]
    overdue = sum(
        np.datetime64(row["deadline"][:19]) - np.timedelta64(int(row["deadline"][-5:-3]), "h")
        < np.datetime64(LAST_EVENT[:19])
        for row in open_rows
        if row["deadline"] is not None
    )
    assert found["open_overdue"] + found["pending"] == len(open_rows) == 105
    assert found["open_overdue"] == overdue
    assert result.accounts["read"] == len(rows) == 1_434


def test_two_cases_end_before_they_start_and_are_findings() -> None:
    _, result = totals(ByInstant)
    assert result.findings.set_aside == 2
    assert [finding.fault for finding in result.findings.items] == ["ended before it began"]
