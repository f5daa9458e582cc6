"""Words that are taken as they are, without what Typer converts with: Typer's own conversion says what they mean."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import pytest

typer = pytest.importorskip("typer")

from typer.main import get_command

from casequality.cli.app import COMMANDS, OTHERWISE, plain


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


@pytest.mark.parametrize(
    ("meant", "value"),
    [
        (str, "2010-06"),
        (str, ""),
        (str | None, None),
        (str | None, "x"),
        (bool, True),
        (Path, "a/../b"),
        (Path | None, "x.csv"),
        (Colour, "red"),
        (Colour, Colour.BLUE),
        (list[str], ["a", "b"]),
        (list[str] | None, ["a"]),
        (list[Path], ["a", "b"]),
    ],
)
def test_a_plain_word_means_what_typer_takes_it_for(meant: Any, value: Any) -> None:
    def run(given: Any) -> None: ...

    run.__annotations__ = {"given": Annotated[meant, typer.Option("--given")]}
    app = typer.Typer(add_completion=False)
    app.command()(run)
    command: Any = get_command(app)
    param = next(each for each in command.params if each.name == "given")
    param.required = False
    by_typer = param.process_value(command.make_context("run", [], resilient_parsing=True), value)
    found = plain(value, meant)
    assert found is not OTHERWISE
    assert (list(found) if isinstance(found, tuple) else found) == (
        list(by_typer) if isinstance(by_typer, list | tuple) else by_typer
    )
    assert type(found) is type(by_typer) or isinstance(found, tuple)


@pytest.mark.parametrize(
    ("meant", "value"),
    [(Colour, "green"), (int, "5"), (int | None, "5"), (list[str], "abc"), (list[Colour], ["red", "no"]), (bool, "1")],
)
def test_any_other_word_is_left_to_typer(meant: Any, value: Any) -> None:
    assert plain(value, meant) is OTHERWISE


@pytest.mark.parametrize("name", [name for name in COMMANDS if name not in ("check-plugin", "worklist", "look")])
def test_no_parameter_of_a_command_that_is_not_given_needs_typer(name: str) -> None:
    """But for numbers that are given: none of these commands has one that must be."""
    command: Any = COMMANDS[name].load(name)
    for each in (command, *getattr(command, "commands", {}).values()):
        context = each.make_context(name, [], resilient_parsing=True)
        for param in each.get_params(context):
            if not param.required:
                param.process_value(context, param.get_default(context))
                assert getattr(param, "_runtime_param", None) is None, (name, param.name)
