"""Where in a sheet or a file its table lies: title, header, rows left out, totals; and what looks so undeclared."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from string import digits
from typing import Any, Final, Literal, NamedTuple

import attrs
import numpy as np

from casequality.errors import InputError, UsageError
from casequality.records.intake.cells import Positions, ReadOptions, Texts
from casequality.records.intake.readers.sheets.cells import Mark

LAST_ROW: Final = 1_048_576
LAST_COLUMN: Final = 16_384


class Row(NamedTuple):
    """A row that a sheet has: its number as Excel shows it, and its cells by column from 0 on, blank ones left out."""

    number: int
    hidden: bool
    cells: dict[int, Any]


class Area(NamedTuple):
    """Merged cells, rows from 1 and columns from 0 on, the last ones included."""

    top: int
    left: int
    bottom: int
    right: int


class Over:
    """Which areas lie over a row, each with what is said of it; asked in the order of the rows."""

    def __init__(self, areas: Iterable[tuple[Area, Any]]) -> None:
        self._waiting, self._over = list(areas)[::-1], list[tuple[Area, Any]]()

    def at(self, number: int) -> Sequence[tuple[Area, Any]]:
        """Return those over the row of this number."""
        while self._waiting and self._waiting[-1][0].top <= number:
            self._over.append(self._waiting.pop())
        if self._over:
            self._over = [one for one in self._over if one[0].bottom >= number]
        return self._over


@attrs.define
class Unsaid:
    """Of one sheet: its merged areas, the cells that show something else than calamine gives, and its hidden rows.

    All are from top to bottom. cells: with what each shows, also that nobody can tell. columns: those that are hidden.
    """

    merged: list[Area] = attrs.field(factory=list)
    cells: list[tuple[Area, Any]] = attrs.field(factory=list)
    hidden: list[tuple[Area, Any]] = attrs.field(factory=list)
    columns: set[int] = attrs.field(factory=set)

    def told(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Yield rows, which come in their order, with what each cell of these shows, and whether they are hidden."""
        cells, hidden = Over(self.cells), Over(self.hidden)
        for row in rows:
            for area, shown in cells.at(row.number):
                row.cells.update(dict.fromkeys(range(area.left, area.right + 1), shown))
            yield row._replace(hidden=True) if hidden.at(row.number) else row


NOTHING: Final = Unsaid()


@attrs.frozen(eq=False, repr=False)
class ToldRows:
    """The rows of a sheet with what is unsaid of it."""

    rows: Iterable[Row]
    unsaid: Unsaid

    @property
    def hidden(self) -> Collection[int]:
        """The columns that are hidden."""
        return self.unsaid.columns

    def __iter__(self) -> Iterator[Row]:
        return self.unsaid.told(self.rows)


TITLE_ROWS = 20
"""Among so many rows below a row of one cell a wider one is looked for, which shows that the first is a title."""
MOST_HEADERS = 20


class Columns(dict[str, int]):
    """The numbers of columns by their letters, from 0 on."""

    def __missing__(self, letters: str) -> int:
        number = 0
        for letter in letters:
            number = number * 26 + ord(letter) - 64
        if not (letters.isascii() and letters.isalpha() and letters.isupper() and number <= LAST_COLUMN):
            raise ValueError("a cell that has no place")
        self[letters] = number - 1
        return number - 1


def place_of(ref: str) -> tuple[int, int]:
    """Return the row, from 1 on, and the column, from 0 on, of a cell by its letters and number."""
    letters = ref.replace("$", "").rstrip(digits)
    return int(ref.replace("$", "")[len(letters) :]), Columns()[letters]


@attrs.frozen
class Layout:
    """Where a header lies, the first row with a cell where `header` is None, and what is left out below.

    Rows have the numbers that a spreadsheet shows, blank ones counted. totals: "last", or the text of a row of totals,
    which may hold *, by its column.
    """

    header: tuple[int, ...] | None = None
    skipped: int = 0
    totals: Literal["last"] | Mapping[str, str] = attrs.field(factory=dict)

    @classmethod
    def of(cls, options: ReadOptions) -> Layout:
        """Return the layout; raise `UsageError` for one that cannot be understood."""
        skipped = 0 if options.skip_rows is None else options.skip_rows
        if type(skipped) is not int or skipped < 0:
            raise UsageError("The rows to skip are no number", where="skip_rows=", got=skipped, allowed="0 or more")
        return cls(_header(options.header), skipped, _totals(options.totals))

    def head(self, rows: Iterable[Row], merged: Callable[[], Sequence[Area]], where: str) -> tuple[list[str], int]:
        """Return the names of the columns, and the number of the row below which records begin.

        `rows` are those with a cell. Raises `InputError` where the first of them is a title and nobody said so.
        """
        if self.header is None:
            below = iter(rows)
            found = next(below, Row(0, False, {}))
            _refuse_title(found, below, where)
            return _names([found.cells]), found.number
        first, last = self.header[0], self.header[-1]
        held: dict[int, dict[int, Any]] = {}
        for row in rows:
            if row.number > last:
                break
            held[row.number] = row.cells
        lines = {number: dict(held.get(number, {})) for number in self.header}
        if first < last:
            # a heading over several columns is that of each; one beside several rows is said once, in the first
            for area in merged():
                if area.top in lines and (text := lines[area.top].get(area.left)) is not None:
                    lines[area.top].update(dict.fromkeys(range(area.left, area.right + 1), text))
        return _names(list(lines.values())), last

    def check(self, columns: Sequence[str], where: str) -> None:
        """Raise `InputError` where totals are told by a column that is not there."""
        named = () if self.totals == "last" else self.totals
        if unknown := sorted(set(named) - set(columns)):
            there = f"one of the {len(columns)} columns, as the header names it"
            raise InputError("Totals are in a column that is not there", where=where, got=unknown, allowed=there)

    def totals_among(self, columns: Sequence[str]) -> Callable[[Mapping[int, Any] | Sequence[Any]], bool]:
        """Return what tells whether the cells of a row, by their places, are declared to be totals."""
        named = () if self.totals == "last" else self.totals.items()
        texts = [(columns.index(name), text.strip().casefold()) for name, text in named]

        def at(cells: Mapping[int, Any] | Sequence[Any], place: int) -> str:
            found = cells.get(place, "") if isinstance(cells, Mapping) else cells[place] if place < len(cells) else ""
            return str(found).strip().casefold()

        return lambda cells: any(matches(text, at(cells, place)) for place, text in texts)

    def records(self, rows: Iterable[Row], below: int, columns: Sequence[str]) -> Iterator[Row]:
        """Yield the rows that are records, given the last row of the header."""
        start, totals = below + self.skipped, self.totals_among(columns)
        held: Row | None = None
        for row in rows:
            if row.number <= start or (self.totals and totals(row.cells)):
                continue
            if held is not None:
                yield held
            held = row
        if held is not None and self.totals != "last":
            yield held


def _header(given: int | str | Sequence[int] | None) -> tuple[int, ...] | None:
    if given is None:
        return None
    if isinstance(given, (list, tuple)):
        rows = list(given)
    else:
        found = re.fullmatch(r"([1-9]\d{0,6})(?:-([1-9]\d{0,6}))?", str(given), re.ASCII)
        rows = [] if found is None else list(range(int(found[1]), int(found[2] or found[1]) + 1)[: MOST_HEADERS + 1])
    rising = all(type(row) is int and row > before for before, row in zip([0, *rows], rows, strict=False))
    if not rows or not rising or len(rows) > MOST_HEADERS:
        raise UsageError(
            "A header is no row",
            where="header=",
            got=given,
            allowed=f'the number of a row, or of several (at most {MOST_HEADERS}), as [2, 3] or "2-3"',
        )
    return tuple(rows)


def _totals(given: str | Mapping[str, str] | None) -> Literal["last"] | Mapping[str, str]:
    if given == "last":
        return "last"
    if given is None:
        return {}
    if isinstance(given, Mapping) and all(type(text) is str for text in given.values()):
        return given
    allowed = '"last", or a text by its column'
    raise UsageError("A row of totals is told in no known way", where="totals=", got=given, allowed=allowed)


def differing(first: Sequence[str], other: Sequence[str]) -> str:
    """Return how the columns of two tables differ: by their places, since what stands in a header may be no name."""
    places = [
        ", ".join(str(place) for place, name in enumerate(own, start=1) if name not in others)
        for own, others in ((first, other), (other, first))
    ]
    both = zip(("first", "other"), places, strict=True)
    return "; ".join(f"only in the {which}: at the place {each}" for which, each in both if each)


def matches(pattern: str, text: str) -> bool:
    """Return whether a text is the pattern, in which * stands for any text."""
    return re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), text, re.DOTALL) is not None


def matching(pattern: str, texts: Texts) -> Positions:
    """Return the rows whose text is a pattern of totals."""
    wanted = pattern.strip().casefold()
    found = np.array([matches(wanted, text.strip().casefold()) for text in texts.distinct], bool)
    if not found.any():
        return np.empty(0, np.intp)
    rows = np.take(found, texts.positions, mode="clip")
    return np.flatnonzero(rows if texts.blank is None else rows & ~texts.blank)


def _names(lines: Sequence[Mapping[int, Any]]) -> list[str]:
    width = max((place for cells in lines for place in cells), default=-1) + 1
    names = [[cells[at] for cells in lines if at in cells] for at in range(width)]
    return [" ".join(text for each in parts if (text := _text(each))) for parts in names]


def _text(cell: Any) -> str:
    """Return what a cell of a header says; what nobody can tell is no text."""
    return "" if cell is None or cell is Mark.UNREADABLE else str(cell).strip()


def _refuse_title(first: Row, below: Iterable[Row], where: str) -> None:
    if _filled(first) != 1:
        return
    wider = next((row for row in islice(below, TITLE_ROWS) if _filled(row) > 1), None)
    if wider is not None:
        raise InputError(
            "The first row is a title, and the columns are named below it",
            where=where,
            got=f"one cell in row {first.number}, several in row {wider.number}",
            remedy=f"say in which row the columns are named: header={wider.number}, or header={first.number} if it is "
            f"that one; in two rows: header=[{wider.number}, {wider.number + 1}]",
        )


def _filled(row: Row) -> int:
    return sum(1 for cell in row.cells.values() if _text(cell))


def with_content(rows: Iterable[Row], areas: Sequence[Area], width: int) -> Iterator[Row]:
    """Yield the rows that have a cell of their own; those under a merged area, but its first, nobody can read."""
    merged = Over((area, None) for area in areas)
    for row in rows:
        if over := [area for area, _ in merged.at(row.number)]:
            if len(over) > width:
                raise InputError("Merged areas of a sheet lie over each other", where=f"row {row.number}")
            covered = {
                column
                for area in over
                for column in range(area.left + (area.top == row.number), min(area.right + 1, width))
            }
            if not row.cells.keys() - covered:
                continue
            row.cells.update(dict.fromkeys(covered, Mark.UNREADABLE))
        if row.cells:
            yield row
