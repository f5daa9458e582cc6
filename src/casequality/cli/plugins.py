"""`casequality plugins`: what is installed, what it offers, and what is broken."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import Annotated, Any

import typer

from casequality.cli.words import Format, FormatOption, Lang, LangOption, print_json, print_table, print_text
from casequality.errors import CaseQualityError
from casequality.host import Catalogue, Offer, Plugin, survey
from casequality.reports.tables import Table

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
