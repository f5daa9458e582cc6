"""What the types of databases become: arrays that cells are made of, or a column that is refused where it is read."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

import numpy as np

from casequality.records.intake.cells import arrow, is_text, row_numbers, unwrapped, validity, values, written
from casequality.records.intake.readers.spool import PLAIN


def empty(names: Sequence[str]) -> Any:
    """Return a batch of columns without rows."""
    return _batch([arrow().nulls(0) for _ in names], names, [None] * len(names))


ColumnMetadata = Mapping[bytes, bytes] | None
"""What is told of a column beside its name and kind."""
NAMED: Final = (b"casequality:type", b"POSTGRESQL:type", b"ADBC:postgresql:typname")
"""Under what it is told which type of the database a column has."""


def _batch(arrays: Sequence[Any], names: Sequence[str], told: Iterable[ColumnMetadata]) -> Any:
    pa = arrow()
    columns = zip(names, arrays, told, strict=True)
    fields = [pa.field(name, array.type, metadata=one) for name, array, one in columns]
    return pa.RecordBatch.from_arrays(list(arrays), schema=pa.schema(fields))


def fetched_as(kind: Any) -> Any:
    """Return as what a column of ODBC is fetched: whole numbers and floats as such, nearly all else as text."""
    pa = arrow()
    if pa.types.is_integer(kind) or pa.types.is_boolean(kind) or pa.types.is_binary(kind):
        return kind
    return pa.float64() if pa.types.is_floating(kind) else pa.string()


def as_told(batch: Any, kinds: Sequence[Any]) -> Any:
    """Return a batch of ODBC in the kinds that the database said, where each of its texts is one of these."""
    arrays = [_as_told(array, field.type) for array, field in zip(batch.columns, kinds, strict=True)]
    return _batch(arrays, batch.schema.names, [None if is_text(field.type) else PLAIN for field in kinds])


def _as_told(array: Any, kind: Any) -> Any:
    pa = arrow()
    if kind == pa.float32():
        # a driver may say so of a double, whose digits would be lost; 0.1 in four bytes is 0.1 only in four bytes
        narrow = array.cast(kind, safe=False)
        return narrow if narrow.cast(pa.float64()).equals(array) else array
    if pa.types.is_decimal(kind):  # some write a half as .5; \1 and a 0, as no \10 is known here
        return _whole_written(pa.compute.replace_substring_regex(array, r"^(-?)\.", r"\10."))
    if pa.types.is_date(kind) or pa.types.is_timestamp(kind):
        with suppress(pa.ArrowInvalid):
            return array.cast(kind)
    return array


MISREAD: Final = frozenset({"money", "oid", "xid", "cid", "xid8", "tid", "regclass", "regproc", "regtype"})
"""Types of PostgreSQL that ADBC gives as numbers which its own tools do not show."""
INFINITE: Final = {
    "date": ("int32", -2147472692, 2**31 - 1, -2147472691, -(2**31) + 1),
    "timestamp": ("int64", -9222425352054775809, 2**62, -9222425352054775808, -(2**62)),
}
"""What the driver makes of infinity, by an overflow, and what is read as after the horizon; the same before time."""


def _whole_written(array: Any) -> Any:
    """Return numerics without decimals that are all 0, so that a code or key 7.00 is 7, as everywhere."""
    return arrow().compute.replace_substring_regex(array, r"\.0+$", "")


def readable(batch: Any, refused: dict[str, str]) -> Any:
    """Return a batch of which each column is of a kind that cells have; others become blank, and `refused`."""
    arrays, told = [], []
    for field, array in zip(batch.schema, batch.columns, strict=True):
        named = _type_name(field)
        read = unwrapped(array)
        if arrow().types.is_string_view(read.type):
            read = read.cast("large_string")
        if named in MISREAD or not _has_cells(read.type):
            refused.setdefault(field.name, named or str(read.type))
            read = arrow().nulls(len(read))
        if named == "numeric":
            read = _whole_written(read)
        kept = array.type.storage_type if isinstance(array, arrow().ExtensionArray) else array.type
        own = named == "numeric" or (is_text(read.type) and not is_text(kept))
        told.append(PLAIN if own or field.metadata == PLAIN else None)
        arrays.append(_finite(read, named.removesuffix("tz")))
    return _batch(arrays, batch.schema.names, told)


def types_told(schema: Any) -> bool:
    """Return whether it is told which type of PostgreSQL each column has, without which money looks like a number."""
    return all(NAMED[1] in (field.metadata or {}) for field in schema)


def _type_name(field: Any) -> str:
    """Return what the database calls the type of a column, "" where that is not told."""
    told = field.metadata or {}
    found = next((told[key].decode() for key in NAMED if key in told), "")
    return str(found or getattr(field.type, "type_name", ""))


def _has_cells(kind: Any) -> bool:
    types = arrow().types
    tests = (
        is_text,
        types.is_null,
        types.is_boolean,
        types.is_integer,
        types.is_floating,
        types.is_decimal,
        types.is_temporal,
    )
    return any(test(kind) for test in tests)


def _finite(array: Any, named: str) -> Any:
    if named not in INFINITE:
        return array
    dtype, *pairs = INFINITE[named]
    found = values(array, dtype)
    if not np.isin(found, [pairs[0], pairs[2]]).any():
        return array
    found = np.select([found == pairs[0], found == pairs[2]], [pairs[1], pairs[3]], found)
    whole = row_numbers(found, validity(array))
    return (whole.cast("int32") if dtype == "int32" else whole).view(array.type)


def of_values(names: Sequence[str], rows: Sequence[Sequence[Any]], mark: str) -> Any:
    """Return Python's values as a batch, each column in the kind that its values have.

    Values of several kinds become texts, as the database shows them; `mark` is the decimal mark of texts beside them.
    """
    columns = [_column(list(column), mark) for column in zip(*rows, strict=True)]
    return _batch([array for array, _ in columns], names, [told for _, told in columns])


def _column(found: list[Any], mark: str) -> tuple[Any, ColumnMetadata]:
    pa = arrow()
    kinds = {type(value) for value in found} - {type(None)}
    naive = {getattr(value, "tzinfo", None) is None for value in found if value is not None}
    typed = {
        bool: pa.bool_(),
        int: pa.int64(),
        float: pa.float64(),
        str: pa.large_string(),
        dt.date: pa.date32(),
        dt.datetime: pa.timestamp("us", None if naive == {True} else "UTC"),
        dt.timedelta: pa.duration("us"),
        dt.time: pa.time64("us"),
    }
    if others := kinds - {*typed, Decimal, UUID}:
        kind = min(each.__name__ for each in others)
        return pa.nulls(len(found), pa.binary()), {NAMED[0]: kind.encode()}
    if len(kinds) == 1 and kinds <= typed.keys() and (naive == {True} or (kinds == {dt.datetime} and len(naive) == 1)):
        with suppress(OverflowError, pa.ArrowInvalid):
            return pa.array(found, typed[next(iter(kinds))]), None
    texts = [None if value is None else _text(value, mark if str in kinds else ".") for value in found]
    return pa.array(texts, pa.large_string()), None if str in kinds else PLAIN


def _text(value: Any, mark: str) -> str:
    if isinstance(value, (float, Decimal)) and math.isfinite(value) and value != int(value):
        return format(Decimal(str(value)), "f").replace(".", mark)
    return written(value)
