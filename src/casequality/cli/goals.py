"""`casequality goals`, `report`, `comments`, `due`: goal files checked, and what is asked of a project."""

from __future__ import annotations

import datetime as dt
import shlex
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

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
    group,
    in_colour,
    known_period,
    pairs,
    print_json,
    print_table,
    print_text,
    progress,
    tell,
    tell_set_aside,
    write_whole,
)
from casequality.days import MONTH_NAMES
from casequality.desk import (
    NextReport,
    assess_project,
    catalogue,
    find_metric,
    load_goals,
    project_comments,
    project_due,
    project_readings,
    side_by_side,
)
from casequality.errors import NOT_SAID, Words, raise_together, text_in
from casequality.files import write_whole as write_file
from casequality.goals import Verdict, check_goals
from casequality.reports import AIMS, RHYTHMS, Table, assessment_json, assessment_table, assessment_text, say

app: typer.Typer = group("Goal files: check and list them.")
NameArgument = Annotated[str, typer.Argument(help="A goal file, or the name of a shipped goal set.")]

ONE_JUDGED = {"en": "{name}: 1 goal can be judged", "da": "{name}: 1 mål kan bedømmes"}
JUDGED = {"en": "{name}: {count} goals can be judged", "da": "{name}: {count} mål kan bedømmes"}
HEADERS = {
    "en": ("Goal", "Metric", "Target", "Aim", "Focus area"),
    "da": ("Mål", "Måling", "Måltal", "Sigte", "Fokusområde"),
}


@app.command("check")
def check(name: NameArgument, lang: LangOption = Lang.EN) -> None:
    """Say whether every goal of a file says enough to be judged; list all that is missing."""
    count = _checked(name)
    print_text((ONE_JUDGED if count == 1 else JUDGED)[lang.value].format(name=name, count=count))


def _checked(name: str) -> int:
    """Return how many goals of a file can be judged; raise all that is missing."""
    found = catalogue()
    goals = load_goals(name, plugins=found)
    faults = check_goals([goals], lambda metric: find_metric(metric, found))
    raise_together(Words(f"{name}: goals that do not say enough", f"{name}: mål, der ikke siger nok"), faults)
    return len(goals.goals)


@app.command("list")
def listed(name: NameArgument, form: FormatOption = Format.TEXT, lang: LangOption = Lang.DA) -> None:
    """List the goals of a file, and those that its source names and that cannot be judged."""
    goals = load_goals(name)
    rows = tuple(
        (
            goal.id,
            goal.metric,
            goal.target.words()[lang.value] if goal.target else say("no target", lang.value),
            AIMS[goal.aim][lang.value] if goal.aim else "",
            goal.focus_area or "",
        )
        for goal in goals.goals
    )
    notes = tuple(f"{each.who}: {each.what} ({each.verdict.words[lang.value]})" for each in goals.not_supplied)
    caption = goals.title[lang.value] if goals.title else goals.id
    print_table(Table(caption=caption, headers=HEADERS[lang.value], rows=rows, notes=notes, lang=lang.value), form)


@app.command("readings")
def readings(
    project: Annotated[Path, typer.Argument(help="The project file, casequality.toml.")],
    goal: Annotated[str, typer.Argument(help="The goal's id.")],
    period: Annotated[str, typer.Option("--period", callback=known_period, help=PERIODS)],
    as_of: AsOfOption,
    form: FormatOption = Format.TEXT,
    lang: LangOption = Lang.DA,
    engine: EngineOption = None,
    master: MasterOption = None,
    threads: ThreadsOption = None,
    quiet: QuietOption = False,
) -> None:
    """Judge one goal of a project under every admissible reading of its words."""
    with progress(quiet) as shown:
        found = project_readings(
            project, goal, period=period, as_of=as_of, engine=engine, master=master, threads=threads, progress=shown
        )
    if form is Format.JSON:
        print_json(found.to_dict())
    else:
        print_table(found.table(lang.value), form)


Several = list[str]


@app.command("side-by-side")
def beside(
    name: NameArgument,
    period: Annotated[str, typer.Option("--period", callback=known_period, help=PERIODS)],
    tally: Annotated[
        Several, typer.Option("--tally", help="What an administration hands in: NAME=FILE; may be repeated.")
    ] = [],  # noqa: B006 -- typer copies it
    own_goals: Annotated[
        Several, typer.Option("--own-goals", help="Its goal file, where it measures in a way of its own: NAME=FILE.")
    ] = [],  # noqa: B006
    not_delivered: Annotated[
        Several, typer.Option("--not-delivered", help="Why another hands in nothing: NAME=the reason.")
    ] = [],  # noqa: B006
    general_work: Annotated[
        Several, typer.Option("--general-work", help="What it tells of its work on quality in general: NAME=text.")
    ] = [],  # noqa: B006
    by: Annotated[str, typer.Option("--by", help="The field that tells the administrations apart.")] = "administration",
    out: Annotated[Path | None, typer.Option("--out", help="Write the contributions as one HTML page.")] = None,
    form: FormatOption = Format.TEXT,
    lang: LangOption = Lang.DA,
) -> None:
    """Show what several administrations handed in for common goals, side by side and never ranked."""
    handed_in: dict[str, Any] = {}
    for word in tally:
        for who, path in pairs([word], "--tally").items():
            handed_in.setdefault(who, {"tallies": []})["tallies"].append(path)
    for key, words in (("goals", own_goals), ("general_work", general_work)):
        for who, said in pairs(words, f"--{key}").items():
            handed_in.setdefault(who, {})[key] = said
    for who, why in pairs(not_delivered, "--not-delivered").items():
        handed_in[who] = {**handed_in.get(who, {}), "not_delivered": why}
    found = side_by_side(handed_in, name, period=period, by=by)
    page = found.page(lang.value) if out is not None or form is Format.HTML else ""
    if out is not None:
        write_whole({out: lambda path: write_file(path, page.encode())})
    if form is Format.JSON:
        print_json(found.to_dict())
    elif form is Format.HTML:
        print_text(page)
    else:
        print_table(found.table(lang.value), form)
    if out is not None:
        tell(f"{out} written")


def comments(
    project: Annotated[Path, typer.Argument(help="The project file, casequality.toml.")],
    period: Annotated[str, typer.Option("--period", callback=known_period, help=PERIODS)],
    as_of: AsOfOption,
    to: ToOption = None,
    threads: ThreadsOption = None,
    quiet: QuietOption = False,
) -> None:
    """Add an empty comment for each goal that was missed to the project's file; what is written there stays."""
    file = project_comments(project)
    with progress(quiet) as shown:
        assessed = assess_project(project, period=period, as_of=as_of, to=to, threads=threads, progress=shown)
    kept = assessed.assessment.comments
    assert kept is not None
    lacking, before = kept.lacking(assessed), file.read_text(encoding="utf-8")
    if lacking:
        write_whole({file: lambda path: path.write_text(before.rstrip("\n") + "\n" + kept.stubs(assessed), "utf-8")})
    for judgement in lacking:
        tell(f"{file}: {judgement.goal.id}, {period}")
    for note in assessed.assessment.notes:
        tell(text_in(note, "en"))
    tell(f"{file}: entries added: {len(lacking)}")


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
    master: MasterOption = None,
    keep: KeepOption = None,
    threads: ThreadsOption = None,
    quiet: QuietOption = False,
) -> None:
    """Judge every goal of a project over a period, or those of one recipient."""
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
        print_text(assessment_text(assessment, lang=lang.value, color=in_colour(), columns=columns()))
    elif form is Format.HTML:
        print_text(html)
    else:
        table = assessment_table(assessment, lang=lang.value)
        print_text(table.csv() if form is Format.CSV else table.markdown())
    for path in files:
        tell(f"{path} written")
    if fail_on and any(judged.verdict is Verdict.MISSED for judged in assessment.judgements):
        raise typer.Exit(1)
