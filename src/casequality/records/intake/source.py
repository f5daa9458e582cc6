"""A source: data of one record type, whichever library holds them, and how to read them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Literal

import attrs

from casequality.errors import InputError, UsageError
from casequality.records.intake.blocks import BlockReader
from casequality.records.intake.convert import Converter
from casequality.records.intake.dialect import Dialect
from casequality.records.intake.mapping import FieldMap
from casequality.records.intake.opening import opened
from casequality.records.intake.reading import Part, Reading
from casequality.records.intake.tables import BLOCK_ROWS, Table
from casequality.records.schema import Records

KeyCheck = Literal["in passing", "partitioned", "off"]


@attrs.frozen(eq=False)
class Source:
    """Data of one record type and how its columns are mapped; made by `source`."""

    table: Table
    mapping: FieldMap
    zone: str | None = None

    @property
    def name(self) -> str:
        """What errors and reports call it."""
        return self.table.name

    @property
    def records(self) -> type[Records]:
        """The record type."""
        return self.mapping.records

    @property
    def rereadable(self) -> bool:
        """Whether it can be read again from the start, as `.cases()` does."""
        return self.table.rereadable

    @property
    def row_count(self) -> int | None:
        """How many rows it has, where that is known without reading it."""
        return self.table.rows

    def reading(
        self, fields: Collection[str], *, keys: KeyCheck = "in passing", block_rows: int = BLOCK_ROWS
    ) -> Reading:
        """Return a reading of these fields and those that they cannot be read without."""
        own = self.mapping.needed(fields)
        columns = self.mapping.sources(own, self.table.columns, self.name)
        key = self.records.key_field()
        reader = self._reader([name for name in own if name != key or name in fields], columns, {}, keys)
        coded = {column for name, column in columns.items() if self.records.fields[name].kind != "key"}
        pieces = self.table.pieces(list(dict.fromkeys(columns.values())), coded, block_rows)
        return Reading([Part(number, piece, reader) for number, piece in enumerate(pieces)], reader)

    def _reader(
        self, fields: Collection[str], columns: Mapping[str, str], children: Mapping[str, Any], keys: KeyCheck
    ) -> BlockReader:
        return BlockReader(
            records=self.records,
            fields=tuple(fields),
            columns=columns,
            converters={
                name: Converter.of(
                    self.records.fields[name], self.mapping, self.zone, f"{self.name}, column {columns.get(name, name)}"
                )
                for name in fields
            },
            checked=self.mapping.checked,
            zone=self.zone,
            children=children,
            ordered=keys == "in passing",
        )


def source(
    data: Any,
    records: type[Records],
    *,
    columns: Mapping[str, str | None] | None = None,
    codes: Mapping[str, Mapping[Any, str | None]] | None = None,
    marks: Mapping[str, Mapping[str, str]] | None = None,
    zone: str | None = None,
    dialect: Dialect | None = None,
    sheet: str | None = None,
    children: Mapping[str, Any] | None = None,
    checks_off: Collection[str] = (),
    name: str | None = None,
) -> Source:
    """Return a source of `records` in `data`."""
    mapping = FieldMap(records, columns or {}, codes or {}, marks or {}, checks_off)
    return Source(opened(data, dialect or Dialect(), sheet, name), mapping, zone)
