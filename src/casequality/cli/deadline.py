"""`casequality deadline`, `deadlines` and `worklist`: when something is due, own deadlines, the open cases first."""

from __future__ import annotations

import datetime as dt
import functools
import json
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from casequality.citation import Citation
from casequality.cli.words import (
    AsOfOption,
    Format,
    FormatOption,
    Lang,
    LangOption,
    pairs,
    print_json,
    print_table,
    print_text,
    tell,
    write_whole,
)
from casequality.days import day_or_time
from casequality.deadlines import Deadline
from casequality.deadlines import deadline as named
from casequality.desk import (
    OwnDeadlines,
    catalogue,
    kept_deadlines,
    project_worklist,
    read_own_deadlines,
    rules,
)
from casequality.desk import touched as touched_cases
from casequality.desk.published import dialect_of
from casequality.desk.worklist import LABELS, Worklist
from casequality.errors import UsageError
from casequality.reports import Table

NOWHERE = {
    "en": "listed cases that have no {name} and are on the list of none: {rows}; see the whole list",
    "da": "sager uden {name}, som ikke står på nogens liste: {rows}; se hele listen",
}
DOUBTFUL = {
    "en": "{source}: rows that may be open cases and cannot be read: {rows}; report --findings FILE says which",
    "da": "{source}: rækker, der kan være åbne sager og ikke kan læses: {rows}; report --findings FIL siger hvilke",
}
TOUCHED = {"en": "Open cases with another deadline", "da": "Åbne sager, der får en anden frist"}
TOUCHED_HEADERS = {
    "en": ("Case", "Type of case", "Due before", "Due after"),
    "da": ("Sag", "Sagstype", "Frist før", "Frist efter"),
}

app: typer.Typer = typer.Typer(help="The deadlines that a municipality sets itself.", no_args_is_help=True)
TableArgument = Annotated[Path, typer.Argument(help="The municipality's table: CSV or Excel, or a list that was kept.")]
ColumnOption = Annotated[
    list[str] | None, typer.Option("--column", help="Which heading is which: term=Svarfrist. Give it once for each.")
]
SheetOption = Annotated[str | None, typer.Option("--sheet", help="The sheet of a workbook, its first unless told.")]


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
    every = project_worklist(project, as_of=as_of, within=within)
    wanted = {name: given for name, given in (("unit", unit), ("team", team), ("kind", kind)) if given}
    found = every.of(**wanted)
    files = {path: shapes[path.suffix](found) for path in out or ()}
    write_whole({path: functools.partial(_write, content) for path, content in files.items()})
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
        tell(f"{path} written")
    if fail_on and any(task.overdue for task in found):
        raise typer.Exit(1)


@app.command("publish")
def publish(
    table: TableArgument,
    municipality: Annotated[str, typer.Option("--municipality", help="Its name, as the page says it.")],
    decision: Annotated[str, typer.Option("--decision", help="What set the deadlines, such as a case number.")],
    decided: Annotated[str, typer.Option("--decided", help="The day of the decision, as 2026-06-25.")],
    page: Annotated[Path, typer.Option("--page", help="The public page to write, HTML.")],
    on: Annotated[str, typer.Option("--on", help="The day whose deadlines the page shows, as 2026-07-01.")],
    data: Annotated[
        list[Path] | None, typer.Option("--data", help="The same list as data: a file .json, which is kept, or .csv.")
    ] = None,
    column: ColumnOption = None,
    sheet: SheetOption = None,
) -> None:
    """Write the public page of the municipality's own deadlines (retssikkerhedsloven, section 3(2)), and the data."""
    cited = Citation(title=decision, adopted=_day(decided, "--decided"))
    own = _own(table, municipality, cited, column, sheet)
    wrong = [path.name for path in data or () if path.suffix not in (".json", ".csv")]
    if wrong:
        raise UsageError("A list is not written in that form", where="--data", got=wrong[0], allowed=".json or .csv")
    files = {page: own.to_html(_day(on, "--on")).encode()}
    for path in data or ():
        files[path] = own.to_json().encode() if path.suffix == ".json" else own.to_csv().encode("utf-8-sig")
    write_whole({path: functools.partial(_write, content) for path, content in files.items()})
    tell(f"{len(own.deadlines)} types of case, written to {', '.join(str(path) for path in files)}")


@app.command("compare")
def compare(
    before: Annotated[Path, typer.Argument(help="The list that was kept (.json), or the table as it was.")],
    after: TableArgument,
    cases: Annotated[Path, typer.Argument(help="The cases: columns case, subject, received_on, decided_on.")],
    as_of: AsOfOption,
    column: ColumnOption = None,
    sheet: SheetOption = None,
    case_column: Annotated[
        list[str] | None, typer.Option("--case-column", help="Which heading of the cases is which: case=Sagsnr.")
    ] = None,
    form: FormatOption = Format.TEXT,
    lang: LangOption = Lang.DA,
) -> None:
    """List the open cases that a change of the municipality's deadlines touches."""
    nobody = Citation(title="-")
    was, now = (_own(path, "-", nobody, column, sheet) for path in (before, after))
    columns = pairs(case_column or (), "--case-column")
    found = touched_cases(was, now, str(cases), as_of=as_of, columns=columns, dialect=dialect_of(cases))
    if form is Format.JSON:
        print_json([each.to_dict() for each in found])
        return
    rows = tuple((str(each.case), each.subject, _shown(each.due_before), _shown(each.due_after)) for each in found)
    headers = TOUCHED_HEADERS[lang.value]
    print_table(Table(caption=TOUCHED[lang.value], headers=headers, rows=rows, lang=lang.value), form)


def _write(content: bytes, path: Path) -> None:
    path.write_bytes(content)


def _own(
    path: Path, municipality: str, decision: Citation, column: list[str] | None, sheet: str | None
) -> OwnDeadlines:
    if path.suffix == ".json":
        return kept_deadlines(path)
    columns = pairs(column or (), "--column")
    return read_own_deadlines(path, municipality=municipality, decision=decision, columns=columns, sheet=sheet)


def _day(text: str, option: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise UsageError("A day cannot be read", where=option, got=text, allowed="2026-07-01") from None


def _shown(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None
