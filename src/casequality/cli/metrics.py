"""`casequality metrics`: what the installed plugins can measure, and what each figure means."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

import typer

from casequality.cli.words import Format, FormatOption, Lang, LangOption, print_json, print_table, print_text
from casequality.desk.offered import catalogue, find_metric
from casequality.errors import UnknownName, UsageError
from casequality.host import Catalogue
from casequality.metrics.metric import Metric
from casequality.reports import card, card_json
from casequality.reports.tables import Table
from casequality.reports.words import said

app: typer.Typer = typer.Typer(help="Metrics: list them, and say what each means.", no_args_is_help=True)
CAPTION = {"en": "Metrics", "da": "Målinger"}
HEADERS = {
    "en": ("Metric", "Name", "Unit", "Result version", "Records", "Plugin"),
    "da": ("Måling", "Navn", "Enhed", "Resultatversion", "Posttype", "Plugin"),
}
INTRODUCTION = """\
# {plugin}

<!-- Written by `casequality metrics page {plugin}`; change the metrics instead. -->

What the metrics of this plugin mean: definition, the fields that each reads, what can become of a record, the readings
with their consequences, source, limits and result version.
"""


@app.command("list")
def listed(form: FormatOption = Format.TEXT, lang: LangOption = Lang.EN) -> None:
    """List the metrics of the installed plugins."""
    rows = tuple(
        (id, said(kind.title or id, lang.value), kind.unit.name, str(kind.version), kind.records.name, plugin)
        for id, kind, plugin in _offered(catalogue())
    )
    print_table(Table(caption=CAPTION[lang.value], headers=HEADERS[lang.value], rows=rows, lang=lang.value), form)


@app.command("show")
def show(
    metric: Annotated[str, typer.Argument(help="The metric's id, as `casequality metrics list` shows it.")],
    form: FormatOption = Format.TEXT,
    lang: LangOption = Lang.EN,
) -> None:
    """Say what a metric's figures mean: definition, fields read, readings, source, limits, result version."""
    found = find_metric(metric)
    shown = card(found, lang.value)
    if form is Format.JSON:
        print_json(card_json(found))
    elif form is Format.CSV:
        raise UsageError(
            "A metric card is not given in that form",
            where="--format",
            got=form.value,
            allowed="text, md, html or json",
            remedy="leave --format out, or ask for json to keep it",
        )
    else:
        print_text({Format.TEXT: shown.text, Format.MARKDOWN: shown.markdown, Format.HTML: shown.html}[form]())


@app.command("page")
def page(
    plugin: Annotated[str, typer.Argument(help="The plugin's distribution, as `casequality plugins` lists it.")],
    lang: LangOption = Lang.EN,
) -> None:
    """Print a page of Markdown with every metric of a plugin, for its documentation."""
    offered = list(_offered(catalogue()))
    metrics = [
        (said(kind.title or id, lang.value), kind) for id, kind, distribution in offered if distribution == plugin
    ]
    if not metrics:
        offering = sorted({distribution for _, _, distribution in offered})
        raise UnknownName("No such plugin offers a metric", got=plugin, allowed=offering, remedy="name one of these")
    cards = [f"## {title}\n\n{card(kind, lang.value).markdown()}\n" for title, kind in metrics]
    print_text("\n".join([INTRODUCTION.format(plugin=plugin), *cards]))


def _offered(found: Catalogue) -> Iterator[tuple[str, type[Metric], str]]:
    for id, offer in found.metrics.items():
        yield id, offer.value, offer.plugin.distribution
