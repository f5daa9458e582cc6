"""A walk through refusals of the command line: each is told in Danish, whole, and says a way out or what is allowed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("typer", reason="the command line needs casequality[cli]")

from casequality.cli.app import COMMANDS
from casequality.cli.hosting import asked_for
from tests.factories.command_line import Run
from tests.factories.projects import PROJECT

PERIOD = ("--period", "2010-H1", "--as-of", "2010-08-01")
REPORT = ("report", "casequality.toml", *PERIOD)
MEASURE = ("measure", "letters.answered-in-time", "letters.csv", "--as-of", "2010-08-01", "--lang", "da")

REFUSED = {
    "no project": (("report", "nowhere.toml", *PERIOD), "Kan ikke åbnes: projektfilen"),
    "no TOML": (("report", "letters.csv", *PERIOD), "Projektfilen er ikke TOML"),
    "format of a file": ((*REPORT, "--out", "report.docx"), "En rapport kan ikke skrives i dette format"),
    "no such folder": ((*REPORT, "--out", "nowhere/report.html"), "Filen kan ikke skrives"),
    "not for publication": ((*REPORT, "--publish"), "Projektet har ingen regler for offentliggørelse"),
    "recipient": ((*REPORT, "--to", "Nobody"), "Intet mål rapporteres til denne modtager"),
    "as-of": (("report", "casequality.toml", "--period", "2010", "--as-of", "x"), "Opgørelsesdagen kan ikke læses"),
    "engine": ((*REPORT, "--engine", "x"), "Der er ingen sådan motor"),
    "master": ((*REPORT, "--master", "spark://host:1"), "En master hører til Spark"),
    "period": (("report", "casequality.toml", "--period", "2010-H3", "--as-of", "2010-08-01"), "Ukendt periode"),
    "no period": (("report", "casequality.toml"), "Der mangler en indstilling: --period"),
    "no project named": (("report",), "Der mangler et ord: project"),
    "option": ((*REPORT, "--lnag"), "Indstillingen findes ikke: --lnag. Mente du"),
    "value of an option": ((*REPORT, "--format", "xml"), "Værdien passer ikke til --format: 'xml' er ikke en af"),
    "option without value": (("report", "casequality.toml", "--out"), "Indstillingen --out skal have en værdi"),
    "word too many": ((*REPORT, "more"), "ord for meget: more"),
    "no number": ((*REPORT, "--threads", "x"), "Værdien passer ikke til --threads: "),
    "command": (("goals", "chek"), "Kommandoen findes ikke: chek. Mente du 'check'?"),
    "goal": (("goals", "readings", "casequality.toml", "g9", *PERIOD), "Intet mål har dette id"),
    "goal to look at": (("goals", "signals", "casequality.toml", "g9", *PERIOD), "Intet mål har dette id"),
    "code of units": (("goals", "funnel", "casequality.toml", "g1", *PERIOD, "--by", "x"), "ingen sådan kode"),
    "two ways": (("goals", "compare", "casequality.toml", "g1", *PERIOD), "hvilke to måder der skal sammenlignes"),
    "list by unit": (("worklist", "casequality.toml", "--as-of", "2010-06-01", "--unit", "x"), "kan ikke deles op"),
    "format of a list": (
        ("worklist", "casequality.toml", "--as-of", "2010-06-01", "--out", "x.doc"),
        "En liste kan ikke skrives i dette format",
    ),
    "day": (("due", "casequality.toml", "--on", "x"), "Værdien passer ikke til --on: "),
    "nothing to comment in": (("comments", "casequality.toml", *PERIOD), "siger ikke, hvor kommentarer gemmes"),
    "no report": (("verify", "x.html", "casequality.toml", "--lang", "da"), "Kan ikke åbnes: rapporten"),
    "metric": (("measure", "letters.x", *MEASURE[2:]), "Intet plugin har målingen 'letters.x'"),
    "metric shown": (("metrics", "show", "x", "--lang", "da"), "Intet plugin har målingen 'x'"),
    "no file": (("measure", MEASURE[1], "x.csv", *MEASURE[3:]), "Filen findes ikke"),
    "kind of file": (("measure", MEASURE[1], "goals.toml", *MEASURE[3:]), "Filen er af en ukendt slags"),
    "column": ((*MEASURE, "--column", "received_on=x"), "Kilden har ingen kolonne til feltet received_on"),
    "field": ((*MEASURE, "--column", "x=y"), "columns= nævner noget, som letters ikke har"),
    "pair": ((*MEASURE, "--column", "x"), "Indstillingen skal have et navn og en værdi"),
    "dialect": ((*MEASURE, "--source-option", "dialect=x"), "Der er ingen sådan dialekt"),
    "source option": ((*MEASURE, "--source-option", "x=y"), "Nøglen kendes ikke her"),
    "reading": ((*MEASURE, "--reading", "x=y"), "læsning"),
    "parameter": ((*MEASURE, "--parameter", "x=y"), "Målingen har intet sådant: indstilling"),
    "group": ((*MEASURE, "--by", "x"), "Tallene kan ikke deles op på dette"),
    "calendar": ((*MEASURE, "--calendar", "x"), "Ukendt kalender"),
    "deadline": (("deadline", "x", "2010-04-22", "--lang", "da"), "Ukendt frist"),
    "day of receipt": (("deadline", "copenhagen/reply-guarantee", "x", "--lang", "da"), "kan ikke læses"),
    "before it held": (
        ("deadline", "copenhagen/reply-guarantee", "1999-04-22", "--lang", "da"),
        "Fristen gjaldt ikke den dag",
    ),
    "form of a deadline": (
        ("deadline", "copenhagen/reply-guarantee", "2010-04-22", "--lang", "da", "--format", "csv"),
        "En frist kan ikke vises i dette format",
    ),
    "no tally": (("tally", "show", "letters.csv", "--lang", "da"), "Filen kan ikke læses som optælling"),
    "records to look for": (("look", "letters.csv", "--records", "x", "--lang", "da"), ""),
}

PROJECTS = {
    "key": ("title", "titel", "Nøglen kendes ikke her"),
    "goal set": ('"goals.toml"', '"nowhere"', "Intet plugin har målsættet 'nowhere'"),
    "goal file": ('"goals.toml"', '"nowhere.toml"', "Kan ikke åbnes: målfilen"),
    "record type": ('records = "letters"', 'records = "x"', "En måling læser en anden posttype"),
    "file": ('"letters.csv"', '"x.csv"', "Filen findes ikke"),
    "pattern": ('"letters.csv"', '"x-*.csv"', "Ingen fil passer til mønstret"),
    "source": ("[sources.letters]", "[sources.x]", "Målets kilde mangler"),
    "bracket": ("[sources.letters]", "[sources.letters", "Projektfilen er ikke TOML"),
}

ENGLISH = re.compile(
    r"(?<![-.'\w])(the|of|or|and|is|was|are|not|no|a|an|from|which|that|with|use|give|name|see)(?![-.'\w])"
)


def in_danish(told: str) -> bool:
    """Return whether an error has no English words outside what it quotes, and the labels of a Danish one."""
    plain = re.sub(r"\"[^\"]*\"|'[^']*'|<[^>]*>", "", told)
    return not ENGLISH.search(plain) and not re.search(r"^  (got|where|allowed|remedy):", told, re.MULTILINE)


@pytest.mark.parametrize("kind", REFUSED)
def test_a_refusal_is_told_in_danish(kind: str, run: Run) -> None:
    words, said = REFUSED[kind]
    done = run(*words)
    assert done.code in (2, 3, 6), done
    assert said in done.err
    assert in_danish(done.err), done.err
    assert re.search(r"^  (udvej|muligt):", done.err, re.MULTILINE), done.err


@pytest.mark.parametrize("kind", PROJECTS)
def test_what_is_wrong_with_a_project_is_told_in_danish(kind: str, run: Run, folder: Path) -> None:
    old, new, said = PROJECTS[kind]
    assert old in PROJECT
    folder.joinpath("casequality.toml").write_text(PROJECT.replace(old, new, 1), encoding="utf-8")
    done = run(*REPORT)
    assert done.code == 3, done
    assert said in done.err
    assert in_danish(done.err), done.err


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_refuses_in_the_language_of_its_result(name: str) -> None:
    command: Any = COMMANDS[name].load(name)
    for inner, each in getattr(command, "commands", {"": command}).items():
        for usual in (param.default for param in each.params if param.name == "lang"):
            words = ["casequality", name, *filter(None, [inner]), "x"]
            assert asked_for(words) == usual.value, words
            assert asked_for([*words, "--lang", "da"]) == asked_for([*words, "--lang=da"]) == "da"
            assert asked_for([*words, "--lang", "en"]) == "en"


def test_english_words_are_seen() -> None:
    assert not in_danish("Filen findes ikke\n  udvej:   check the path")
    assert not in_danish("Filen findes ikke\n  remedy:  kontrollér stien")
    assert in_danish("Filen findes ikke\n  givet:   'the file'")
