"""`casequality look`: what is in a file, without a value of any cell, and what it could be fed to."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from casequality.cli.words import Format, FormatOption, Lang, LangOption, columns, print_json, print_text
from casequality.desk import look as look_at_desk
from casequality.errors import UsageError
from casequality.records import Dialect


def look(
    data: Annotated[
        str, typer.Argument(help="A CSV, Excel or Parquet file, or a pattern, of which the first is taken.")
    ],
    records: Annotated[
        str | None, typer.Option("--records", help="The record type of the [sources] table, if not the likeliest.")
    ] = None,
    sheet: Annotated[str | None, typer.Option("--sheet", help="The sheet of a workbook, if not its first.")] = None,
    header: Annotated[
        str | None, typer.Option("--header", help="The row that names the columns, or rows as 2-3, where you know it.")
    ] = None,
    skip_rows: Annotated[
        int | None, typer.Option("--skip-rows", min=0, help="How many rows below it are left out.")
    ] = None,
    danish: Annotated[
        bool, typer.Option("--danish", help="CSV with semicolons, decimal commas and dd-mm-yyyy, which is not asked.")
    ] = False,
    form: FormatOption = Format.TEXT,
    lang: LangOption = Lang.EN,
) -> None:
    """Say what is in a file, in counts and never with a value, and propose a [sources] table for it."""
    if form is Format.CSV:
        raise UsageError(
            "What is in a file is not given in that form",
            where="--format",
            got=form.value,
            allowed="text, md, html or json",
            remedy="leave --format out, or ask for json to keep it",
        )
    dialect = Dialect.danish() if danish else None
    found = look_at_desk(Path(data), sheet=sheet, header=header, skip_rows=skip_rows, dialect=dialect, records=records)
    if form is Format.JSON:
        print_json(found.to_dict())
        return
    if form is Format.TEXT:
        print_text(found.text(lang.value, columns()))
    else:
        print_text((found.html if form is Format.HTML else found.markdown)(lang.value))
