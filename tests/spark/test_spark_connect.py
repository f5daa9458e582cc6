"""Spark Connect: a client without a driver of its own counts what one process counts, and tells faults as it does."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

pytest.importorskip("pyspark")
pytest.importorskip("grpc", reason="Spark Connect needs pyspark[connect]")
pa = pytest.importorskip("pyarrow")
import pyarrow.parquet as pq

from tests.spark.notified import cases
from tests.spark.test_spark_given import started

if shutil.which("java") is None:
    pytest.skip("Spark needs Java, which is not here", allow_module_level=True)

# The client starts a server of its own beside it, as `local` as in a session with a driver; it listens on this machine.
ASKS = """
import json, sys
import casequality as cq
from pyspark.sql import SparkSession
from casequality.engines.spark import Spark
from casequality.errors import CaseQualityError
from casequality.metrics import stored
from tests.spark.notified import Decided, Failing
session = SparkSession.builder.remote("local[2]").getOrCreate()
def counted(data, metric=Decided, **how):
    return stored.all_to_bytes(cq.tally([metric], data, as_of="2010-10-01", by="office", **how).parts)
own, told = counted(sys.argv[1]), []
found = {
    "kind": type(session).__module__,
    "files": counted(sys.argv[1], engine=Spark(session)) == own,
    "the session that runs": counted(sys.argv[1], engine="spark", progress=lambda *much: told.append(much)) == own,
    "a frame": counted(session.read.parquet(sys.argv[1])) == own,
    "told": told[-1],
}
for name, how in {"one process": {}, "executors": {"engine": Spark(session)}}.items():
    try:
        counted(sys.argv[1], Failing, **how)
    except CaseQualityError as fault:
        found[name] = [type(fault).__name__, str(fault).splitlines()[0]]
        found["citizen"] = found.get("citizen", False) or "Jensen" in str(fault)
session.stop()
print(json.dumps(found))
"""


def test_a_client_of_connect_counts_the_same_and_tells_faults_the_same(tmp_path: Path) -> None:
    data = tmp_path / "cases.parquet"
    table = pa.Table.from_pylist(cases(600, 1))
    pq.write_table(table, data, row_group_size=200)
    out, err = started(ASKS, tmp_path, str(data)).communicate()
    assert out, err
    found = json.loads(out.splitlines()[-1])
    assert found["kind"] == "pyspark.sql.connect.session"
    assert found["files"]
    assert found["the session that runs"]
    assert found["a frame"]
    # no rows are told while they are counted: Connect has no counter that the executors add to
    assert found["told"] == [0, table.num_rows]
    assert found["executors"] == found["one process"]
    assert not found["citizen"]
