"""From a batch of cells to a block of records: typed, checked, its faulty rows set aside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import attrs
import numpy as np

from casequality.arrays import Integers, Mask
from casequality.records.findings import Finding, Findings
from casequality.records.intake.cells import Positions
from casequality.records.intake.checks import ended_before_begun
from casequality.records.intake.convert import Converter, Typed
from casequality.records.intake.keys import KeyOrder, Keys
from casequality.records.intake.tables import Batch
from casequality.records.schema import Column, Records

if TYPE_CHECKING:
    from casequality.records.intake.child_tables import ChildTable

Faults = dict[tuple[str, str], Positions]
_CLEAN = Findings()


@attrs.frozen(eq=False)
class Block:
    """Some records of a source, the faulty ones left out: `read` rows were read, `records` were kept.

    `first` is the number of the first row read, in its `file` where a source has several;
    `kept` marks the rows kept, None for all; `order` is that of the kept keys.
    """

    records: Records
    read: int
    first: int
    kept: Mask | None = None
    findings: Findings = _CLEAN
    order: KeyOrder = KeyOrder()
    file: str | None = None

    @property
    def rows(self) -> Integers:
        """The row numbers of `records`, as a person counts them."""
        rows = np.arange(self.first, self.first + self.read)
        return rows if self.kept is None else rows[self.kept]


@attrs.frozen(eq=False)
class BlockReader:
    """What one reading makes of each batch.

    `fields` are read into columns, `columns` says from which source column each comes, `checked` are the dates
    that may not lie before the record's beginning, `children` the child tables by field.
    """

    records: type[Records]
    fields: Sequence[str]
    columns: Mapping[str, str]
    converters: Mapping[str, Converter]
    checked: frozenset[str]
    zone: str | None
    children: Mapping[str, ChildTable]
    ordered: bool

    def block(self, batch: Batch, file: str | None, left_out: Mapping[str, Mask] | None = None) -> Block:
        """Return the block; `left_out` marks, by fault, rows that are no records of their own."""
        typed = {name: self._typed(name, batch) for name in self.fields if name != self._key}
        columns: dict[str, Column] = {name: found.column for name, found in typed.items()}
        faults = self._faults(typed, batch)
        faults |= self._order_faults(columns)
        keys = self._keys(batch, faults)
        faults = _apart_from_ragged(faults, batch.ragged)
        for fault, rows in (left_out or {}).items():
            faults[self._named(self._key), fault] = np.flatnonzero(rows & ~_marked(faults, batch.rows))
        return self._kept(batch, file, columns, typed, keys, faults)

    @property
    def _key(self) -> str:
        return self.records.key_field() or ""

    def _named(self, field: str) -> str:
        return self.columns.get(field, field)

    def _typed(self, field: str, batch: Batch) -> Typed:
        converter = self.converters[field]
        if field not in self.columns:
            return converter.absent(batch.rows)
        return converter.read(batch.cells[self.columns[field]])

    def _faults(self, typed: Mapping[str, Typed], batch: Batch) -> Faults:
        return {
            (self._named(name), fault): rows
            for name, found in typed.items()
            for fault, rows in found.faults.items()
            if len(rows)
        }

    def _order_faults(self, columns: Mapping[str, Column]) -> Faults:
        start = self.records.begins()
        found = {}
        if start in columns:
            for name in self.checked & columns.keys():
                early = ended_before_begun(columns, self.records.fields, name, start, self.zone)
                if len(early):
                    found[self._named(name), "ended before it began"] = early
        return found

    def _keys(self, batch: Batch, faults: Faults) -> Keys | None:
        column = self.columns.get(self._key)
        if column is None:
            return None
        keys = batch.cells[column].keys()
        if len(keys.missing):
            faults[column, "missing value"] = keys.missing
        return keys

    def _kept(
        self,
        batch: Batch,
        file: str | None,
        columns: dict[str, Column],
        typed: Mapping[str, Typed],
        keys: Keys | None,
        faults: Faults,
    ) -> Block:
        kept = ~_marked(faults, batch.rows) if faults else None
        suspected = {(self._named(n), text): c for n, found in typed.items() for text, c in found.suspected.items()}
        findings = _CLEAN
        if kept is not None or suspected:
            found = [Finding.of(*place, batch.first + rows, file) for place, rows in faults.items() if len(rows)]
            findings = Findings.of(found, 0 if kept is None else int((~kept).sum()), suspected)
        if keys is not None:
            if self._key in self.fields:
                columns[self._key] = keys.values()
            for name, table in self.children.items():
                columns[name] = table.children(keys.values())
        unknown = {name: found.unknown for name, found in typed.items() if found.unknown is not None}
        records: Any = self.records(columns, batch.rows, unknown)
        order = KeyOrder()
        if self.ordered and keys is not None:
            order = (keys if kept is None else keys[kept]).order()
        return Block(
            records if kept is None else records[kept], batch.rows, batch.first, kept, findings, order, file
        )


def _marked(faults: Faults, rows: int) -> Mask:
    marked = np.zeros(rows, bool)
    for positions in faults.values():
        marked[positions] = True
    return marked


def _apart_from_ragged(faults: Faults, ragged: Positions) -> Faults:
    if not len(ragged):
        return faults
    apart = {place: rows[~np.isin(rows, ragged)] for place, rows in faults.items()}
    return {("", "wrong number of columns"): ragged} | {place: rows for place, rows in apart.items() if len(rows)}
