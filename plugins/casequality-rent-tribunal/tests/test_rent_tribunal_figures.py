"""The rent tribunal's figures against worked examples and a walk through the cases one by one."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import Any

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given, settings
from hypothesis import strategies as st

import casequality as cq
from casequality_rent_tribunal import ClosedInTime, casequality_metrics

METRICS = {metric.id.removeprefix("rent-tribunal."): metric for metric in casequality_metrics()}
AS_OF = dt.date(2010, 8, 1)
ENDINGS = ("decided", "settled", "withdrawn", "dismissed")


def case(number: int, received: dt.date, days: int | None, ending: str = "decided") -> dict[str, Any]:
    closed = None if days is None else received + dt.timedelta(days=days)
    if closed is not None and closed >= AS_OF:
        closed = None
    return {"case": number, "received_on": received, "closed_on": closed, "ending": None if closed is None else ending}


def measured(name: str, cases: list[dict[str, Any]], period: str, as_of: dt.date = AS_OF, **readings: str) -> Any:
    [figure] = list(cq.measure(METRICS[name], cases, as_of=as_of, period=period, readings=readings))
    return figure.value


@pytest.mark.parametrize(
    ("received", "due"), [("2009-10-31", "2010-02-28"), ("2010-12-31", "2011-04-30")], ids=["E49", "E51"]
)
def test_the_goal_ends_on_the_same_day_four_months_later_or_on_a_shorter_months_last(received: str, due: str) -> None:
    day = dt.date.fromisoformat(due)
    last = [{"case": 1, "received_on": received, "closed_on": day, "ending": "decided"}]
    late = [{**last[0], "closed_on": day + dt.timedelta(days=1)}]
    for cases, share in ((last, 1), (late, 0)):
        assert measured("closed-in-time", cases, received[:7], dt.date(2012, 1, 1)).exact == share


def growing(as_of: dt.date) -> list[dict[str, Any]]:
    """Return 40 cases a month of 2009, of which 60 % are closed after two months and 40 % after ten."""
    months = [dt.date(2009, 1, 1) + relativedelta(months=month) for month in range(12)]
    cases: list[dict[str, Any]] = []
    for received in months:
        for number in range(40):
            closed = received + relativedelta(months=2 if number < 24 else 10)
            known = closed < as_of
            cases.append(
                {
                    "case": len(cases),
                    "received_on": received,
                    "closed_on": closed if known else None,
                    "ending": "decided" if known else None,
                }
            )
    return cases


def test_a_growing_backlog_flatters_the_cohort_of_closed_cases() -> None:
    """88.2 % by closing, 60.0 % by receipt."""
    as_of = dt.date(2010, 1, 1)
    cases = growing(as_of)
    by_closing = measured("closed-in-time", cases, "2009", as_of, cohort="closed")
    matured = measured("closed-in-time", cases, "2009", as_of, cohort="matured")
    assert (by_closing.numerator, by_closing.denominator) == (240, 272)
    assert (matured.numerator, matured.denominator) == (192, 320)


def test_the_two_cohorts_stand_beside_the_goal_that_the_closed_cases_seem_to_meet() -> None:
    goals = """
        [[goal]]
        id = "closed"
        metric = "rent-tribunal.closed-in-time"
        source = "tribunal_cases"
        target = "at least 75 %"
        readings = { settled = "closed", withdrawn = "closed", dismissed = "closed", cohort = "closed" }
    """
    as_of = dt.date(2010, 1, 1)
    judged = cq.assess(goals, {"tribunal_cases": growing(as_of)}, period="2009", as_of=as_of)["closed"]
    assert judged.verdict.value == "met"
    found: Any = judged.cohorts
    assert (found.closed.value, found.matured.value) == (Fraction(240, 272), Fraction(60, 100))
    assert found.error == Fraction(240, 272) - Fraction(60, 100)
    assert found.words.en.startswith("Of the closed cases alone 88.2 % were in time, ")
    assert "60.0 %: to count the closed ones alone is 28.2 percentage points too high." in found.words.en
    assert "60,0 %: kun at tælle de afsluttede er 28,2 procentpoint for højt." in found.words.da


def test_clearance_and_disposition_time_by_the_courts_formulas() -> None:
    """350 pending, 1,000 received, 900 closed in a year: clearance 90 %, 450 pending, 182.5 days."""
    before, inside = dt.date(2008, 6, 1), dt.date(2009, 2, 1)
    cases = [case(number, before, None) for number in range(350)]
    cases += [case(number, inside, 30 if number < 1250 else None) for number in range(350, 1350)]
    as_of = dt.date(2010, 1, 1)
    assert measured("clearance-rate", cases, "2009", as_of).exact == Fraction(9, 10)
    assert measured("backlog", cases, "2009", as_of).exact == 450
    assert measured("disposition-time", cases, "2009", as_of).exact == Fraction(365, 2)


def test_a_stock_is_not_told_before_its_day_has_passed() -> None:
    assert measured("backlog", [case(1, dt.date(2010, 7, 1), None)], "2010-H2").reason == "not due yet"


def test_what_counts_as_decided_is_a_reading() -> None:
    start = dt.date(2010, 1, 4)
    cases = [case(number, start, 20, ending) for number, ending in enumerate(ENDINGS)]
    shares = {
        reading: measured("decided-against-received", cases, "2010-H1", decided=reading).exact
        for reading in ("decided", "decided_or_settled", "closed", "without_withdrawn")
    }
    assert shares == {
        "decided": Fraction(1, 4),
        "decided_or_settled": Fraction(1, 2),
        "closed": 1,
        "without_withdrawn": Fraction(1, 3),
    }


days = st.dates(dt.date(2008, 1, 1), dt.date(2010, 9, 30))
cases_of_any_kind = st.lists(
    st.tuples(days, st.none() | st.integers(0, 500), st.sampled_from(ENDINGS)), max_size=40
).map(lambda drawn: [case(number, *each) for number, each in enumerate(drawn)])
HALF = (dt.date(2010, 1, 1), dt.date(2010, 7, 1))


def within(day: dt.date | None, first: dt.date = HALF[0], end: dt.date = HALF[1]) -> bool:
    return day is not None and first <= day < end


@settings(deadline=None)
@given(cases_of_any_kind, st.sampled_from(["closed", "left_out"]), st.sampled_from(["received", "closed", "matured"]))
def test_closed_in_time_is_what_a_walk_through_the_cases_gives(
    cases: list[dict[str, Any]], withdrawn: str, cohort: str
) -> None:
    yes = no = 0
    for each in cases:
        received, closed = each["received_on"], each["closed_on"]
        due = received + relativedelta(months=4)
        if received >= AS_OF or not within(closed if cohort == "closed" else received):
            continue
        if cohort == "matured" and due >= AS_OF and (closed is None or closed <= due):
            continue
        if each["ending"] == "withdrawn" and withdrawn == "left_out":
            continue
        if closed is not None and closed <= due:
            yes += 1
        elif closed is not None or due < AS_OF:
            no += 1
    value = measured("closed-in-time", cases, "2010-H1", withdrawn=withdrawn, cohort=cohort)
    assert (value.numerator, value.denominator) == (yes, yes + no)


@settings(deadline=None)
@given(cases_of_any_kind)
def test_the_flow_is_what_a_walk_through_the_cases_gives(cases: list[dict[str, Any]]) -> None:
    known = [each for each in cases if each["received_on"] < AS_OF]
    received = [each for each in known if within(each["received_on"])]
    before = [each for each in known if within(each["received_on"], dt.date(2009, 1, 1), dt.date(2009, 7, 1))]
    closed = [each for each in known if within(each["closed_on"])]
    pending = [
        each
        for each in known
        if each["received_on"] < HALF[1] and (each["closed_on"] is None or each["closed_on"] >= HALF[1])
    ]
    ages = sorted((dt.date(2010, 6, 30) - each["received_on"]).days for each in pending)
    took = [(each["closed_on"] - each["received_on"]).days for each in closed]

    def quotient(above: int, below: int) -> Fraction | None:
        return Fraction(above, below) if below else None

    expected = {
        "received": len(received),
        "closed": len(closed),
        "backlog": len(pending),
        "clearance-rate": quotient(len(closed), len(received)),
        "decided-against-received": quotient(sum(each["ending"] == "decided" for each in closed), len(received)),
        "received-against-year-before": quotient(len(received), len(before)),
        "pending-age": quotient(sum(ages), len(ages)),
        "pending-age-median": Fraction(ages[(len(ages) + 1) // 2 - 1]) if ages else None,
        "processing-time": quotient(sum(took), len(took)),
        "disposition-time": quotient(len(pending) * 181, len(closed)),
    }
    for name, figure in expected.items():
        exact = measured(name, cases, "2010-H1").exact
        assert exact == figure or (not known and exact is None), name


def test_owed_cases_come_with_their_due_day() -> None:
    assessed = cq.assess(GOAL, {"cases": [case(1, dt.date(2010, 3, 1), None)]}, period="2010-H1", as_of="2010-06-28")
    [task] = list(assessed.worklist(within=3))
    assert (task.due, task.working_days_left, task.reason) == (dt.date(2010, 7, 1), 3, "due soon")


GOAL = """
id = "tribunal"
[[goal]]
id = "closed"
metric = "rent-tribunal.closed-in-time"
source = "cases"
target = "at least 75 %"
readings = { settled = "closed", withdrawn = "closed", dismissed = "closed", cohort = "received" }
"""


def test_the_metric_class_is_an_ordinary_object() -> None:
    assert ClosedInTime().deadline == "copenhagen/rent-tribunal-goal"
