"""`casequality report`, `comments` and `due`: a report, what is written of it, and when the next is due."""

from __future__ import annotations

import datetime as dt
import shlex
from collections.abc import Callable
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated, TypeAlias

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
    MasterOption,
    QuietOption,
    ThreadsOption,
    ToOption,
    columns,
    in_colour,
    known_period,
    print_json,
    print_table,
    print_text,
    progress,
    tell,
    tell_set_aside,
    tell_written,
    write_bytes,
    write_whole,
)
from casequality.days import MONTH_NAMES
from casequality.desk import (
    Assessed,
    NextReport,
    assess_project,
    project_comments,
    project_due,
)
from casequality.errors import NOT_SAID, InputError, text_in
from casequality.goals import Verdict
from casequality.reports import (
    RHYTHMS,
    Table,
    assessment_json,
    assessment_table,
    assessment_text,
    check_ending,
    written,
)

ADDED = {"en": "entries added", "da": "tilføjede kommentarer, der skal skrives"}


def comments(
    project: Annotated[Path, typer.Argument(help="The project file, casequality.toml.")],
    period: Annotated[str, typer.Option("--period", callback=known_period, help=PERIODS)],
    as_of: AsOfOption,
    to: ToOption = None,
    lang: LangOption = Lang.DA,
    threads: ThreadsOption = None,
    quiet: QuietOption = False,
) -> None:
    """Add an empty comment for each goal that was missed to the project's file; what is written there stays."""
    file = project_comments(project)
    before = file.read_text(encoding="utf-8")
    with progress(quiet) as shown:
        assessed = assess_project(project, period=period, as_of=as_of, to=to, threads=threads, progress=shown)
    kept = assessed.assessment.comments
    assert kept is not None
    lacking = kept.lacking(assessed)
    if file.read_text(encoding="utf-8") != before:  # what somebody else wrote would be written twice, or lost
        raise InputError("The file of comments was changed meanwhile", where=str(file), remedy="run the command again")
    if lacking:
        write_whole({file: lambda path: path.write_text(before.rstrip("\n") + "\n" + kept.stubs(assessed), "utf-8")})
    for judgement in lacking:
        tell(f"{file}: {judgement.goal.id}, {period}")
    for note in assessed.assessment.notes:
        tell(text_in(note, lang.value))
    tell(f"{file}: {ADDED[lang.value]}: {len(lacking)}")


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
    print_table(
        Table(caption=DUE_CAPTION[lang.value], headers=DUE_HEADERS[lang.value], rows=rows, lang=lang.value), form
    )


def _row(each: NextReport, project: Path, on: dt.date, lang: str) -> tuple[str, ...]:
    return (
        each.due.to,
        each.due.what[lang] if each.due.what else "",
        RHYTHMS[each.due.every][lang],
        _month(each.month, lang),
        each.period.title(lang) if each.period else NOT_SAID[lang] if each.due.every != "continuous" else "",
        _command(each, project, on),
    )


def _month(month: dt.date | None, lang: str) -> str:
    return f"{MONTH_NAMES[month.month - 1][lang]} {month.year}" if month else NOT_SAID[lang]


def _command(each: NextReport, project: Path, on: dt.date) -> str:
    if each.period is None:
        return ""
    as_of = max(on, each.month or on)
    to = each.due.to if each.due.to.isalnum() else shlex.quote(each.due.to)
    return f"casequality report {shlex.quote(str(project))} --to {to} --period {each.period.label} --as-of {as_of}"


class FailOn(StrEnum):
    """Which verdict makes the command fail."""

    MISSED = "missed"


class Further(StrEnum):
    """What a report is asked for beside its verdicts."""

    READINGS = "readings"
    OPEN_CASES = "open-cases"


WithOption: TypeAlias = Annotated[
    list[Further] | None,
    typer.Option(
        "--with",
        help="Ask more of each goal, which reads the sources again: readings, its verdict under every reading of its "
        "words; open-cases, an estimate that counts the open cases too. May be given again.",
    ),
]


class Length(StrEnum):
    """How much of a report is written."""

    FULL = "full"
    SUMMARY = "summary"


def report(
    project: Annotated[Path, typer.Argument(help="The project file, casequality.toml.")],
    period: Annotated[str, typer.Option("--period", callback=known_period, help=PERIODS)],
    as_of: AsOfOption,
    to: ToOption = None,
    out: Annotated[
        list[Path] | None,
        typer.Option(
            "--out", help="Write the report to this file: .html, .pdf, .xlsx, .md, .csv or .json. May be given again."
        ),
    ] = None,
    findings: Annotated[
        Path | None, typer.Option("--findings", help="Write the rows set aside to this CSV file.")
    ] = None,
    fail_on: Annotated[FailOn | None, typer.Option("--fail-on", help="Exit with 1 if a goal was missed.")] = None,
    further: WithOption = None,
    length: Annotated[
        Length, typer.Option("--form", help="full, or summary: the answer alone on one page, for an agenda.")
    ] = Length.FULL,
    form: FormatOption = Format.TEXT,
    lang: LangOption = Lang.DA,
    engine: EngineOption = None,
    master: MasterOption = None,
    keep: KeepOption = None,
    threads: ThreadsOption = None,
    quiet: QuietOption = False,
) -> None:
    """Judge every goal of a project over a period, or those of one recipient."""
    for path in out or ():
        check_ending(path)  # before anything is read
    with progress(quiet) as shown:
        assessed = assess_project(
            project,
            period=period,
            as_of=as_of,
            to=to,
            engine=engine,
            master=master,
            keep=keep,
            threads=threads,
            progress=shown,
            further=further or (),
        )
    assessment = assessed.assessment
    files: dict[Path, Callable[[Path], object]] = {}
    for path in out or ():
        content = written(
            assessment, path, lang.value, beside=assessed.beside, further=assessed.further, form=length.value
        )
        files[path] = partial(write_bytes, content)
    if findings is not None:
        files[findings] = partial(assessed.write_findings, lang=lang.value)
    write_whole(files)
    for note in assessment.sources.values():
        tell_set_aside(note, lang=lang, written=findings is not None)
    _print(assessed, form, length, lang)
    for path in files:
        tell_written(path, lang)
    if fail_on and any(judged.verdict is Verdict.MISSED for judged in assessment.judgements):
        raise typer.Exit(1)


def _print(assessed: Assessed, form: Format, length: Length, lang: Lang) -> None:
    assessment = assessed.assessment
    if form is Format.JSON:
        print_json(assessment_json(assessment))
    elif form is Format.TEXT:
        print_text(assessment_text(assessment, lang=lang.value, color=in_colour(), columns=columns()))
    elif form is Format.HTML:
        print_text(assessed.page(lang=lang.value, form=length.value))
    else:
        table = assessment_table(assessment, lang=lang.value)
        print_text(table.csv() if form is Format.CSV else table.markdown())
