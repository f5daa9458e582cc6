"""The tables of a page as HTML; what the tables of many goals have in common is said once, and pointed at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from html import escape
from numbers import Number
from typing import Any, Final

import attrs

from casequality.reports.sections import GoalSection
from casequality.reports.wording import Amount, Cell, Phrase, Table, say, shown

MANY: Final = 25
"""So many goals must have rows in common before these stand in a table of their own: fewer are read where they are."""
STYLED: Final = 12
"""The last column that the style sheet sets to the right where a table says that it holds numbers."""
OPTION, BECAUSE, NAMED = 0, 3, 4
"""Columns of a table of readings whose cells are the metric's own; those between are the goal's."""


@attrs.frozen
class Pointed:
    """A cell that points at a place of the page."""

    cell: Cell
    place: str


def html_table(table: Table, ids: Sequence[str] = ()) -> str:
    """Return a table as HTML, exact numbers beside those that are shown; ids: of its rows, none for no ids."""
    lang, classes = table.lang, []
    alike = [0 < place < STYLED and _of_numbers(table, place) for place in range(len(table.headers))]
    if str(table.headers[0]) in (say("fact", lang), say("term", lang), say("option", lang)):
        classes.append("prose")
    classes += [f"n{place}" for place, numbers in enumerate(alike, 1) if numbers]
    head = "".join(
        f'<th scope="col"{_NUMBER if number and not said else ""}>{escape(shown(header, lang))}</th>'
        for header, number, said in zip(table.headers, table.numeric, alike, strict=True)
    )
    rows = []
    for number, (first, *others) in enumerate(table.rows):
        cells = "".join(
            f"<td{_NUMBER if not said and isinstance(each, Number | Amount) else ''}>{_html(each, lang)}</td>"
            for each, said in zip(others, alike[1:], strict=True)
        )
        begin = f'<tr id="{ids[number]}">' if ids else "<tr>"
        rows.append(f'{begin}<th scope="row">{_html(first, lang)}</th>{cells}</tr>')
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
    text = escape(shown(cell, lang), quote=False)
    if isinstance(cell, Amount):
        return f'<data value="{cell.exact}">{text}</data>'
    if isinstance(cell, Phrase) and cell.code:
        return f"<code>{text}</code>"
    if isinstance(cell, Phrase) and cell.lang != lang:
        return f'<span lang="{cell.lang}">{text}</span>'
    return text


class Shared:
    """Rows that the tables of many goals have in common: the facts of their grounds, and the texts of their readings.

    tables: those of what is common, as HTML. A page where few goals are alike has none.
    """

    def __init__(self, goals: Sequence[GoalSection], lang: str) -> None:
        self.lang = lang
        tables = [table for goal in goals for table in goal.tables]
        self._facts = {row for row, many in Counter(self._rows(tables)).items() if many >= MANY}
        common = Counter(key for table in tables if (key := self._common(table)))
        self._places = {
            key: f"common-{place}" for place, key in enumerate((k for k, many in common.items() if many >= MANY), 1)
        }
        self.tables = [self._told(key, common[key]) for key in self._places]

    def html(self, table: Table) -> str:
        """Return the table of a goal, with what is its own and where the rest is."""
        key = self._common(table)
        place = self._places.get(key)
        if place is None:
            return html_table(table)
        rows: list[tuple[Any, ...]]
        if self._is(table, "option"):
            kept = [each for each in range(len(table.headers)) if each not in (OPTION, BECAUSE, NAMED)]
            rows = [
                (Pointed(row[NAMED], f"{place}-{number}"), *(row[each] for each in kept))
                for number, row in enumerate(table.rows, 1)
            ]
            headers = (table.headers[OPTION], *(table.headers[each] for each in kept))
            return html_table(attrs.evolve(table, headers=headers, rows=tuple(rows)))
        rows = [row for row in table.rows if row not in self._facts]
        rows.append((say("in common", self.lang), Pointed(say("common with", self.lang), place)))
        return html_table(attrs.evolve(table, rows=tuple(rows)))

    def _is(self, table: Table, header: str) -> bool:
        return len(table.headers) == {"fact": 2, "option": 5}[header] and table.headers[0] == say(header, self.lang)

    def _rows(self, tables: Sequence[Table]) -> Iterator[tuple[Cell, ...]]:
        for table in tables:
            if self._is(table, "fact"):
                yield from table.rows

    def _common(self, table: Table) -> tuple[Any, ...]:
        """Return what a table may have in common with those of other goals, its headers first; () for nothing."""
        if self._is(table, "fact"):
            rows = [row for row in table.rows if row in self._facts]
            return (table.caption, table.headers, *rows) if len(rows) > 1 else ()
        if self._is(table, "option"):
            own = [(row[OPTION], row[BECAUSE], row[NAMED]) for row in table.rows]
            return (table.caption, tuple(table.headers[each] for each in (OPTION, BECAUSE, NAMED)), *own)
        return ()

    def _told(self, key: tuple[Any, ...], many: int) -> str:
        caption, headers, *rows = key
        place, told = self._places[key], say("common to", self.lang, caption=caption, goals=many)
        made = Table(caption=told, headers=headers, rows=tuple(rows), lang=self.lang)
        written = html_table(made, [f"{place}-{number}" for number in range(1, len(rows) + 1)])
        return written.replace("<table", f'<table id="{place}"', 1)
