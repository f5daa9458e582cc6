"""The records with a fault: what of each can still be trusted, and which questions it leaves open."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

import attrs

from casequality_copenhagen.example import Example
from casequality_copenhagen.example.material import File, Row

BEGINNINGS = ("KaldStart", "Modtaget")
"""The columns that say when a record began; of one that ended before, neither day can be trusted."""


@attrs.frozen
class Doubted:
    """One record with a fault: its trusted cells by column, and the columns that cannot be trusted."""

    cells: Mapping[str, Any]
    faulty: frozenset[str]

    def concerns(self, reads: Collection[str]) -> bool:
        """Return whether the fault is in one of the columns that a question reads."""
        return not self.faulty.isdisjoint(reads)

    def day(self, column: str) -> dt.date | None:
        """Return the trusted day of a column, of a moment its day; None where there is none, or none to trust."""
        found = self.cells.get(column)
        return found.date() if isinstance(found, dt.datetime) else found


def doubted(example: Example, source: str) -> list[Doubted]:
    """Return the records of a source that have a fault; a repeated row is none, contradicting rows are one."""
    found = []
    for file in example.files:
        if file.source != source or file.child:
            continue
        by_key: dict[Any, list[Row]] = {}
        for row in file.rows:
            if row.fault and row.fault[1] == "conflicting key":
                by_key.setdefault(row.cells[0], []).append(row)
            elif row.fault and row.fault[1] != "repeated row":
                found.append(_doubted(file, row.cells, _faulty(file, *row.fault)))
        for rows in by_key.values():
            told = zip(file.header, *(row.cells for row in rows), strict=True)
            faulty = {column for column, *cells in told if len(set(cells)) > 1}
            first = dict(zip(file.header, rows[0].cells, strict=True))
            if any(isinstance(first[column], dt.date) for column in faulty):
                # one of the rows may lie before its beginning, which is in doubt with it
                faulty |= set(BEGINNINGS) & set(file.header)
            found.append(_doubted(file, rows[0].cells, faulty))
    return found


def adrift(example: Example, source: str) -> int:
    """Return how many rows of the child tables of a source may be anybody's: theirs is no record that there is."""
    return sum(
        fault in ("child without a parent", "missing value")
        for file in example.files
        if file.source == source and file.child
        for _, _, fault in file.planted()
    )


def _faulty(file: File, column: str, fault: str) -> set[str]:
    if fault == "wrong number of columns" or column == file.header[0]:
        return set(file.header)
    return {column, *(BEGINNINGS if fault == "ended before it began" else ())} & set(file.header)


def _doubted(file: File, cells: tuple[Any, ...], faulty: set[str]) -> Doubted:
    read = zip(file.header, cells, strict=False)
    return Doubted({column: cell for column, cell in read if column not in faulty}, frozenset(faulty))
