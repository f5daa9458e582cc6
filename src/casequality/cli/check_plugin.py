"""`casequality check-plugin`: the kit, run on everything that an installed plugin offers."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import attrs
import typer

from casequality.cli.words import Format, FormatOption, pairs, print_json, print_text
from casequality.desk.offered import find_metric, rules
from casequality.errors import PluginError, UnknownName, UsageError
from casequality.host import Catalogue, survey

if TYPE_CHECKING:
    from casequality.testing import Report
    from casequality.testing.report import State

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
    from casequality.testing.file_laws import check_deadline, check_goal_set

    for metric in (offer.name for offer in found.metrics.values() if offer.plugin.distribution == name):
        own = {law.removeprefix(f"{metric}:"): why for law, why in skips.items() if law.startswith(f"{metric}:")}
        yield kit.check(find_metric(metric, found), skips=own, **settings)
    for file in found.goals.values():
        if file.plugin.distribution == name:
            yield check_goal_set(file.value, lambda metric: find_metric(metric, found))
    for rule in found.deadlines.values():
        if rule.plugin.distribution == name:
            yield check_deadline(rule.value)
