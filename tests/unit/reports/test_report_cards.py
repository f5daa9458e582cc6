"""A metric card says everything that the metric declares, in both languages, in every form."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import get_args

import attrs
import pytest

from casequality.citation import Citation
from casequality.metrics import CASES, NO, OPEN, SETTLED, YES, AsOf, Contribution, Metric, choose, outcomes, readings
from casequality.metrics.card import card_of
from casequality.metrics.declaring.statistics import (
    Count,
    Flow,
    FlowFigure,
    Mean,
    PendingAge,
    Quantile,
    Ratio,
    Share,
    Statistic,
    Sum,
    TimeToEnd,
)
from casequality.records import Records, code, day, key, many
from casequality.reports import card, card_json
from casequality.reports.wording.vocabulary import figure_sentence
from tests.factories.assessments import HOSTILE
from tests.unit.reports.html_facts import parse


class Step(Records, name="steps"):
    """One step."""

    case = key()
    taken_on = day()
    note = code(missing="no note")


class Case(Records, name="cases"):
    """One case.

    kind: not for the card's line.
    """

    case = key()
    received_on = day()
    closed_on = day(missing="still open")
    kind = code("large", "small")
    office = code(missing="no office")
    steps = many(Step)


@attrs.frozen
class Closed(Metric):
    """Share of cases closed in time,
    as the board counts them.

    More for programmers.
    """

    id = "board.closed"
    version = 3
    title = {"en": "Closed in time", "da": "Lukket i tide"}
    records = Case
    outcomes = outcomes(large=NO, **SETTLED)
    higher_is_better = True
    citation = Citation(title="Board minutes", section="7")
    limits = {"en": "Stays are not seen.", "da": "Pauser ses ikke."}
    words = {"large": {"en": "large case", "da": "stor sag"}, "look_at": {"en": "looks at", "da": "ser på"}}
    readings = readings(
        large=choose(literal="missed", why="the goal says all cases", missed={}, kept={"large": YES}),
        where=choose(usual="case", why={"en": "not said", "da": "ikke sagt"}, case={}, steps={"look_at": "steps"}),
    )
    look_at: str = "case"

    def contribute(self, cases: Case, as_of: AsOf, /) -> Contribution:
        states = as_of.settle(as_of.due("a deadline of the project", cases.received_on), cases.closed_on)
        large = cases.kind == "large"
        if self.look_at == "steps":
            large = large & cases.steps.any(cases.steps.rows.taken_on > as_of.day)
        return Contribution(on=cases.received_on, outcome=self.outcomes.pick(large=large, **states))


class Looking(Closed):
    """A metric that looks into a deadline of the project."""

    def contribute(self, cases: Case, as_of: AsOf, /) -> Contribution:
        as_of.rule("a deadline of the project")
        raise AssertionError


def test_the_fields_are_those_read_under_any_reading_without_a_project() -> None:
    assert list(card_of(Closed).reads) == ["received_on", "closed_on", "kind", "steps", "steps.taken_on"]


def test_a_metric_that_looks_into_a_deadline_is_taken_to_read_everything() -> None:
    fields = ["case", "received_on", "closed_on", "kind", "office", "steps"]
    assert list(card_of(Looking).reads) == [*fields, "steps.case", "steps.taken_on", "steps.note"]


def test_as_data_it_holds_every_text_in_every_language_it_has() -> None:
    plain = json.loads(json.dumps(card_json(Closed)))
    assert plain.pop("$schema") == "urn:casequality:metric-card:1"
    assert plain.pop("readings") == {
        "large": {
            "why": {"en": "the goal says all cases"},
            "default": "missed",
            "literal": True,
            "alternatives": {
                "missed": {
                    "says": {"en": "counted as the outcomes are declared"},
                    "roles": {},
                    "fields": {},
                    "cohort": None,
                },
                "kept": {"says": {"en": "large count as yes"}, "roles": {"large": "yes"}, "fields": {}, "cohort": None},
            },
        },
        "where": {
            "why": {"en": "not said", "da": "ikke sagt"},
            "default": "case",
            "literal": False,
            "alternatives": {
                "case": {
                    "says": {"en": "counted as the outcomes are declared"},
                    "roles": {},
                    "fields": {},
                    "cohort": None,
                },
                "steps": {
                    "says": {"en": "look at is steps"},
                    "roles": {},
                    "fields": {"look_at": "steps"},
                    "cohort": None,
                },
            },
        },
    }
    assert plain == {
        "metric": "board.closed",
        "version": 3,
        "title": {"en": "Closed in time", "da": "Lukket i tide"},
        "definition": {"en": "Share of cases closed in time, as the board counts them."},
        "unit": {"name": "share", "en": "%", "da": "%"},
        "statistic": {"name": "Share"},
        "direction": "higher",
        "records": "cases",
        "reads": {
            "received_on": {"kind": "day"},
            "closed_on": {"kind": "day", "missing": "still open"},
            "kind": {"kind": "code", "labels": ["large", "small"]},
            "steps": {"kind": "many", "missing": "none"},
            "steps.taken_on": {"kind": "day"},
        },
        "outcomes": {
            "large": "no",
            "in_time": "yes",
            "in_time_early": "yes",
            "late": "no",
            "open_overdue": "no",
            "pending": "open",
            "undated": "unknown",
        },
        "parameters": {"look_at": "case"},
        "words": {"large": {"en": "large case", "da": "stor sag"}, "look_at": {"en": "looks at", "da": "ser på"}},
        "citation": {"title": "Board minutes", "section": "7", "certain": True},
        "limits": {"en": "Stays are not seen.", "da": "Pauser ses ikke."},
    }


@pytest.mark.parametrize(
    ("lang", "expected"),
    [
        (
            "en",
            [
                "Closed in time (board.closed)",
                "result version 3",
                "as the board counts them",
                "higher is better",
                "cases: One case.",
                "still open",
                "large, small",
                "large case",
                "Reading large: the goal says all cases",
                "missed (the literal reading)",
                "case (where nobody chooses)",
                "looks at",
                "Board minutes, 7",
                "Stays are not seen.",
            ],
        ),
        (
            "da",
            ["Lukket i tide", "resultatversion 3", "højere er bedre", "stor sag", "Læsning where: ikke sagt", "ser på"],
        ),
    ],
)
def test_every_form_says_the_same(lang: str, expected: list[str]) -> None:
    shown = card(Closed, lang)
    for text in (shown.text(), str(shown), parse(shown.html()).text, parse(shown._repr_html_()).text):
        squeezed = " ".join(text.split())
        assert [each for each in expected if each not in squeezed] == []
        assert "programmers" not in squeezed
    assert [each for each in expected if each.replace("_", "\\_") not in shown.markdown()] == []


def test_what_is_said_in_another_language_is_marked_and_nothing_is_read_as_markup() -> None:
    @attrs.frozen
    class Hostile(Closed):
        title = {"en": HOSTILE, "da": HOSTILE}
        limits = {"en": HOSTILE}

    html = card(Hostile, "da").html()
    assert '<td lang="en">Share of cases' in html
    assert '<td lang="en">cases: One case.' in html
    assert "<script>" not in html
    assert parse(html).balanced
    assert "<script>" not in card(Hostile).markdown()


def test_a_metric_with_nothing_to_choose_or_to_set_has_no_table_for_it() -> None:
    class Bare(Metric):
        """Cases."""

        id = "bare"
        title = {"en": "Cases", "da": "Sager"}
        unit = CASES
        statistic = Count()
        records = Case
        outcomes = outcomes(counted=YES, rest=OPEN)

        def contribute(self, cases: Case, as_of: AsOf, /) -> Contribution:
            return Contribution(on=cases.received_on, outcome=self.outcomes.pick(counted=cases.kind == "small"))

    shown = card(Bare)
    assert [table.caption for table in shown.tables] == ["Cases (bare)", "Fields read", "Outcome"]
    assert "neither is better by itself" in shown.text()
    assert "none stated" in shown.text()
    assert "Limits" not in shown.text()


def test_every_statistic_has_a_sentence_of_its_own_in_both_languages() -> None:
    half = Fraction(1, 2)
    flows = [Flow(name) for name in get_args(FlowFigure)]
    every: list[Statistic] = [Share(), Count(), Sum(), Mean(), Ratio(), PendingAge(), *flows]
    every += [Quantile(half), PendingAge(half), TimeToEnd(half)]
    for lang in ("en", "da"):
        sentences = [figure_sentence(each, lang) for each in every]
        assert len({each.text for each in sentences}) == len(every)
        assert {each.lang for each in sentences} == {lang}
        assert not any(mark in each.text for each in sentences for mark in "{}")


def test_a_statistic_of_the_authors_own_is_said_by_its_docstring() -> None:
    class Odd(Share):
        """The odd ones.

        More.
        """

    said = figure_sentence(Odd(), "da")
    assert (said.text, said.lang) == ("The odd ones.", "en")
