"""Which reader is for which data."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from casequality.errors import InputError
from casequality.records.intake.dialect import Dialect
from casequality.records.intake.parquet import ParquetTable
from casequality.records.intake.rows import RowTable
from casequality.records.intake.tables import Table


def opened(data: Any, dialect: Dialect, sheet: str | None, name: str | None) -> Table:
    """Return the table that `data` is; raise `InputError` for data of no known kind."""
    if isinstance(data, (str, os.PathLike)):
        return ParquetTable.open(Path(data), dialect)
    return RowTable(data, dialect)
