"""The how-to word by word: a standalone cluster, `spark-submit`, folders by year, JDBC from a real database, Connect.

Master and worker are Spark's own programs, each a process of its own; the database is the tests' own PostgreSQL, its
driver Debian's `libpostgresql-jdbc-java`.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import pytest

pyspark = pytest.importorskip("pyspark")
pa = pytest.importorskip("pyarrow")
import pyarrow.parquet as pq

from tests.databases.conftest import Server, server  # noqa: F401  a fixture
from tests.spark.conftest import CHEAP, JAVA
from tests.spark.notified import cases, notices
from tests.spark.test_spark_given import started

if shutil.which("java") is None:
    pytest.skip("Spark needs Java, which is not here", allow_module_level=True)

HOME = Path(pyspark.__file__).parent
DRIVER = Path("/usr/share/java/postgresql.jar")
NIGHTLY = """
import json, sys
import casequality as cq
from casequality.metrics import stored
from pyspark.sql import SparkSession
from tests.spark.notified import Decided, Notified
folder = sys.argv[1]
def counted(data, metrics=(Decided,), **how):
    return stored.all_to_bytes(cq.tally(metrics, data, as_of="2010-10-01", by="office", **how).parts)
own = counted(folder + "/cases")
found = {"partitions": counted(folder + "/cases", engine="spark") == own}
session = SparkSession.active()
found["master"] = session.sparkContext.master
found["executors"] = len(session.sparkContext._jsc.sc().statusTracker().getExecutorInfos()) - 1
frame = session.read.parquet(folder + "/cases")
found["years"] = frame.rdd.getNumPartitions() > 1 and "year" in frame.columns
found["a frame"] = counted(frame) == own
with_notices = counted(folder + "/cases", [Notified], children={"notices": folder + "/notices.parquet"})
child = session.read.parquet(folder + "/notices.parquet")
found["a child frame"] = counted(frame, [Notified], children={"notices": child}) == with_notices
if jdbc := json.loads(sys.argv[2]):
    table = session.read.jdbc(
        jdbc.pop("url"), "cases", column="number", lowerBound=0, upperBound=600, numPartitions=3, properties=jdbc
    )
    found["by JDBC"] = [table.rdd.getNumPartitions(), counted(table) == own]
print(json.dumps(found))
"""
CONNECTS = """
import json, sys
import casequality as cq
from casequality.metrics import stored
from pyspark.sql import SparkSession
from tests.spark.notified import Decided
session = SparkSession.builder.remote(sys.argv[2]).getOrCreate()
def counted(data, **how):
    return stored.all_to_bytes(cq.tally([Decided], data, as_of="2010-10-01", by="office", **how).parts)
folder = sys.argv[1] + "/cases"
own = counted(folder)
found = [counted(folder, engine="spark") == own, counted(session.read.parquet(folder)) == own]
session.stop()
print(json.dumps(found))
"""


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def listening(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until somebody listens; raise where the process ends before."""
    while process.poll() is None:
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", port)).close()
            return
        time.sleep(0.2)
    raise AssertionError(log.read_text("utf-8", errors="replace"))


def environment() -> dict[str, str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith(("SPARK_", "PYSPARK_", "MASTER"))}
    path = os.pathsep.join([str(Path(__file__).parents[2]), *filter(None, sys.path)])
    own["JAVA_TOOL_OPTIONS"] = JAVA
    return {**own, "PYTHONPATH": path, "PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1"}


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a master with one worker of two cores."""
    folder, port = tmp_path_factory.mktemp("standalone"), free_port()
    url = f"spark://127.0.0.1:{port}"
    programs = {
        "master": ["master.Master", "--host", "127.0.0.1", "--port", str(port), "--webui-port", "0"],
        "worker": ["worker.Worker", url, "--host", "127.0.0.1", "--webui-port", "0", "--cores", "2", "--memory", "2g"],
    }
    with ExitStack() as kept:
        for name, (program, *words) in programs.items():
            log = folder / f"{name}.log"
            told = kept.enter_context(log.open("wb"))
            command = [str(HOME / "bin" / "spark-class"), f"org.apache.spark.deploy.{program}", *words]
            if name == "worker":
                command += ["--work-dir", str(folder / "work")]
            process = subprocess.Popen(command, env=environment(), stdout=told, stderr=told)
            kept.callback(process.wait)
            kept.callback(process.terminate)
            if name == "master":
                listening(port, process, log)
            while name == "worker" and b"Successfully registered" not in log.read_bytes():
                assert process.poll() is None, log.read_text("utf-8", errors="replace")
                time.sleep(0.2)
        yield url


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Cases in a folder a year, and their notices."""
    folder = tmp_path_factory.mktemp("lake")
    rows = [{**row, "number": number} for number, row in enumerate(cases(600, 1))]
    for year in (2009, 2010):
        (folder / "cases" / f"year={year}").mkdir(parents=True)
        mine = [row for number, row in enumerate(rows) if number % 2 == year % 2]
        pq.write_table(pa.Table.from_pylist(mine), folder / "cases" / f"year={year}" / "part.parquet")
    pq.write_table(pa.Table.from_pylist(notices(cases(600, 1), 2)), folder / "notices.parquet")
    return folder


def submit(url: str, *more: str) -> tuple[str, ...]:
    settings = {
        **CHEAP,
        "spark.driver.host": "127.0.0.1",
        "spark.ui.enabled": "false",
        "spark.executorEnv.PYTHONPATH": environment()["PYTHONPATH"],
    }
    told = [word for name, value in settings.items() for word in ("--conf", f"{name}={value}")]
    return (str(HOME / "bin" / "spark-submit"), "--master", url, *told, *more)


@pytest.fixture(scope="module")
def found(
    cluster: str, lake: Path, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> dict[str, Any]:
    """What one nightly job found; it also asks the database, where there are one and its driver."""
    jdbc: dict[str, str] = {}
    if DRIVER.exists():
        with suppress(pytest.skip.Exception):
            jdbc = filled(request.getfixturevalue("server"), lake)
    by = submit(cluster, *["--jars", str(DRIVER)] * bool(jdbc))
    out, err = started(NIGHTLY, tmp_path_factory.mktemp("job"), str(lake), json.dumps(jdbc), by=by).communicate()
    assert out, err
    told: dict[str, Any] = json.loads(out.splitlines()[-1])
    return told


def filled(database: Server, lake: Path) -> dict[str, str]:
    """Bring the cases into a database, and return how Spark asks it."""
    import adbc_driver_postgresql.dbapi as driver

    table = pq.read_table(lake / "cases").drop_columns(["year"])
    with driver.connect(database.uri, autocommit=True) as connection, connection.cursor() as cursor:
        cursor.adbc_ingest("cases", table, mode="create")
    return {
        "url": f"jdbc:postgresql://127.0.0.1:{database.port}/postgres",
        "user": "measured",
        "password": database.password,
        "driver": "org.postgresql.Driver",
    }


def test_a_job_is_submitted_to_a_standalone_cluster(cluster: str, found: dict[str, Any]) -> None:
    assert found["master"] == cluster
    assert found["executors"] >= 1
    same = ("partitions", "years", "a frame", "a child frame")
    assert {name: found[name] for name in same} == dict.fromkeys(same, True)


@pytest.mark.usefixtures("server")
def test_a_table_of_a_database_comes_by_jdbc(found: dict[str, Any]) -> None:
    if not DRIVER.exists():
        pytest.skip("PostgreSQL's JDBC driver is not installed here: Debian's package libpostgresql-jdbc-java")
    assert found["by JDBC"] == [3, True]


def test_a_client_of_connect_counts_on_the_cluster(cluster: str, lake: Path, tmp_path: Path) -> None:
    pytest.importorskip("grpc", reason="Spark Connect needs pyspark[connect]")
    port, log = free_port(), tmp_path / "connect.log"
    program = ("--class", "org.apache.spark.sql.connect.service.SparkConnectServer")
    settings = (
        "--conf",
        f"spark.connect.grpc.binding.port={port}",
        "--conf",
        "spark.connect.grpc.binding.address=127.0.0.1",
    )
    with log.open("wb") as told:
        command = [*submit(cluster, *settings, *program), "spark-internal"]
        serving = subprocess.Popen(command, env=environment(), stdout=told, stderr=told, cwd=tmp_path)
    try:
        listening(port, serving, log)
        out, err = started(CONNECTS, tmp_path, str(lake), f"sc://127.0.0.1:{port}").communicate()
        assert out, err
        assert json.loads(out.splitlines()[-1]) == [True, True]
    finally:
        serving.terminate()
        serving.wait()
