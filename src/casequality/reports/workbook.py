"""Tables as an Excel workbook: a sheet each, numbers and dates as such, and no text that would run as a formula."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator, Mapping
from typing import Any, Final

from casequality.errors import InputError
from casequality.reports.wording.tables import Amount, Between, Cell, Table, shown
from casequality.reports.wording.words import say

WIDEST: Final = 80
"""How many letters the widest column has room for."""
DATES: Final = {"da": "dd-mm-yyyy", "en": "yyyy-mm-dd"}


def workbook(sheets: Mapping[str, Table], made: dt.datetime | None = None) -> bytes:
    """Return tables as a workbook, by the names of their sheets: headers that stay in view, a filter on each column.

    A number carries its unit in its format, and what a figure lies between is two columns. made: when, for the
    workbook's properties. Needs openpyxl: `pip install 'casequality[excel]'`.
    """
    try:
        from openpyxl import Workbook
        from openpyxl.styles import Alignment, Font
        from openpyxl.utils import get_column_letter
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
    for name, table in sheets.items():
        sheet = book.create_sheet(_sheet_name(name))
        for place, column in enumerate(_columns(table), 1):
            longest = 0
            for number, cell in enumerate(column, 1):
                _write(sheet.cell(number, place), cell, table.lang)
                longest = max(longest, len(shown(cell, table.lang)))
            sheet.column_dimensions[get_column_letter(place)].width = min(longest + 3, WIDEST)
        for head in sheet[1]:
            head.font, head.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="top")
        sheet.freeze_panes, sheet.auto_filter.ref = "B2" if len(table.headers) > 2 else "A2", sheet.dimensions
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _columns(table: Table) -> Iterator[list[Cell]]:
    """Yield each column with its header first; one of what figures lie between is two."""
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


def _write(place: Any, cell: Cell, lang: str) -> None:
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    if isinstance(cell, Amount):
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


def _sheet_name(name: str) -> str:
    """Return a name that Excel takes for a sheet: at most 31 letters, without those that it keeps for itself."""
    return "".join(" " if letter in "[]:*?/\\" else letter for letter in name)[:31].strip("' ") or "1"
