"""The goal set of 2010 against what document 2010-24342 says; the numbers here were read from the document."""

from __future__ import annotations

import datetime as dt
import html
import itertools
import re
import subprocess
import sys

import pytest

import casequality as cq
from casequality_copenhagen import GOAL_SETS

TARGETS = {
    "okf.contact-centre.wait": "at most 25 s",
    "okf.contact-centre.answered": "at least 90 %",
    "okf.contact-centre.resolved": "at least 40 %",
    "okf.benefits.decided-in-time": "at least 80 %",
    "okf.benefits.notified": "at least 100 %",
    "okf.benefits.answered-by-person": "at least 90 %",
    "okf.rent-tribunal.closed-in-time": "at least 75 %",
    "okf.rent-tribunal.decided-against-received": "at least 100 %",
    "okf.rent-tribunal.backlog": "at most 100 % of the year before",
    "okf.rent-tribunal.processing-time": "at most 100 % of the year before",
    "okf.rent-tribunal.shorter-processing-time": "below 100 % of the year before",
    "okf.citizen-service.satisfaction": "at least 95 %",
    "okf.citizen-service.passport-errors": "at most 5 %",
    "okf.citizen-service.licence-errors": "None",
}
AIMS = {"satisfaction": "complaints", "passport-errors": "errors", "licence-errors": "errors"}
LITERAL = {
    "okf.contact-centre.resolved": {"of": "all_calls"},  # "af alle kald"
    "okf.benefits.decided-in-time": {"cohort": "closed", "withdrawn": "left_out"},  # "sagsafgørelserne"
    "okf.benefits.answered-by-person": {"short_abandons": "counted", "voice_menu": "counted"},  # "alle telefonkald"
}
GOALS = cq.load_goals("copenhagen-2010")
BY_ID = {goal.id: goal for goal in GOALS.goals}


def test_every_target_is_the_documents() -> None:
    assert {goal.id: str(goal.target) for goal in GOALS.goals} == TARGETS


@pytest.mark.parametrize("name", TARGETS)
def test_every_goal_says_where_it_comes_from_and_who_answers_for_it(name: str) -> None:
    goal = BY_ID[name]
    assert goal.basis is not None
    assert (goal.basis.document, goal.basis.adopted) == ("2010-24342", "not in the source")
    assert goal.basis.section is not None
    assert str(goal.basis.section).split(",")[0] == goal.focus_area
    assert goal.report is not None
    assert (goal.report.to, goal.report.every) == ("Økonomiudvalget", "half-year")
    assert goal.aim == AIMS.get(name.rpartition(".")[2], "time")
    assert goal.owner
    assert goal.method
    assert goal.title is not None
    assert goal.title.en != goal.title.da


def test_the_focus_areas_are_the_four_of_the_document() -> None:
    areas = ("Borgerservicecentrene", "Kontaktcentret", "Sikringsområdet", "Huslejenævnet")
    assert {goal.focus_area for goal in GOALS.goals} == set(areas)


@pytest.mark.parametrize("name", TARGETS)
def test_a_goal_is_certain_only_where_the_document_leaves_nothing_open(name: str) -> None:
    basis = BY_ID[name].basis
    assert basis is not None
    assert basis.certain == (basis.question is None) == (name == "okf.benefits.answered-by-person")


@pytest.mark.parametrize("name", LITERAL)
def test_words_that_the_document_does_say_are_read_literally(name: str) -> None:
    assert BY_ID[name].readings == LITERAL[name]


def test_telephone_goals_are_followed_each_month_and_judged_pooled() -> None:
    telephone = [goal for goal in GOALS.goals if goal.metric.startswith("contact-centre.")]
    assert {(goal.each, goal.aggregate) for goal in telephone} == {(("month",), "pooled")}
    assert {goal.id for goal in telephone} > {f"okf.contact-centre.{name}" for name in ("wait", "answered", "resolved")}
    assert {goal.source for goal in telephone} == {"calls_contact_centre", "calls_benefits"}


def test_the_merger_breaks_the_series_of_calls_and_centres_and_no_other() -> None:
    for goal in GOALS.goals:
        broken = goal.metric.startswith(("contact-centre.", "citizen-service."))
        breaks = [dt.date(2010, 6, 1)] if broken else []
        assert [each.on for each in goal.series_breaks] == breaks


YEARLY = (
    "okf.benefits.decided-in-time",  # "årlig opfølgning på, om disse 2 mål er nået"
    "okf.benefits.notified",
    "okf.rent-tribunal.decided-against-received",
    "okf.citizen-service.satisfaction",
    "okf.citizen-service.passport-errors",
)


def test_what_the_document_judges_each_year_is_judged_by_whole_years() -> None:
    assert {BY_ID[name].grain for name in YEARLY} == {"year"}
    assert [goal.id for goal in GOALS.goals if "year" in goal.each] == list(YEARLY)


def test_licences_have_a_first_measurement_and_no_target() -> None:
    goal = BY_ID["okf.citizen-service.licence-errors"]
    assert (goal.target, goal.each) == (None, ())


def test_the_goals_of_the_six_other_administrations_are_not_supplied() -> None:
    assert [each.what for each in GOALS.not_supplied] == [f"målene i bilag {number}" for number in range(1, 7)]
    assert len({each.who for each in GOALS.not_supplied}) == 6
    assert {str(each.verdict) for each in GOALS.not_supplied} == {"not in the source"}


def test_the_goals_that_existed_before_and_stay_are_those_that_the_documents_call_so() -> None:
    """The telephone goals are "eksisterende mål", access and the guarantee "allerede eksisterende mål"."""
    kept = {goal.id for name in GOAL_SETS for goal in cq.load_goals(name).goals if goal.standing == "kept"}
    assert kept == {
        *(f"okf.contact-centre.{each}" for each in ("wait", "answered", "resolved")),
        *(f"common.{each}" for each in ("access", "reply-guarantee")),
        *(f"common.{each}.every-deadline" for each in ("access", "reply-guarantee")),
    }
    assert {goal.standing for goal in cq.load_goals("copenhagen-common").goals} == {"kept", None}


def test_the_set_passes_its_check() -> None:
    command = [sys.executable, "-m", "casequality", "goals", "check", "copenhagen-2010"]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stdout) == (0, "copenhagen-2010: 14 goals can be judged\n"), done.stderr


def test_work_procedures_are_followed_up_in_service_and_passport_cases_without_a_target() -> None:
    procedures = cq.load_goals("copenhagen-2010-procedures")
    assert {(goal.aim, *goal.where["case_type"]) for goal in procedures.goals} == {
        (
            "complaints",
            "service",
        ),  # "Målet skal bl.a. nås ved indførelse af arbejdsgange og opfølgning på, om disse følges"
        ("errors", "passport"),
    }
    assert {str(goal.target) for goal in procedures.goals} == {"not in the source"}
    cases = [
        {"case": 1, "supervised_on": "2010-03-01", "case_type": "passport"},
        {"case": 2, "supervised_on": "2010-03-02", "case_type": "passport"},
        {"case": 3, "supervised_on": "2010-03-02", "case_type": "service"},
    ]
    steps = [
        {"case": case, "looked_at_on": "2010-03-02", "step": step, "done": done}
        for case, answers in ((1, ("yes", "yes")), (2, ("yes", "no")), (3, ("yes", "not_applicable")))
        for step, done in zip(("identity", "register"), answers, strict=True)
    ]
    records = cq.records_of("case-review.procedure-followed")
    source = cq.source(cases, records, columns={"unit": None}, children={"steps": steps})
    found = cq.assess(procedures, {"supervised_cases": source}, period="2010-H1", as_of="2010-08-01")
    assert [(*each.goal.where["case_type"], int(each.value or 0), str(each.verdict)) for each in found] == [
        ("service", 100, "not in the source"),
        ("passport", 50, "not in the source"),
    ]


def nobody_delivered(goals: cq.GoalSet) -> str:
    """Return the report on a set of which nobody has handed in anything: its goals and what it leaves out."""
    sources = {goal.source: {"not_delivered": "findes ikke endnu"} for goal in goals.goals}
    assessed: str = cq.assess(goals, sources, period="2010-H1", as_of="2010-08-01").page()
    return html.unescape(assessed)


def test_the_report_has_the_goals_of_2010_under_the_three_aims_of_the_document() -> None:
    """ "reduktion af klager, reduktion af fejl i sagsbehandlingen og reduktion af sagsbehandlingstiden"."""
    page = nobody_delivered(GOALS)
    answer = page.split('<table class="answer"')[1].split("</table>", maxsplit=1)[0]
    aims = ("Reduktion af klager", "Reduktion af fejl i sagsbehandlingen", "Reduktion af sagsbehandlingstiden")
    places = [*(answer.index(aim) for aim in aims), len(answer)]
    assert places == sorted(places)
    titles = {str(goal.title.da): goal.id for goal in GOALS.goals if goal.title}
    under = [{titles[each] for each in titles if each in answer[at:end]} for at, end in itertools.pairwise(places)]
    okf = "okf.citizen-service"
    assert under[:2] == [{f"{okf}.satisfaction"}, {f"{okf}.passport-errors", f"{okf}.licence-errors"}]
    assert under[2] == set(TARGETS) - under[0] - under[1]


OF_THE_APPENDICES = {
    "copenhagen-2010": (
        "Beskæftigelses- og Integrationsudvalget målene i bilag 1",
        "Børne- og Ungdomsudvalget målene i bilag 2",
        "Sundheds- og Omsorgsudvalget målene i bilag 3",
        "Socialudvalget målene i bilag 4",
        "Teknik- og Miljøudvalget målene i bilag 5",
        "Kultur- og Fritidsforvaltningen målene i bilag 6",
    ),
    "copenhagen-common": ("Hver forvaltning de allerede eksisterende mål, indrapporteret i bilag 1",),
}
"""Read from the lists of appendices of the two documents."""


@pytest.mark.parametrize("name", OF_THE_APPENDICES)
def test_the_report_says_which_goals_of_the_appendices_are_not_supplied(name: str) -> None:
    page = nobody_delivered(cq.load_goals(name))
    chapter = page[page.index('id="not-judged"') :].split("</table>", maxsplit=1)[0]
    told = " ".join(re.sub(r"<[^>]*>", " ", chapter).split())
    places = [told.index(f"{what} Kilden nævner") for what in OF_THE_APPENDICES[name]]
    assert places == sorted(places)
    assert told.count("gengiver dem ikke") == len(places)
