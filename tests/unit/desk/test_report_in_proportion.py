"""What a report says beside its verdicts: open cases, whether a figure changes or varies, and every reading."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Any, ClassVar

import attrs
import pytest

import casequality as cq
from casequality.days import months_after
from casequality.desk.judging.assessing import Assessed
from casequality.desk.reporting import FURTHER, assess_project
from casequality.errors import UsageError
from casequality.metrics import Due
from casequality.reports import Report, report_of

GOALS = """
id    = "page"
title = { en = "Goals", da = "Mål" }

[[goal]]
id       = "in-time"
metric   = "page.in-time"
source   = "cases"
target   = "at least 95 %"
readings = { cohort = "received" }

[[goal]]
id       = "closed-in-time"
metric   = "page.in-time"
source   = "cases"
target   = "at least 75 %"
readings = { cohort = "closed" }
where    = { office = "small" }
"""


class Case(cq.Records, name="cases"):
    """A case with its own deadline."""

    received_on = cq.day()
    due_on = cq.day(planned=True)
    closed_on = cq.day(missing="open")
    office = cq.code()


@attrs.frozen
class InTime(cq.Metric):
    """Share of cases closed by their deadline."""

    id = "page.in-time"
    title: ClassVar = {"en": "Closed in time", "da": "Afsluttet til tiden"}
    records = Case
    outcomes = cq.outcomes(**cq.SETTLED)
    readings: ClassVar = cq.readings(cohort=cq.cohort("closed", "received", "matured"))

    def contribute(self, cases: Case, as_of: cq.AsOf, /) -> cq.Contribution:
        states = as_of.settle(Due(cases.due_on), cases.closed_on)
        return cq.Contribution(on=cases.received_on, until=cases.closed_on, outcome=self.outcomes.pick(**states))

    def owed(self, cases: Case, as_of: cq.AsOf, /) -> cq.Owed:
        return cq.Owed(due=Due(cases.due_on), done=cases.closed_on)


IN_TIME = [0, 82, 85, 81, 84, 83, 80, 84, 82, 85, 83, 81, 84, 82, 83, 85, 80, 50]
"""Of 100 cases a month from January 2009: the first month is left out of a chart, the last is far below the rest."""


def rows() -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = []
    for month, many in enumerate(IN_TIME):
        first = months_after(dt.date(2009, 1, 1), month)
        for place in range(100):
            took = 5 if place < many else 12
            made.append(
                {
                    "received_on": first,
                    "due_on": first + dt.timedelta(days=10),
                    "closed_on": first + dt.timedelta(days=took),
                    "office": "large",
                }
            )
    due = dt.date(2010, 3, 1)
    small = {"received_on": dt.date(2010, 2, 1), "due_on": due, "office": "small"}
    made += [{**small, "closed_on": dt.date(2010, 2, 20)} for _ in range(6)]
    made += [{**small, "closed_on": None} for _ in range(4)]
    return made


def assessed(as_of: str = "2010-08-01") -> Assessed:
    return cq.assess(GOALS, {"cases": rows()}, period="2010-H1", as_of=as_of, metrics=[InTime])


@pytest.fixture(scope="module")
def found() -> Assessed:
    return assessed()


@pytest.fixture(scope="module")
def report(found: Assessed) -> Report:
    return report_of(found.assessment, "da")


def sentences(report: Report, goal: str, about: str) -> list[str]:
    [section] = [each for each in report.goals if each.id == goal]
    [table] = [each for each in section.tables if each.caption == "Hvad tallet viser, og hvad det ikke viser"]
    return [str(row[1]) for row in table.rows if row[0] == about]


def test_a_goals_chart_has_its_months_but_the_first_and_the_target(report: Report) -> None:
    drawn = report.goals[0].variation
    assert drawn is not None
    [line] = drawn.lines
    shares: list[float] = list(IN_TIME)
    shares[13] = 100 * (IN_TIME[13] + 6) / 110  # the small office's cases came in in February 2010
    assert [float(value or 0) for value in line.values] == pytest.approx(shares[1:])
    [target] = [each for each in drawn.steps if each.kind == "target"]
    assert set(target.values) == {95}
    assert [getattr(each, "label", each) for each in drawn.periods][::16] == ["2009-02", "2010-06"]
    assert line.tones[-1] == "bad"
    assert "Afsluttet til tiden" in drawn.title


def test_the_annex_says_whether_it_changes_and_whether_the_target_is_hit(report: Report) -> None:
    said = sentences(report, "in-time", "Over tid")
    assert said[0].startswith("juni 2010: 50,0 %; processen er ved at blive dårligere: punktet ligger uden for")
    assert "Så længe intet ændrer sig, bliver måltallet på 95 % aldrig opfyldt." in said
    [chapter] = [each for each in report.annex if each.anchor == "variation"]
    [table] = chapter.tables
    assert [row[1] for row in table.rows] == [said[0]]
    assert table.notes[0].startswith("1 af 1 diagrammer siger, at processen ændrer sig")
    assert table.notes[1] == "Mål uden diagram: Afsluttet til tiden"


def test_parts_that_are_still_open_and_too_few_are_not_charted() -> None:
    """In July one case of June can still turn out either way, so that June waits for the next edition."""
    due = dt.date(2010, 7, 20)
    open_case = {"received_on": dt.date(2010, 6, 28), "due_on": due, "closed_on": None, "office": "large"}
    data = {"cases": [*rows(), open_case]}
    early = cq.assess(GOALS, data, period="2010-H1", as_of="2010-07-05", metrics=[InTime])
    drawn = report_of(early.assessment, "en").goals[0].variation
    assert drawn is not None
    assert getattr(drawn.periods[-1], "label", "") == "2010-05"
    few = cq.assess(GOALS, {"cases": rows()}, period="2009-H1", as_of="2010-08-01", metrics=[InTime])
    assert report_of(few.assessment, "en").goals[0].variation is None  # five months after the first


@pytest.mark.parametrize(("broken", "charted"), [("2010-01-01", True), ("2010-02-01", False), ("2010-06-01", False)])
def test_limits_rest_on_six_months_since_the_last_break_or_there_are_none(broken: str, charted: bool) -> None:
    """One month after a break said that variation lies between 50,0 and 50,0 %, and that the target is never met."""
    cut = f'series_breaks = [{{ on = {broken}, note = "a new system" }}]\naim = "time"\n'
    told = GOALS.replace('target   = "at least 95 %"', f'target = "at least 95 %"\n{cut}')
    found = cq.assess(told, {"cases": rows()}, period="2010-H1", as_of="2010-08-01", metrics=[InTime])
    report = report_of(found.assessment, "da")
    assert (report.goals[0].variation is not None) is charted
    assert bool(sentences(report, "in-time", "Over tid")) is charted


def test_open_cases_are_told_without_reading_again(report: Report) -> None:
    """6 of 6 closed were in time, 6 of the 10 that came in."""
    said = sentences(report, "closed-in-time", "Åbne sager")
    assert said[0] == (
        "Af de afsluttede sager alene var 100,0 % rettidige, af alle modtaget i perioden 1. februar 2010 til 30. juni "
        "2010 60,0 %: kun at tælle de afsluttede er 40,0 procentpoint for højt."
    )
    assert "Med de åbne, hvis frist er overskredet: 60,0 % (6 af 10)." in said


def test_the_page_has_the_chart_in_the_annex_and_ids_of_its_own(found: Assessed) -> None:
    pytest.importorskip("jinja2")
    html = found.page()
    annex = html.split('id="goal-1-tables"')[1].split("</details>")[0]
    assert annex.count('class="limit"') == 2
    assert 'id="goal-1-variation-desc"' in annex
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    assert 'id="variation"' in html
    assert 'class="limit"' not in found.page(form="summary")


def test_readings_and_the_estimate_are_there_where_they_are_asked_for(found: Assessed, tmp_path: Path) -> None:
    """The readings are those of `readings_of`, whose figures tests of their own hold against plain counts."""
    goal = found["closed-in-time"].goal
    read = cq.readings_of(goal, rows(), period="2010-H1", as_of="2010-08-01", metrics=[InTime])
    asked = {"closed-in-time": [found["closed-in-time"].cohorts, read]}
    made = report_of(found.assessment, "da", further=asked)  # type: ignore[arg-type]
    told = sentences(made, "closed-in-time", "Hvordan ordene læses")
    assert told[0].startswith("Skrøbelig: opfyldt (100,0 %), som målet læses")
    captions = [table.caption for table in made.goals[1].tables]
    assert captions[1] == "closed-in-time, 1. halvår 2010"
    estimated = sentences(made, "closed-in-time", "Åbne sager")
    assert len(estimated) > len(sentences(report_of(found.assessment, "da"), "closed-in-time", "Åbne sager"))
    with pytest.raises(UsageError, match="not asked for") as refused:
        assess_project(tmp_path / "none.toml", period="2010", as_of="2011-01-01", further=["everything"])
    assert all(each in str(refused.value) for each in FURTHER)
