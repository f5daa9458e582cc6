"""Which reader is for which data."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import Any

from casequality.errors import InputError, UsageError
from casequality.records.intake.dialect import Dialect
from casequality.records.intake.files import file_table
from casequality.records.intake.frames import frame
from casequality.records.intake.rows import RowTable
from casequality.records.intake.tables import Table
from casequality.records.intake.typed import TypedTable
from casequality.records.schema import Records

DATA_KINDS = (
    "a path or pattern (CSV, Excel, Parquet), a list of paths, a pandas or polars frame, a pyarrow table, a DuckDB "
    "relation, a Spark frame, an object with __arrow_c_stream__, mappings, Records"
)


def opened(data: Any, dialect: Dialect, sheet: str | None) -> Table:
    """Return the table that `data` is; raise `InputError` for data of no known kind."""
    paths = _paths(data)
    if sheet is not None and not paths:
        raise UsageError("A sheet is named for data that are no file", got=sheet, remedy="leave sheet= out")
    if paths:
        return file_table(paths, dialect, sheet)
    if isinstance(data, Records):
        return TypedTable(data)
    if (found := frame(data, dialect)) is not None:
        return found
    if isinstance(data, Iterable) and not isinstance(data, (bytes, Mapping)):
        return RowTable(data, dialect)
    raise InputError("Data of a kind that is not read", got=type(data).__name__, allowed=DATA_KINDS)


def _paths(data: Any) -> list[str | os.PathLike[str]]:
    if isinstance(data, (str, os.PathLike)):
        return [data]
    if isinstance(data, (list, tuple)) and data and all(isinstance(item, (str, os.PathLike)) for item in data):
        return list(data)
    return []
