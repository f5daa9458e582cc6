"""The faults of one batch while it is read: what is found, and what each of them puts in doubt."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from casequality.arrays import Mask
from casequality.records.doubt import FieldNames, Taint
from casequality.records.findings import Finding
from casequality.records.intake.cells import Positions

Fault = tuple[str, Positions]
"""A fault by its stable name, and the positions of the rows that have it."""


class Faults:
    """Which rows of a batch have which fault in which column, and which fields that puts in doubt for whom.

    `ragged` rows have only that one, which puts all in doubt.
    """

    def __init__(self, rows: int, ragged: Positions) -> None:
        self._rows = rows
        self._ragged = ragged
        self._found: dict[tuple[str, str], dict[FieldNames, Positions]] = {}
        self._tainted: dict[tuple[FieldNames, FieldNames], Positions] = {}
        if len(ragged):
            self._found["", "wrong number of columns"] = {None: ragged}
            self._tainted[None, None] = ragged

    def add(self, column: str, fault: str, rows: Positions, concerned: FieldNames, blurred: FieldNames) -> None:
        """Add the rows, given by their positions, that have a fault."""
        rows = self.tell(column, fault, rows, concerned)
        self.taint(rows, concerned, blurred)

    def tell(self, column: str, fault: str, rows: Positions, concerned: FieldNames = None) -> Positions:
        """Add a fault that puts nothing in doubt, and return the rows that have it."""
        if len(self._ragged):
            rows = np.setdiff1d(rows, self._ragged)
        if len(rows):
            of_place = self._found.setdefault((column, fault), {})
            of_place[concerned] = _both(of_place.get(concerned), rows)
        return rows

    def taint(self, rows: Positions, concerned: FieldNames, blurred: FieldNames) -> None:
        """Put fields of some rows in doubt."""
        if len(rows):
            self._tainted[concerned, blurred] = _both(self._tainted.get((concerned, blurred)), rows)

    def taints(self) -> tuple[Taint, ...]:
        """Return what is in doubt."""
        return tuple(Taint(*fields, self._mask(rows)) for fields, rows in self._tainted.items())

    def findings(self, first: int, file: str | None) -> Iterator[Finding]:
        """Yield the findings, rows counted from `first`; each row once by column and fault."""
        for (column, fault), by_fields in self._found.items():
            for fields, rows in _apart(by_fields):
                yield Finding.of(column, fault, first + rows, file, fields)

    def _mask(self, rows: Positions) -> Mask:
        mask = np.zeros(self._rows, bool)
        mask[rows] = True
        return mask


def _both(before: Positions | None, rows: Positions) -> Positions:
    return rows if before is None else np.union1d(before, rows)


def _apart(by_fields: dict[FieldNames, Positions]) -> Iterator[tuple[FieldNames, Positions]]:
    """Yield each row once, with all fields whose reading of one column failed in it."""
    if len(by_fields) == 1:
        yield from by_fields.items()
        return
    rows = np.unique(np.concatenate(list(by_fields.values())))
    within = np.array([np.isin(rows, some) for some in by_fields.values()])
    for pattern in np.unique(within, axis=1).T:
        met = [fields for fields, marked in zip(by_fields, pattern.tolist(), strict=True) if marked]
        known = [fields for fields in met if fields is not None]
        together = frozenset().union(*known) if len(known) == len(met) else None
        yield together, rows[(within == pattern[:, None]).all(axis=0)]
