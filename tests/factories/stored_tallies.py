"""Invented records of every shipped type as files, and the tallies of them as they are stored."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from casequality.desk import tally
from casequality.desk.offered import catalogue, find_metric
from casequality.engines import Engine
from casequality.metrics import Metric
from casequality.metrics.tallies import stored
from casequality.records import Findings, Records
from casequality.testing.invented.row_factory import Row
from casequality.testing.invented.subject import invented
from tests.factories.tallies import ZONE

AS_OF = "2010-08-01"
DEADLINES = Path(__file__).with_name("deadlines.toml")
FOUND = catalogue()
KINDS = sorted({find_metric(name, FOUND).records for name in FOUND.metrics}, key=lambda kind: kind.name)


def metrics_of(kind: type[Records]) -> list[Metric]:
    """Return every installed metric of a record type."""
    return [metric for metric in (find_metric(name, FOUND) for name in FOUND.metrics) if metric.records is kind]


def write_files(folder: Path, kind: type[Records], *, rows: int = 60, files: int = 3, group: int = 8) -> dict[str, Any]:
    """Write invented rows as Parquet files of several row groups; return `data` and `children` of a source of them."""
    made = invented(kind, dt.date.fromisoformat(AS_OF), ZONE).corpus(rows)
    below = {name: field.records for name, field in kind.fields.items() if field.records is not None}
    own = [{name: value for name, value in row.items() if name not in below} for row in made]
    size = -(-rows // files)
    for number in range(files):
        part = own[number * size : (number + 1) * size]
        pq.write_table(table_of(part, own), folder / f"part-{number}.parquet", row_group_size=group)
    children = {}
    for name in below:
        found = [child for row in made for child in row[name]]
        pq.write_table(table_of(found, found), folder / f"{name}.parquet", row_group_size=group)
        children[name] = folder / f"{name}.parquet"
    return {"data": str(folder / "part-*.parquet"), **({"children": children} if children else {})}


def table_of(rows: Sequence[Row], alike: Sequence[Row]) -> pa.Table:
    """Return rows as a table whose columns have the types of `alike`."""
    return pa.Table.from_pylist(list(rows), schema=pa.Table.from_pylist(list(alike)).schema)


def stored_tallies(kind: type[Records], source: Mapping[str, Any], engine: Engine) -> tuple[dict[str, bytes], Findings]:
    """Return the stored tally of every installed metric of a record type, and what intake found."""
    made = tally(metrics_of(kind), as_of=AS_OF, zone=ZONE, deadlines=DEADLINES, plugins=FOUND, engine=engine, **source)
    return {name: stored.to_bytes(part) for name, part in made.parts.items()}, made.findings
