"""Numbers and spans too large to be meant: one answer in every form and for any size of blocks, and no run stops."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from casequality.days.arrays import MISSING
from casequality.records import Records, amount, count, key, source, span

LARGEST = 2**53


class Lot(Records, name="lots"):
    lot = key()
    pieces = count()
    price = amount(decimals=2)
    took = span()


def ticks(data: Any, field: str, block_rows: int = 131_072) -> tuple[list[int], list[str]]:
    columns = {name: None for name in ("pieces", "price", "took") if name != field}
    reading = source(data, Lot, columns=columns).reading([field], block_rows=block_rows)
    blocks = [block for part in reading.parts for block in part.blocks()]
    assert all(block.dropped == 0 for block in blocks)
    column = np.concatenate([block.records.column(field) for block in blocks]).view(np.int64)
    return column.tolist(), sorted({item.fault for block in blocks for item in block.findings.items})


CASES: list[tuple[str, Any, int | None]] = [
    ("pieces", LARGEST - 1, LARGEST - 1),
    ("pieces", LARGEST, None),
    ("pieces", 2**62, None),
    ("pieces", 2**80, None),
    ("pieces", float(2**60), None),
    ("pieces", Decimal(10) ** 40, None),
    ("pieces", str(LARGEST - 1), LARGEST - 1),
    ("pieces", "9" * 5_000, None),
    ("price", Decimal("90071992547409.91"), LARGEST - 1),
    ("price", Decimal("90071992547409.92"), None),
    ("price", -(2**60), None),
    ("price", "-90071992547409.91", 1 - LARGEST),
    ("price", "1" + "0" * 400, None),
    ("took", "4611686018426", None),
    ("took", "1e9", None),
    ("took", "9" * 400, None),
    ("took", "9" * 400 + ":00:00", None),
    ("took", "2501999792:59:59", None),
    ("took", 9_007_199_254, 9_007_199_254_000_000),
    ("took", 9_007_199_255, None),
    ("took", float(2**62), None),
    ("took", dt.timedelta.max, None),
    ("took", dt.timedelta(days=104_249), 104_249 * 86_400_000_000),
]


@pytest.mark.parametrize(("field", "value", "kept"), CASES, ids=lambda given: str(given)[:20])
@pytest.mark.parametrize("block_rows", [1, 2, 131_072])
def test_a_value_is_read_or_found_whatever_the_size_of_blocks(
    field: str, value: Any, kept: int | None, block_rows: int, tmp_path: Path
) -> None:
    expected = ([MISSING if kept is None else kept] * 3, [] if kept is not None else ["unreadable value"])
    rows = [{"lot": number, field: value} for number in range(3)]
    assert ticks(rows, field, block_rows) == expected
    if isinstance(value, str):
        path = tmp_path / "lots.csv"
        path.write_text("\n".join([f"lot,{field}", *(f"{number},{value}" for number in range(3))]), encoding="utf-8")
        assert ticks(path, field, block_rows) == expected


@pytest.mark.parametrize("block_rows", [1, 2, 131_072])
@pytest.mark.parametrize(
    ("field", "kind", "value", "kept"),
    [
        ("pieces", "int64", LARGEST - 1, LARGEST - 1),
        ("pieces", "int64", LARGEST, None),
        ("pieces", "int64", 2**63 - 1, None),
        ("pieces", "uint64", 2**64 - 1, None),
        ("pieces", "float64", float(2**53), None),
        ("pieces", "float64", float("inf"), None),
        ("price", "int64", 2**53, None),
        ("price", "int64", -(2**62), None),
        ("price", "decimal128(38, 2)", Decimal("90071992547409.92"), None),
        ("took", "duration[s]", 9_007_199_254, 9_007_199_254_000_000),
        ("took", "duration[s]", 9_007_199_255, None),
        ("took", "duration[s]", 2**63 - 1, None),
        ("took", "duration[s]", 2**44 + 1, None),
        ("took", "duration[ms]", 2**60, None),
        ("took", "duration[us]", 2**53, None),
        ("took", "duration[ns]", 2**63 - 1, (2**63 - 1) // 1000 if LARGEST > (2**63 - 1) // 1000 else None),
        ("took", "int64", 4611686018426, None),
        ("took", "float64", 4611686018426.0, None),
        ("took", "float32", 3e38, None),
        ("took", "float64", 1e308, None),
        ("price", "float64", 1e308, None),
    ],
)
def test_the_same_of_arrow_columns(field: str, kind: str, value: Any, kept: int | None, block_rows: int) -> None:
    pa = pytest.importorskip("pyarrow")
    types = {"decimal128(38, 2)": pa.decimal128(38, 2)} | {
        f"duration[{unit}]": pa.duration(unit) for unit in ("s", "ms", "us", "ns")
    }
    made = types.get(kind) or getattr(pa, kind)()
    column = pa.array([value] * 3, pa.int64()).cast(made) if kind.startswith("dur") else pa.array([value] * 3, made)
    table = pa.table({"lot": [0, 1, 2], field: column})
    expected = ([MISSING if kept is None else kept] * 3, [] if kept is not None else ["unreadable value"])
    assert ticks(table, field, block_rows) == expected
