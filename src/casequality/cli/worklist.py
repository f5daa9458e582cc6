"""`casequality worklist`: the open cases to take up, as a table and in files that an office opens."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from casequality.cli.words import (
    AsOfOption,
    Format,
    FormatOption,
    Lang,
    LangOption,
    QuietOption,
    print_json,
    print_table,
    progress,
    tell,
    tell_written,
    write_bytes,
    write_whole,
)
from casequality.desk import project_worklist
from casequality.desk.worklist import LABELS, Worklist
from casequality.errors import UsageError

NOWHERE = {
    "en": "listed cases that have no {name} and are on the list of none: {rows}; see the whole list",
    "da": "sager uden {name}, som ikke står på nogens liste: {rows}; se hele listen",
}
DOUBTFUL = {
    "en": "{source}: rows that may be open cases and cannot be read: {rows}; report --findings FILE says which",
    "da": "{source}: rækker, der kan være åbne sager og ikke kan læses: {rows}; report --findings FIL siger hvilke",
}


class FailOn(StrEnum):
    """What on the list makes the command fail."""

    OVERDUE = "overdue"


def worklist(
    project: Annotated[Path, typer.Argument(help="The project file, casequality.toml.")],
    as_of: AsOfOption,
    within: Annotated[int, typer.Option("--within", min=0, help="How many working days ahead to look.")] = 5,
    unit: Annotated[list[str] | None, typer.Option("--unit", help="Only this unit. May be given again.")] = None,
    team: Annotated[list[str] | None, typer.Option("--team", help="Only this team. May be given again.")] = None,
    kind: Annotated[list[str] | None, typer.Option("--kind", help="Only this case type. May be given again.")] = None,
    out: Annotated[
        list[Path] | None,
        typer.Option("--out", help="Write the list to this file: .csv, .xlsx, .json or .ics. May be given again."),
    ] = None,
    fail_on: Annotated[FailOn | None, typer.Option("--fail-on", help="Exit with 1 if a case is overdue.")] = None,
    form: FormatOption = Format.TEXT,
    lang: LangOption = Lang.DA,
    quiet: QuietOption = False,
) -> None:
    """List the open cases to take up: soon due or overdue, told of or not, with the next step for each."""
    shapes: dict[str, Callable[[Worklist], bytes]] = {
        ".csv": lambda found: found.to_csv(lang.value),
        ".xlsx": lambda found: found.to_xlsx(lang.value),
        ".json": lambda found: (json.dumps(found.to_dict(), ensure_ascii=False, indent=2) + "\n").encode(),
        ".ics": lambda found: found.to_ical(lang.value),
    }
    wrong = [path.name for path in out or () if path.suffix not in shapes]
    if wrong:
        raise UsageError(
            "A list is not written in that form",
            where="--out",
            got=wrong[0],
            allowed=tuple(shapes),
            remedy="let the file's name end in one of these",
        )
    with progress(quiet) as shown:
        every = project_worklist(project, as_of=as_of, within=within, progress=shown)
    wanted = {name: given for name, given in (("unit", unit), ("team", team), ("kind", kind)) if given}
    found = every.of(**wanted)
    files = {path: shapes[path.suffix](found) for path in out or ()}
    write_whole({path: functools.partial(write_bytes, content) for path, content in files.items()})
    for name in wanted:
        if (rows := every.nowhere(name)) > 0:
            tell(NOWHERE[lang.value].format(rows=rows, name=LABELS[name][lang.value].lower()))
    for source, rows in every.doubtful.items():
        tell(DOUBTFUL[lang.value].format(source=source, rows=rows))
    if form is Format.JSON:
        print_json(found.to_dict())
    else:
        print_table(found.table(lang.value), form)
    for path in files:
        tell_written(path, lang)
    if fail_on and any(task.overdue for task in found):
        raise typer.Exit(1)
