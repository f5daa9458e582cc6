"""The memo's two lists, and figures of invented reviews; the source publishes none."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import attrs
import pytest

import casequality as cq
from casequality_case_review import (
    FAILURES,
    FORMAL,
    SERVICE,
    FormalRequirements,
    ProcedureFollowed,
    ReviewedRequirement,
    ServiceRequirements,
    SupervisedCase,
)

Row = Mapping[str, Any]
MEMO = "seeds/003_7b42dabc993edf8f.txt"


def shared(name: str) -> Path:
    """Return a file that may be read and not shipped; where the repository is not around, the test skips itself."""
    return Path(pytest.importorskip("tests.shared", reason="the repository of casequality is not here").shared(name))


def reviewed(*answers: tuple[str, str | None]) -> list[Row]:
    return [
        {"row": number, "reviewed_on": "2007-02-01", "requirement": requirement, "answer": answer}
        for number, (requirement, answer) in enumerate(answers, start=1)
    ]


def measured(metric: type[cq.Metric], rows: Sequence[Row], **asked: Any) -> Any:
    return cq.measure(metric, rows, as_of="2008-01-01", period="2007", **asked)


def listed(text: str, begin: str, end: str) -> list[str]:
    """Return the lines with a dash between two passages of the memo."""
    passage = text[text.index(begin) : text.index(end)]
    return [" ".join(line.split()) for line in re.split(r"^- ", passage, flags=re.MULTILINE)[1:]]


def test_the_lists_are_as_long_as_the_memos_and_begin_as_they_do() -> None:
    text = shared(MEMO).read_text(encoding="utf-8")
    formal = listed(text, "formelle krav kan blandt andet dreje sig", "De formelle krav til sagsførelsen og")
    service = listed(text, "Det kan blandt andet dreje sig om følgende: \n- Tilrette", "ansvarsområde omfatter ikke")
    assert (len(formal), len(service)) == (len(FORMAL), len(SERVICE)) == (17, 9)
    worded_as_failures = [place for place, line in enumerate(service) if line.startswith("Manglende")]
    assert [list(SERVICE).index(name) for name in FAILURES] == worded_as_failures


def test_the_formal_list_has_every_requirement_of_the_memo_in_its_order() -> None:
    text = shared(MEMO).read_text(encoding="utf-8")
    formal = listed(text, "formelle krav kan blandt andet dreje sig", "De formelle krav til sagsførelsen og")
    told = (
        *(
            [
                "medvirken",
                "helhedsorienteret",
                "partshøring",
                "begrundelse",
                "samtykke",
                "partsrepræsentation",
                "klagevejledning",
            ]
        ),
        *(
            [
                "aktindsigt",
                "tavshedspligt",
                "habilitet",
                "vejledning",
                "ligebehandling",
                "officialprincippet",
                "notatpligt",
            ]
        ),
        *(["dokumentation", "skriftlighed", "sagsbehandlingsfrister"]),
    )
    for word, line, words in zip(told, formal, FORMAL.values(), strict=True):
        assert word in line.casefold()
        assert word in words["da"].casefold()


def test_record_keeping_and_documentation_are_requirements_of_their_own() -> None:
    """ "mangelfuld journalisering og manglende dokumentation i en række personsager"."""
    answers = {"notes_and_filing": ("yes", "no", "no"), "documentation": ("no", "yes"), "access": ("yes",)}
    rows = reviewed(*((name, answer) for name, several in answers.items() for answer in several))
    figures = measured(FormalRequirements, rows, by=("requirement",))
    found = {figure.groups["requirement"]: figure.value.exact for figure in figures if figure.value.denominator}
    assert found == {"notes_and_filing": Fraction(1, 3), "documentation": Fraction(1, 2), "access": 1}


def test_the_substance_of_decisions_is_on_no_list_and_said_to_be_outside() -> None:
    """ "omfatter ikke initiativer, der vedrører det materielle indhold i en afgørelse ... specifikke faglove"."""
    for word in ("indhold", "faglove", "uden for notatet"):
        assert word in FormalRequirements.limits["da"]
    for word in ("substance of decisions", "single area's own law", "outside the memo"):
        assert word in FormalRequirements.limits["en"]
    lists = " ".join(words["da"] for words in (*FORMAL.values(), *SERVICE.values())).casefold()
    assert not [word for word in ("udmåling", "materiel", "bevilling", "metoden") if word in lists]


def test_what_is_not_applicable_leaves_the_denominator_and_is_counted() -> None:
    rows = reviewed(*[("reasons", "yes")] * 6, *[("reasons", "no")] * 2, *[("reasons", "not_applicable")] * 4)
    [figure] = measured(FormalRequirements, rows)
    assert figure.value.exact == Fraction(6, 8)
    assert figure.outcomes["not_applicable"] == 4  # counted as not fulfilled they would make it a half


def test_what_is_not_answered_leaves_the_figure_between_two_bounds() -> None:
    [figure] = measured(FormalRequirements, reviewed(("access", "yes"), ("access", "no"), ("access", None)))
    assert (figure.value.exact, figure.value.low, figure.value.high) == (
        Fraction(1, 2),
        Fraction(1, 3),
        Fraction(2, 3),
    )


MIXED = reviewed(
    ("reasons", "yes"),
    ("no_feedback", "yes"),
    ("no_feedback", "no"),
    ("no_feedback", "no"),
    ("letters", "yes"),
    ("letters", "no"),
)


def by_requirement(**readings: str) -> dict[str, Fraction]:
    figures = measured(ServiceRequirements, MIXED, by=("requirement",), readings=readings)
    return {figure.groups["requirement"]: figure.value.exact for figure in figures if figure.value.denominator}


def test_a_yes_to_a_requirement_worded_as_a_failure_says_that_it_is_not_fulfilled() -> None:
    assert by_requirement() == {"no_feedback": Fraction(2, 3), "letters": Fraction(1, 2)}
    assert by_requirement(answers="fulfilled") == {"no_feedback": Fraction(1, 3), "letters": Fraction(1, 2)}


def test_each_metric_counts_its_own_list_only() -> None:
    [formal], [service] = measured(FormalRequirements, MIXED), measured(ServiceRequirements, MIXED)
    assert (formal.value.denominator, formal.outcomes["other_list"]) == (1, 5)
    assert (service.value.denominator, service.outcomes["other_list"]) == (5, 1)


def test_two_lists_read_together_are_those_read_apart() -> None:
    metrics = [FormalRequirements, ServiceRequirements]
    fulfilled = {"case-review.service": {"answers": "fulfilled"}}
    both = cq.tally(metrics, MIXED, as_of="2008-01-01", readings=fulfilled)
    told = both.conclude(period="2007", readings=fulfilled, metrics=metrics)
    assert [told[metric.id].measurement.figures[0].value.exact for metric in metrics] == [1, Fraction(2, 5)]


def test_a_requirement_that_no_list_holds_is_set_aside_and_found() -> None:
    result = measured(FormalRequirements, reviewed(("reasons", "yes"), ("kindness", "yes")))
    assert result.accounts["set aside"] == 1
    assert [(item.column, item.fault) for item in result.findings.items] == [("requirement", "unknown code")]


OWN = (*SERVICE, "sent_on_in_vain")


class OwnRequirement(ReviewedRequirement, name="own_requirements"):
    requirement = cq.code(*OWN)


@attrs.frozen
class OwnService(ServiceRequirements):
    id = "my-administration.service"
    records = OwnRequirement
    readings = cq.readings()
    requirements: tuple[str, ...] = OWN
    failures: tuple[str, ...] = (*FAILURES, "sent_on_in_vain")


def test_an_administration_adds_to_the_open_list() -> None:
    rows = reviewed(("sent_on_in_vain", "no"), ("sent_on_in_vain", "yes"), ("letters", "yes"))
    [figure] = measured(OwnService, rows)
    assert figure.value.exact == Fraction(2, 3)


def test_a_failure_that_is_on_no_list_is_refused() -> None:
    with pytest.raises(cq.errors.CaseQualityError, match="does not declare"):
        measured(FormalRequirements, MIXED, parameters={"failures": ("no_such_line",)})


def procedure(*steps: tuple[str, str | None], declared: tuple[str, ...] = ()) -> Any:
    on = "2010-03-01"
    rows = [{"case": 1, "looked_at_on": on, "step": step, "done": done} for step, done in steps]
    source = cq.source(
        [{"case": 1, "supervised_on": "2010-03-01"}, {"case": 2, "supervised_on": "2010-03-01"}],
        SupervisedCase,
        columns={"case_type": None, "unit": None},
        children={"steps": [*rows, *({"case": 2, "looked_at_on": on, "step": step, "done": "yes"} for step in "abc")]},
    )
    [figure] = cq.measure(ProcedureFollowed(steps=declared), source, as_of="2010-08-01", period="2010-03")
    return {name: count for name, count in figure.outcomes.items() if count}


@pytest.mark.parametrize(
    ("steps", "declared", "outcome"),
    [
        ((("a", "yes"), ("b", "not_applicable")), (), "followed"),
        ((("a", "yes"), ("b", "no"), ("c", None)), (), "not_followed"),
        ((("a", "yes"), ("b", None)), (), "not_answered"),
        ((), (), "not_answered"),
        ((("a", "yes"), ("b", "no")), ("a",), "followed"),  # b is no step of the procedure
        ((("a", "yes"),), ("a", "b"), "not_answered"),  # b was not looked at
        ((("b", "yes"),), ("a",), "not_answered"),
        ((("a", "no"),), ("a", "b"), "not_followed"),
    ],
)
def test_a_procedure_is_followed_when_every_step_of_it_was_done(
    steps: tuple[tuple[str, str | None], ...], declared: tuple[str, ...], outcome: str
) -> None:
    found = procedure(*steps, declared=declared)
    expected = {"followed": 1}
    expected[outcome] = expected.get(outcome, 0) + 1
    assert found == expected
