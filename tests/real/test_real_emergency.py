"""Emergency departments, 12,765 rows of counts: seen within four hours, weighted by attendances and not."""

from __future__ import annotations

import csv
from collections import defaultdict
from fractions import Fraction

import attrs
import numpy as np

import casequality as cq
from casequality.goals import Judgement, parse_goals
from tests.shared import shared

GOAL = """
id    = "emergency"
title = { en = "Emergency departments", da = "Akutmodtagelser" }

[[goal]]
id        = "pooled"
metric    = "emergency.within-four-hours"
source    = "department_months"
target    = "at least 90 %"
each      = "site"
aggregate = "pooled"

[[goal]]
id        = "mean"
metric    = "emergency.within-four-hours"
source    = "department_months"
target    = "at least 90 %"
each      = "site"
aggregate = "mean"
"""
EVERY_YEAR = "2016-04-01..2019-03-31"


class DepartmentMonth(cq.Records, name="department_months"):
    """A month of one kind of department at one site."""

    month = cq.day()
    site = cq.code()
    kind = cq.code()
    attendances = cq.count()
    breaches = cq.count()


@attrs.frozen
class WithinFourHours(cq.Metric):
    """Attendances that ended within four hours, for each attendance."""

    id = "emergency.within-four-hours"
    title = {"en": "Within four hours", "da": "Inden for fire timer"}
    unit = cq.units.SHARE
    records = DepartmentMonth
    statistic = cq.statistics.Ratio()
    outcomes = cq.outcomes(within=cq.YES, attended=cq.NO)

    def contribute(self, months: DepartmentMonth, as_of: cq.AsOf) -> dict[str, cq.Contribution]:
        every = np.ones(len(months), bool)
        within = months.attendances - months.breaches
        return {
            name: cq.Contribution(on=months.month, outcome=self.outcomes.pick(within=every & yes), times=times)
            for name, yes, times in (("within", True, within), ("attended", False, months.attendances))
        }


def rows() -> list[dict[str, str]]:
    with shared("data/nhs_emergency_departments/ae_attendances.csv").open(encoding="utf-8", newline="") as file:
        named = {"period": "month", "org_code": "site", "type": "kind"}
        return [{named.get(name, name): value for name, value in row.items()} for row in csv.DictReader(file)]


def judged(goal: str) -> Judgement:
    return cq.assess(
        parse_goals(GOAL),
        {"department_months": rows()},
        period=EVERY_YEAR,
        as_of="2020-01-01",
        metrics=[WithinFourHours],
    )[goal]


def mean_of_sites() -> Fraction:
    attended, late = defaultdict[str, int](int), defaultdict[str, int](int)
    for row in rows():
        attended[row["site"]] += int(row["attendances"])
        late[row["site"]] += int(row["breaches"])
    return sum(1 - Fraction(late[site], attended[site]) for site in attended) / Fraction(len(attended))


def test_weighted_by_attendances_it_is_the_published_share() -> None:
    whole = cq.measure(WithinFourHours, rows(), period=EVERY_YEAR, as_of="2020-01-01")
    major = cq.measure(WithinFourHours, rows(), period=EVERY_YEAR, as_of="2020-01-01", where={"kind": "1"})
    assert [round(float(figure.value.exact), 6) for figure in (*whole, *major)] == [0.884819, 0.825184]


def test_weighted_the_goal_is_missed_and_unweighted_it_is_met() -> None:
    pooled, mean = judged("pooled"), judged("mean")
    assert (pooled.verdict.value, mean.verdict.value) == ("missed", "met")
    assert mean.value == 100 * mean_of_sites()
    assert len(mean.parts) == 274
