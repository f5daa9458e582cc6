"""The commands by name: what the list says of each, the version, completion, and what a mistyped name is answered."""

from __future__ import annotations

from importlib.metadata import version

import pytest

from tests.factories.command_line import Install, Run
from tests.factories.projects import PLUGIN

typer = pytest.importorskip("typer", reason="the command line needs casequality[cli]")

from casequality.cli.app import COMMANDS


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_says_of_a_command_what_it_says_itself(name: str, run: Run) -> None:
    home = COMMANDS[name]
    assert home.load(name).help.splitlines()[0] == home.line
    shown = run(name, "--help")
    assert (shown.code, shown.err) == (0, "")
    assert home.line in " ".join(shown.out.split())
    assert shown.out.startswith(f"Usage: casequality {name} ")


def test_every_command_is_listed_with_its_line(run: Run) -> None:
    listed = " ".join(run("--help").out.split())
    for name, home in COMMANDS.items():
        assert f" {name} {home.line}" in listed


def test_the_version_is_that_of_the_distribution(run: Run) -> None:
    done = run("--version")
    assert (done.code, done.out, done.err) == (0, f"casequality {version('casequality')}\n", "")


def test_a_shell_is_told_how_to_complete(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION", "1")
    assert "_CASEQUALITY_COMPLETE=complete_bash" in run("--show-completion", "bash").out


@pytest.mark.parametrize(
    ("typed", "completed"),
    [
        ("casequality dead", {"deadline", "deadlines"}),
        ("casequality store re", {"release", "replace"}),
        ("casequality report --as", {"--as-of"}),
        ("casequality report --lang ", {"da", "en"}),
    ],
)
def test_names_are_completed(typed: str, completed: set[str], run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_CASEQUALITY_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", typed)
    monkeypatch.setenv("COMP_CWORD", str(len(typed.split(" ")) - 1))
    assert set(run().out.split()) == completed


MEASURE = ("measure", "letters.answered-in-time", "letters.csv", "--as-of", "2010-08-01")
MISTYPED = {
    "command": (("measur",), "'measure'"),
    "command of a group": (("store", "replac"), "'replace'"),
    "option": ((*MEASURE, "--perod", "2010-H1"), "--period"),
    "word of an option": ((*MEASURE, "--format", "jsn"), "'jsn' is not one of"),
    "form": ((*MEASURE, "--format", "jsn"), "Did you mean json?"),
    "verdict": (
        ("report", "casequality.toml", "--period", "2010", "--as-of", "2010-08-01", "--fail-on", "mised"),
        "Mente du missed?",
    ),
    "metric": (("measure", "letters.answered-in-tim", *MEASURE[2:]), "use letters.answered-in-time"),
    "metric shown": (("metrics", "show", "letters.answered-in-tim"), "use letters.answered-in-time"),
    "plugin": (("metrics", "page", "letters-plugn"), "did you mean letters-plugin?"),
    "plugin checked": (("check-plugin", "letters-plugn"), "did you mean letters-plugin?"),
    "code": ((*MEASURE, "--by", "ofice"), "did you mean office?"),
    "grain": ((*MEASURE, "--by", "mnth"), "did you mean month?"),
    "code of a choice": ((*MEASURE, "--where", "ofice=north"), "did you mean office?"),
    "reading": ((*MEASURE, "--reading", "cohrt=closed"), "did you mean cohort?"),
    "alternative": ((*MEASURE, "--reading", "cohort=closd"), "did you mean closed?"),
    "parameter": ((*MEASURE, "--parameter", "deadlin=x"), "did you mean deadline?"),
    "field": ((*MEASURE, "--column", "receved_on=x"), "did you mean received_on?"),
    "column": ((*MEASURE, "--column", "received_on=receved_on"), "did you mean received_on?"),
    "calendar": ((*MEASURE, "--calendar", "dk-banc"), "did you mean dk-bank?"),
    "engine": ((*MEASURE, "--engine", "sprk"), "did you mean spark?"),
    "source option": ((*MEASURE, "--source-option", "dialct=danish"), "did you mean dialect?"),
    "dialect": ((*MEASURE, "--source-option", "dialect=dansh"), 'write dialect = "danish"'),
    "deadline": (("deadline", "copenhagen/reply-guarante", "2010-04-22"), "did you mean copenhagen/reply-guarantee?"),
    "records": (("look", "letters.csv", "--records", "leters"), "did you mean letters?"),
    "goal": (
        ("goals", "readings", "casequality.toml", "G1", "--period", "2010-H1", "--as-of", "2010-08-01"),
        "mente du g1?",
    ),
    "period in small letters": ((*MEASURE, "--period", "2010-h1"), "did you mean 2010-H1?"),
    "period without a hyphen": ((*MEASURE, "--period", "2010Q2"), "did you mean 2010-Q2?"),
    "Danish quarter": ((*MEASURE, "--period", "2. kvartal 2010"), "did you mean 2010-Q2?"),
    "Danish half": ((*MEASURE, "--period", "1. halvår 2010"), "did you mean 2010-H1?"),
    "month of one digit": ((*MEASURE, "--period", "2010-6"), "did you mean 2010-06?"),
}


@pytest.mark.parametrize("kind", MISTYPED)
def test_a_mistyped_name_is_answered_with_the_one_meant(kind: str, run: Run) -> None:
    words, said = MISTYPED[kind]
    done = run(*words)
    assert (done.code in (2, 3), done.out) == (True, "")
    assert said in done.err


def test_a_name_like_no_other_is_answered_with_all_there_are(run: Run) -> None:
    done = run(*MEASURE, "--reading", "x=closed")
    assert "allowed: cohort" in done.err
    assert "mean" not in done.err
    assert "mean" not in run(*MEASURE, "--period", "2010-Q7").err


@pytest.mark.parametrize("lang", [("--lang", "da"), ("--lang=da",)])
def test_an_error_is_told_in_the_language_asked_for(lang: tuple[str, ...], run: Run) -> None:
    words = ("deadline", "copenhagen/reply-guarante", "2010-04-22")
    danish, english = run(*words, *lang).err.splitlines(), run(*words, "--lang", "en").err.splitlines()
    assert [line.split(":")[0].strip() for line in danish[1:]] == ["givet", "muligt", "udvej"]
    assert danish[-1] == "  udvej:   mente du copenhagen/reply-guarantee?"
    assert english[-1] == "  remedy:  did you mean copenhagen/reply-guarantee?"
    assert run(*words).err.splitlines() == english


def test_a_table_is_as_wide_as_the_terminal_says(run: Run, install: Install, monkeypatch: pytest.MonkeyPatch) -> None:
    install("correspondence-plugin", PLUGIN.replace('"letters', '"correspondence'))
    wide = run("plugins", "--lang", "en").out
    monkeypatch.setenv("COLUMNS", "92")
    narrow = run("plugins", "--lang", "en").out
    assert max(map(len, wide.splitlines())) > 92
    assert max(map(len, narrow.splitlines())) <= 92
    assert sorted("".join(narrow.split()).replace("─", "")) == sorted("".join(wide.split()).replace("─", ""))
    assert run("plugins", "--format", "json").out
