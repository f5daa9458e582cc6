"""Tables as an Excel workbook: a sheet each, numbers and dates as such, and no text that would run as a formula."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Final

from casequality.errors import InputError
from casequality.reports.wording.tables import Between, Cell, ShownAmount, Table, shown
from casequality.reports.wording.words import say

LONGEST: Final = 31
"""How many letters the name of a sheet may have."""
WIDEST: Final = 80
"""How many letters the widest column has room for."""
DATES: Final = {"da": "dd-mm-yyyy", "en": "yyyy-mm-dd"}


def workbook(sheets: Mapping[str, Sequence[Table]], made: dt.datetime | None = None, audience: str = "") -> bytes:
    """Return tables as a workbook, by the names of their sheets: several on one stand below each other with captions.

    A number carries its unit in its format, and what a figure lies between is two columns. A sheet with one table has
    headers that stay in view and a filter on each column. made: when, for the workbook's properties.
    audience: for whom it is, which stands at the head of every page that is printed, and of a table that says it.
    Needs openpyxl: `pip install 'casequality[excel]'`.
    """
    try:
        from openpyxl import Workbook
    except ImportError:
        raise InputError(
            "The library openpyxl is needed to write a workbook and is not installed",
            got="no module openpyxl",
            remedy="pip install 'casequality[excel]', or write a file .csv, which Excel opens",
        ) from None
    book = Workbook()
    book.remove(book.worksheets[0])
    if made is not None:
        book.properties.created = book.properties.modified = made.astimezone(dt.UTC).replace(tzinfo=None)
    for name, tables in sheets.items():
        sheet = book.create_sheet(_free_name(name, book.sheetnames))
        sheet.oddHeader.center.text = audience.replace("&", "&&") or None
        if len(tables) == 1:
            _write_table(sheet, tables[0], 1)
            sheet.freeze_panes, sheet.auto_filter.ref = "B2" if len(tables[0].headers) > 2 else "A2", sheet.dimensions
            continue
        row = 1
        for table in tables:
            _write(sheet.cell(row, 1), table.caption, table.lang, bold=True)
            row = _write_table(sheet, table, row + 1) + 2
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _write_table(sheet: Any, table: Table, first: int) -> int:
    """Write a table from a row on, and return the number of its last row; columns are as wide as their longest cell."""
    from openpyxl.utils import get_column_letter

    last = first
    for place, column in enumerate(_columns(table), 1):
        letter = get_column_letter(place)
        for last, cell in enumerate(column, first):
            _write(sheet.cell(last, place), cell, table.lang, bold=last == first)
        longest = max(len(shown(cell, table.lang)) for cell in column)
        width = sheet.column_dimensions[letter]
        width.width = max(width.width if first > 1 else 0, min(longest + 3, WIDEST))
    return last


def _columns(table: Table) -> Iterator[list[Cell]]:
    """Yield each column with its header first; one of what figures lie between is two, and one says for whom it is."""
    for place, header in enumerate(table.headers):
        cells = [row[place] for row in table.rows]
        if not any(isinstance(cell, Between) for cell in cells):
            yield [header, *cells]
            continue
        for end, name in enumerate(("lowest", "highest")):
            ends = [cell.limits[end] if isinstance(cell, Between) else None for cell in cells]
            yield [
                say(name, table.lang, column=header),
                *(say("no limit", table.lang) if each == "" else each for each in ends),
            ]
    if table.audience:
        yield [table.audience, *[None] * len(table.rows)]


def _write(place: Any, cell: Cell, lang: str, *, bold: bool) -> None:
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Alignment, Font

    place.alignment = Alignment(wrap_text=True, vertical="top")
    if bold:
        place.font = Font(bold=True)

    if isinstance(cell, ShownAmount):
        digits = "0." + "0" * cell.decimals if cell.decimals else "0"
        place.value = float(round(cell.exact, cell.decimals))
        place.number_format = f"#,##{digits}" + (f'" {cell.unit}"'.replace("\\", "") if cell.unit else "")
    elif isinstance(cell, int) or cell is None:
        place.value = cell
    elif isinstance(cell, dt.date):
        place.value, place.number_format = cell, DATES[lang]
    else:
        place.value = ILLEGAL_CHARACTERS_RE.sub("\ufffd", shown(cell, lang))
        place.data_type = "s"  # what begins with = would else be a formula


def _free_name(name: str, taken: Collection[str]) -> str:
    """Return a name that Excel takes for a sheet and that is free: at most 31 letters, without those that it keeps."""
    plain = "".join(" " if letter in "[]:*?/\\" else letter for letter in name).strip("' ") or "1"
    names = (plain[:LONGEST], *(f"{plain[: LONGEST - 4]} ({number})" for number in range(2, 100)))
    known = {each.lower() for each in taken}
    return next(each for each in names if each.lower() not in known)
