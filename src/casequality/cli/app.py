"""The commands of `casequality`, each found by its name and loaded when it is called or its own help is asked for."""

from __future__ import annotations

import re
from enum import Enum
from importlib import import_module
from pathlib import Path
from types import NoneType
from typing import Annotated, Any, Final, get_args, get_origin, get_type_hints

import attrs
import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from casequality.cli import hosting
from casequality.errors import meant, nearest, text_in


@attrs.frozen
class Home:
    """Where a command is written, a function or a group of commands, and the line that the list of commands has of it.

    The line stands here so that the list can be printed without loading what the commands need.
    """

    place: str
    name: str
    line: str

    def load(self, name: str) -> Any:
        """Return the command, under the name by which it is called."""
        found = getattr(import_module(f"casequality.cli.{self.place}"), self.name)
        if isinstance(found, typer.Typer):
            return _readied(get_command(found))
        alone = typer.Typer(add_completion=False, rich_markup_mode=None)
        alone.command(name)(found)
        return _readied(get_command(alone))


def _readied(command: Any) -> Any:
    """Return a command, or a group with all of its own, that takes plain words as they are and lets no plugin print."""
    for each in getattr(command, "commands", {}).values():
        _readied(each)
    _lighten(command)
    if command.callback is not None:
        command.callback = hosting.sunk(command.callback)
    return command


OTHERWISE: Final = object()
"""What stands for a word that Typer shall convert, or refuse."""


def plain(value: Any, meant: Any) -> Any:
    """Return what a word means where that needs no second look, else `OTHERWISE`; meant: the parameter's type."""
    several = [each for each in get_args(meant) if each is not NoneType]
    if get_origin(meant) is list:
        found = [OTHERWISE] if isinstance(value, str) else [plain(each, several[0]) for each in value or ()]
        return OTHERWISE if OTHERWISE in found else tuple(found)
    if several:
        return plain(value, several[0]) if len(several) == 1 else OTHERWISE
    if value is None or (isinstance(meant, type) and isinstance(value, meant)):
        return value
    if isinstance(value, str) and meant is Path:
        return Path(value)
    if isinstance(value, str) and issubclass(meant, Enum) and value in {each.value for each in meant}:
        return meant(value)
    return OTHERWISE


def _lighten(command: Any) -> None:
    """Let every parameter of a command take plain words as they are; one that Typer adds, where it is not given."""
    meant, of = get_type_hints(command.callback) if command.callback else {}, command.get_params

    def params(ctx: Any) -> Any:
        found = of(ctx)
        for param in found:
            if "process_value" not in vars(param):
                param.process_value = _lightly(param, meant.get(param.name, NoneType))
        return found

    command.get_params = params


def _lightly(param: Any, meant: Any) -> Any:
    """Return how a parameter takes its words: plain ones at once, others through Typer.

    Typer loads Pydantic for the first word that it converts, which takes as long as a deadline itself.
    """
    by_typer = param.process_value

    def processed(ctx: Any, value: Any) -> Any:
        found = plain(value, meant)
        if found is OTHERWISE or (param.required and found in (None, ())):
            return by_typer(ctx, value)
        return param.callback(ctx, param, found) if param.callback else found

    return processed


COMMANDS = {
    "init": Home(
        "authoring",
        "init",
        "Write a small project with invented data to play with: a goal, a source, and the commands to judge it.",
    ),
    "look": Home(
        "measure",
        "look",
        "Say what is in a file, in counts and never with a value, and propose a [sources] table for it.",
    ),
    "measure": Home("measure", "measure", "Measure one metric over one file or several of a kind."),
    "report": Home("report", "report", "Judge every goal of a project over a period, or those of one recipient."),
    "verify": Home(
        "report",
        "verify",
        "Make every figure of a report anew, and say which differ and why; exit with 5 where one does.",
    ),
    "comments": Home(
        "report",
        "comments",
        "Add an empty comment for each goal that was missed to the project's file; what is written there stays.",
    ),
    "due": Home("report", "due", "List the next report to each recipient, with the command that makes it."),
    "worklist": Home(
        "worklist",
        "worklist",
        "List the open cases to take up: soon due or overdue, told of or not, with the next step for each.",
    ),
    "deadline": Home("deadline", "deadline", "Say when something received on a day is due."),
    "plugins": Home(
        "plugins",
        "plugins",
        "List the installed plugins, what they offer, and those that are broken; works with every plugin broken.",
    ),
    "doctor": Home(
        "plugins",
        "doctor",
        "Show versions, plugins, their failures and the environment; exit with 4 where anything is wrong.",
    ),
    "new-plugin": Home(
        "authoring",
        "new_plugin",
        "Write a plugin with one metric, its records, tests and documentation, and say how to install and test it.",
    ),
    "check-plugin": Home(
        "authoring",
        "check_plugin",
        "Try every law on the metrics, goal sets and deadlines of an installed plugin; exit with 4 where one fails.",
    ),
    "deadlines": Home("municipal", "app", "The deadlines that a municipality sets itself."),
    "goals": Home("goals", "app", "Goal files: check and list them, and look closer at one goal."),
    "metrics": Home("measure", "app", "Metrics: list them, and say what each means."),
    "tally": Home("store", "tallies", "Saved tallies: what is in one."),
    "store": Home("store", "app", "A store of tallies: deliveries, and figures from them."),
}


class Commands(TyperGroup):
    """The list of commands; what stands in it for each has its line alone, until the command is called."""

    def __init__(self, **given: Any) -> None:
        listed = {name: TyperCommand(name, short_help=home.line) for name, home in COMMANDS.items()}
        super().__init__(**{**given, "commands": listed})
        _lighten(self)

    def invoke(self, ctx: Any) -> Any:
        """Run a command; a word that is none of an option's gets the nearest of those that are."""
        try:
            return super().invoke(ctx)
        except typer.BadParameter.__bases__[0] as fault:  # type: ignore[misc]  # words that do not fit, of any kind
            if isinstance(fault, typer.BadParameter):
                given, *known = re.findall(r"'([^']*)'", fault.message) or [""]
                asked = text_in(meant(nearest(given, known)) or "", "en").capitalize()
                # Typer lets its validator's own words through
                fault.message = " ".join(filter(None, [fault.message.removeprefix("Value error, "), asked]))
            hosting.refuse_in_danish(fault)
            raise

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Return the name, the command itself and the words after it; refuse a name that is none, with the nearest."""
        name, listed, rest = super().resolve_command(ctx, args)
        return name, listed and COMMANDS[args[0]].load(args[0]), rest


app: typer.Typer = typer.Typer(
    name="casequality",
    cls=Commands,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _print_version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        typer.echo(f"casequality {version('casequality')}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Know, and prove, how well a municipality treats its citizens' cases.

    Exit codes: 0 done, 1 a goal was missed and --fail-on was given, 2 usage, 3 bad input, 4 a plugin failed,
    5 a published figure is another, 6 something could not be written.
    """


def run() -> None:
    """Run the command line; exit code 0 is done, 2 a command whose words do not fit."""
    app(prog_name="casequality")
