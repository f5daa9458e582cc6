"""`casequality init`, `new-plugin` and `check-plugin`: what to start from, and the kit run on a plugin."""

from __future__ import annotations

import keyword
import os
import re
import shlex
from collections import Counter
from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Annotated, Any, Final

import attrs
import typer

from casequality.cli.words import Format, FormatOption, pairs, print_json, print_text, tell
from casequality.desk import find_metric, rules
from casequality.errors import PluginError, UnknownName, UsageError
from casequality.host import Catalogue, survey

if TYPE_CHECKING:
    from casequality.testing import Report
    from casequality.testing.report import State

WRITTEN_FROM = {
    "pyproject.toml": "pyproject.toml.txt",
    "README.md": "README.md.txt",
    "LICENSE": "license.txt",
    "CHANGELOG.md": "changelog.md.txt",
    ".github/workflows/tests.yml": "continuous.yml.txt",
    "docs/answered-in-time.md": "metric_page.md.txt",
    "src/casequality_$module/__init__.py": "package.py.txt",
    "src/casequality_$module/py.typed": "py.typed",
    "tests/test_${module}_conformance.py": "test_conformance.py.txt",
    "tests/test_${module}_figures.py": "test_figures.py.txt",
    "tests/test_${module}_installed.py": "test_installed.py.txt",
}
"""The files of a new plugin, and what each is written from; `plugins/casequality-example` is written so."""

TRY = (
    "casequality report casequality.toml --period 2010-Q1 --as-of 2010-08-01 --out report.html --lang da",
    "casequality worklist casequality.toml --as-of 2010-08-01 --within 5 --lang da",
)
"""What to try in a new project; its README has the same."""

PREFIX = "casequality-"
LETTERS = "letters"


def init(
    folder: Annotated[Path, typer.Argument(help="The folder of the project; . for this one.")],
) -> None:
    """Write a small project with invented data to play with: a goal, a source, and the commands to judge it."""
    written = write_project(folder)
    tell(f"{folder}: {', '.join(written)} written; the data are invented. Try:")
    into = [] if folder == Path() else [f"cd {shlex.quote(str(folder))}"]
    print_text("\n".join([*into, *TRY]))


def write_project(folder: Path) -> tuple[str, ...]:
    """Write the files of a project to play with into a folder, and return their names; what is there stays."""
    template = files("casequality.cli").joinpath("project_template")
    contents = {file.name: file.read_bytes() for file in sorted(template.iterdir(), key=lambda file: file.name)}
    if there := [name for name in contents if folder.joinpath(name).exists()]:
        raise UsageError(
            "The folder has such files already",
            got=", ".join(there),
            where=str(folder),
            remedy="choose another folder, or take these away",
        )
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in contents.items():
        folder.joinpath(name).write_bytes(content)
    return tuple(contents)


def new_plugin(
    name: Annotated[str, typer.Argument(help="The unit or area, such as housing-allocation.")],
    records: Annotated[str, typer.Option("--records", help="What its records are, in the plural.")] = LETTERS,
    into: Annotated[Path, typer.Option("--into", help="The folder in which the plugin's own folder is made.")] = Path(),
) -> None:
    """Write a plugin with one metric, its records, tests and documentation, and say how to install and test it."""
    folder = write_plugin(name, into, records)
    tell(f"{folder} written; install and test it with")
    place = shlex.quote(str(folder))
    print_text(f"python -m pip install -e {shlex.quote(f'{folder}[testing]')}\npython -m pytest {place}")


def write_plugin(name: str, into: Path, records: str = LETTERS) -> Path:
    """Write the plugin's folder into another one and return it; a folder that is there already is left as it is.

    records: what its records are, an English noun in the plural.
    """
    name = name.removeprefix(PREFIX)
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", name):
        raise UsageError(
            "A plugin's name cannot be used",
            got=name,
            allowed="small letters a to z, digits and single hyphens, a letter first",
            remedy="name it for its unit or area, such as housing-allocation",
        )
    folder = into / f"{PREFIX}{name}"
    words = {"name": name, "module": name.replace("-", "_"), **_nouns(records)}
    template = files("casequality.cli").joinpath("plugin_template")
    try:
        folder.mkdir(parents=True)
    except FileExistsError:
        raise UsageError(
            "The plugin's folder is there already", got=folder, remedy="choose another name or --into"
        ) from None
    for place, source in WRITTEN_FROM.items():
        path = folder / Template(place).substitute(words)
        path.parent.mkdir(parents=True, exist_ok=True)
        text = template.joinpath(source).read_text(encoding="utf-8")
        path.write_text(Template(text).substitute(words), encoding="utf-8", newline="\n")
    return folder


def _nouns(records: str) -> dict[str, str]:
    """Return what the templates call one record; only of letters does the command know the Danish word."""
    record = records.removesuffix("s")
    if not re.fullmatch(r"[a-z]{2,}s", records) or keyword.iskeyword(record):
        raise UsageError(
            "The records cannot be called so",
            got=records,
            allowed="an English noun in the plural, small letters a to z with an s at the end, such as enrolments",
            remedy="take another noun; every name can be changed in what is written",
        )
    return {"record": record, "Record": record.capitalize(), "danish": "Breve" if records == LETTERS else "Sager"}


STATES: Final[tuple[State, ...]] = ("passed", "failed", "skipped")


def check_plugin(
    name: Annotated[str, typer.Argument(help="The plugin's distribution, as `casequality plugins` lists it.")],
    skip: Annotated[
        list[str], typer.Option("--skip", help="A law left out, and why: METRIC:LAW=REASON; may be repeated.")
    ] = [],  # noqa: B006 -- typer copies it
    deadlines: Annotated[
        Path | None, typer.Option("--deadlines", help="A TOML file with deadlines that a municipality sets.")
    ] = None,
    as_of: Annotated[str, typer.Option("--as-of", help="The as-of around which records are invented.")] = "2010-08-01",
    examples: Annotated[int, typer.Option("--examples", min=1, help="How many tables each law invents.")] = 50,
    form: FormatOption = Format.TEXT,
) -> None:
    """Try every law on the metrics, goal sets and deadlines of an installed plugin; exit with 4 where one fails."""
    found, _ = survey(os.environ)
    _refuse_unusable(name, found)
    reports = []
    settings = {"as_of": as_of, "examples": examples, "deadlines": tuple(rules(found, deadlines or ()).values())}
    for report in _reports(name, found, pairs(skip, "--skip"), settings):
        reports.append(report)
        if form is Format.TEXT:
            print_text(str(report))
    states = Counter(check.state for report in reports for check in report.checks)
    if form is Format.TEXT:
        print_text(f"{name}: {states.total()} checks, {', '.join(f'{states[state]} {state}' for state in STATES)}")
    else:
        print_json(
            {"plugin": name, **{state: states[state] for state in STATES}, "checked": list(map(attrs.asdict, reports))}
        )
    if states["failed"]:
        raise typer.Exit(PluginError.exit_code)


def _refuse_unusable(name: str, found: Catalogue) -> None:
    """Raise the error of a plugin that is not installed, broken, switched off, or offers what another offers too."""
    chosen = [each for each in found.plugins if each.distribution == name]
    if not chosen:
        names = sorted({each.distribution for each in found.plugins})
        raise UnknownName(
            "No such plugin is installed", got=name, allowed=names, remedy="install it, or use one of these"
        )
    for each in chosen:
        if each.failure:
            raise each.failure.error
        if each.switched_off:
            raise UsageError(
                "The plugin is switched off", got=name, remedy="name it in CASEQUALITY_PLUGINS, or unset that"
            )
    for clash in found.clashes:
        if name in {plugin.distribution for plugin in clash.plugins}:
            raise clash.error()


def _reports(name: str, found: Catalogue, skips: Mapping[str, str], settings: Mapping[str, Any]) -> Iterator[Report]:
    import casequality.testing as kit
    from casequality.testing.goals_and_deadlines import check_deadline, check_goal_set

    for metric in (offer.name for offer in found.metrics.values() if offer.plugin.distribution == name):
        own = {law.removeprefix(f"{metric}:"): why for law, why in skips.items() if law.startswith(f"{metric}:")}
        yield kit.check(find_metric(metric, found), skips=own, **settings)
    for file in found.goals.values():
        if file.plugin.distribution == name:
            yield check_goal_set(file.value, lambda metric: find_metric(metric, found))
    for rule in found.deadlines.values():
        if rule.plugin.distribution == name:
            yield check_deadline(rule.value)
