"""The sets of 2009 and 2006 against their documents, and what the common one makes of several administrations."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import attrs
import pytest

import casequality as cq
from casequality.goals import Unstated

COMMON, SOCIAL = cq.load_goals("copenhagen-common"), cq.load_goals("copenhagen-social-2006")
TARGETS = {
    "common.access": "not in the source, beside 2010-H1",
    "common.reply-guarantee": "not in the source, beside 2010-H1",
    "common.complaints": "below 100 % of 2010-H1",
    "common.processing-time": "below 100 % of 2010-H1",
    "sof.decided-in-time": "at least 80 %",
    "sof.notified": "at most 0 cases",
    "sof.notified-with-date": "not in the source",
    "sof.complaints": "not in the source",
    "sof.complaints.points": "not in the source",
    "sof.complaints.long-processing-time": "not in the source",
    "sof.complaints.service": "not in the source",
    "sof.complaints.contact": "not in the source",
    "sof.complaints.file-keeping": "not in the source",
    "sof.complaints.legal-guarantees": "below 100 % of the year before",
    "sof.case-review.formal": "not in the source",
    "sof.case-review.service": "not in the source",
}
ADMINISTRATIONS = {
    "Økonomiforvaltningen",
    "Kultur- og Fritidsforvaltningen",
    "Børne- og Ungdomsforvaltningen",
    "Sundheds- og Omsorgsforvaltningen",
    "Socialforvaltningen",
    "Teknik- og Miljøforvaltningen",
    "Beskæftigelses- og Integrationsforvaltningen",
}
BY_ID = {goal.id: goal for goal in (*COMMON.goals, *SOCIAL.goals)}


def test_every_target_is_the_documents_or_the_first_measurement() -> None:
    written = {name: str(goal.target).replace("1st half of 2010", "2010-H1") for name, goal in BY_ID.items()}
    assert written == TARGETS


@pytest.mark.parametrize("name", TARGETS)
def test_every_goal_says_where_it_comes_from_what_it_leaves_open_and_who_answers(name: str) -> None:
    goal = BY_ID[name]
    assert goal.basis is not None
    assert not goal.basis.certain
    question: Any = goal.basis.question
    assert question.en != question.da
    assert goal.aim
    assert goal.owner
    assert goal.report
    assert goal.method
    assert goal.method.en != goal.method.da


def test_the_first_measurement_of_august_2010_is_the_baseline_of_every_common_goal() -> None:
    first = {
        goal.id: getattr(goal.target, "earlier", None) or getattr(goal.target, "beside", None) for goal in COMMON.goals
    }
    assert set(first.values()) == {"2010-H1"}
    assert {(goal.report.to, goal.report.every) for goal in COMMON.goals if goal.report} == {
        ("Økonomiudvalget", "half-year")
    }


def test_each_aim_of_the_foundation_has_a_goal_or_is_each_administrations_own() -> None:
    assert {goal.aim for goal in COMMON.goals} == {"time", "complaints"}
    [errors] = [each for each in COMMON.not_supplied if each.stated]
    assert "fejltyper som forvaltningen selv fastsætter" in errors.what


def test_the_goals_that_existed_before_are_not_supplied() -> None:
    [existing] = [each for each in COMMON.not_supplied if not each.stated]
    assert ("bilag 1" in existing.what, str(existing.verdict)) == (True, "not in the source")


def test_the_offices_that_follow_up_own_the_goals() -> None:
    owners = {goal.id: goal.owner for goal in SOCIAL.goals}
    for name in ("sof.decided-in-time", "sof.notified", "sof.notified-with-date"):
        assert owners.pop(name) == "Mål- og rammekontorerne"
    assert set(owners.values()) == {"Kvalitets- og tilsynskontoret"}


def test_the_foundation_and_the_guarantee_have_the_days_of_their_decisions() -> None:
    assert COMMON.basis is not None
    assert COMMON.basis.adopted == dt.date(2009, 11, 24)
    basis = BY_ID["common.reply-guarantee"].basis
    assert basis is not None
    assert (basis.document, basis.adopted) == ("BR 337/06", dt.date(2006, 6, 1))


@pytest.mark.parametrize("name", [name for name in TARGETS if name.startswith("common.")])
def test_goals_for_every_administration_name_all_seven(name: str) -> None:
    goal = BY_ID[name]
    aggregate = "pooled" if isinstance(goal.target, Unstated) else "each"
    assert (set(goal.where["administration"]), goal.each, goal.aggregate) == (
        ADMINISTRATIONS,
        ("administration",),
        aggregate,
    )


def test_the_general_percentage_holds_for_each_type_by_itself() -> None:
    goal = BY_ID["sof.decided-in-time"]
    assert (goal.each, goal.aggregate) == (("kind",), "each")


def test_breaks_are_those_of_the_tree_of_units() -> None:
    assert {each.on for goal in SOCIAL.goals for each in goal.series_breaks} == {dt.date(2006, 1, 1)}
    for goal in COMMON.goals:
        [merger] = goal.series_breaks
        assert (merger.on, set(merger.where["administration"])) == (
            dt.date(2010, 6, 1),
            {"Økonomiforvaltningen", "Kultur- og Fritidsforvaltningen"},
        )


def complaints(**counts: tuple[int, int]) -> Iterator[dict[str, Any]]:
    """Yield so many invented complaints of each administration in spring and in autumn 2010."""
    for name, halves in counts.items():
        for on, count in zip(("2010-03-01", "2010-10-01"), halves, strict=True):
            for number in range(count):
                yield {"complaint": f"{name}{on}{number}", "administration": name, "received_on": on}


def test_fewer_complaints_are_judged_for_each_administration_and_the_merged_ones_are_not_comparable() -> None:
    rows = list(complaints(Socialforvaltningen=(10, 9), Økonomiforvaltningen=(10, 9)))
    goals = only(COMMON, "common.complaints")
    missing = dict.fromkeys(("kind", "method", "ended_on", "ending"))
    source = cq.source(rows, cq.records_of("complaints.received"), columns=missing, children={"points": []})
    first, second = (
        cq.assess(goals, {"complaints": source}, period=half, as_of="2011-02-01")["common.complaints"]
        for half in ("2010-H1", "2010-H2")
    )
    assert verdicts(first) == {"Socialforvaltningen": "baseline", "Økonomiforvaltningen": "baseline"}
    assert verdicts(second) == {"Socialforvaltningen": "met", "Økonomiforvaltningen": "not comparable"}
    assert str(second.verdict) == "no data"  # as long as five administrations have delivered nothing


def letters(name: str, on: str, in_time: int, late: int) -> Iterator[dict[str, Any]]:
    """Yield so many invented written enquiries, answered on the day of receipt or after three months."""
    received = dt.date.fromisoformat(on)
    for number in range(in_time + late):
        answered = received + dt.timedelta(days=0 if number < in_time else 90)
        yield {
            "enquiry": f"{name}{on}{number}",
            "administration": name,
            "channel": "letter",
            "received_on": received,
            "answered_on": answered,
        }


def guarantee(goals: str, name: str, period: str) -> Any:
    """Return the judgement on 41 of 100 in time in spring 2010 and 30 of 100 in autumn, of two administrations."""
    rows = [
        row
        for who in ("Socialforvaltningen", "Økonomiforvaltningen")
        for on, in_time in (("2010-03-01", 41), ("2010-09-01", 30))
        for row in letters(who, on, in_time, 100 - in_time)
    ]
    records = cq.records_of("correspondence.reply-guarantee")
    held = {"enquiry", "administration", "channel", "received_on", "answered_on"}
    missing = {each: None for each, field in records.fields.items() if each not in held and field.records is None}
    source = cq.source(rows, records, columns=missing, children={"acknowledgements": []})
    found = only(cq.load_goals(goals), name)
    return cq.assess(found, {"enquiries": source}, period=period, as_of="2011-03-01")[name]


def test_a_figure_without_a_target_stands_beside_the_first_measurement_where_the_series_is_unbroken() -> None:
    first, second = (guarantee("copenhagen-common", "common.reply-guarantee", half) for half in ("2010-H1", "2010-H2"))
    parts = {part.groups["administration"]: part for part in first.parts if part.value is not None}
    assert {who: (part.value, str(part.verdict)) for who, part in parts.items()} == {
        "Socialforvaltningen": (41, "baseline"),
        "Økonomiforvaltningen": (41, "baseline"),
    }
    parts = {part.groups["administration"]: part for part in second.parts if part.value is not None}
    assert {str(part.verdict) for part in (second, *parts.values())} == {"not in the source"}
    social, finance = (
        [reason.da for reason in parts[who].reasons] for who in ("Socialforvaltningen", "Økonomiforvaltningen")
    )
    assert "Den første måling, 1. halvår 2010, var 41,0 %" in social
    assert not [reason for reason in finance if "første måling" in reason]
    assert [reason for reason in finance if reason.startswith("Databrud 1. juni 2010, mellem 1. halvår 2010")]


def test_every_deadline_kept_is_a_reading_that_is_chosen_by_its_name() -> None:
    name = "common.reply-guarantee.every-deadline"
    found = guarantee("copenhagen-common-every-deadline", name, "2010-H2")
    assert {str(part.verdict) for part in found.parts if part.value is not None} == {"missed"}
    strict = cq.load_goals("copenhagen-common-every-deadline")
    assert {goal.id: str(goal.target) for goal in strict.goals} == {
        "common.access.every-deadline": "at least 100 %",
        name: "at least 100 %",
    }
    for goal in strict.goals:
        usual = BY_ID[goal.id.removesuffix(".every-deadline")]
        assert (goal.metric, goal.readings, goal.where) == (usual.metric, usual.readings, usual.where)


def test_shorter_times_are_judged_for_each_administration_by_itself() -> None:
    days = {"Socialforvaltningen": (20, 19), "Teknik- og Miljøforvaltningen": (10, 10), "Økonomiforvaltningen": (9, 1)}
    rows = [
        {
            "case": f"{who}{month}",
            "administration": who,
            "received_on": dt.date(2010, month, 1),
            "closed_on": dt.date(2010, month, 1) + dt.timedelta(days=took),
            "ending": "decided",
        }
        for who, halves in days.items()
        for month, took in zip((3, 10), halves, strict=True)
    ]
    goals = only(COMMON, "common.processing-time")
    source = cq.source(rows, cq.records_of("case-flow.processing-time"), columns={"kind": None})
    [found] = cq.assess(goals, {"cases_without_special_deadlines": source}, period="2010-H2", as_of="2011-02-01")
    assert {part.groups["administration"]: str(part.verdict) for part in found.parts if part.value is not None} == {
        "Socialforvaltningen": "met",
        "Teknik- og Miljøforvaltningen": "missed",
        "Økonomiforvaltningen": "not comparable",
    }


WEEKS = {"aids": 4, "personal_aids": 4, "care": 4, "pension": 13, "housing": 2}
"""Invented deadlines in weeks; the memo does not state those that were set."""
DECIDED = {"housing": (880, 20), "aids": (21, 9), "personal_aids": (14, 6), "care": (15, 5), "pension": (9, 1)}
"""Invented: how many of five types are decided in time and late. Together 939 of 980 are, in three types too few."""


def test_the_types_below_the_general_80_are_named_while_all_together_are_far_above_it() -> None:
    """ "overholdt i 90 pct. af de målte sager, men ... en række sagstyper ... mindre end ... 80"."""
    received = dt.date(2005, 5, 2)
    ends = [
        (kind, received + dt.timedelta(weeks=WEEKS[kind], days=late))
        for kind, counts in DECIDED.items()
        for late, count in enumerate(counts)
        for _ in range(count)
    ]
    rows = [
        {"case": number, "kind": kind, "received_on": received, "closed_on": day, "ending": "decided"}
        for number, (kind, day) in enumerate(ends)
    ]
    types = cq.deadlines.Schedule(
        id="case-types",
        title={"en": "Case types", "da": "Sagstyper"},
        by_kind={kind: f"{weeks} weeks" for kind, weeks in WEEKS.items()},
        calendar="dk-statutory",
    )
    [found] = cq.assess(
        only(SOCIAL, "sof.decided-in-time"),
        {"social_cases": rows},
        period="2005",
        as_of="2006-02-01",
        deadlines=[types],
    )
    assert str(found.verdict) == "missed"
    parts = {part.groups["kind"]: (part.value, str(part.verdict)) for part in found.parts if part.groups}
    assert parts == {
        "aids": (70, "missed"),
        "personal_aids": (70, "missed"),
        "care": (75, "missed"),
        "pension": (90, "met"),
        "housing": (Fraction(8800, 90), "met"),
    }
    said = " ".join(str(reason) for reason in found.reasons)
    assert [kind for kind in WEEKS if kind in said] == ["aids", "personal_aids", "care"]


def only(goals: Any, name: str) -> Any:
    return attrs.evolve(goals, goals=tuple(goal for goal in goals.goals if goal.id == name), not_supplied=())


def verdicts(judgement: Any) -> dict[str, str]:
    """Return the verdicts on administrations that have records; each of the others is without data."""
    found = {part.groups["administration"]: str(part.verdict) for part in judgement.parts}
    absent = [name for name, verdict in found.items() if verdict == "no data"]
    assert found.keys() == ADMINISTRATIONS
    assert len(absent) == 5
    return {name: verdict for name, verdict in found.items() if name not in absent}


@pytest.mark.parametrize(
    ("name", "count"),
    [("copenhagen-common", 4), ("copenhagen-common-every-deadline", 2), ("copenhagen-social-2006", 12)],
)
def test_each_set_passes_its_check(name: str, count: int) -> None:
    command = [sys.executable, "-m", "casequality", "goals", "check", name]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stdout) == (0, f"{name}: {count} goals can be judged\n"), done.stderr
