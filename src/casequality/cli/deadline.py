"""`casequality deadline` and `worklist`: when something is due, and why, and the open cases to take up first."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from casequality.cli.words import (
    AsOfOption,
    Format,
    FormatOption,
    Lang,
    LangOption,
    print_json,
    print_table,
    print_text,
)
from casequality.days import day_or_time
from casequality.deadlines import Deadline
from casequality.deadlines import deadline as named
from casequality.desk import catalogue, project_worklist, rules
from casequality.errors import UsageError
from casequality.reports import Table

HEADERS = {
    "en": ("Source", "Case", "Row", "Due", "Working days left", "Why"),
    "da": ("Kilde", "Sag", "Række", "Frist", "Arbejdsdage tilbage", "Hvorfor"),
}
CAPTION = {"en": "Open cases, soonest due first", "da": "Åbne sager, tidligste frist først"}


def deadline(
    rule: Annotated[str, typer.Argument(help="The deadline's id, such as copenhagen/reply-guarantee.")],
    received: Annotated[str, typer.Argument(help="The day of receipt, or a time with its offset.")],
    explain: Annotated[
        bool, typer.Option("--explain", help="Show every day from receipt to due date, and why.")
    ] = False,
    calendar: Annotated[str | None, typer.Option("--calendar", help="Count working days on this calendar.")] = None,
    form: FormatOption = Format.TEXT,
    lang: LangOption = Lang.EN,
) -> None:
    """Say when something received on a day is due."""
    offered = rules(catalogue()).get(rule) or named(rule)
    if not isinstance(offered, Deadline):
        raise UsageError(
            "A schedule has a deadline for each type of case",
            got=rule,
            remedy="measure with a metric that knows the type",
        )
    ledger = offered.explain(_moment(received), lang=lang.value, calendar=calendar)
    if form is Format.JSON:
        print_text(ledger.to_json())
    elif form is Format.HTML:
        print_text(ledger.to_html())
    elif form is not Format.TEXT:
        raise UsageError(
            "A due date is not given in that form",
            where="--format",
            got=form.value,
            allowed="text, json or html",
            remedy="leave --format out, or ask for html to read and json to keep",
        )
    elif explain:
        print_text(str(ledger))
    else:
        print_text(ledger.due.isoformat())


def _moment(received: str) -> dt.date:
    try:
        return day_or_time(received)
    except ValueError:
        raise UsageError(
            "A day of receipt cannot be read",
            got=received,
            allowed="2010-04-22, or 2010-04-22T16:30:00+02:00",
            remedy="write it as year-month-day",
        ) from None


def worklist(
    project: Annotated[Path, typer.Argument(help="The project file, casequality.toml.")],
    as_of: AsOfOption,
    within: Annotated[int, typer.Option("--within", min=0, help="How many working days ahead to look.")] = 5,
    form: FormatOption = Format.TEXT,
    lang: LangOption = Lang.DA,
) -> None:
    """List open cases that are soon due, and those overdue of which the citizen was not told in time."""
    found = project_worklist(project, as_of=as_of, within=within)
    if form is Format.JSON:
        print_json(found.to_dict())
        return
    rows = tuple(
        (
            f"{task.source}, {task.file}" if task.file else task.source,
            None if task.key is None else str(task.key),
            task.row,
            task.due.isoformat(),
            task.working_days_left,
            task.why(lang.value),
        )
        for task in found
    )
    print_table(Table(caption=CAPTION[lang.value], headers=HEADERS[lang.value], rows=rows, lang=lang.value), form)
