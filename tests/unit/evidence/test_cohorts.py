"""Open cases beside a time goal: worked examples, plain walks, and a seeded simulation whose truth is known."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any, ClassVar

import attrs
import numpy as np
import pytest

import casequality as cq
from casequality.days import months_after
from casequality.engines import InProcess
from casequality.engines.checkpoint import code_of
from casequality.evidence import Cohorts, cohorts_of, course_of, in_terms, kaplan_meier, number
from casequality.evidence.courses import parts_of_term
from casequality.metrics import AsOf, Due

Row = dict[str, Any]


class Case(cq.Records, name="cases"):
    """A case with its own deadline."""

    case = cq.key()
    received_on = cq.day()
    due_on = cq.day(missing="no deadline", planned=True)
    closed_on = cq.day(missing="open")
    ending = cq.code("decided", "withdrawn", missing="open")


@attrs.frozen
class InTime(cq.Metric):
    """Share of cases closed by their deadline."""

    id = "cases.in-time"
    title = {"en": "In time", "da": "Rettidigt"}
    unit = cq.units.SHARE
    records = Case
    higher_is_better = True
    outcomes = cq.outcomes(withdrawn_early=cq.YES, withdrawn=cq.YES, **cq.SETTLED)
    readings: ClassVar = cq.readings(
        withdrawn=cq.choose(
            literal="closed",
            why={"en": "all", "da": "alle"},
            closed={},
            left_out={"withdrawn": cq.OUT, "withdrawn_early": cq.OUT},
            says={
                "closed": {"en": "it is closed", "da": "den er afsluttet"},
                "left_out": {"en": "it is left out", "da": "den holdes ude"},
            },
        ),
        cohort=cq.cohort("closed", "received", "matured"),
    )

    def contribute(self, cases: Case, as_of: cq.AsOf, /) -> cq.Contribution:
        states = as_of.settle(Due(cases.due_on), cases.closed_on)
        gone = cases.ending == "withdrawn"
        outcome = self.outcomes.pick(
            withdrawn_early=gone & states["in_time_early"], withdrawn=gone & states["in_time"], **states
        )
        return cq.Contribution(on=cases.received_on, until=cases.closed_on, outcome=outcome)

    def owed(self, cases: Case, as_of: cq.AsOf, /) -> cq.Owed:
        return cq.Owed(due=Due(cases.due_on), done=cases.closed_on)


GOAL = """
id    = "g"
title = { en = "Goals", da = "Mål" }
[[goal]]
id = "goal"
metric = "cases.in-time"
source = "cases"
target = "at least 75 %"
readings = { withdrawn = "WITHDRAWN", cohort = "closed" }
"""


def assessed(rows: Iterable[Row], period: str, as_of: str, withdrawn: str = "closed") -> Any:
    return cq.assess(
        GOAL.replace("WITHDRAWN", withdrawn), {"cases": rows}, period=period, as_of=as_of, metrics=[InTime]
    )


def cohorts(rows: Sequence[Row], period: str, as_of: str, withdrawn: str = "closed") -> Cohorts:
    found = assessed(rows, period, as_of, withdrawn)["goal"].cohorts
    assert isinstance(found, Cohorts)
    return found


def case(number: int, received: dt.date, due: dt.date | None, closed: dt.date | None, ending: str = "decided") -> Row:
    return {
        "case": number,
        "received_on": received,
        "due_on": due,
        "closed_on": closed,
        "ending": ending if closed else None,
    }


def month(place: int) -> dt.date:
    return months_after(dt.date(2008, 1, 1), place)


def office(newest_first: bool) -> list[Row]:
    """36 months: 100 come in a month and 100 are closed at its end, from the second year on 115 come in."""
    rows: list[Row] = []
    waiting: list[Row] = []
    for place in range(36):
        came = [
            case(len(rows) + one, month(place), month(place + 4), None) for one in range(100 if place < 12 else 115)
        ]
        rows, waiting = [*rows, *came], [*waiting, *came]
        for _ in range(100):
            done = waiting.pop() if newest_first else waiting.pop(0)
            done |= {"closed_on": month(place + 1) - dt.timedelta(days=1), "ending": "decided"}
    assert len(waiting) == 360
    return rows


def test_newest_first_closes_100_per_cent_in_time_and_leaves_13_per_cent_of_those_received() -> None:
    found: Any = cohorts(office(newest_first=True), "2010", "2011-05-01")
    assert found.closed.value == 1
    assert number(found.matured.value * 100, "en", 1) == "87.0"
    assert (found.matured_in.label, found.undecided) == ("2010", 0)
    assert found.error == 1 - Fraction(100, 115)
    assert found.with_overdue.cases == 1200 + 360
    assert str(found).startswith(
        "Of the closed cases alone 100.0 % were in time, of all that came in in 2010 87.0 %: to count the closed ones "
        "alone is 13.0 percentage points too high."
    )
    assert found.words.da.startswith(
        "Af de afsluttede sager alene var 100,0 % rettidige, af alle modtaget i 2010 87,0 %: kun at tælle de "
        "afsluttede er 13,0 procentpoint for højt."
    )


def test_oldest_first_the_two_agree() -> None:
    found = cohorts(office(newest_first=False), "2010", "2011-01-01")
    assert found.closed.value == 1
    assert found.matured is not None
    assert found.matured.value == 1
    assert found.error == 0
    assert "as of all that came in" in str(found)


def two_speeds() -> list[Row]:
    """40 a month over a year; 60 % close after two months, 40 % after ten; four months are allowed."""
    rows: list[Row] = []
    for place in range(12):
        for one in range(40):
            closed = month(place + (2 if one < 24 else 10))
            rows.append(case(len(rows), month(place), month(place + 4), closed if closed < month(12) else None))
    return rows


def test_a_closed_cohort_of_a_growing_pile_says_88_2_and_the_matured_one_60_per_cent() -> None:
    found: Any = cohorts(two_speeds(), "2008", "2009-01-01")
    assert (found.closed.met, found.closed.cases) == (240, 272)
    assert number(found.closed.value * 100, "en", 1) == "88.2"
    assert (found.matured.met, found.matured.cases, found.matured_in.label) == (192, 320, "2008-01-01..2008-08-31")
    assert found.matured.value == Fraction(6, 10)
    # cases that all close after half of their term leave few in between: the estimate is the coarser for it
    assert float(found.in_time.share) == pytest.approx(0.6, abs=0.05)
    assert found.undecided == 160


def test_the_latest_matured_cohort_is_as_long_as_the_period_and_lies_before_it() -> None:
    rows = office(newest_first=True)
    found: Any = cohorts(rows, "2010-Q4", "2011-01-01")
    assert found.matured_in.label == "2010-06-01..2010-08-31"  # received in September is due on 1 January
    assert found.undecided == 3 * 115
    later: Any = cohorts(rows, "2010-Q4", "2011-01-02")
    assert later.matured_in.label == "2010-Q3"
    assert "received in 3rd quarter of 2010" in str(later).lower()


def walked(rows: Sequence[Row], as_of: dt.date) -> Fraction:
    """Return the share in time by Kaplan and Meier as its definition says it, in exact parts of each term."""
    courses = []
    for row in rows:
        term = (row["due_on"] - row["received_on"]).days
        closed = row["closed_on"]
        # the day of the as-of is not over
        last = closed or as_of - dt.timedelta(days=1)
        courses.append((Fraction((last - row["received_on"]).days, term), closed is not None))
    left = Fraction(1)
    for time in sorted({time for time, ended in courses if ended and time <= 1}):
        risk = sum(each >= time for each, _ in courses)
        left *= 1 - Fraction(sum(each == (time, True) for each in courses), risk)
    return 1 - left


def drawn(seed: int, cases: int) -> list[Row]:
    """Cases of 200 days: half are quick, half slow; terms of 20, 25 and 40 days. All open cases are still there."""
    draw = np.random.default_rng(seed)
    rows = []
    for number_ in range(cases):
        received = dt.date(2010, 1, 1) + dt.timedelta(days=int(draw.integers(0, 181)))
        term = int(draw.choice([20, 25, 40]))
        takes = int(term * (draw.uniform(0.05, 0.9) if draw.random() < 0.51 else draw.uniform(2, 15))) + 1
        closed = received + dt.timedelta(days=takes)
        rows.append(case(number_, received, received + dt.timedelta(days=term), closed if closed < AS_OF else None))
    return rows


AS_OF = dt.date(2010, 7, 1)


@pytest.mark.parametrize("seed", range(3))
def test_time_in_own_terms_is_that_of_a_plain_walk(seed: int) -> None:
    rows = drawn(seed, 120)
    found = cohorts(rows, "2010-H1", str(AS_OF)).in_time
    assert found is not None
    # a thousandth of a term is as fine as it is told; within the term no two of these are nearer
    assert float(found.share) == pytest.approx(float(walked(rows, AS_OF)), abs=1e-9)


@pytest.mark.parametrize("seed", [0])
def test_the_matured_cohort_and_the_estimate_are_near_a_known_truth_and_the_closed_cases_are_not(seed: int) -> None:
    """By construction 51 % are in time. The page on open cases has the same with 100 seeds of 10,000 cases."""
    found = cohorts(drawn(seed, 1500), "2010-H1", str(AS_OF))
    assert found.closed.value is not None
    assert found.in_time is not None
    assert found.closed.value - Fraction(51, 100) > Fraction(15, 100)
    assert abs(found.in_time.share - Fraction(51, 100)) < Fraction(4, 100)
    april = cohorts(drawn(seed, 1500), "2010-Q2", str(AS_OF))
    assert april.matured is not None
    assert april.matured.value is not None
    assert abs(april.matured.value - Fraction(51, 100)) < Fraction(5, 100)


def test_withdrawn_cases_that_a_reading_leaves_out_are_an_end_of_their_own() -> None:
    """Ten received: 4 decided on day 1, 5 withdrawn on day 2, 1 decided on day 30; 10 days are allowed."""
    first = dt.date(2010, 1, 1)
    plan = [(1, "decided")] * 4 + [(2, "withdrawn")] * 5 + [(30, "decided")]
    rows = [
        case(place, first, first + dt.timedelta(days=10), first + dt.timedelta(days=days), ending)
        for place, (days, ending) in enumerate(plan)
    ]
    left_out = cohorts(rows, "2010-01", "2010-03-01", "left_out")
    assert (left_out.closed.met, left_out.closed.cases) == (4, 5)
    assert left_out.in_time is not None
    assert left_out.in_time.share == Fraction(4, 10)
    assert left_out.in_time.interval.method.startswith("Aalen-Johansen")
    assert left_out.left_out is not None
    assert left_out.left_out.share == Fraction(5, 10)
    assert "behandlet inden fristen" in left_out.words.da
    assert "holdt ude inden fristen" in left_out.words.da
    unjudged = attrs.evolve(left_out, matured=None, matured_in=None)
    assert unjudged.against == Fraction(4, 5)  # of those that are not left out, as in the figure
    counted = cohorts(rows, "2010-01", "2010-03-01")
    assert counted.in_time is not None
    assert (counted.closed.met, counted.in_time.share) == (9, Fraction(9, 10))
    assert "had been done by their deadline" in str(counted)
    assert "behandlet inden fristen" in counted.words.da


def test_a_goal_on_the_matured_cohort_still_counts_what_was_closed_early_as_closed() -> None:
    """Closed on 20 January and due in May: closed in time, though the cohort of January has not matured."""
    rows = [case(1, dt.date(2010, 1, 4), dt.date(2010, 5, 4), dt.date(2010, 1, 20))]
    rows += [case(2, dt.date(2010, 1, 4), dt.date(2010, 1, 14), dt.date(2010, 1, 20))]
    text = GOAL.replace("WITHDRAWN", "closed").replace('cohort = "closed"', 'cohort = "matured"')
    found = cq.assess(text, {"cases": rows}, period="2010-01", as_of="2010-02-01", metrics=[InTime])["goal"].cohorts
    assert found is not None
    assert (found.closed.met, found.closed.cases, found.matured, found.undecided) == (1, 2, None, 1)
    assert found.in_time is not None
    assert found.in_time.share == Fraction(1, 2)


def test_every_number_of_the_sentences_is_one_of_the_cohorts() -> None:
    found = cohorts(two_speeds(), "2008-01-01..2008-08-31", "2009-01-02")
    assert found.matured is not None
    assert found.in_time is not None
    assert found.typical is not None
    plain = found.to_dict()
    for lang in ("en", "da"):
        percent = [
            number(each * 100, lang, 1)
            for each in (found.closed.value, found.matured.value, found.error, found.with_overdue.value)
            if each is not None
        ]
        said = re.findall(r"\d+[.,]\d(?= %| percentage| procentpoint)", found.words[lang])
        assert said[:5] == [percent[0], percent[1], percent[2], percent[0], percent[3]]
        assert number(found.in_time.share * 100, lang, 1) in said
    assert (plain["period"], plain["matured_in"]) == ("2008-01-01..2008-08-31", "2008-01-01..2008-08-31")
    assert plain["error"] == float(found.error or 0)
    assert plain["closed"] == {"met": 144, "cases": 144, "share": 1.0}
    assert found._repr_html_().startswith('<p lang="en">Of the closed cases alone')


def test_the_time_after_which_half_is_done_may_not_be_reached() -> None:
    rows = two_speeds()
    quick = cohorts(rows, "2008-01-01..2008-08-31", "2009-01-02").typical
    assert quick is not None
    assert quick.time is not None
    assert 45 < quick.time < 55  # two of four months
    slow = [row | {"closed_on": None, "ending": None} for row in rows[:200]] + rows[200:300]
    never = cohorts(slow, "2008-01-01..2008-08-31", "2009-01-02").typical
    assert never is not None
    assert never.time is None
    assert "is not reached" in str(never)


def test_nothing_is_made_up_where_nothing_is_known() -> None:
    only_open = [case(1, dt.date(2010, 1, 4), dt.date(2010, 5, 4), None)]
    assert assessed(only_open, "2010-01", "2010-02-01")["goal"].cohorts is None  # no case has ended
    young = [*only_open, case(2, dt.date(2010, 1, 4), dt.date(2010, 5, 4), dt.date(2010, 1, 20))]
    found = cohorts(young, "2010-01", "2010-02-01")
    assert (found.matured, found.in_time, found.error, found.undecided) == (None, None, None, 2)
    assert "cannot be told" in str(found)
    before = cohorts(young, "2010-02", "2010-03-01")
    assert str(before).startswith("No case was closed in February 2010.")
    assert before.to_dict()["error"] is None


def test_a_source_that_is_read_once_has_its_tallied_cohorts() -> None:
    rows = office(newest_first=True)
    found = assessed(iter(rows), "2010", "2011-05-01")["goal"].cohorts
    assert found is not None
    assert (found.in_time, found.error) == (None, 1 - Fraction(100, 115))


def test_counts_that_are_kept_give_the_same_and_are_told_apart_by_the_metrics_own_code(tmp_path: Path) -> None:
    file, rows = tmp_path / "cases.csv", two_speeds()
    lines = [",".join(rows[0]), *(",".join("" if each is None else str(each) for each in row.values()) for row in rows)]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    text, engine = GOAL.replace("WITHDRAWN", "closed"), InProcess(keep=tmp_path / "kept")
    found = [
        cq.assess(text, {"cases": file}, period="2008", as_of="2009-01-01", metrics=[InTime], engine=engine)["goal"]
        for _ in range(2)
    ]
    assert str(found[0].cohorts) == str(found[1].cohorts) == str(cohorts(rows, "2008", "2009-01-01"))

    @attrs.frozen
    class Otherwise(InTime):
        """Share of cases closed by their deadline, counted otherwise."""

        def owed(self, cases: Case, as_of: cq.AsOf, /) -> cq.Owed:
            return cq.Owed(due=Due(cases.closed_on), done=cases.closed_on)

    as_of = AsOf.at("2009-01-01", zone="Europe/Copenhagen")
    one, other = in_terms(InTime(), as_of), in_terms(Otherwise(), as_of)
    assert one is not None
    assert other is not None
    assert code_of(one) != code_of(other)


def test_days_and_instants_are_whole_thousandths_of_a_term() -> None:
    as_of = AsOf.at("2010-03-01", zone="Europe/Copenhagen")

    def day(*days: str) -> Any:
        return np.array(days, "datetime64[D]")

    on, due = day(*["2010-01-01"] * 4), day("2010-01-08", "2010-01-08", "2010-01-08", "2009-12-01")
    done = day("2010-01-08", "2010-01-09", "NaT", "2010-01-02")
    found = parts_of_term(on, due, done, as_of)
    assert found[:2].tolist() == [1000, 1143]
    assert found[2] == 58 * 1000 // 7  # up to 28 February, the last day that is over
    assert found[3] < 0
    instants = [each.astype("datetime64[us]") for each in (on, due, done)]
    assert parts_of_term(instants[0], instants[1], instants[2], as_of)[:2].tolist() == [1000, 1143]
    still = parts_of_term(day("2010-02-01"), day("2010-03-01"), day("NaT"), as_of)
    assert still.tolist() == [27 * 1000 // 28]  # it may still be closed in time today


def test_times_of_any_metric_with_numbers_make_a_curve() -> None:
    """The median that the library's own statistic finds is where the curve passes one half."""

    @attrs.frozen
    class Lasted(cq.Metric):
        """Days until half are closed."""

        id = "cases.lasted"
        title = {"en": "Half closed", "da": "Halvdelen afsluttet"}
        unit = cq.units.DAYS
        records = Case
        statistic = cq.statistics.TimeToEnd(Fraction(1, 2))
        outcomes = cq.outcomes(closed=cq.YES, open=cq.OPEN)

        def contribute(self, cases: Case, as_of: cq.AsOf, /) -> cq.Contribution:
            lasted = as_of.lasted(cases.received_on, cases.closed_on)
            outcome = self.outcomes.pick(closed=~np.isnat(cases.closed_on))
            return cq.Contribution(on=cases.received_on, outcome=outcome, bins=lasted)

    rows = drawn(5, 150)
    measured = cq.measure(Lasted, rows, period="2010-H1", as_of=str(AS_OF)).measurement
    course = course_of(measured.tally, measured.reading, cq.days.period("2010-H1"))
    curve = kaplan_meier(course.times, course.ended, course.waiting)
    assert (curve.cases, curve.within().time) == (150, measured.figures[0].value.exact)


def test_a_metric_without_deadlines_or_shares_has_no_cohorts() -> None:
    as_of = AsOf.at("2011-01-01", zone="Europe/Copenhagen")
    assert in_terms(InTime(), as_of) is not None

    @attrs.frozen
    class Closed(InTime):
        """Cases closed."""

        id = "cases.closed"
        statistic = cq.statistics.Count()

        def owed(self, cases: Case, as_of: cq.AsOf, /) -> None:  # type: ignore[override]
            return None

    assert in_terms(Closed(), as_of) is None
    measured = cq.measure(Closed, two_speeds(), period="2008", as_of="2009-01-02").measurement
    assert cohorts_of(measured, cq.days.period("2008")) is None


def test_with_no_open_case_and_every_case_within_the_period_all_figures_agree() -> None:
    first = dt.date(2010, 1, 1)
    rows = [
        case(place, first, first + dt.timedelta(days=20), first + dt.timedelta(days=days))
        for place, days in enumerate([3, 5, 8, 12, 19, 20, 21, 25, 40])
    ]
    found: Any = cohorts(rows, "2010-H1", "2010-08-01")
    assert found.closed == found.with_overdue == found.matured
    assert (found.closed.met, found.closed.cases, found.undecided, found.error) == (6, 9, 0, 0)
    assert found.in_time.share == found.closed.value


@pytest.mark.parametrize("seed", range(2))
def test_counts_are_those_of_a_plain_walk(seed: int) -> None:
    """Any cases, some of them without a deadline, some withdrawn, looked at in the middle of it all."""
    draw = np.random.default_rng(seed)
    as_of = dt.date(2010, 8, 10)
    rows: list[Row] = []
    for place in range(300):
        received = dt.date(2010, 1, 1) + dt.timedelta(days=int(draw.integers(0, 220)))
        due = received + dt.timedelta(days=int(draw.integers(5, 60))) if draw.random() < 0.9 else None
        closed = received + dt.timedelta(days=int(draw.exponential(35)))
        ending = "withdrawn" if draw.random() < 0.2 else "decided"
        rows.append(case(place, received, due, closed if closed < as_of else None, ending))
    known = [row for row in rows if row["due_on"]]

    def met(row: Row) -> bool:
        return row["closed_on"] is not None and row["closed_on"] <= row["due_on"]

    def within(day: dt.date | None, period: tuple[int, int]) -> bool:
        return day is not None and day.year == 2010 and period[0] <= day.month <= period[1]

    found: Any = cohorts(rows, "2010-Q2", str(as_of))
    done = [row for row in known if within(row["closed_on"], (4, 6))]
    assert (found.closed.met, found.closed.cases) == (sum(map(met, done)), len(done))
    overdue = [row for row in known if not row["closed_on"] and row["due_on"] < as_of and row["received_on"].month <= 6]
    assert found.with_overdue.cases == len(done) + len(overdue)
    young = [row for row in known if within(row["received_on"], (4, 6)) and row["due_on"] >= as_of]
    assert found.undecided == len(young)
    months = [6, 5, 4, 3]
    last = next(
        month for month in months
        if not any(row["due_on"] >= as_of for row in known if within(row["received_on"], (month - 2, month)))
    )  # fmt: skip
    cohort = [row for row in known if within(row["received_on"], (last - 2, last))]
    assert (found.matured.met, found.matured.cases) == (sum(map(met, cohort)), len(cohort))
