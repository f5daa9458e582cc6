"""The worklist holds every open case that a goal counts as a breach, and calls no other one so: of every shipped unit.

Which cases are open is read from the plain rows; which of these a figure counts as a breach, from the figure's cases.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pytest

import casequality as cq
from casequality.goals import parse_goals
from casequality.metrics import NO, Metric, as_metric
from casequality.metrics.declaring.as_of import AnyDeadline
from tests.golden.corpus import SETS, TROUBLED, GoldenSet, installed

Row: TypeAlias = Mapping[str, str]
ENDS = {
    "flow_cases": ("closed_on",),
    "benefit_cases": ("decided_on", "withdrawn_on"),
    "tribunal_cases": ("closed_on",),
    "letters": ("answered_on",),
    "access_requests": ("decided_on", "withdrawn_on"),
    "incoming_information": ("reacted_on", "case_ended_on"),
    "running_cases": ("ended_on",),
}
"""By which columns a case of each kind has ended; enquiries are more than that."""
WITHOUT = {"case-flow.kept-without-dead-time"}
"""What counts a deadline of cases that are closed alone."""
ALWAYS = "1990-01-01..2029-12-31"
"""The longest period that calendars reach; a case received before it is in no figure, and is on the list."""


def rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def still_open(place: Path, kind: str, as_of: str, reading: Mapping[str, str]) -> set[str]:
    """Return the keys of the cases that had not ended, by their plain rows; an enquiry is closed by a full receipt."""
    cases = rows(place / f"{kind}.csv")
    [key, *_] = cases[0]
    if kind != "enquiries":
        return {case[key] for case in cases if not any("" < case[end][:10] < as_of[:10] for end in ENDS[kind])}
    sent = rows(place / "enquiries.acknowledgements.csv")
    owes_nothing = {case[key] for case in cases if case["has_deadline"] == "no"}
    enough = {
        each[key]
        for each in sent
        if "" < each["sent_on"] < as_of[:10]
        and each["written"] != "no"
        and (each["automatic"] != "yes" or reading["automatic"] == "counted")
        and (each["states_deadline"] == "yes" or each[key] in owes_nothing)
    }
    answered = {
        case[key] for case in cases if "" < case["answered_on"] < as_of[:10] and case["answered_in_writing"] != "no"
    }
    return {case[key] for case in cases} - enough - answered


def readings_of(metric: Metric) -> Iterator[dict[str, str]]:
    """Yield its own readings with the cases received, and each of its other choices in turn."""
    own = {name: choice.default for name, choice in metric.readings.items()}
    if "cohort" in own and "received" in metric.readings["cohort"].alternatives:
        own["cohort"] = "received"
    yield own
    for name, choice in metric.readings.items():
        for other in choice.alternatives:
            if other != own[name] and (name, other) != ("cohort", "closed"):
                yield {**own, name: other}


def with_deadlines() -> Iterator[Any]:
    """Yield every shipped metric that says what is owed, with each of its readings."""
    for golden in (*SETS, *TROUBLED):
        for name, offer in installed().metrics.items():
            metric = as_metric(offer.value)
            if name.startswith(f"{golden.folder}.") and type(metric).owed is not Metric.owed:
                for reading in readings_of(metric):
                    told = " ".join(f"{key}={value}" for key, value in reading.items())
                    yield pytest.param(
                        golden, metric, reading, id=f"{name} {told}{' in trouble' if golden.scene else ''}"
                    )


def source_of(golden: GoldenSet, kind: type[cq.Records]) -> cq.Source:
    path = golden.path / f"{kind.name}.csv"
    children = {
        name: cq.source(path.with_suffix(f".{name}.csv"), field.records)
        for name, field in kind.fields.items()
        if field.records is not None
    }
    return cq.source(path, kind, name=kind.name, children=children)


def goal_of(metric: Metric, reading: Mapping[str, str]) -> str:
    chosen = "".join(f'{name} = "{value}"\n' for name, value in reading.items())
    return f"""
[[goal]]
id = "one"
title = {{ en = "One", da = "Et" }}
metric = "{metric.id}"
source = "{metric.records.name}"
target = "baseline"
[goal.readings]
{chosen}"""


CASES = list(with_deadlines())


@pytest.mark.parametrize(("golden", "metric", "reading"), CASES)
def test_the_breaches_of_the_list_are_those_of_the_figure(
    golden: GoldenSet, metric: Metric, reading: dict[str, str]
) -> None:
    kind, told = metric.records, {"as_of": golden.as_of, "deadlines": golden.deadlines}
    source = source_of(golden, kind)
    goals = parse_goals(goal_of(metric, reading))
    assessed = cq.assess(goals, {kind.name: source}, period=ALWAYS, **told)  # type: ignore[arg-type]
    listed = {str(task.key) for task in assessed.worklist(within=0) if task.breaches}

    result = cq.measure(metric, source, period=ALWAYS, readings=reading, **told)  # type: ignore[arg-type]
    [figure], roles = result, metric.under(reading).roles
    breaches = [name for name, rows in figure.outcomes.items() if rows and roles[name] is NO]
    counted = {str(key) for name in breaches for key in result[figure.period.label].cases(name).keys}
    assert sum(figure.outcomes[name] for name in breaches) == len(counted)
    before = {each[next(iter(each))] for each in rows(golden.path / f"{kind.name}.csv") if each["received_on"] < "1990"}
    assert listed - before == counted & still_open(golden.path, kind.name, golden.as_of, reading)


class Noting(AnyDeadline):
    """An as-of that notes in its rules whether it is asked about any deadline."""

    def due(self, *asked: Any, **told: Any) -> Any:
        self.rules["counted"] = asked[0]  # type: ignore[index]
        return super().due(*asked, **told)


def test_every_shipped_metric_that_counts_a_deadline_says_what_is_owed() -> None:
    listed, counting = {case.values[1].id for case in CASES}, set()
    for offer in installed().metrics.values():
        metric = as_metric(offer.value)
        rules: dict[str, Any] = {rule.id: rule for rule in cq.deadlines.shipped()}
        seen = Noting(instant=np.datetime64("2010-01-01", "us"), zone="Europe/Copenhagen", rules=rules)
        metric.contribute(metric.records.empty(), seen)
        counting |= {metric.id} if "counted" in rules else set()
    assert counting - listed == WITHOUT
    assert len(counting) > 10
