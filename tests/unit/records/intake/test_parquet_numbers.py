"""Numbers and dates that polars decodes are those that pyarrow decodes; and polars is asked where it pays."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pa = pytest.importorskip("pyarrow")
pl = pytest.importorskip("polars")

import pyarrow.parquet as pq

from casequality.records import Dialect, Records, code, key, source
from casequality.records.intake.cells import ReadOptions
from casequality.records.intake.readers import parquet
from tests.factories.records import read

ROWS = 5_000
KINDS = {
    "whole": pa.int64(),
    "narrow": pa.int32(),
    "day": pa.date32(),
    "told": pa.bool_(),
    "instant": pa.timestamp("us", "UTC"),
    "fine": pa.timestamp("ns", "UTC"),
    "coarse": pa.timestamp("ms"),
    "local": pa.timestamp("us", "Europe/Copenhagen"),
    "seconds": pa.timestamp("s"),
    "part": pa.float64(),
    "small": pa.int8(),
    "text": pa.string(),
}


def table(blanks: float) -> Any:
    rng = np.random.default_rng(5)
    columns = {}
    for name, kind in KINDS.items():
        numbers = rng.integers(0, 2 if name == "told" else 100 if name == "small" else 30_000, ROWS)
        values = pa.array(numbers, mask=rng.random(ROWS) < blanks)
        steps = [pa.int32(), kind] if kind == pa.date32() else [kind]
        for step in steps:
            values = values.cast(step)
        columns[name] = values
    columns["none"] = pa.array([None] * ROWS, pa.int64())
    columns["extreme"] = pa.array([-(2**63), 2**63 - 1, None, 0, 1] * (ROWS // 5))
    return pa.table(columns)


def decoded(path: Path, columns: list[str], block_rows: int) -> list[tuple[int, int, dict[str, Any]]]:
    opened = parquet.ParquetTable.open(path, ReadOptions(Dialect()))
    batches = (batch for piece in opened.pieces(columns, ["text"], block_rows) for batch in piece.read())
    return [(each.first, each.rows, {name: _array(each.cells[name]) for name in columns}) for each in batches]


def _array(cells: Any) -> Any:
    return cells.array


Deciding = Callable[[int], list[str]]


@pytest.fixture
def deciding(monkeypatch: pytest.MonkeyPatch) -> Deciding:
    """Return what sets from how many bytes on polars is asked; it returns the columns that it then decodes, in time."""
    read: list[str] = []
    whole = parquet._Group._whole

    def noting(group: Any) -> dict[str, Any]:
        found = whole(group)
        read.extend(found)
        return found

    def decide(size: int) -> list[str]:
        monkeypatch.setattr(parquet, "PAYS_LOADED", size)
        read.clear()
        return read

    monkeypatch.setattr(parquet._Group, "_whole", noting)
    return decide


@pytest.mark.parametrize("blanks", [0, 0.2])
@pytest.mark.parametrize("options", [
    {},
    {"row_group_size": 700},
    {"row_group_size": 700, "compression": "zstd", "use_dictionary": False},
    {"use_dictionary": ["text"], "column_encoding": {"whole": "DELTA_BINARY_PACKED"}},
])  # fmt: skip
def test_the_same_arrays(tmp_path: Path, deciding: Deciding, options: dict[str, Any], blanks: float) -> None:
    pq.write_table(given := table(blanks), path := tmp_path / "a.parquet", **options)
    names = given.schema.names
    used = deciding(2**60)
    expected = decoded(path, names, 512)
    assert not used
    used = deciding(0)
    found = decoded(path, names, 512)
    assert set(used) == {
        "whole",
        "narrow",
        "day",
        "told",
        "instant",
        "fine",
        "coarse",
        "local",
        "seconds",
        "none",
        "extreme",
    }
    assert [each[:2] for each in found] == [each[:2] for each in expected]
    for (*_, one), (*_, two) in zip(found, expected, strict=True):
        assert {name: (one[name].type, one[name].to_pylist()) for name in names if name != "fine"} == {
            name: (two[name].type, two[name].to_pylist()) for name in names if name != "fine"
        }
        assert one["fine"].cast("int64").equals(two["fine"].cast("int64"))


def test_numbers_alone_come_in_blocks_too(tmp_path: Path, deciding: Deciding) -> None:
    pq.write_table(given := table(0.1), path := tmp_path / "a.parquet", row_group_size=1_200)
    used = deciding(0)
    found = decoded(path, ["whole"], 500)
    assert set(used) == {"whole"}
    assert [rows for _, rows, _ in found] == [500, 500, 200] * 4 + [200]
    assert pa.concat_arrays([cells["whole"] for *_, cells in found]).to_pylist() == given["whole"].to_pylist()


def test_a_small_file_is_not_worth_it(tmp_path: Path, deciding: Deciding) -> None:
    pq.write_table(table(0), path := tmp_path / "a.parquet")
    used = deciding(parquet.PAYS_LOADED)
    decoded(path, ["whole", "day"], 500)
    assert not used


def test_polars_is_not_imported_for_less_than_its_import_costs(
    tmp_path: Path, deciding: Deciding, monkeypatch: pytest.MonkeyPatch
) -> None:
    pq.write_table(table(0), path := tmp_path / "a.parquet")
    used = deciding(0)
    monkeypatch.delitem(sys.modules, "polars")
    decoded(path, ["whole", "day"], 500)
    assert not used


def test_what_polars_cannot_read_pyarrow_reads(
    tmp_path: Path, deciding: Deciding, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise pl.exceptions.ComputeError("not read")

    pq.write_table(given := table(0), path := tmp_path / "a.parquet")
    used = deciding(0)
    monkeypatch.setattr(pl, "scan_parquet", fails)
    [*found] = decoded(path, ["whole"], ROWS)
    assert not used
    assert found[0][2]["whole"].to_pylist() == given["whole"].to_pylist()


@pytest.mark.parametrize("way", ["PLAIN", "DELTA_BYTE_ARRAY", "DELTA_LENGTH_BYTE_ARRAY"])
def test_labels_are_read_in_whichever_way_they_are_kept(tmp_path: Path, way: str) -> None:
    found = pa.table({"id": ["a", "b", "c"], "unit": ["north", None, "south"]})
    pq.write_table(found, tmp_path / "a.parquet", use_dictionary=False, column_encoding={"id": way, "unit": way})
    assert read(source(tmp_path / "a.parquet", Placed), ["unit"]).values("unit") == ["north", None, "south"]


class Placed(Records, name="placed"):
    id = key()
    unit = code(missing="none")
