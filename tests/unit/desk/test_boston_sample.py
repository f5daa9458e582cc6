"""The main job on a small shipped sample of real requests, against a walk through its rows."""

from __future__ import annotations

import csv
import datetime as dt
from collections import Counter
from pathlib import Path

import attrs
import numpy as np

import casequality as cq

SAMPLE = Path(__file__).resolve().parents[2] / "data" / "boston_311" / "requests_sample.csv"
SNAPSHOT = dt.datetime(2016, 1, 13)  # noqa: DTZ001 -- the city's own clock, as in the file


class Request(cq.Records, name="requests"):
    """A request with the city's target for it."""

    case = cq.key()
    opened_at = cq.instant()
    target_at = cq.instant(missing="no target", planned=True)
    closed_at = cq.instant(missing="still open")


@attrs.frozen
class ClosedByTarget(cq.Metric):
    """Share of requests closed by their target."""

    id = "boston.closed-by-target"
    title = {"en": "Closed by target", "da": "Afsluttet inden fristen"}
    records = Request
    outcomes = cq.outcomes(no_target=cq.OUT, **cq.SETTLED)

    def contribute(self, requests: Request, as_of: cq.AsOf) -> cq.Contribution:
        states = as_of.settle(requests.target_at, requests.closed_at)
        picked = self.outcomes.pick(no_target=np.isnat(requests.target_at), **states)
        return cq.Contribution(on=requests.opened_at, until=requests.closed_at, outcome=picked)


def walked() -> tuple[Counter[str], int]:
    found: Counter[str] = Counter()
    faulty = 0
    with SAMPLE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            opened, target, closed = (
                dt.datetime.fromisoformat(row[name]) if row[name] else None
                for name in ("OPEN_DT", "TARGET_DT", "CLOSED_DT")
            )
            if closed is not None and opened is not None and closed < opened:
                faulty += 1
            elif target is None:
                found["no_target"] += 1
            elif closed is None:
                found["open_overdue" if target < SNAPSHOT else "pending"] += 1
            elif closed > target:
                found["late"] += 1
            else:
                found["in_time" if target < SNAPSHOT else "in_time_early"] += 1
    return found, faulty


def test_every_row_of_the_sample_is_counted_as_a_walk_counts_it() -> None:
    result = cq.measure(
        ClosedByTarget,
        SAMPLE,
        as_of="2016-01-13",
        zone="America/New_York",
        period="2015-H1",
        columns={"case": "CASE_ENQUIRY_ID", "opened_at": "OPEN_DT", "target_at": "TARGET_DT", "closed_at": "CLOSED_DT"},
    )
    found, faulty = walked()
    [figure] = list(result)
    assert {name: rows for name, rows in figure.outcomes.items() if rows} == dict(found)
    assert result.findings.set_aside == faulty == 6
    parts = result.accounts
    assert parts.pop("read") == sum(parts.values())
