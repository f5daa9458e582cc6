"""One Spark session at a time: in this process, or with executors in processes of their own.

All that is tried in this process runs as well on another master: pytest tests/spark --master 'local-cluster[2,1,1024]'.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
JAVA = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:+UnlockDiagnosticVMOptions -XX:-BytecodeVerificationRemote"
"""A Java that starts soon and lives for seconds: it compiles simply, and takes Spark's own classes for whole."""
CHEAP = {
    "spark.sql.shuffle.partitions": "3",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
}
"""What makes small jobs cheap, and changes nothing of what they answer."""
SETTINGS = {
    **CHEAP,
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "OFF",
    "spark.sql.adaptive.coalescePartitions.enabled": "false",  # small as they are, the buckets stay apart
    "spark.python.daemon.module": "tests.spark.daemon",
    "spark.executorEnv.PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, sys.path)]),
    "spark.driver.extraJavaOptions": JAVA,
    "spark.executor.extraJavaOptions": JAVA,
}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the tests of the local mode run elsewhere."""
    parser.addoption("--master", default="local[2]", help="where the tests of Spark's local mode run")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let pyspark say what it says of its own dependencies; only here is it at work."""
    here = str(Path(__file__).parent) + os.sep
    for item in items:
        if str(item.path).startswith(here):
            item.add_marker(pytest.mark.filterwarnings("ignore:PySpark does not yet:FutureWarning"))
            item.add_marker(pytest.mark.filterwarnings("ignore::ResourceWarning"))


def _session(master: str, folder: Path) -> Iterator[Any]:
    pyspark = pytest.importorskip("pyspark.sql")
    if shutil.which("java") is None:
        pytest.skip("Spark needs Java, which is not here")
    before = dict(os.environ)
    os.environ["PYSPARK_PYTHON"] = sys.executable
    builder = pyspark.SparkSession.Builder().master(master).config("spark.local.dir", str(folder))
    # what lies here is seen by executors alone, and before all else
    (folder / "executors").mkdir()
    seen = os.pathsep.join([str(folder / "executors"), SETTINGS["spark.executorEnv.PYTHONPATH"]])
    own = {"spark.sql.warehouse.dir": str(folder / "warehouse"), "spark.executorEnv.PYTHONPATH": seen}
    for name, value in {**SETTINGS, **own}.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    yield session
    session.stop()
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture(scope="module")
def local(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Two tasks at a time in the process of the driver."""
    yield from _session(request.config.getoption("--master", "local[2]"), tmp_path_factory.mktemp("spark"))


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Two executors, each a process of its own."""
    yield from _session("local-cluster[2,1,1024]", tmp_path_factory.mktemp("spark"))
