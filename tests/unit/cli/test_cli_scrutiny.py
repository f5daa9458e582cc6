"""What a careful reader asks of one goal, on the command line and in a report's annex: on cases counted by hand."""

from __future__ import annotations

import csv
import datetime as dt
import json
import re
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from casequality.desk.reporting import FURTHER
from casequality.evidence.scrutiny import SIGNALS
from tests.factories.command_line import Install, Run
from tests.unit.evidence.scrutiny.test_groups import CAUSAL

PLUGIN = '''
import attrs
import numpy as np
import casequality as cq
from casequality.metrics import Due


class Wait(cq.Records, name="waits"):
    """A time in which a case waits for somebody else."""

    case = cq.key()
    since_on = cq.day()
    until_on = cq.day(missing="still")


class Case(cq.Records, name="cases"):
    """A case with its own deadline."""

    case = cq.key()
    citizen = cq.code(missing="nobody")
    kind = cq.code("road", "tax")
    office = cq.code("Amager", "Valby")
    method = cq.code("contact", "letter")
    received_on = cq.day()
    due_on = cq.day(planned=True)
    closed_on = cq.day(missing="open")
    ending = cq.code("decided", "withdrawn", known_with="closed_on")
    waits = cq.many(Wait)


@attrs.frozen
class InTime(cq.Metric):
    """Share of cases closed by their deadline."""

    id = "cases.in-time"
    title = {"en": "Closed in time", "da": "Afsluttet til tiden"}
    unit = cq.units.SHARE
    records = Case
    outcomes = cq.outcomes(**cq.SETTLED)
    readings = cq.readings(
        cohort=cq.cohort("received", "closed"),
        grace=cq.choose(
            usual="none",
            why={"en": "the goal does not say", "da": "målet siger det ikke"},
            none={},
            month={"grace_days": 30},
            says={
                "none": {"en": "no days of grace", "da": "ingen løbedage"},
                "month": {"en": "thirty days of grace", "da": "tredive løbedage"},
            },
        ),
    )
    grace_days: int = 0
    words = {
        "contact": {"en": "by conversation", "da": "ved samtale"},
        "Valby": {"en": "Valby office", "da": "kontoret i Valby"},
        "road": {"en": "roads", "da": "veje"},
    }

    def contribute(self, cases, as_of):
        due = Due(cases.due_on + np.timedelta64(self.grace_days, "D"))
        states = as_of.settle(due, cases.closed_on)
        return cq.Contribution(on=cases.received_on, until=cases.closed_on, outcome=self.outcomes.pick(**states))

    def owed(self, cases, as_of):
        return cq.Owed(due=Due(cases.due_on), done=cases.closed_on)


@cq.hookimpl
def casequality_metrics():
    return [InTime]
'''
GOALS = """
[[goal]]
id       = "in-time"
title    = { en = "In time", da = "Til tiden" }
metric   = "cases.in-time"
source   = "cases"
target   = "at least 75 %"
readings = { cohort = "received", grace = "none" }
"""
SOURCE = """
title = "Sager"
goals = ["goals.toml"]

[sources.cases]
records = "cases"
path    = "cases.csv"
worklist = { unit = "office", kind = "kind" }

[sources.cases.children.waits]
path = "waits.csv"
"""
SCRUTINY = """
[sources.cases.scrutiny]
party     = "citizen"
ending    = "ending"
undecided = ["withdrawn"]
paused    = "waits.since_on"
method    = "method"
ways      = ["contact", "letter"]
within    = 20
"""
FIRST = dt.date(2010, 1, 4)
HEAD = ["case", "citizen", "kind", "office", "method", "received_on", "due_on", "closed_on", "ending"]
Row = list[Any]
pytestmark = pytest.mark.usefixtures("cases")


def rows() -> list[Row]:
    """A case a day for 100 days, due after 30 days; of four one is closed after 10 days, the others after 28.

    Every second is of Valby. Of four in a row two are handled by contact and then two by letter, of which the last is
    withdrawn. After every tenth, its citizen comes again 5 days after it was closed, to Amager: that takes 60 days.
    """
    made: list[Row] = []
    for number in range(100):
        came = FIRST + dt.timedelta(days=number)
        closed = came + dt.timedelta(days=10 if number % 4 == 0 else 28)
        office, method = ("Amager", "Valby")[number % 2], ("contact", "letter")[number // 2 % 2]
        ending, kind = "withdrawn" if number % 4 == 3 else "decided", ("road", "tax")[number // 4 % 2]
        made.append([number, f"c{number}", kind, office, method, came, came + dt.timedelta(days=30), closed, ending])
    for number in range(0, 100, 10):
        came = closed_on(made[number]) + dt.timedelta(days=5)
        again: Row = [1000 + number, f"c{number}", made[number][2], "Amager", "letter", came]
        made.append([*again, came + dt.timedelta(days=30), came + dt.timedelta(days=60), "decided"])
    return made


def closed_on(row: Row) -> dt.date:
    day = row[7]
    assert isinstance(day, dt.date)
    return day


def write(folder: Path, cases: list[Row], scrutiny: str = SCRUTINY) -> None:
    """Write a project with these cases; every fifth that is open then is paused 27 days after it came."""
    folder.mkdir(exist_ok=True)
    paused = [each for each in cases[:100:5] if each[0] in range(1, 100) and int(str(each[0])) % 4]
    waits: list[Row] = [[each[0], closed_on(each) - dt.timedelta(days=1), None] for each in paused]
    for file, head, lines in (("cases.csv", HEAD, cases), ("waits.csv", ["case", "since_on", "until_on"], waits)):
        with folder.joinpath(file).open("w", newline="", encoding="utf-8") as opened:
            csv.writer(opened).writerows([head, *lines])
    folder.joinpath("goals.toml").write_text(GOALS, encoding="utf-8")
    folder.joinpath("casequality.toml").write_text(SOURCE + scrutiny, encoding="utf-8")


@pytest.fixture
def cases(folder: Path, install: Install) -> Path:
    """A folder with the project."""
    install("cases-plugin", PLUGIN)
    write(folder, rows())
    return folder


ASKED = ("casequality.toml", "in-time", "--period", "2010-H1", "--as-of", "2010-09-01")


def asked(run: Run, command: str, *words: str) -> dict[str, Any]:
    done = run("goals", command, *ASKED, *words, "--format", "json")
    assert (done.code, done.err) == (0, "")
    found: dict[str, Any] = json.loads(done.out)
    return found


def test_every_signal_is_looked_for_in_the_cases_of_the_period(run: Run) -> None:
    """All but one of those who came again are closed by the end of June; 75 of four are closed two days before due."""
    found = asked(run, "signals")
    signals = {each["kind"]: each for each in found["signals"]}
    assert list(signals) == list(SIGNALS)
    counted = {kind: (each["observed"], each["cases"]) for kind, each in signals.items() if kind != "newest first"}
    assert counted == {
        "before the deadline": (75, 109),
        "late pauses": (15, 110),
        "registered anew": (10, 109),
        "closed undecided": (25, 75),
    }
    assert signals["newest first"]["cases"] == 109
    assert {kind for kind, each in signals.items() if each["grade"] == "none"} == {"newest first"}
    later = {each["kind"]: each["cases"] for each in asked(run, "signals", "--period", "2010-Q2")["signals"]}
    ended = [closed_on(each) for each in rows()]
    assert later["before the deadline"] == sum(dt.date(2010, 4, 1) <= day < dt.date(2010, 7, 1) for day in ended)
    assert later["late pauses"] == sum(each[5] >= dt.date(2010, 4, 1) for each in rows())


def test_nothing_of_what_comes_later_is_known(run: Run) -> None:
    """On 1 February those of January are open but for the ones closed by then."""
    found = asked(run, "signals", "--as-of", "2010-02-01")
    counts = {each["kind"]: each["cases"] for each in found["signals"]}
    ended = [each for each in rows() if closed_on(each) < dt.date(2010, 2, 1)]
    assert counts["before the deadline"] == len(ended)
    assert counts["late pauses"] == sum(each[5] < dt.date(2010, 2, 1) for each in rows())
    assert counts["registered anew"] == 0  # nobody was followed for sixty days


def test_what_a_project_does_not_say_is_not_looked_for(run: Run, cases: Path) -> None:
    write(cases, rows(), scrutiny="")
    found = asked(run, "signals")
    assert [each["kind"] for each in found["signals"]] == ["newest first", "before the deadline"]
    assert list(found["lacking"]) == ["late pauses", "registered anew", "closed undecided"]
    assert "Ikke søgt: registreret på ny; projektet siger ikke, hvem en sag vedrører." in found["words"]["da"]
    done = run("goals", "signals", *ASKED, "--lang", "en")
    assert (
        "Not looked for: paused just before the deadline; the project does not say when a case is paused." in done.out
    )


def test_nobody_comes_again_of_whom_a_case_is_nobodys(run: Run, cases: Path) -> None:
    write(cases, [[each[0], "", *each[2:]] for each in rows()])
    [anew] = [each for each in asked(run, "signals")["signals"] if each["kind"] == "registered anew"]
    assert (anew["observed"], anew["cases"]) == (0, 109)


def test_a_code_that_the_records_do_not_have_is_no_silence(run: Run, cases: Path) -> None:
    write(cases, rows(), scrutiny='\n[sources.cases.scrutiny]\nparty = "citizens"\n')
    for command in (("goals", "signals", *ASKED), (*REPORT, "--with", "signals")):
        done = run(*command)
        assert (done.code, done.out) == (3, "")
        assert "citizen" in done.err


@pytest.mark.parametrize("lang", ["da", "en"])
def test_signals_are_told_as_a_table_with_what_else_looks_the_same(run: Run, lang: str) -> None:
    done = run("goals", "signals", *ASKED, "--lang", lang)
    assert {"da": "intet mønster", "en": "no pattern"}[lang] in done.out
    assert done.out.count({"da": "ser ens ud", "en": "looks the same"}[lang]) >= 2
    assert done.out.count({"da": "ikke, hvorfor", "en": "not why"}[lang]) == 1
    assert not re.search(r"\bc\d+\b", done.out)  # no citizen
    printed = run("goals", "signals", *ASKED, "--lang", lang, "--format", "csv").out
    head, *lines = csv.reader(printed.splitlines(), delimiter=";" if lang == "da" else ",")
    assert [len(line) for line in lines] == [len(head)] * len(SIGNALS)


def test_units_stand_side_by_side_by_the_code_of_the_worklist_or_another(run: Run) -> None:
    """Those who came again were late, and all went to Amager and got a letter."""
    units = [(each["name"], each["yes"], each["cases"]) for each in asked(run, "funnel")["units"]]
    assert units == [("Amager", 50, 60), ("Valby", 50, 50)]
    ways = [(each["name"], each["yes"], each["cases"]) for each in asked(run, "funnel", "--by", "method")["units"]]
    assert ways == [("contact", 50, 50), ("letter", 50, 60)]
    shown = run("goals", "funnel", *ASKED)
    assert "Enheder side om side, ikke rangordnet" in shown.out
    assert "kontoret i Valby" in shown.out
    assert "inden for" in shown.out
    refused = run("goals", "funnel", *ASKED, "--by", "offices")
    assert (refused.code, refused.out) == (3, "")
    assert "office" in refused.err


def test_two_ways_are_compared_at_the_same_mix(run: Run) -> None:
    """Within 20 days half of those by contact are decided, and none by letter, whatever the type."""
    found = asked(run, "compare")
    assert [tuple(each.values()) for each in found["balance"]] == [("road", 26, 32, True), ("tax", 24, 28, True)]
    figures = [found["days"], found["ends"]["decided"], found["ends"]["withdrawn"]]
    assert [(each["first"], each["second"]) for each in figures] == [
        (pytest.approx(15), pytest.approx(20)),
        (pytest.approx(0.5), 0),
        (0, 0),
    ]
    longer = asked(run, "compare", "--within", "30", "--way", "letter", "--way", "contact")
    assert longer["called"] == ["letter", "contact"]
    road, tax = (sum(each[8] == "withdrawn" and each[2] == kind for each in rows()) for kind in ("road", "tax"))
    assert (road, tax) == (13, 12)
    mix = 58 / 110 * road / 32 + 52 / 110 * tax / 28
    assert longer["ends"]["withdrawn"]["first"] == pytest.approx(mix)


@pytest.mark.parametrize("lang", ["da", "en"])
def test_a_comparison_shows_its_balance_and_claims_no_cause(run: Run, lang: str) -> None:
    done = run("goals", "compare", *ASKED, "--lang", lang)
    assert done.code == 0
    assert "Balance" in done.out
    assert {"da": "beskriver og forklarer ikke", "en": "describes, and does not explain"}[lang] in done.out
    assert not re.search(CAUSAL, done.out, re.IGNORECASE)
    drawn = run("goals", "compare", *ASKED, "--lang", lang, "--by-lot").out
    assert {"da": "trukket ved lod", "en": "drawn by lot"}[lang] in drawn


def test_a_comparison_of_less_than_two_ways_is_refused_with_the_way_out(run: Run) -> None:
    done = run("goals", "compare", *ASKED, "--way", "contact")
    assert (done.code, done.out) == (2, "")
    assert "--way to gange" in done.err
    done = run("goals", "compare", *ASKED, "--way", "contact", "--way", "pigeon")
    assert (done.code, done.out) == (3, "")
    assert "letter" in done.err


def today(cases: Path) -> None:
    """Write the project as it is later: 0 is deleted, 4 was closed later, and five that were late are there."""
    later = rows()[1:]
    later[3][7] = closed_on(later[3]) + dt.timedelta(days=40)
    late = FIRST + dt.timedelta(days=45)
    later += [[2000 + number, "", "road", "Valby", "letter", FIRST, FIRST, late, "decided"] for number in range(5)]
    write(cases / "now", later)
    file = cases / "now" / "goals.toml"
    file.write_text(GOALS.replace('"received"', '"closed"'), encoding="utf-8")


RESTATED = ("goals", "restatement", "casequality.toml", "now/casequality.toml", "in-time", "--period", "2010-H1")
MOMENTS = ("--published-as-of", "2010-09-01", "--as-of", "2011-02-01")


def test_a_figure_is_restated_between_two_projects(run: Run, cases: Path) -> None:
    """100 of 110 then; 98 of 113 today, since by closing the last one who came again is of July."""
    today(cases)
    done = run(*RESTATED, *MOMENTS, "--format", "json", "--cases", "moved.csv")
    assert (done.code, done.err) == (0, "moved.csv skrevet\n")
    found = json.loads(done.out)
    moved = {each["cause"]: (each["above"], each["below"], each["cases"]) for each in found["parts"] if each["cases"]}
    assert moved == {
        "late": (0, 5, 5),
        "corrected": (-1, 0, 1),
        "deleted": (-1, -1, 1),
        "definition": (0, -1, 1),
    }
    assert (Fraction(found["change"])) == Fraction(98, 113) - Fraction(100, 110)
    assert sum(Fraction(each["exact"]) for each in found["parts"]) == Fraction(found["change"])
    with cases.joinpath("moved.csv").open(encoding="utf-8-sig") as file:
        lines = [tuple(line) for line in csv.reader(file, delimiter=";")][1:]
    late = [("registreret sent", str(2000 + number)) for number in range(5)]
    others = [("rettet", "4"), ("slettet", "0"), ("målets definition", "1090")]
    assert sorted(lines) == sorted([*late, *others])


@pytest.mark.parametrize("lang", ["da", "en"])
def test_a_restatement_is_told_without_a_key(run: Run, cases: Path, lang: str) -> None:
    today(cases)
    done = run(*RESTATED, *MOMENTS, "--lang", lang)
    assert done.code == 0
    assert {"da": "Offentliggjort som 90,9 %, i dag 86,7 %", "en": "Published as 90.9 %, today 86.7 %"}[
        lang
    ] in done.out
    assert {"da": "registreret sent", "en": "registered late"}[lang] in done.out
    assert "1090" not in done.out
    same = run(*RESTATED[:3], "casequality.toml", *RESTATED[4:], *MOMENTS, "--lang", lang)
    assert {"da": "90,9 %, som offentliggjort.", "en": "90.9 %, as published."}[lang] in same.out


REPORT = ("report", "casequality.toml", "--period", "2010-H1", "--as-of", "2010-09-01")
ALL = [word for name in FURTHER for word in ("--with", name)]
CAPTIONS = {
    "signals": "Mønstre i, hvordan sagerne behandles",
    "units": "Enheder side om side, ikke rangordnet",
    "ways": "To måder at behandle sager på, ved samme sammensætning",
    "restatement": "Ændringen fordelt på årsager",
    "readings": "Sager, der flytter sig",
    "open-cases": "afsluttede sager alene",
}


def restating(cases: Path, scrutiny: str = SCRUTINY) -> None:
    """Let the project restate what it said in June, when it knew less."""
    text = SOURCE.replace('goals = ["goals.toml"]', f'goals = ["goals.toml"]\n{RESTATES}', 1)
    cases.joinpath("casequality.toml").write_text(text + scrutiny, encoding="utf-8")


RESTATES = 'restates = { project = "casequality.toml", as_of = 2010-06-01, period = "2010-Q1" }'


def test_a_report_is_asked_for_everything_at_once_and_can_be_verified(run: Run, cases: Path) -> None:
    pytest.importorskip("jinja2")
    assert set(CAPTIONS) == set(FURTHER)
    restating(cases)
    done = run(*REPORT, *ALL, "--out", "all.html", "--out", "all.md")
    assert done.code == 0, done.err
    page, text = (cases.joinpath(f"all.{ending}").read_text(encoding="utf-8") for ending in ("html", "md"))
    for name, caption in CAPTIONS.items():
        assert caption in text, name
        assert caption in page, name
    assert "Siges ikke om dette mål" not in text
    assert "c10" not in text
    assert run("verify", "all.html", "casequality.toml").code == 0
    run(*REPORT, "--out", "plain.md")
    plain = cases.joinpath("plain.md").read_text(encoding="utf-8")
    assert not [name for name, caption in CAPTIONS.items() if name != "open-cases" and caption in plain]


def test_a_figure_that_another_reading_has_is_told_wherever_that_reading_is(run: Run, cases: Path) -> None:
    """With thirty days more the ten that took 60 are in time too: all 110 are."""
    restating(cases)
    told = {}
    for name in ("units", "readings"):
        run(*REPORT, "--with", name, "--out", "one.md")
        lines = cases.joinpath("one.md").read_text(encoding="utf-8").splitlines()
        told[name] = [[cell.strip() for cell in line.split("|")] for line in lines if "tredive løbedage" in line]
    assert [line[3] for line in told["units"]] == ["ikke beregnet"]
    assert [line[3] for line in told["readings"] if line[-2] == "grace = month"] == ["100,0\N{NO-BREAK SPACE}%"]
    assert [line[2] for line in told["readings"] if line[1] == "tredive løbedage (grace = month)"] == ["100,0 %"]


@pytest.mark.parametrize("name", FURTHER)
def test_each_is_asked_for_alone(run: Run, cases: Path, name: str) -> None:
    restating(cases)
    run(*REPORT, "--with", name, "--out", "one.md")
    text = cases.joinpath("one.md").read_text(encoding="utf-8")
    others = [each for each, caption in CAPTIONS.items() if each not in (name, "open-cases") and caption in text]
    assert (CAPTIONS[name] in text, others) == (True, [])


def test_what_a_goal_cannot_be_asked_says_why(run: Run, cases: Path) -> None:
    restating(cases, scrutiny="")
    run(*REPORT, *ALL, "--out", "all.md")
    text = cases.joinpath("all.md").read_text(encoding="utf-8")
    why = "Det er ikke oplyst, hvilke to måder der skal sammenlignes, efter hvilken kode og over hvor mange dage."
    assert f"Siges ikke om dette mål: {why}" in text


def test_what_is_not_told_of_cases_is_not_said_of_them(run: Run, cases: Path) -> None:
    """Neither types nor endings: half of those by contact are closed within 20 days, and none by letter."""
    project = cases / "casequality.toml"
    told = project.read_text(encoding="utf-8")
    for line in ('ending    = "ending"\n', 'undecided = ["withdrawn"]\n', ', kind = "kind"'):
        assert line in told
        told = told.replace(line, "")
    project.write_text(told, encoding="utf-8")
    found = asked(run, "compare")
    assert list(found["ends"]) == ["closed"]
    assert (found["ends"]["closed"]["first"], found["ends"]["closed"]["second"]) == (pytest.approx(0.5), 0)
    shown = run("goals", "compare", *ASKED, "--lang", "da").out
    assert "ved samtale" in shown
    assert not re.search("afgjort|trukket tilbage|sammensætning af sagstyper|Balance|Uden hensyn", shown)
    assert "Det er ikke oplyst, hvilken type en sag er" in shown


def test_each_way_and_type_is_called_as_the_metric_calls_it(run: Run) -> None:
    assert asked(run, "compare")["called"] == ["contact", "letter"]
    for lang, told in (("da", ("ved samtale", "veje")), ("en", ("by conversation", "roads"))):
        shown = run("goals", "compare", *ASKED, "--lang", lang).out
        assert all(each in shown for each in told)


def test_how_many_patterns_were_looked_for_reads_well_of_one_too(run: Run, cases: Path) -> None:
    write(cases, rows(), scrutiny="")
    assert asked(run, "signals")["words"]["da"].startswith(
        "Mønstre, der er søgt efter i 1. halvår 2010: 2, og set: 1; hvor der intet er"
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("funnel",), "Det er ikke oplyst, hvilken kode der nævner enhederne"),
        (("funnel", "--by", "offices"), "Registreringerne har ingen sådan kode"),
        (("compare", "--way", "contact", "--way", "pigeon"), "Ingen sag har denne værdi"),
        (("compare", "--way", "contact"), "nævn dem: --method, --way to gange og --within"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_danish(run: Run, cases: Path, words: tuple[str, ...], said: str) -> None:
    project = cases / "casequality.toml"
    project.write_text(project.read_text(encoding="utf-8").replace('unit = "office", ', ""), encoding="utf-8")
    done = run("goals", words[0], *ASKED, *words[1:], "--lang", "da")
    assert (done.code > 0, done.out) == (True, "")
    assert said in " ".join(done.err.split())


@pytest.mark.parametrize("command", ["readings", "signals", "funnel", "compare"])
def test_a_goal_that_the_project_does_not_have_is_said_so(run: Run, command: str) -> None:
    done = run("goals", command, ASKED[0], "in-tim", *ASKED[2:], "--lang", "da")
    assert (done.code, done.out) == (3, "")
    assert "Intet mål har dette id" in done.err
    assert "in-time" in done.err


def test_a_goal_that_the_earlier_edition_does_not_have_says_so(run: Run, cases: Path) -> None:
    write(cases / "then", rows())
    file = cases / "then" / "goals.toml"
    file.write_text(GOALS.replace('"in-time"', '"another"'), encoding="utf-8")
    restating(cases)
    project = cases / "casequality.toml"
    project.write_text(project.read_text(encoding="utf-8").replace('{ project = "', '{ project = "then/'), "utf-8")
    assert run(*REPORT, "--with", "restatement", "--out", "one.md").code == 0
    text = cases.joinpath("one.md").read_text(encoding="utf-8")
    assert "Siges ikke om dette mål: Den tidligere udgave har ikke dette mål." in text


def test_a_restatement_needs_an_edition(run: Run) -> None:
    done = run(*REPORT, "--with", "restatement")
    assert (done.code, done.out) == (3, "")
    assert "restates = {" in done.err
    said = run(*REPORT, "--with", "restatement", "--lang", "da").err
    assert "Projektet siger ikke, hvad det opgør igen" in said


def test_none_of_it_is_published(run: Run, cases: Path) -> None:
    restating(cases)
    with cases.joinpath("casequality.toml").open("a", encoding="utf-8") as file:
        file.write("\n[publish]\nthreshold = 5\n")
    done = run(*REPORT, *ALL, "--publish", "--out", "public.md")
    assert done.code == 0, done.err
    text = cases.joinpath("public.md").read_text(encoding="utf-8")
    assert not [name for name, caption in CAPTIONS.items() if caption in text]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ('within = "20"', "et helt antal dage"),
        ('ways = ["contact"]', "to betegnelser"),
        ('by_lot = "yes"', "true eller false"),
        ('methods = "method"', "mente du method?"),
        ('party = ["citizen"]', "party er af en anden slags"),
    ],
)
def test_a_faulty_line_of_the_project_is_told_at_its_place(run: Run, cases: Path, given: str, said: str) -> None:
    write(cases, rows(), scrutiny=f"\n[sources.cases.scrutiny]\n{given}\n")
    done = run("goals", "signals", *ASKED)
    assert (done.code, done.out) == (3, "")
    assert said in done.err
    assert "sources.cases, scrutiny" in done.err


def test_a_pause_that_the_records_do_not_have_is_refused_with_what_they_have(run: Run, cases: Path) -> None:
    write(cases, rows(), scrutiny='\n[sources.cases.scrutiny]\npaused = "pauses.since_on"\n')
    done = run("goals", "signals", *ASKED)
    assert done.code != 0
    assert "waits" in done.err


@pytest.mark.parametrize("command", ["signals", "funnel", "compare", "readings"])
@pytest.mark.parametrize(
    ("lang", "said"),
    [("da", "Målets kilde er ikke leveret"), ("en", "The source of the goal is not delivered")],
)
def test_whatever_is_asked_of_a_goal_says_that_its_source_is_not_delivered(
    command: str, lang: str, said: str, run: Run, cases: Path
) -> None:
    project = cases / "casequality.toml"
    before, _, _ = project.read_text(encoding="utf-8").partition("[sources.")
    project.write_text(f'{before}[sources.cases]\nnot_delivered = "Systemet er lukket"\n', encoding="utf-8")
    done = run("goals", command, *ASKED, "--lang", lang)
    assert (done.code, done.out) == (3, "")
    assert said in done.err
    assert "Systemet er lukket" in done.err
