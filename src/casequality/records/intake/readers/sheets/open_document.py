"""What calamine leaves unsaid of a workbook of OpenDocument: merged areas, what is hidden, per cent, lost values."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any, Final
from xml.parsers import expat

from casequality.records.intake.readers.layout import LAST_COLUMN, LAST_ROW, Area, Unsaid
from casequality.records.intake.readers.sheets.cells import Labelled, Mark, Percent
from casequality.records.intake.readers.sheets.workbook import damaged, opened_zip, parsed

TELLING: Final = re.compile(
    # a cell that is no text and has no value, only what it shows; what is shown otherwise than it is; what is hidden
    rb'formula=|-spanned=|value-type="(?:error|percentage)"|:tab\b|:line-break\b|%\s*</|>\s*%|<!\[CDATA\[|<draw:'
    rb'|="float"[^<>]*>\s*<(?:[\w.-]+:)?p>(?:[^<\d]+</|0[\d -]|[\d ]+-\d)|time-value="(?!PT(?:[01]\d|2[0-3])H)'
    rb'|visibility=|display="false"|-(?:height|width)="0[.0]*[a-z]'
    rb'|<(?:[\w.-]+:)?table-cell(?![^<>]*(?:-value=|:value=|value-type="string"|/>))[\s>]'
)
"""A document without any of these hides nothing, and is not read for it."""
TABLE: Final = re.compile(rb"<(/?)(?:[\w.-]+:)?(?:sub-)?table(?:\s[^<>]*)?>")
VALUES: Final = ("value", "date-value", "time-value", "boolean-value", "string-value")
ERROR: Final = re.compile(r"\s*(Err:\d{3}|#N/A|#I/T|#[^\s#]+[!?])\s*")
"""What a formula shows that could not be worked out, in whichever language: #NAME?, #NAVN?, #I/T."""
BREAK: Final = "\x1f"
"""Stands for a tab or the break of a line, which calamine leaves out; no XML holds it, and it counts as a blank."""
NO_SIZE: Final = re.compile(r"0[.0]*[a-z]*")
HIDDEN: Final = ("collapse", "filter")
CLOCK: Final = re.compile(r"PT([01]\d|2[0-3])H[0-5]\dM[0-5]\d(\.\d+)?S")
LENGTH: Final = re.compile(r"(-?)P(?:(\d{1,6})D)?(?:T(?:(\d{1,8})H)?(?:(\d{1,9})M)?(?:(\d{1,9}(?:\.\d{1,9})?)S)?)?")
"""A length of time; calamine knows those that a clock shows, and gives others as they are written."""
GROUPS: Final = ("table-row-group", "table-column-group")
SIZES: Final = {"table-row-properties": "row-height", "table-column-properties": "column-width"}


def unsaid(path: Path) -> Mapping[str, Unsaid]:
    """Return what a workbook holds of this by the name of its sheets, nothing for one that is no OpenDocument.

    Raises `InputError` for a damaged file, for a zip file that would not fit in memory, and for a table within a cell,
    after which calamine leaves out the rest of the sheet.
    """
    with opened_zip(path) as file:
        there = file.namelist()
        content, styles = (file.read(part) if part in there else b"" for part in ("content.xml", "styles.xml"))
        _refuse_nested(content, path)
        if not TELLING.search(content):
            return {}
        reading = _DocumentReader()
        for part in filter(TELLING.search, (styles, content)):
            reading.follow(part)
        return reading.sheets


def _refuse_nested(content: bytes, path: Path) -> None:
    depth = 0
    for found in TABLE.finditer(content):
        depth = max(0, depth - 1) if found[1] else depth + (not found[0].endswith(b"/>"))
        if depth > 1:
            raise damaged(path, "a table within a cell")


class _DocumentReader:
    """Follows the elements of a document; a row or cell that says so stands for several.

    `_within` are the elements that are open in the cell: what it shows is in its paragraphs, not in notes or drawings.
    `_own`: calamine takes its text for another, since it adds that of drawings and leaves out sections of raw text.
    `_sizeless` are the styles of rows and columns that have no size; `_folded` the groups that are open, and hidden.
    """

    def __init__(self) -> None:
        self.sheets: dict[str, Unsaid] = {}
        self._sheet, self._row, self._rows, self._column = Unsaid(), 0, 0, 0
        self._cell: tuple[Area, dict[str, str]] | None = None
        self._shown: list[str] = []
        self._within: list[str] = []
        self._own = False
        self._style, self._sizeless = "", set[str]()
        self._folded: list[bool] = []

    def follow(self, part: bytes) -> None:
        """Read one part of the document: its styles, or its content."""
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler, parser.StartCdataSectionHandler = self._text, self._raw
        for _ in parsed(BytesIO(part), parser):
            pass

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        kind = tag.rpartition(":")[2]
        given = {name.rpartition(":")[2]: value for name, value in attributes.items()}
        if self._cell:
            self._begin_text(kind, given)
            return
        if kind in ("table-cell", "covered-table-cell"):
            if any(name.endswith("value-type") and value == "error" for name, value in attributes.items()):
                given["value-type"] = "error"
            self._begin_cell(given)
        elif kind in ("table-row", "table-column"):
            self._begin_line(kind, given)
        elif kind == "table":
            self._sheet, self._row, self._column = self.sheets.setdefault(given.get("name", ""), Unsaid()), 1, 0
        elif kind in GROUPS:
            self._folded.append(given.get("display") == "false")
        elif kind == "style":
            self._style = f"{given.get('family')} {given.get('name')}"
        elif NO_SIZE.fullmatch(given.get(SIZES.get(kind, ""), "1cm")):
            self._sizeless.add(self._style)

    def _begin_cell(self, given: dict[str, str]) -> None:
        wide = _number(given, "number-columns-repeated", LAST_COLUMN)
        down, across = (_number(given, f"number-{way}-spanned", LAST_ROW) for way in ("rows", "columns"))
        if down > 1 or across > 1:
            self._sheet.merged.append(self._area(down, across))
        self._cell = (self._area(self._rows, wide), given)
        self._column += wide

    def _begin_text(self, kind: str, given: Mapping[str, str]) -> None:
        self._own = self._own or (kind == "p" and bool(self._within) and "annotation" not in self._within)
        self._within.append(kind)
        if kind in ("tab", "line-break", "s"):
            self._text(" " * _number(given, "c", 1_000) if kind == "s" else BREAK)
        elif self._shown and kind == "p":
            self._text("\n")

    def _raw(self) -> None:
        self._own = True

    def _begin_line(self, kind: str, given: Mapping[str, str]) -> None:
        hidden = f"{kind} {given.get('style-name')}" in self._sizeless or any(self._folded)
        hidden = hidden or given.get("visibility") in HIDDEN
        if kind == "table-row":
            self._rows, self._column = _number(given, "number-rows-repeated", LAST_ROW), 0
            self._sheet.hidden += [(self._area(self._rows, LAST_COLUMN), None)] if hidden else []
        else:
            wide = _number(given, "number-columns-repeated", LAST_COLUMN)
            self._sheet.columns.update(range(self._column, min(self._column + wide, LAST_COLUMN)) if hidden else ())
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
            (here, given), text = self._cell, "".join(self._shown)
            own = text if self._own and given.get("value-type") == "string" and BREAK not in text else None
            if (shown := _shown(given, text.strip()) if own is None else own) is not None:
                self._sheet.cells.append((here, shown))
            self._cell, self._shown, self._own = None, [], False
        elif (kind := tag.rpartition(":")[2]) == "table-row":
            self._row += self._rows
        elif kind in GROUPS:
            self._folded.pop()


def _shown(given: Mapping[str, str], text: str) -> Any:
    """Return what a cell shows whose value nobody could tell by what calamine makes of it; None where it could be."""
    kind, number = given.get("value-type"), given.get("value", "")
    if _is_lost(given, text):
        return Mark.UNREADABLE
    if kind == "percentage" or (kind == "float" and "%" in text):
        plain = re.fullmatch(r"[+-]?\d*\.?\d+([eE][+-]?\d{1,3})?", number, re.ASCII)
        return (
            Percent.of(float(f"{float(number):.15g}"), 100 if kind == "percentage" else 1) if plain else Mark.UNREADABLE
        )
    if kind == "float" and re.search(r"[^\W\d_]", text) and not re.search(r"\d", text):
        return text  # a format that shows a word in place of a number
    digits = re.sub("[ -]", "", text)
    if kind == "float" and re.fullmatch(r"\d{1,15}", digits, re.ASCII) and (text[0] == "0" or "-" in text[1:]):
        return Labelled.of(int(digits), re.sub(r"\d", "0", text)) if number == str(int(digits)) else None
    found = LENGTH.fullmatch(given.get("time-value", ""))
    if kind != "time" or found is None or CLOCK.fullmatch(found[0]):
        return None
    sign, days, hours, minutes, seconds = found.groups(default="0")
    length = dt.timedelta(int(days), float(seconds), 0, 0, int(minutes), int(hours))
    return -length if sign == "-" else length


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
