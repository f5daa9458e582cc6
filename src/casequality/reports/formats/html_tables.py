"""The tables of a page as HTML; those of many goals side by side, with a row for each goal and what is alike once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from numbers import Number
from typing import Any, Final, TypeAlias

import attrs

from casequality.reports.sections import GoalSection
from casequality.reports.wording import Cell, Phrase, ShownAmount, Table, say, shown

MANY: Final = 25
"""A page of so many goals has their tables side by side; fewer are read one by one."""
BRIEF: Final = 100
"""A page of so many goals has a part for a goal only where there is more to say of it than the tables do."""
RARE: Final = 10
"""A column that less than one goal in so many has something for is none: such a goal has the table for itself."""
STYLED: Final = 12
"""The last column that the style sheet sets to the right where a table says that it holds numbers."""

Row: TypeAlias = tuple[Any, ...]


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
            f"<td{_NUMBER if not said and isinstance(each, Number | ShownAmount) else ''}>{_html(each, lang)}</td>"
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
    return bool(cells) and all(isinstance(each, Number | ShownAmount) for each in cells)


def _html(cell: Any, lang: str) -> str:
    if isinstance(cell, Pointed):
        return f'<a href="#{cell.place}">{_html(cell.cell, lang)}</a>'
    if isinstance(cell, Several):
        parts = [_html(each, lang) for each in cell.cells if each not in (None, "")]
        return "".join(f"{part} " if part.endswith(".") else f"{part}; " for part in parts[:-1]) + "".join(parts[-1:])
    text = escape(shown(cell, lang), quote=False)
    if isinstance(cell, ShownAmount):
        return f'<data value="{cell.exact}">{text}</data>'
    if isinstance(cell, Phrase) and cell.code:
        return f"<code>{text}</code>"
    if isinstance(cell, Phrase) and cell.lang != lang:
        return f'<span lang="{cell.lang}">{text}</span>'
    return text


@attrs.frozen
class Measured:
    """What the goals by one measure have side by side: its name for links, its title, and its tables as HTML."""

    anchor: str
    title: str
    tables: tuple[tuple[str, str], ...]


class GoalsInRows:
    """The tables of the goals by one measure put together, with a row a goal, where a page has many goals.

    measures: what is side by side, with what is the same for all of the goals said once. brief: whether only a goal
    with more to say has a part of its own. told: the anchors of the goals that have one. settled: whether of any other
    goal nothing can change the verdict, which no report under a policy says.
    """

    def __init__(self, goals: Sequence[GoalSection], lang: str, *, paper: bool) -> None:
        self.lang = lang
        self.brief = len(goals) >= BRIEF and not paper
        self._joined: set[tuple[str, int]] = set()
        by_measure: dict[str, list[GoalSection]] = {}
        for goal in goals if len(goals) >= MANY and not paper else ():  # on paper a row has no room
            by_measure.setdefault(goal.measure, []).append(goal)
        several = [(measure, alike) for measure, alike in by_measure.items() if len(alike) > 1]
        self.measures = [
            Measured(f"side-{place}", self._title(measure, len(alike)), tuple(self._tables(alike)))
            for place, (measure, alike) in enumerate(several, 1)
        ]
        self.settled = any(goal.settled for goal in goals)
        self.told = {goal.anchor for goal in goals if self._tells(goal)}
        self._places = {measure: f"side-{place}" for place, (measure, _) in enumerate(several, 1)}

    def own(self, goal: GoalSection) -> list[Table]:
        """Return the tables that a goal has for itself."""
        return [table for place, table in enumerate(goal.tables) if (goal.anchor, place) not in self._joined]

    def apart(self, goal: GoalSection) -> bool:
        """Return whether the annex has a part of its own for a goal."""
        return bool(self.own(goal)) or (goal.variation is not None and not self.brief)

    def place(self, goal: GoalSection) -> str:
        """Return where the annex has the tables of a goal."""
        return f"{goal.anchor}-tables" if self.apart(goal) else self._places[goal.measure]

    def parts(self, goals: Sequence[GoalSection]) -> list[GoalSection]:
        """Return the goals that have a part of their own, with why the verdict is so and what could turn it."""
        return [goal for goal in goals if goal.anchor in self.told]

    def _tells(self, goal: GoalSection) -> bool:
        more = goal.reasons or goal.flips or goal.remarks or self.own(goal)
        return not self.brief or bool(more) or (self.settled and not goal.settled)

    def _title(self, measure: str, goals: int) -> str:
        return say("goals beside", self.lang, measure=measure or say("not measured", self.lang), goals=goals)

    def _tables(self, goals: Sequence[GoalSection]) -> Iterator[tuple[str, str]]:
        alike: dict[tuple[Any, ...], list[tuple[GoalSection, int]]] = {}
        for goal in goals:
            for place, table in enumerate(goal.tables):
                alike.setdefault((table.caption, table.headers), []).append((goal, place))
        for several in alike.values():
            yield from self._together(several, len(goals))

    def _together(self, several: Sequence[tuple[GoalSection, int]], goals: int) -> Iterator[tuple[str, str]]:
        """Yield what the like tables of several of so many goals have in common, and what each has, with captions."""
        first = several[0][0].tables[several[0][1]]
        at = _key_of(first, self.lang)
        key_header, *headers = _turned(first.headers, at)
        given = [(goal, place, _by_key(goal.tables[place], at)) for goal, place in several]
        many = Counter(key for _, _, cells in given for key in cells)
        known = {key for key, times in many.items() if times * RARE >= len(given)}
        joined = [each for each in given if each[2] and known.issuperset(each[2])]
        if len(joined) < 2:
            return
        self._joined |= {(goal.anchor, place) for goal, place, _ in joined}
        notes = [goal.tables[place].notes for goal, place, _ in joined]
        alike = notes.count(notes[0]) == len(notes)
        below = "".join(f'\n<p class="note">{escape(note)}</p>' for note in notes[0]) if alike else ""
        keys = list(dict.fromkeys(key for _, _, cells in joined for key in cells))
        common = _in_common(keys, len(headers), [cells for _, _, cells in joined])
        if common:
            same = sorted({place for _, place in common})
            named = (key_header, *(headers[place] for place in same))
            rows = [
                (key, *(common.get((key, place)) for place in same))
                for key in keys
                if any((key, place) in common for place in same)
            ]
            caption = say("common to", self.lang, caption=first.caption, goals=len(joined))
            yield caption, html_table(Table(caption=caption, headers=named, rows=tuple(rows), lang=self.lang)) + below
        places = {key: [place for place in range(len(headers)) if (key, place) not in common] for key in keys}
        varied = [key for key in keys if places[key]]
        if not varied and alike and len(joined) == goals:
            return
        told = [str(each) for place, each in enumerate(headers) if any(place in places[key] for key in varied)]
        caption = f"{first.caption} ({'; '.join(told)})" if len(told) > 1 else first.caption
        rows = [
            (
                Pointed(goal.title, goal.anchor),
                *(_cell(cells.get(key, ()), places[key]) for key in varied),
                *([] if alike else [" ".join(note)]),
            )
            for (goal, _, cells), note in zip(joined, notes, strict=True)
        ]
        named = (say("goal", self.lang), *varied, *([] if alike else [say("note", self.lang)]))
        made = Table(caption=caption, headers=named, rows=tuple(rows), lang=self.lang)
        yield caption, html_table(made, "goals") + ("" if common else below)


def _by_key(table: Table, at: int) -> dict[Any, tuple[Row, ...]]:
    """Return the rows of a table by what names them; none where that keeps rows of several columns not apart."""
    found: dict[Any, tuple[Row, ...]] = {}
    for row in table.rows:
        key, *others = _turned(row, at)
        found[key] = (*found.get(key, ()), tuple(others))
    return found if len(table.headers) == 2 or len(found) == len(table.rows) else {}


def _key_of(table: Table, lang: str) -> int:
    """Return which column names the rows: the first, but of readings the last, which is as short as a header."""
    return len(table.headers) - 1 if table.headers[0] == say("option", lang) else 0


def _turned(row: Sequence[Any], at: int) -> Row:
    return (row[at], *row[:at], *row[at + 1 :])


def _in_common(
    keys: Sequence[Cell], width: int, goals: Sequence[Mapping[Cell, tuple[Row, ...]]]
) -> dict[tuple[Cell, int], Any]:
    """Return the cells, by key and column, that are the same for all goals.

    Of a table of facts each fact may be; of any other a whole column, whatever rows a goal lacks.
    """
    found: dict[tuple[Cell, int], Any] = {}
    for key in keys:
        having = [rows for cells in goals if (rows := cells.get(key))]
        for place in range(width if width > 1 or len(having) == len(goals) else 0):
            told = {tuple(row[place] for row in rows) for rows in having}
            if len(told) == 1:
                [cells] = told
                found[key, place] = cells[0] if len(cells) == 1 else Several(cells)
    if width == 1:
        return found
    whole = [place for place in range(width) if all((key, place) in found for key in keys)]
    # where every column is the same, which rows a goal has is told by one of them
    lacking = len(whole) == width and any(len(cells) < len(keys) for cells in goals)
    return {(key, place): cell for (key, place), cell in found.items() if place in whole[lacking:]}


def _cell(rows: tuple[Row, ...], places: Sequence[int]) -> Any:
    """Return the cell of a goal: all that its rows of one name have in some of their columns."""
    cells = [row[place] for row in rows for place in places]
    return cells[0] if len(cells) == 1 else Several(tuple(cells)) if cells else None
