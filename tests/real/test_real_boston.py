"""Boston's service requests, January to June 2015: closed by their target or not, against the city's own verdicts."""

from __future__ import annotations

import csv
import gzip
from collections import Counter
from typing import Any

import attrs
import numpy as np

import casequality as cq
from tests.shared import shared

SNAPSHOT = "2016-01-13T00:00:00-05:00"


class Request(cq.Records, name="requests"):
    """A request with the city's target for it and the city's own verdict."""

    case = cq.key()
    opened_at = cq.instant()
    target_at = cq.instant(missing="no target", planned=True)
    closed_at = cq.instant(missing="still open")
    city_says = cq.code("ONTIME", "OVERDUE", missing="says nothing")


@attrs.frozen
class ClosedByTarget(cq.Metric):
    """Share of requests closed by their target."""

    id = "boston.closed-by-target"
    title = {"en": "Closed by target", "da": "Afsluttet inden fristen"}
    records = Request
    outcomes = cq.outcomes(no_target=cq.OUT, **cq.SETTLED)
    readings = cq.readings(cohort=cq.cohort("closed", "received"))

    def contribute(self, requests: Request, as_of: cq.AsOf) -> cq.Contribution:
        return cq.Contribution(
            on=requests.opened_at,
            until=requests.closed_at,
            outcome=self.outcomes.pick(
                no_target=np.isnat(requests.target_at), **as_of.settle(requests.target_at, requests.closed_at)
            ),
        )


def measured(**options: Any) -> Any:
    return cq.measure(
        ClosedByTarget,
        shared("data/boston_311/requests_2015H1.csv.gz"),
        as_of=SNAPSHOT,
        zone="America/New_York",
        columns={
            "case": "CASE_ENQUIRY_ID",
            "opened_at": "OPEN_DT",
            "target_at": "TARGET_DT",
            "closed_at": "CLOSED_DT",
            "city_says": "OnTime_Status",
        },
        **options,
    )


def outcomes(result: Any) -> Counter[str]:
    found: Counter[str] = Counter()
    for figure in result:
        found.update(figure.outcomes)
    return found


def share(result: Any) -> tuple[int, int]:
    return sum(each.value.numerator for each in result), sum(each.value.denominator for each in result)


def test_the_city_gave_a_verdict_and_the_faulty_rows_are_set_aside() -> None:
    result = measured(where={"city_says": ["ONTIME", "OVERDUE"]}, by="month")
    assert share(result) == (27_255, 37_217)
    assert result.findings.set_aside == 84
    assert sum(result.accounts.values()) == 2 * result.accounts["read"] == 2 * 58_119


def test_the_check_of_order_can_be_switched_off_by_its_name() -> None:
    result = measured(where={"city_says": ["ONTIME", "OVERDUE"]}, by="month", checks_off=["closed_at-before-opened_at"])
    assert share(result) == (27_295, 37_257)
    assert result.findings.set_aside == 0


def test_requests_without_a_target_are_out_and_not_on_time() -> None:
    result = measured(by="month", readings={"cohort": "received"}, checks_off=["closed_at-before-opened_at"])
    found = outcomes(result)
    assert found["no_target"] == 14_527
    assert found["open_overdue"] + found["pending"] == 6_272


def test_every_verdict_of_the_city_is_the_one_counted_here() -> None:
    result = measured(where={"city_says": ["ONTIME", "OVERDUE"]}, period="2015-01-01..2016-01-12")
    [figure] = list(result)
    cell = result[figure.period.label]
    verdicts = {"in_time": "ONTIME", "in_time_early": "ONTIME", "late": "OVERDUE"}
    own = {case: verdict for outcome, verdict in verdicts.items() for case in cell.cases(outcome).keys}
    path = shared("data/boston_311/requests_2015H1.csv.gz")
    with gzip.open(path, "rt", encoding="utf-8") as file:
        said = {int(row["CASE_ENQUIRY_ID"]): row["OnTime_Status"] for row in csv.DictReader(file)}
    disagreements = {case for case, verdict in own.items() if said[case] != verdict}
    assert len(own) == 37_217
    assert not disagreements


def test_comparing_days_flips_verdicts() -> None:
    """By local day 914 verdicts differ from those by instant, so the two are not the same measure."""
    path = shared("data/boston_311/requests_2015H1.csv.gz")

    class RequestDay(cq.Records, name="requests"):
        case = cq.key()
        opened_on = cq.day()
        target_on = cq.day(missing="no target", planned=True)
        closed_on = cq.day(missing="still open")
        city_says = cq.code("ONTIME", "OVERDUE", missing="says nothing")

    @attrs.frozen
    class ByDay(cq.Metric):
        id = "boston.closed-by-target-day"
        title = {"en": "Closed by the day of the target", "da": "Afsluttet på fristens dag"}
        records = RequestDay
        outcomes = cq.outcomes(no_target=cq.OUT, **cq.SETTLED)
        readings = cq.readings(cohort=cq.cohort("closed"))

        def contribute(self, requests: RequestDay, as_of: cq.AsOf) -> cq.Contribution:
            states = as_of.settle(requests.target_on, requests.closed_on)
            none = np.isnat(requests.target_on)
            picked = self.outcomes.pick(no_target=none, **states)
            return cq.Contribution(on=requests.opened_on, until=requests.closed_on, outcome=picked)

    columns = {"case": "CASE_ENQUIRY_ID", "opened_on": "OPEN_DT", "target_on": "TARGET_DT", "closed_on": "CLOSED_DT"}
    by_day = cq.measure(
        ByDay,
        path,
        as_of=SNAPSHOT,
        zone="America/New_York",
        columns={**columns, "city_says": "OnTime_Status"},
        where={"city_says": ["ONTIME", "OVERDUE"]},
        by="month",
        checks_off=["closed_on-before-opened_on"],
    )
    assert share(by_day)[0] - 27_295 == 914
