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

TELLING: Final = re.compile(
    # a cell that is no text and has no value, only what it shows
    rb'formula=|-spanned=|value-type="error"|:tab\b|:line-break\b'
    rb'|<(?:[\w.-]+:)?table-cell(?![^<>]*(?:-value=|:value=|value-type="string"|/>))[\s>]'
)
"""A document without any of these hides nothing, and is not read for it."""
VALUES: Final = ("value", "date-value", "time-value", "boolean-value", "string-value")
ERROR: Final = re.compile(r"\s*(Err:\d{3}|#N/A|#I/T|#[^\s#]+[!?])\s*")
"""What a formula shows that could not be worked out, in whichever language: #NAME?, #NAVN?, #I/T."""
BREAK: Final = "\x1f"
"""Stands for a tab or the break of a line, which calamine leaves out; no XML holds it, and it counts as a blank."""


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
        if not TELLING.search(content):
            return {}
        reading = _Reading()
        for _ in parsed(BytesIO(content), reading.parser):
            pass
        return reading.sheets


class _Reading:
    """Follows the elements of a document; a row or cell that says so stands for several.

    `_within` are the elements that are open in the cell: what it shows is in its paragraphs, not in notes or drawings.
    """

    def __init__(self) -> None:
        self.sheets: dict[str, Unsaid] = {}
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler, self.parser.EndElementHandler = self._start, self._end
        self.parser.CharacterDataHandler = self._text
        self._sheet, self._row, self._rows, self._column = Unsaid(), 0, 0, 0
        self._cell: tuple[Area, dict[str, str]] | None = None
        self._shown: list[str] = []
        self._within: list[str] = []

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        kind = tag.rpartition(":")[2]
        if self._cell:
            self._within.append(kind)
            if kind in ("tab", "line-break"):
                self._text(BREAK)
            return
        given = {name.rpartition(":")[2]: value for name, value in attributes.items()}
        if kind == "table":
            self._sheet, self._row = self.sheets.setdefault(given.get("name", ""), Unsaid()), 1
        elif kind == "table-row":
            self._rows, self._column = _number(given, "number-rows-repeated", LAST_ROW), 0
        elif kind in ("table-cell", "covered-table-cell"):
            wide = _number(given, "number-columns-repeated", LAST_COLUMN)
            down, across = (_number(given, f"number-{way}-spanned", LAST_ROW) for way in ("rows", "columns"))
            if down > 1 or across > 1:
                self._sheet.merged.append(self._area(down, across))
            if any(name.endswith("value-type") and value == "error" for name, value in attributes.items()):
                given["value-type"] = "error"
            self._cell = (self._area(self._rows, wide), given)
            self._column += wide

    def _area(self, rows: int, columns: int) -> Area:
        return Area(self._row, self._column, self._row + rows - 1, min(self._column + columns, LAST_COLUMN) - 1)

    def _text(self, text: str) -> None:
        if self._within and self._within[0] == "p":
            self._shown.append(text)

    def _end(self, tag: str) -> None:
        if self._within:
            self._within.pop()
        elif self._cell:
            (here, given), shown = self._cell, "".join(self._shown).strip()
            if _is_lost(given, shown):
                self._sheet.lost.append(here)
            self._cell, self._shown = None, []
        elif tag.rpartition(":")[2] == "table-row":
            self._row += self._rows


def _is_lost(given: Mapping[str, str], shown: str) -> bool:
    """Return whether nobody can tell the value of a cell from what calamine makes of it."""
    if given.get("value-type") == "error" or BREAK in shown:
        return True
    if "formula" in given and (ERROR.fullmatch(shown) or not (shown or given.keys() & VALUES)):
        return True
    # it shows something and does not say what that is: calamine takes it for blank
    return bool(shown) and given.get("value-type") != "string" and not given.keys() & VALUES


def _number(given: Mapping[str, Any], name: str, most: int) -> int:
    """Return how often, or how far, an element says that it goes: 1 where it does not say."""
    text = given.get(name, "1")
    return min(int(text), most) if text.isascii() and text.isdigit() and len(text) < 10 and int(text) else 1
