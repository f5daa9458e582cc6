"""What calamine leaves unsaid of a workbook of OpenDocument: merged areas, and cells that no program could work out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any, Final
from xml.parsers import expat

import attrs

from casequality.records.intake.readers.in_memory import Mark
from casequality.records.intake.readers.layout import LAST_COLUMN, LAST_ROW, Area, Row
from casequality.records.intake.readers.sheets.workbook import opened_zip, parsed

TELLING: Final = (b"formula=", b"-spanned=", b'value-type="error"')
"""A document without any of these hides nothing, and is not read for it."""
VALUES: Final = ("value", "date-value", "time-value", "boolean-value", "string-value")
ERROR: Final = re.compile(r"\s*(Err:\d{3}|#(N/A|REF!|DIV/0!|VALUE!|NAME\?|NUM!|NULL!))\s*", re.ASCII)


@attrs.define
class Unsaid:
    """Of one sheet: its merged areas, and the areas of cells whose value nobody can tell, both from top to bottom."""

    merged: list[Area] = attrs.field(factory=list)
    lost: list[Area] = attrs.field(factory=list)

    def told(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Yield rows, which come in their order, with every cell of these marked as unreadable."""
        waiting, over = list(reversed(self.lost)), list[Area]()
        for row in rows:
            while waiting and waiting[-1].top <= row.number:
                over.append(waiting.pop())
            over = [area for area in over if area.bottom >= row.number]
            for area in over:
                row.cells.update(dict.fromkeys(range(area.left, area.right + 1), Mark.UNREADABLE))
            yield row


def unsaid(path: Path) -> Mapping[str, Unsaid]:
    """Return what a workbook holds of this by the name of its sheets, nothing for one that is no OpenDocument.

    Raises `InputError` for a damaged file, and for a zip file that would not fit in memory.
    """
    with opened_zip(path) as file:
        content = file.read("content.xml") if "content.xml" in file.namelist() else b""
        if not any(each in content for each in TELLING):
            return {}
        reading = _Reading()
        for _ in parsed(BytesIO(content), reading.parser):
            pass
        return reading.sheets


class _Reading:
    """Follows the elements of a document; a row or cell that says so stands for several."""

    def __init__(self) -> None:
        self.sheets: dict[str, Unsaid] = {}
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler, self.parser.EndElementHandler = self._start, self._end
        self.parser.CharacterDataHandler = self._text
        self._sheet, self._row, self._rows, self._column = Unsaid(), 0, 0, 0
        self._cell: tuple[Area, bool] | None = None
        self._shown: list[str] = []
        self._noted = False

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        kind = tag.rpartition(":")[2]
        given = {name.rpartition(":")[2]: value for name, value in attributes.items()}
        if kind == "table":
            self._sheet, self._row = self.sheets.setdefault(given.get("name", ""), Unsaid()), 1
        elif kind == "table-row":
            self._rows, self._column = _number(given, "number-rows-repeated", LAST_ROW), 0
        elif kind in ("table-cell", "covered-table-cell"):
            wide = _number(given, "number-columns-repeated", LAST_COLUMN)
            down, across = (_number(given, f"number-{way}-spanned", LAST_ROW) for way in ("rows", "columns"))
            here = self._area(self._rows, wide)
            if down > 1 or across > 1:
                self._sheet.merged.append(self._area(down, across))
            if any(name.endswith("value-type") and value == "error" for name, value in attributes.items()):
                self._sheet.lost.append(here)
            elif "formula" in given:
                self._cell, self._shown = (here, not given.keys() & VALUES), []
            self._column += wide
        elif kind == "annotation":
            self._noted = True

    def _area(self, rows: int, columns: int) -> Area:
        return Area(self._row, self._column, self._row + rows - 1, min(self._column + columns, LAST_COLUMN) - 1)

    def _text(self, text: str) -> None:
        if self._cell and not self._noted:
            self._shown.append(text)

    def _end(self, tag: str) -> None:
        kind = tag.rpartition(":")[2]
        if kind == "table-row":
            self._row += self._rows
        elif kind == "annotation":
            self._noted = False
        elif kind == "table-cell" and self._cell:
            (here, valueless), shown = self._cell, "".join(self._shown)
            if (valueless and not shown.strip()) or ERROR.fullmatch(shown):
                self._sheet.lost.append(here)
            self._cell = None


def _number(given: Mapping[str, Any], name: str, most: int) -> int:
    """Return how often, or how far, an element says that it goes: 1 where it does not say."""
    text = given.get(name, "1")
    return min(int(text), most) if text.isascii() and text.isdigit() and len(text) < 10 and int(text) else 1
