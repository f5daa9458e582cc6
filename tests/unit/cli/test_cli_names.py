"""The commands by name: what the list says of each, the version, completion, and what a mistyped name is answered."""

from __future__ import annotations

from importlib.metadata import version

import pytest

from tests.factories.command_line import Run

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
        ("casequality store re", {"replace"}),
        ("casequality report --as", {"--as-of"}),
        ("casequality report --lang ", {"da", "en"}),
    ],
)
def test_names_are_completed(typed: str, completed: set[str], run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_CASEQUALITY_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", typed)
    monkeypatch.setenv("COMP_CWORD", str(len(typed.split(" ")) - 1))
    assert set(run().out.split()) == completed
