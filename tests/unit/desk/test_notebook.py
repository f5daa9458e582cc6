"""Every value that a user holds in a notebook shows itself there: short, whole, and in the language of the session."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, ClassVar

import attrs
import pytest

import casequality as cq
from casequality.goals import Goal, GoalSet, parse_target
from casequality.showing import ROWS_SHOWN


class Letter(cq.Records, name="letters"):
    """A letter that is to be answered."""

    letter = cq.key()
    came_on = cq.day()
    answered_on = cq.day(missing="not answered")
    office = cq.code()


@attrs.frozen
class Answered(cq.Metric):
    """Share of letters answered within ten working days."""

    id: ClassVar[str] = "letters.answered"
    title: ClassVar[dict[str, str]] = {"en": "Answered in time", "da": "Besvaret til tiden"}
    unit = cq.units.SHARE
    records = Letter
    higher_is_better = True
    outcomes = cq.outcomes(**cq.SETTLED)

    def owed(self, letters: Letter, as_of: cq.AsOf, /) -> cq.Owed | None:
        return cq.Owed(due=as_of.due("copenhagen/reply-guarantee", letters.came_on), done=letters.answered_on)

    def contribute(self, letters: Letter, as_of: cq.AsOf, /) -> cq.Contribution:
        due = as_of.due("copenhagen/reply-guarantee", letters.came_on)
        return cq.Contribution(on=letters.came_on, outcome=self.outcomes.pick(**as_of.settle(due, letters.answered_on)))


LETTERS = [
    {"letter": 1, "came_on": "2010-01-04", "answered_on": "2010-01-11", "office": "<b>North</b>"},
    {"letter": 2, "came_on": "2010-01-04", "answered_on": "2010-03-01", "office": "South"},
    {"letter": 3, "came_on": "2010-01-28", "answered_on": None, "office": "South"},
    {"letter": 4, "came_on": "no day", "answered_on": None, "office": "South"},
]
AS_OF = "2010-02-10"
GOALS = GoalSet(
    id="letters-2010",
    goals=(Goal(id="answered", metric="letters.answered", source="letters", target=parse_target("at least 80 %")),),
)
MEASURED = cq.measure(Answered(), LETTERS, as_of=AS_OF, by=("year", "office"))
ASSESSED = cq.assess(GOALS, {"letters": LETTERS}, period="2010-01", as_of=AS_OF, metrics=[Answered])
LEDGER = cq.deadline("copenhagen/reply-guarantee").explain(dt.date(2010, 4, 22))
HELD: dict[str, tuple[Callable[[], Any], str, str]] = {
    # what a user holds, and what a reader must find in it in English and in Danish
    "deadline": (lambda: cq.deadline("copenhagen/reply-guarantee"), "10 working days", "10 arbejdsdage"),
    "deadlines": (cq.deadlines.shipped, "copenhagen/reply-guarantee", "Tilbagemeldingsgaranti"),
    "explanation": (lambda: LEDGER, "Great Prayer Day", "Great Prayer Day"),  # in the language it was asked in
    "calendar": (lambda: cq.calendar("dk-statutory"), "Monday, Tuesday", "mandag, tirsdag"),
    "result": (lambda: MEASURED, "Answered in time", "Besvaret til tiden"),
    "cell": (lambda: MEASURED["2010", "South"], "Answered in time", "Besvaret til tiden"),
    "table": (lambda: MEASURED.table("da"), "Besvaret til tiden", "Besvaret til tiden"),
    "cases": (lambda: MEASURED["2010", "South"].cases("open_overdue"), "2010-01-04", "Sager"),
    "findings": (lambda: MEASURED.findings, "unreadable value", "ulæselig værdi"),
    "source": (lambda: cq.source(LETTERS, Letter, columns={"came_on": "came_on"}), "letters", "poster"),
    "tallies": (lambda: cq.tally(Answered(), LETTERS, as_of=AS_OF), "letters.answered", "Læste rækker"),
    "goals": (lambda: GOALS, "at least 80", "mindst 80"),
    "assessment": (lambda: ASSESSED, "missed", "ikke opfyldt"),
    "judgement": (lambda: ASSESSED["answered"], "missed", "ikke opfyldt"),
    "worklist": (lambda: ASSESSED.worklist(within=20), "soonest due first", "tidligste frist først"),
    "card": (lambda: MEASURED.card("da"), "Besvaret til tiden", "Besvaret til tiden"),
}


class Tags(HTMLParser):
    """A reader of HTML that keeps the text, and counts what is opened and not closed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.depth, self.text, self.seen = 0, "", set[str]()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        self.depth += 1

    def handle_endtag(self, tag: str) -> None:
        self.depth -= 1

    def handle_data(self, data: str) -> None:
        self.text += data


def shown(held: Any) -> tuple[str, str]:
    """Return the text and the HTML that a notebook shows of a value."""
    if hasattr(held, "_repr_mimebundle_"):
        bundle = held._repr_mimebundle_()
        return bundle["text/plain"], bundle["text/html"]
    return repr(held), held._repr_html_()


@pytest.mark.parametrize("name", HELD)
@pytest.mark.parametrize("lang", ["en", "da"])
def test_it_shows_itself(name: str, lang: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASEQUALITY_LANG", lang)
    make, english, danish = HELD[name]
    text, html = shown(make())
    read = Tags(html)
    wanted = danish if lang == "da" else english
    assert wanted.lower() in text.lower()
    assert wanted.lower() in read.text.replace("\N{NO-BREAK SPACE}", " ").lower()
    assert read.depth == 0
    assert "b" not in read.seen  # the label of an office is text, whatever it holds
    assert len(text.splitlines()) <= ROWS_SHOWN + 40
    assert "object at 0x" not in text


def test_a_session_in_no_known_language_is_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASEQUALITY_LANG", "sv")
    assert "working days" in shown(cq.deadline("copenhagen/reply-guarantee"))[0]


def test_the_text_of_many_rows_is_no_longer_than_the_page() -> None:
    rows = [{"letter": n, "came_on": "2010-01-04", "answered_on": None, "office": f"office {n:03}"} for n in range(120)]
    measured = cq.measure(Answered(), rows, as_of=AS_OF, by=("year", "office"))
    text, html = shown(measured)
    assert text.count("office 0") == html.count("office 0") == ROWS_SHOWN
    assert "70 more rows" in text
    assert "70 more rows" in html
    assert measured.table().text().count("office ") == 121  # who asks for the table has all of it, and its header


def test_a_terminal_is_told_in_one_line() -> None:
    for name in ("deadlines", "explanation", "findings", "source", "tallies", "goals"):
        told = repr(HELD[name][0]())
        assert re.fullmatch(r"<\w+[ :].{5,200}>", told), told


def test_a_verdict_has_a_colour() -> None:
    assert 'class="bad"' in shown(ASSESSED)[1]
    assert 'class="bad"' in shown(ASSESSED["answered"])[1]


def test_keys_are_completed() -> None:
    assert MEASURED._ipython_key_completions_() == [("2010", "<b>North</b>"), ("2010", "South")]
    assert ASSESSED._ipython_key_completions_() == ["answered"]
    assert "copenhagen/reply-guarantee" in cq.deadlines.shipped()._ipython_key_completions_()
    assert cq.deadlines.shipped()["copenhagen/reply-guarantee"].title.en == "Reply guarantee"


def test_figures_as_a_workbook(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    MEASURED.to_excel(tmp_path / "figures.xlsx", lang="da")
    [sheet] = openpyxl.load_workbook(tmp_path / "figures.xlsx").worksheets
    header, *rows = sheet.iter_rows(values_only=True)
    assert header[:5] == ("Periode", "office", "Værdi", "Kan blive, lavest", "Kan blive, højest")
    assert [row[1:3] for row in rows] == [("<b>North</b>", 100), ("South", 0)]
    assert (sheet["C2"].data_type, sheet["C2"].number_format) == ("n", '#,##0.0" %"')


def test_a_verdict_shows_no_figure_as_its_target_nor_a_known_zero_as_nothing() -> None:
    rows = [
        {"letter": n, "came_on": "2010-01-04", "answered_on": "2010-01-11" if n < 7998 else "2010-02-05", "office": "A"}
        for n in range(10_000)
    ]
    judged = cq.assess(GOALS, {"letters": rows}, period="2010-01", as_of=AS_OF, metrics=[Answered])["answered"]
    assert "79.98 %" in shown(judged)[0]
    assert re.search(r"rows\s+0", shown(cq.source([], Letter))[0])
