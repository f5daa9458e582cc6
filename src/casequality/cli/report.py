"""`casequality report`: every goal of a project judged, in the terminal and as one HTML file.

`casequality worklist`: the open cases to take up first.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from casequality.cli.words import (
    PERIODS,
    AsOfOption,
    EngineOption,
    Format,
    FormatOption,
    KeepOption,
    Lang,
    LangOption,
    QuietOption,
    ThreadsOption,
    ToOption,
    in_colour,
    known_period,
    print_json,
    print_table,
    print_text,
    progress,
    tell,
    tell_set_aside,
    write_whole,
)
from casequality.desk import assess_project, project_worklist
from casequality.files import write_whole as write_file
from casequality.goals import Verdict
from casequality.reports import assessment_json, assessment_table, assessment_text
from casequality.reports.tables import Table


class FailOn(StrEnum):
    """Which verdict makes the command fail."""

    MISSED = "missed"


def report(
    project: Annotated[Path, typer.Argument(help="The project file, casequality.toml.")],
    period: Annotated[str, typer.Option("--period", callback=known_period, help=PERIODS)],
    as_of: AsOfOption,
    to: ToOption = None,
    out: Annotated[Path | None, typer.Option("--out", help="Write the report as one HTML file.")] = None,
    findings: Annotated[
        Path | None, typer.Option("--findings", help="Write the rows set aside to this CSV file.")
    ] = None,
    fail_on: Annotated[FailOn | None, typer.Option("--fail-on", help="Exit with 1 if a goal was missed.")] = None,
    form: FormatOption = Format.TEXT,
    lang: LangOption = Lang.DA,
    engine: EngineOption = None,
    keep: KeepOption = None,
    threads: ThreadsOption = None,
    quiet: QuietOption = False,
) -> None:
    """Judge every goal of a project over a period, or those of one recipient."""
    with progress(quiet) as shown:
        assessed = assess_project(
            project, period=period, as_of=as_of, to=to, engine=engine, keep=keep, threads=threads, progress=shown
        )
    assessment = assessed.assessment
    files: dict[Path, Callable[[Path], object]] = {}
    html = assessed.page(lang=lang.value) if out is not None or form is Format.HTML else ""
    if out is not None:
        files[out] = lambda path: write_file(path, html.encode())
    if findings is not None:
        files[findings] = assessed.write_findings
    write_whole(files)
    for note in assessment.sources.values():
        tell_set_aside(note, lang=lang, written=findings is not None)
    if form is Format.JSON:
        print_json(assessment_json(assessment))
    elif form is Format.TEXT:
        print_text(assessment_text(assessment, lang=lang.value, color=in_colour()))
    elif form is Format.HTML:
        print_text(html)
    else:
        table = assessment_table(assessment, lang=lang.value)
        print_text(table.csv() if form is Format.CSV else table.markdown())
    for path in files:
        tell(f"{path} written")
    if fail_on and any(judged.verdict is Verdict.MISSED for judged in assessment.judgements):
        raise typer.Exit(1)


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
