"""`casequality plugins` and `doctor`: what is installed, what it offers, what is wrong with it, and the way out."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import PackageNotFoundError, requires, version
from typing import Annotated, Any

import typer

from casequality.cli.words import Format, FormatOption, Lang, LangOption, print_json, print_table, print_text
from casequality.errors import CaseQualityError, PluginError, UsageError
from casequality.host import Catalogue, Offer, Plugin, survey
from casequality.reports import Table

HEADERS = {
    "en": ("Distribution", "Version", "State", "Hooks", "Offers"),
    "da": ("Distribution", "Version", "Tilstand", "Hooks", "Tilbyder"),
}
TracebackOption = Annotated[bool, typer.Option("--traceback", help="Show where each broken plugin failed.")]


def plugins(form: FormatOption = Format.TEXT, lang: LangOption = Lang.EN, traceback: TracebackOption = False) -> None:
    """List the installed plugins, what they offer, and those that are broken; works with every plugin broken."""
    found, faults = survey(os.environ)
    if form is Format.JSON:
        print_json({"plugins": plain_plugins(found), "problems": list(map(str, faults))})
        return
    print_table(plugin_table(found, lang), form)
    print_problems(found, faults, traceback)


def plugin_table(found: Catalogue, lang: Lang) -> Table:
    """Return a row a plugin: distribution, version, state, hooks, and what it offers."""
    rows = tuple(
        (
            each.distribution,
            each.version,
            each.state,
            ", ".join(map(_short, each.hooks)),
            ", ".join(_offers(found, each)),
        )
        for each in found.plugins
    )
    return Table(caption="Plugins", headers=HEADERS[lang.value], rows=rows, lang=lang.value)


def plain_plugins(found: Catalogue) -> list[dict[str, Any]]:
    """Return the plugins as plain data, with stage, hook and traceback of those that failed."""
    return [
        {
            "distribution": each.distribution,
            "version": each.version,
            "entry_point": each.entry_point,
            "state": each.state,
            "hooks": list(each.hooks),
            "offers": _offers(found, each),
            "deprecated": list(each.deprecated),
            "failure": each.failure
            and {"stage": each.failure.stage, "hook": each.failure.hook, "traceback": each.failure.traceback},
        }
        for each in found.plugins
    ]


def print_problems(found: Catalogue, faults: Iterable[CaseQualityError], traceback: bool) -> None:
    """Print each fault with its way out, on request the traceback of those of plugins, and what is deprecated."""
    tracebacks = {str(each.failure.error): each.failure.traceback for each in found.plugins if each.failure}
    for fault in faults:
        print_text(f"\n{fault}" + (f"\n{tracebacks.get(str(fault), '')}" if traceback else ""))
    for plugin in found.plugins:
        for sentence in plugin.deprecated:
            print_text(f"\n{plugin}: {sentence}")


def _offers(found: Catalogue, plugin: Plugin) -> list[str]:
    kinds: tuple[Mapping[str, Offer[Any]], ...] = (found.metrics, found.goals, found.deadlines)
    return sorted(name for offers in kinds for name, offer in offers.items() if offer.plugin == plugin)


def _short(hook: str) -> str:
    return hook.removeprefix("casequality_")


VARIABLES = ("CASEQUALITY_PLUGINS", "CASEQUALITY_STRICT", "CASEQUALITY_TRACEBACK", "NO_COLOR")
ABSENT = {"en": "not installed", "da": "ikke installeret"}
PROBLEM_HEADERS = {
    "en": {"versions": ("Software", "Version", "Needed for"), "environment": ("Variable", "Value")},
    "da": {"versions": ("Software", "Version", "Bruges til"), "environment": ("Variabel", "Værdi")},
}
CAPTIONS = {
    "en": {"versions": "Versions", "environment": "Environment"},
    "da": {"versions": "Versioner", "environment": "Miljø"},
}
SOUND = {"en": "Nothing is wrong.", "da": "Der er ingen fejl."}


def doctor(form: FormatOption = Format.TEXT, lang: LangOption = Lang.EN, traceback: TracebackOption = False) -> None:
    """Show versions, plugins, their failures and the environment; exit with 4 where anything is wrong."""
    found, told = survey(os.environ)
    faults = (*told, *_unknown_variables(os.environ))
    versions, environment = list(_versions(lang)), _environment(os.environ)
    if form is Format.JSON:
        plain = {name: {"version": number, "needed_for": use} for name, number, use in versions}
        problems = list(map(str, faults))
        print_json(
            {"versions": plain, "plugins": plain_plugins(found), "environment": environment, "problems": problems}
        )
    else:
        headers, captions = PROBLEM_HEADERS[lang.value], CAPTIONS[lang.value]
        for name, rows in (("versions", tuple(versions)), ("environment", tuple(environment.items()))):
            print_table(Table(caption=captions[name], headers=headers[name], rows=rows, lang=lang.value), form)
            print_text("")
        print_table(plugin_table(found, lang), form)
        print_problems(found, faults, traceback)
        if not faults:
            print_text(f"\n{SOUND[lang.value]}")
    if faults:
        raise typer.Exit(PluginError.exit_code)


def _versions(lang: Lang) -> Iterator[tuple[str, str, str]]:
    """Yield Python, casequality and each library that it can use: its version, and the extra that needs it."""
    yield "Python", platform.python_version(), ""
    yield "casequality", _version("casequality", lang), ""
    uses: dict[str, str] = {}
    for requirement in requires("casequality") or ():
        name = re.split(r"[^\w.-]", requirement, maxsplit=1)[0]
        extra = re.search(r"extra == ['\"]([\w-]+)['\"]", requirement)
        if name != "casequality" and not (extra and extra[1] == "all"):
            uses.setdefault(name, f"casequality[{extra[1]}]" if extra else "")
    for name, use in sorted(uses.items(), key=lambda item: (item[1], item[0])):
        yield name, _version(name, lang), use


def _version(name: str, lang: Lang) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ABSENT[lang.value]


def _environment(environ: Mapping[str, str]) -> dict[str, str]:
    ours = {*VARIABLES, *(name for name in environ if name.startswith("CASEQUALITY_"))}
    return {name: environ.get(name, "") for name in sorted(ours)}


def _unknown_variables(environ: Mapping[str, str]) -> list[UsageError]:
    return [
        UsageError(
            "A variable looks like one of casequality's and is none",
            got=name,
            allowed=VARIABLES,
            remedy="mend its name",
        )
        for name in _environment(environ)
        if name not in VARIABLES
    ]
