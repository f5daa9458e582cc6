"""`casequality worklist`: the open cases to take up first."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from casequality.cli.words import AsOfOption, Format, FormatOption, Lang, LangOption, print_json, print_table
from casequality.desk import project_worklist
from casequality.reports.tables import Table

HEADERS = {
    "en": ("Source", "Case", "Row", "Due", "Working days left", "Why"),
    "da": ("Kilde", "Sag", "Række", "Frist", "Arbejdsdage tilbage", "Hvorfor"),
}
CAPTION = {"en": "Open cases, soonest due first", "da": "Åbne sager, tidligste frist først"}


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
