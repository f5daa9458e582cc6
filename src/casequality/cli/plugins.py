"""`casequality plugins`: what is installed, what it offers, and what is broken."""

from __future__ import annotations

from typing import Annotated

import typer

from casequality.cli.words import Format, FormatOption, Lang, LangOption, print_json, print_table, print_text
from casequality.desk.offered import catalogue
from casequality.reports.tables import Table

HEADERS = {
    "en": ("Distribution", "Version", "State", "Offers"),
    "da": ("Distribution", "Version", "Tilstand", "Tilbyder"),
}


def plugins(
    form: FormatOption = Format.TEXT,
    lang: LangOption = Lang.EN,
    traceback: Annotated[bool, typer.Option("--traceback", help="Show where each broken plugin failed.")] = False,
) -> None:
    """List the installed plugins, the metrics and goal sets they offer, and those that are broken."""
    found = catalogue()
    offers = {**found.metrics, **found.goals}
    rows = [
        (plugin.distribution, plugin.version, plugin.state, ", ".join(_offered(plugin.distribution, offers)))
        for plugin in found.plugins
    ]
    if form is Format.JSON:
        names = ("distribution", "version", "state", "offers")
        problems = [str(fault) for fault in found.errors()]
        print_json({"plugins": [dict(zip(names, row, strict=True)) for row in rows], "problems": problems})
        return
    print_table(Table(caption="Plugins", headers=HEADERS[lang.value], rows=tuple(rows), lang=lang.value), form)
    for plugin in found.broken:
        if plugin.failure is not None:
            print_text(f"\n{plugin.failure.error}" + (f"\n{plugin.failure.traceback}" if traceback else ""))
    for clash in found.clashes:
        print_text(f"\n{clash.error()}")


def _offered(distribution: str, offers: dict[str, object]) -> list[str]:
    return sorted(name for name, offer in offers.items() if offer.plugin.distribution == distribution)  # type: ignore[attr-defined]
