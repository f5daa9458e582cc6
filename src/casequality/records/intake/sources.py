"""`source`: the one way in."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from casequality.days.clocks import zone_info
from casequality.errors import UsageError
from casequality.records.intake.dialect import Dialect
from casequality.records.intake.mapping import FieldMap
from casequality.records.intake.once import Once
from casequality.records.intake.opening import opened
from casequality.records.intake.source import Source
from casequality.records.schema import Records


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
    """Return the source of `records` in `data`; opening it reads no more than headers.

    data: a path or pattern (CSV, gzipped or not; Excel; Parquet) or a list of them, a pandas or polars frame (also
    lazy), a pyarrow table or stream, a DuckDB relation, anything else with the Arrow stream protocol, mappings
    (a list, or an iterator read once), Records, or a Source, which is returned as it is.
    columns: the source column of each field, its own name unless told; None where the source has none.
    codes: the label of each source value, by field; None where a value means that there is none.
    marks: what days such as "9999-12-31" mean, by field: "unknown", or "none", "open" or the field's own `missing`.
    zone: the zone of times that have none, and of the local days of instants. A bare number in a span is seconds.
    dialect: how text is written, in a file or in a column. sheet: the sheet of a workbook, its first unless told.
    children: the data of each child table, or its Source; its rows name their parent by the parent's key field.
    checks_off: order checks left out, by name, such as "closed_on-before-received_on".

    >>> from casequality.records import Records, day, key
    >>> class Case(Records, name="cases"):
    ...     case = key()
    ...     received_on = day()
    >>> cases = source([{"case": 7, "modtaget": "01-06-2010"}], Case,
    ...     columns={"received_on": "modtaget"}, dialect=Dialect.danish())
    >>> [block.records.received_on.tolist() for part in cases.reading(["received_on"]).parts for block in part.blocks()]
    [[datetime.date(2010, 6, 1)]]
    """
    if isinstance(data, Source):
        return _unchanged(data, records, (columns, codes, marks, zone, dialect, sheet, children, checks_off, name))
    if zone is not None:
        zone_info(zone)
    mapping = FieldMap(records, columns or {}, codes or {}, marks or {}, checks_off)
    table = opened(data, dialect or Dialect(), sheet)
    if not table.rereadable:
        remembered = mapping.mapped_columns(table.columns) if records.key_field() is not None else None
        table = Once(table, remembered)
    below = {
        field: source(
            child,
            _child_records(records, field),
            zone=None if isinstance(child, Source) else zone,
            dialect=None if isinstance(child, Source) else dialect,
        )
        for field, child in (children or {}).items()
    }
    return Source(name or table.name, table, mapping, zone, below)


def _unchanged(made: Source, records: type[Records], arguments: tuple[object, ...]) -> Source:
    if made.records is not records or any(arguments):
        raise UsageError(
            "A Source is passed where data are mapped again",
            where=made.name,
            got=made.records.name,
            allowed=records.name,
            remedy="pass the data themselves, or a Source of this record type with no further arguments",
        )
    return made


def _child_records(records: type[Records], field: str) -> type[Records]:
    declared = records.fields[field].records if field in records.fields else None
    if declared is None:
        raise UsageError(
            "children= names something that is no child table",
            where=records.__qualname__,
            got=field,
            allowed=[name for name, one in records.fields.items() if one.kind == "many"],
            remedy="check the spelling",
        )
    return declared
