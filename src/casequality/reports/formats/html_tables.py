"""The tables of a page as HTML."""

from __future__ import annotations

from html import escape
from numbers import Number
from typing import Any, Final

import attrs

from casequality.reports.wording import Amount, Cell, Phrase, Table, say, shown

STYLED: Final = 12
"""The last column that the style sheet sets to the right where a table says that it holds numbers."""


@attrs.frozen
class Pointed:
    """A cell that points at a place of the page."""

    cell: Cell
    place: str


@attrs.frozen
class Several:
    """What several columns or rows of a goal's own table have, in one cell."""

    cells: tuple[Any, ...]


def html_table(table: Table, kind: str = "") -> str:
    """Return a table as HTML, exact numbers beside those that are shown; kind: a class of it."""
    lang, classes = table.lang, [kind] if kind else []
    alike = [0 < place < STYLED and _of_numbers(table, place) for place in range(len(table.headers))]
    if str(table.headers[0]) in (say("fact", lang), say("term", lang), say("option", lang)):
        classes.append("prose")
    classes += [f"n{place}" for place, numbers in enumerate(alike, 1) if numbers]
    head = "".join(
        f'<th scope="col"{_NUMBER if number and not said else ""}>{escape(shown(header, lang))}</th>'
        for header, number, said in zip(table.headers, table.numeric, alike, strict=True)
    )
    rows = []
    for first, *others in table.rows:
        cells = "".join(
            f"<td{_NUMBER if not said and isinstance(each, Number | Amount) else ''}>{_html(each, lang)}</td>"
            for each, said in zip(others, alike[1:], strict=True)
        )
        rows.append(f'<tr><th scope="row">{_html(first, lang)}</th>{cells}</tr>')
    named = f' class="{" ".join(classes)}"' if classes else ""
    body = "\n".join(rows)
    return (
        f"<table{named}>\n<caption>{escape(table.caption)}</caption>\n<thead><tr>{head}</tr></thead>\n"
        f"<tbody>\n{body}\n</tbody>\n</table>"
    )


_NUMBER: Final = ' class="number"'


def _of_numbers(table: Table, place: int) -> bool:
    cells = [row[place] for row in table.rows if row[place] not in (None, "")]
    return bool(cells) and all(isinstance(each, Number | Amount) for each in cells)


def _html(cell: Any, lang: str) -> str:
    if isinstance(cell, Pointed):
        return f'<a href="#{cell.place}">{_html(cell.cell, lang)}</a>'
    if isinstance(cell, Several):
        parts = [_html(each, lang) for each in cell.cells if each not in (None, "")]
        return "".join(f"{part} " if part.endswith(".") else f"{part}; " for part in parts[:-1]) + "".join(parts[-1:])
    text = escape(shown(cell, lang), quote=False)
    if isinstance(cell, Amount):
        return f'<data value="{cell.exact}">{text}</data>'
    if isinstance(cell, Phrase) and cell.code:
        return f"<code>{text}</code>"
    if isinstance(cell, Phrase) and cell.lang != lang:
        return f'<span lang="{cell.lang}">{text}</span>'
    return text
