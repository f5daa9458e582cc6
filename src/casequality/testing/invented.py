"""Rows invented once for every law and for every metric of one record type whose answer may turn at the same places."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property, lru_cache
from random import Random
from typing import Final

import attrs

from casequality.records import Block, Records, Source, source
from casequality.testing.law import Broken
from casequality.testing.row_factory import NO_EDGES, Edges, Maker, Row

LARGEST: Final = 8
"""How many rows an invented table has at most."""
KEPT: Final = 8
"""For how many record types, moments and edges rows are kept; the metrics of one are mostly tested in a row."""


class Table(list[Row]):
    """Invented rows, which are read as records once; zone: whose days count where a day and a time are compared."""

    def __init__(self, rows: Iterable[Row], kind: type[Records], zone: str) -> None:
        super().__init__(rows)
        self.kind = kind
        self.zone = zone
        self._changed: dict[str, Table] = {}

    def changed(self, how: str, change: Callable[[], Iterable[Row]], *, zone: str | None = None) -> Table:
        """Return the rows that `change` makes of these, made once for each name of how they are changed."""
        if how not in self._changed:
            self._changed[how] = Table(change(), self.kind, zone or self.zone)
        return self._changed[how]

    @cached_property
    def block(self) -> Block | None:
        """The block that intake makes of them, all columns loaded; None for no rows."""
        below = {f"{name}.{field}" for name, kind in _children(self.kind) for field in kind.fields}
        reading = source_of(self, self.kind, self.zone).reading({*self.kind.fields, *below})
        blocks = [block for part in reading.parts for block in part.blocks()]
        assert len(blocks) < 2
        return blocks[0] if blocks else None


@attrs.frozen(slots=False)
class Invented:
    """Rows of one record type around a day; the same each time, and none of them is ever changed."""

    kind: type[Records]
    around: dt.date
    zone: str
    edges: Edges = NO_EDGES

    def corpus(self, rows: int) -> Table:
        """Return so many rows as one table."""
        if rows not in self._corpora:
            self._corpora[rows] = self._table(1, rows)
        return self._corpora[rows]

    def tables(self, examples: int) -> Sequence[Table]:
        """Return so many tables of one row, of two and so on, and again of one."""
        made = self._tables
        made += [self._table(seed, 1 + seed % LARGEST) for seed in range(len(made), examples)]
        return made[:examples]

    def _table(self, seed: int, rows: int) -> Table:
        random = Random(seed)  # noqa: S311  nothing is secret
        return Table(Maker(self.kind, self.around, self.zone, random, self.edges).table(rows), self.kind, self.zone)

    @cached_property
    def _corpora(self) -> dict[int, Table]:
        return {}

    @cached_property
    def _tables(self) -> list[Table]:
        return []


def invented(kind: type[Records], around: dt.date, zone: str, edges: Edges = NO_EDGES) -> Invented:
    """Return the rows of a record type; the same ones, read once, for the same day, zone and edges."""
    return _kept(Invented(kind, around, zone, edges))


@lru_cache(maxsize=KEPT)
def _kept(made: Invented) -> Invented:
    return made


def source_of(rows: Sequence[Row], kind: type[Records], zone: str | None) -> Source:
    """Return rows as a source of a record type, their child rows as its child tables."""
    children = {}
    for name, below in _children(kind):
        found = [child for row in rows for child in row.get(name, ())]
        children[name] = found or below.empty()
    own = [{name: value for name, value in row.items() if name not in children} for row in rows]
    return source(own or kind.empty(), kind, children=children if own else None, zone=zone)


def _children(kind: type[Records]) -> list[tuple[str, type[Records]]]:
    return [(name, field.records) for name, field in kind.fields.items() if field.records is not None]


def try_tables(tables: Iterable[Table], check: Callable[[Table], None]) -> None:
    """Check each table; a failure is that of the fewest rows of one that still fail, left out one by one."""
    for rows in tables:
        if _breaks(rows, check):
            check(_fewest(rows, check))
            raise AssertionError("A law that broke once held the second time, on the same rows")


def _fewest(rows: Table, check: Callable[[Table], None]) -> Table:
    for place in range(len(rows) - 1, -1, -1):
        fewer = Table((row for at, row in enumerate(rows) if at != place), rows.kind, rows.zone)
        if fewer and _breaks(fewer, check):
            rows = fewer
    return rows


def _breaks(rows: Table, check: Callable[[Table], None]) -> bool:
    try:
        check(rows)
    except Broken:
        return True
    return False
