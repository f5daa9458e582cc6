"""The faults of one batch while it is read."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from casequality.arrays import Mask
from casequality.records.findings import Finding
from casequality.records.intake.cells import Positions

Fault = tuple[str, Positions]
"""A fault by its stable name, and the positions of the rows that have it."""


class Faults:
    """Which rows of a batch have which fault in which column; `ragged` rows have only that one."""

    def __init__(self, rows: int, ragged: Positions) -> None:
        self._rows = rows
        self._ragged = ragged
        self._found: dict[tuple[str, str], Positions] = {}
        if len(ragged):
            self._found["", "wrong number of columns"] = ragged

    def add(self, column: str, fault: str, rows: Positions) -> None:
        """Add the rows, given by their positions, that have a fault."""
        if len(self._ragged):
            rows = np.setdiff1d(rows, self._ragged)
        if len(rows):
            before = self._found.get((column, fault))
            self._found[column, fault] = rows if before is None else np.union1d(before, rows)

    def kept(self) -> Mask | None:
        """Return which rows have no fault; None for all."""
        if not self._found:
            return None
        kept = np.ones(self._rows, bool)
        for rows in self._found.values():
            kept[rows] = False
        return kept

    def findings(self, first: int, file: str | None) -> Iterator[Finding]:
        """Yield the findings, rows counted from `first`."""
        for (column, fault), rows in self._found.items():
            yield Finding.of(column, fault, first + rows, file)
