"""`casequality deadlines`: the deadlines that a municipality sets itself, published, and what a change touches."""

from __future__ import annotations

import datetime as dt
import functools
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
    group,
    pairs,
    print_json,
    print_table,
    tell,
    write_bytes,
    write_whole,
)
from casequality.desk import OwnDeadlines, dialect_of, kept_deadlines, read_own_deadlines
from casequality.desk import touched as touched_cases
from casequality.errors import UsageError
from casequality.reports import Table

TOUCHED = {"en": "Open cases with another deadline", "da": "Åbne sager, der får en anden frist"}
TOUCHED_HEADERS = {
    "en": ("Case", "Type of case", "Due before", "Due after"),
    "da": ("Sag", "Sagstype", "Frist før", "Frist efter"),
}

app: typer.Typer = group("The deadlines that a municipality sets itself.")
TableArgument = Annotated[Path, typer.Argument(help="The municipality's table: CSV or Excel, or a list that was kept.")]
ColumnOption = Annotated[
    list[str] | None, typer.Option("--column", help="Which heading is which: term=Svarfrist. Give it once for each.")
]
SheetOption = Annotated[str | None, typer.Option("--sheet", help="The sheet of a workbook, its first unless told.")]


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
    write_whole({path: functools.partial(write_bytes, content) for path, content in files.items()})
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
