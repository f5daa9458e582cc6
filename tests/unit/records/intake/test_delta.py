"""Delta tables: the figure is of a snapshot, not of the files that lie in the folder."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("pyarrow")
deltalake = pytest.importorskip("deltalake")

import pyarrow as pa

from casequality.errors import InputError, UsageError
from casequality.records import Records, code, day, key, source
from tests.factories.records import read


class Letter(Records, name="letters"):
    case = key()
    received_on = day()
    unit = code(missing="not said")


FIELDS = ["case", "received_on", "unit"]


def rows(*numbers: int) -> list[dict[str, Any]]:
    return [{"case": number, "received_on": dt.date(2010, 1, number), "unit": "ab"[number % 2]} for number in numbers]


def written(folder: Path, *, by: list[str] | None = None) -> Path:
    """Write a table: version 0 has cases 1-3, 1 appends 4-5, 2 deletes 2 and 4, 3 writes all over with 9."""
    table = folder / "letters"
    deltalake.write_deltalake(table, pa.Table.from_pylist(rows(1, 2, 3)), partition_by=by)
    deltalake.write_deltalake(table, pa.Table.from_pylist(rows(4, 5)), mode="append")
    deltalake.DeltaTable(table).delete('"case" in (2, 4)')
    deltalake.write_deltalake(table, pa.Table.from_pylist(rows(9)), mode="overwrite")
    return table


VERSIONS = [(0, [1, 2, 3]), (1, [1, 2, 3, 4, 5]), (2, [1, 3, 5]), (3, [9]), (None, [9])]


@pytest.mark.parametrize("by", [None, ["unit"]], ids=["plain", "partitioned"])
def test_rows_are_those_of_the_version(by: list[str] | None, tmp_path: Path) -> None:
    table = written(tmp_path, by=by)
    for version, cases in VERSIONS:
        letters = source(table, Letter, version=version)
        for block_rows in (1, 100):
            found = read(letters, FIELDS, block_rows=block_rows)
            assert sorted(found.rows, key=lambda row: int(row["case"])) == rows(*cases)
        assert read(letters, ["unit"]).read == len(cases)


def test_the_accounts_tell_the_snapshot_and_the_files(tmp_path: Path) -> None:
    table = written(tmp_path)
    lines = (table / "_delta_log" / f"{1:020}.json").read_text("utf-8").splitlines()
    [commit] = [action["commitInfo"] for action in map(json.loads, lines) if "commitInfo" in action]
    told = source(table, Letter, version=1).delivery()
    at = dt.datetime.fromtimestamp(commit["timestamp"] / 1000, dt.UTC)
    assert told.snapshot == f"version 1 of {at.isoformat()}"
    assert source(table, Letter, version=1).name == f"letters, {told.snapshot}"
    adds = [
        json.loads(line)["add"]["path"]
        for number in (0, 1)
        for line in (table / "_delta_log" / f"{number:020}.json").read_text("utf-8").splitlines()
        if "add" in json.loads(line)
    ]
    assert told.files == {
        name: (len(content), hashlib.sha256(content).hexdigest())
        for name in sorted(adds)
        for content in [(table / name).read_bytes()]
    }


def test_a_column_that_came_later_is_blank_in_older_files(tmp_path: Path) -> None:
    older = [{name: value for name, value in row.items() if name != "unit"} for row in rows(1, 2)]
    deltalake.write_deltalake(tmp_path / "letters", pa.Table.from_pylist(older))
    deltalake.write_deltalake(tmp_path / "letters", pa.Table.from_pylist(rows(3)), mode="append", schema_mode="merge")
    found = read(source(tmp_path / "letters", Letter), FIELDS)
    assert {row["case"]: row["unit"] for row in found.rows} == {1: None, 2: None, 3: "b"}


@pytest.mark.parametrize("version", [4, 99, -1])
def test_a_version_that_is_not_there(version: int, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=rf"(?s)no such version.*got: +{version}\n"):
        source(written(tmp_path), Letter, version=version)


def test_files_that_were_vacuumed(tmp_path: Path) -> None:
    table = written(tmp_path)
    letters = source(table, Letter, version=1)
    deltalake.DeltaTable(table).vacuum(0, enforce_retention_duration=False, dry_run=False)
    with pytest.raises(InputError, match=r"(?s)cannot be read.*version 1 of.*vacuum"):
        read(letters, FIELDS)
    assert read(source(table, Letter), FIELDS).values("case") == [9]


def log(table: Path, change: dict[str, Any]) -> None:
    """Change the first commit of a table, as another writer would have written it."""
    first = table / "_delta_log" / f"{0:020}.json"
    actions = [json.loads(line) for line in first.read_text("utf-8").splitlines()]
    for action in actions:
        for name, given in change.items():
            if name in action:
                action[name] |= given
    first.write_text("\n".join(map(json.dumps, actions)), encoding="utf-8")


DELETED = {
    "storageType": "u",
    "pathOrInlineDv": "ab^-aqEH.-t@S}K{vb[*k^",
    "offset": 4,
    "sizeInBytes": 40,
    "cardinality": 1,
}


RENAMED = json.dumps(
    {
        "type": "struct",
        "fields": [
            {
                "name": name,
                "type": kind,
                "nullable": True,
                "metadata": {"delta.columnMapping.id": place, "delta.columnMapping.physicalName": f"col-{place}"},
            }
            for place, (name, kind) in enumerate({"case": "long", "received_on": "date", "unit": "string"}.items(), 1)
        ],
    }
)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            {
                "protocol": {
                    "minReaderVersion": 3,
                    "minWriterVersion": 7,
                    "readerFeatures": ["deletionVectors"],
                    "writerFeatures": ["deletionVectors"],
                },
                "add": {"deletionVector": DELETED},
            },
            "deletionVectors",
        ),
        (
            {
                "protocol": {"minReaderVersion": 2, "minWriterVersion": 5},
                "metaData": {"configuration": {"delta.columnMapping.mode": "name"}, "schemaString": RENAMED},
            },
            "columnMapping",
        ),
    ],
    ids=["deletion vectors", "column mapping"],
)
def test_what_deltalake_cannot_read_is_refused(change: dict[str, Any], told: str, tmp_path: Path) -> None:
    table = tmp_path / "letters"
    deltalake.write_deltalake(table, pa.Table.from_pylist(rows(1, 2)))
    log(table, change)
    with pytest.raises(InputError, match=rf"(?s)uses what cannot be read.*got: +{told}\n"):
        source(table, Letter)


def test_a_damaged_log_is_told(tmp_path: Path) -> None:
    table = written(tmp_path)
    (table / "_delta_log" / f"{1:020}.json").write_text("{", encoding="utf-8")
    with pytest.raises(InputError, match="Delta"):
        source(table, Letter)


def test_a_version_is_of_a_table_and_a_table_is_a_source_alone(tmp_path: Path) -> None:
    table = written(tmp_path)
    (tmp_path / "letters.csv").write_text("case,received_on,unit\n1,2010-01-01,a\n", encoding="utf-8")
    with pytest.raises(UsageError, match="version= is given for a file"):
        source(tmp_path / "letters.csv", Letter, version=1)
    with pytest.raises(UsageError, match="version= is given for data"):
        source(rows(1), Letter, version=1)
    with pytest.raises(UsageError, match="source by itself"):
        source([table, tmp_path / "letters.csv"], Letter)
    with pytest.raises(UsageError, match="source by itself"):
        source(table, Letter, sheet="2010")
    with pytest.raises(UsageError, match="kept only of files"):
        source(table, Letter).origins()
    with pytest.raises(UsageError, match="can be told by a digest"):
        source(rows(1), Letter).delivery()
