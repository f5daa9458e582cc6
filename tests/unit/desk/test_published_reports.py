"""Two worlds that differ in nothing but what is withheld: their published reports are the same to the byte."""

from __future__ import annotations

import datetime as dt
import re
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import attrs
import numpy as np
import pytest

pytest.importorskip("scipy")
pytest.importorskip("jinja2")

from casequality.desk import Assessed, Policy, assess
from casequality.evidence.disclosure import Ledger
from casequality.goals import Verdict
from casequality.metrics import AsOf, Contribution, Metric, outcomes
from casequality.metrics.tallies import SETTLED
from casequality.records import Records, code, day, key

GOALS = """
id = "worlds"

[[goal]]
id        = "letters.each"
title     = { en = "In time at each office", da = "Til tiden på hvert kontor" }
metric    = "worlds.in-time"
source    = "letters"
target    = "at least 80 %"
each      = "office"
aggregate = "each"

[[goal]]
id     = "letters.all"
title  = { en = "In time", da = "Til tiden" }
metric = "worlds.in-time"
source = "letters"
target = "at least 96 %"

[[goal]]
id     = "letters.before"
title  = { en = "As good as before", da = "Lige så godt som før" }
metric = "worlds.in-time"
source = "letters"
target = "at least 100 % of the year before"
"""


class Letter(Records, name="letters"):
    """One letter; invented."""

    letter = key()
    received_on = day()
    answered_on = day(missing="not answered")
    office = code()


@attrs.frozen
class InTime(Metric):
    """Share of letters answered within ten days."""

    id = "worlds.in-time"
    title = {"en": "Letters in time", "da": "Breve til tiden"}
    records = Letter
    outcomes = outcomes(**SETTLED)

    def contribute(self, letters: Any, as_of: AsOf, /) -> Contribution:
        states = as_of.settle(letters.received_on + np.timedelta64(10, "D"), letters.answered_on)
        return Contribution(on=letters.received_on, outcome=self.outcomes.pick(**states))


def world(*, letters: int, late: int, undated: int, open_: int = 0) -> Assessed:
    """Return the assessment of one office's letters in two years: so many, late, faulty, and open at the as-of."""
    rows: list[dict[str, object]] = []
    for year in (2009, 2010):
        for number in range(letters):
            received = dt.date(year, 4, 1 + number % 28)
            answered = received + dt.timedelta(days=60 if number < late else 3)
            rows.append({"letter": f"{year}-{number}", "received_on": received, "answered_on": answered})
    rows += [{"letter": f"u{each}", "received_on": "2010-04-31", "answered_on": None} for each in range(undated)]
    rows += [{"letter": f"o{each}", "received_on": "2010-06-30", "answered_on": None} for each in range(open_)]
    for row in rows:
        row["office"] = "north"
    return assess(GOALS, {"letters": rows}, period="2010-H1", as_of="2010-07-01", metrics=[InTime])


ONE, OTHER = {"letters": 40, "late": 1, "undated": 0}, {"letters": 37, "late": 3, "undated": 2, "open_": 1}


@pytest.fixture(scope="module")
def worlds() -> list[Assessed]:
    return [world(**ONE), world(**OTHER)]


@pytest.mark.parametrize("ending", [".html", ".md", ".csv", ".json"])
def test_what_is_withheld_leaves_no_trace(ending: str, worlds: list[Assessed]) -> None:
    told = [each.published(Policy()) for each in worlds]
    assert {public.shown(public.assessment[goal.goal.id]).state for public in told for goal in public.assessment} == {
        "withheld"
    }
    # the worlds differ in figures, verdicts, doubt and rows, which a report for internal use has
    assert [each["letters.all"].verdict for each in worlds] == [Verdict.MET, Verdict.MISSED]
    inside = {each.written(f"r{ending}", "en") for each in worlds}
    assert len(inside) == 2
    first, other = (each.written(f"r{ending}", "en", told=public) for each, public in zip(worlds, told, strict=True))
    assert first == other


def test_nor_in_a_workbook_or_the_summary(worlds: list[Assessed]) -> None:
    summaries = {each.written("r.html", "da", "summary", each.published(Policy())) for each in worlds}
    assert len(summaries) == 1
    if find_spec("openpyxl"):
        import io

        import openpyxl

        books = [
            openpyxl.load_workbook(io.BytesIO(each.written("r.xlsx", "da", told=each.published(Policy()))))
            for each in worlds
        ]
        cells = [[[cell.value for row in sheet for cell in row] for sheet in book] for book in books]
        assert cells[0] == cells[1]


def test_a_report_that_is_saved_under_a_policy_has_its_edition_in_the_ledger(tmp_path: Path) -> None:
    policy = Policy(ledger=tmp_path / "ledger")
    made = world(letters=40, late=10, undated=0)
    made.save(tmp_path / "report.html", "en", publish=policy)
    made.save(tmp_path / "report.md", "en", publish=policy)
    assert len(Ledger.load(tmp_path / "ledger").editions) == 1
    page = (tmp_path / "report.html").read_text("utf-8")
    # 30 of 40 in time
    assert '<data value="75">75.0\N{NO-BREAK SPACE}%</data>' in page
    assert "30 of 40" in page
    assert not re.search("percentage points|Can become|could flip", page)
