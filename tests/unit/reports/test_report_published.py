"""A report under a policy: every format shows what is withheld as one word, and tells nothing else of the records."""

from __future__ import annotations

import io
import json
import re
import zipfile
from fractions import Fraction
from importlib.util import find_spec

import attrs
import pytest

pytest.importorskip("scipy")

from casequality.evidence.disclosure import INTERNAL, Policy
from casequality.goals import PublishedAssessment, Target, Verdict, publish_assessment
from casequality.reports import PublishedReport, Report, page, report_of, written
from casequality.reports.disclosed import published_report
from tests.factories.assessments import HOSTILE, assessment

POLICY = Policy(threshold=5)
SMALL = "kontakt.besvaret"
"""A share of which two a month were given up, so that each of its parts is withheld."""
EARLIER = "naevn.baseline"
"""Its target is a share of a figure of the year before."""
FORMATS = {".md": None, ".csv": None, ".json": None, ".html": "jinja2", ".xlsx": "openpyxl"}


@pytest.fixture(scope="module")
def told() -> PublishedAssessment:
    return publish_assessment(assessment(), POLICY)


@pytest.fixture(scope="module")
def report(told: PublishedAssessment) -> Report:
    return published_report(told, "en")


def read(content: bytes, ending: str) -> str:
    """Return the text of a file, of a workbook that of all its parts."""
    if ending != ".xlsx":
        return content.decode("utf-8-sig")
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return "".join(book.read(name).decode() for name in book.namelist() if name.endswith(".xml"))


def test_a_withheld_figure_is_a_word_in_the_answer_on_its_page_and_in_the_annex(report: Report) -> None:
    [goal] = [each for each in report.goals if each.id == SMALL]
    assert (goal.value, goal.exact, goal.verdict, goal.word, goal.tone) == (None, None, None, "withheld", "none")
    assert (goal.between, goal.margin, goal.counted, goal.meaning) == (None, None, "", "")
    assert goal.reasons + goal.flips == ()
    assert not goal.settled
    assert (goal.drawing, goal.trend) == (None, None)
    [row] = [row for row in report.answer.rows if row[0] == goal.title]
    assert row[2] == row[4] == "withheld"
    development = next(table for table in goal.tables if table.caption == "Development")
    assert len(development.rows) == 6
    assert {str(cell) for row in development.rows for cell in row[1:]} == {"withheld"}


def test_what_is_withheld_lies_with_the_goals_that_share_pages(report: Report) -> None:
    """Goals that were missed have a page each: where a goal lies would tell its verdict."""
    assert SMALL not in {goal.id for goal in report.alone}
    assert ("none", "withheld", sum(goal.verdict is None for goal in report.goals)) in report.counts


def test_nothing_is_told_of_doubt_rows_or_findings(report: Report) -> None:
    inside = report_of(assessment(), "en")
    told = {name for name, _ in ((chapter.anchor, 0) for chapter in report.annex)}
    assert {chapter.anchor for chapter in inside.annex} - told == {"data"}
    headers = {str(header) for _, table in report.tables for header in table.headers}
    assert not headers & {"Rows", "Set aside", "Outcome"}
    for _, table in report.tables:
        can_become = [
            str(cell)
            for row in table.rows
            for cell, name in zip(row, table.headers, strict=True)
            if name == "Can become"
        ]
        assert set(can_become) <= {"", "None"}


def test_a_target_that_is_a_share_of_an_earlier_figure_does_not_give_that_away() -> None:
    whole = assessment()
    judgement = whole[EARLIER]
    known = judgement.goal.target
    assert known is not None
    # as if the year before had been 71.3 %: its 110 % is 78.43 %
    worked_out = attrs.evolve(judgement, target=Target("at least", Fraction(7843, 100), "%"))
    changed = attrs.evolve(
        whole, judgements=tuple(worked_out if each is judgement else each for each in whole.judgements)
    )
    assert (
        "78.4"
        in "".join(table.text() for _, table in report_of(changed, "en").tables)
        + report_of(changed, "en").goals[3].target
    )
    public = publish_assessment(changed, POLICY)
    made = published_report(public, "en")
    assert "78" not in made.goals[3].target + made.goals[3].short_target
    assert "78.4" not in PublishedReport(told=public).table("en").text()


@pytest.mark.parametrize("ending", FORMATS)
@pytest.mark.parametrize("lang", ["da", "en"])
def test_every_format_says_for_whom_it_is(ending: str, lang: str, told: PublishedAssessment) -> None:
    if FORMATS[ending] and not find_spec(FORMATS[ending] or ""):
        pytest.skip(f"{ending} needs {FORMATS[ending]}")
    inside = read(written(told.assessment, f"report{ending}", lang), ending)
    public = read(written(told, f"report{ending}", lang), ending)
    assert INTERNAL[lang] in inside
    assert INTERNAL.en not in public
    assert INTERNAL.da not in public
    assert (POLICY.said()[lang] in public) or json.loads(public)["publication"] == POLICY.to_dict()


@pytest.mark.parametrize("ending", FORMATS)
def test_no_format_has_a_number_of_a_withheld_goal(ending: str) -> None:
    """Its counts are made to be numbers that stand nowhere else, in the figure and in all that follows from it."""
    if FORMATS[ending] and not find_spec(FORMATS[ending] or ""):
        pytest.skip(f"{ending} needs {FORMATS[ending]}")
    whole = assessment()
    judgement = whole[SMALL]
    assert judgement.verdict in (Verdict.MET, Verdict.MISSED)
    public = publish_assessment(whole, POLICY)
    text = read(written(public, f"report{ending}", "en"), ending)
    inside = read(written(whole, f"report{ending}", "en"), ending)
    # 54 of 66 calls, 81.8 %, 9 of 11 a month, and the bounds and margins beside them
    for number in ("81.8", "9/11", "900/11", "54 of 66", "1.8 percentage points"):
        assert not re.search(rf"(?<![\d.]){re.escape(number)}(?!\d)", text), number
    assert re.search(r"81\.8|900/11", inside)


def test_the_page_of_a_hostile_label_and_of_what_is_withheld_is_the_same_each_time(told: PublishedAssessment) -> None:
    pytest.importorskip("jinja2")
    first = page(told, "da")
    assert first == page(told, "da")
    assert f"<td>{HOSTILE}" not in first
