"""`casequality due`: which report is due to whom, on which period, and the command that makes it."""

from __future__ import annotations

import datetime as dt
import shlex
from pathlib import Path
from typing import Annotated

import typer

from casequality.cli.words import Format, FormatOption, Lang, LangOption, print_table
from casequality.deadlines.sentences import MONTHS
from casequality.desk import NextReport, project_due
from casequality.reports.tables import Table
from casequality.reports.vocabulary import RHYTHMS
from casequality.words import NOT_SAID

DUE_HEADERS = {
    "en": ("To", "What", "How often", "Next due", "Period", "Command"),
    "da": ("Til", "Hvad", "Hvor ofte", "Forfalder", "Periode", "Kommando"),
}
DUE_CAPTION = {"en": "Reports due", "da": "Rapporter, der skal afgives"}


def due(
    project: Annotated[Path, typer.Argument(help="The project file, casequality.toml.")],
    on: Annotated[dt.datetime, typer.Option("--on", formats=["%Y-%m-%d"], help="Look ahead from this day.")],
    form: FormatOption = Format.TEXT,
    lang: LangOption = Lang.DA,
) -> None:
    """List the next report to each recipient of a project's goals, with the command that makes it."""
    found = project_due(project, on=on.date())
    rows = tuple(_row(each, project, on.date(), lang.value) for each in found)
    print_table(Table(caption=DUE_CAPTION[lang.value], headers=DUE_HEADERS[lang.value], rows=rows, lang=lang.value), form)


def _row(each: NextReport, project: Path, on: dt.date, lang: str) -> tuple[str, ...]:
    return (
        each.due.to,
        each.due.what[lang] if each.due.what else "",
        RHYTHMS[each.due.every][lang],
        _month(each.month, lang),
        each.period.title(lang) if each.period else "",
        _command(each, project, on),
    )


def _month(month: dt.date | None, lang: str) -> str:
    return f"{MONTHS[month.month - 1][lang]} {month.year}" if month else NOT_SAID[lang]


def _command(each: NextReport, project: Path, on: dt.date) -> str:
    if each.period is None:
        return ""
    as_of = max(on, each.month or on)
    to = each.due.to if each.due.to.isalnum() else shlex.quote(each.due.to)
    return f"casequality report {shlex.quote(str(project))} --to {to} --period {each.period.label} --as-of {as_of}"
