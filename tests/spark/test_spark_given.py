"""What a process is given: a master, which is kept, and an interrupt, which ends what it began and tells no trace."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

pyspark = pytest.importorskip("pyspark")
pa = pytest.importorskip("pyarrow")
import pyarrow.parquet as pq

from tests.spark.conftest import CHEAP, JAVA
from tests.spark.notified import cases

if shutil.which("java") is None:
    pytest.skip("Spark needs Java, which is not here", allow_module_level=True)

SUBMIT = (str(Path(pyspark.__file__).parent / "bin" / "spark-submit"),)
PYTHON = (sys.executable,)
ASKS = """
import os, sys
import casequality as cq
from casequality.engines.spark import Spark
from casequality.engines.spark.session import session_of
from casequality.errors import UsageError
from pyspark import SparkContext
from pyspark.sql import SparkSession
from tests.spark.notified import Decided
for asked in sys.argv[1:]:
    try:
        if asked == "nobody":
            del os.environ["SPARK_MASTER"]
            asked = ""
        if asked.startswith("measured on "):
            engine = Spark(master=asked.removeprefix("measured on "))
            cq.measure(Decided, "cases.parquet", as_of="2010-10-01", engine=engine)
        else:
            session_of(asked or None)
        master = SparkContext._active_spark_context.master
        print("on", master)
        print("began on", master, file=sys.stderr, flush=True)
        SparkSession.active().stop()
    except UsageError as fault:
        print(fault.what)
"""
IS_INTERRUPTED = """
import signal, sys, time
import casequality as cq
from casequality.engines.spark.session import session_of
from tests.spark.notified import Waiting
session = session_of("local[1]")
signal.signal(signal.SIGINT, signal.default_int_handler)  # Spark's own would cancel all that runs, of whomever
try:
    cq.measure(Waiting(file=sys.argv[2]), sys.argv[1], as_of="2010-10-01", engine="spark")
except KeyboardInterrupt:
    tracker = session.sparkContext.statusTracker()
    for _ in range(100):
        if not tracker.getActiveJobsIds():
            break
        time.sleep(0.1)
    print("left", tracker.getActiveJobsIds())
"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    pq.write_table(pa.Table.from_pylist(cases(60, 1)), tmp_path / "cases.parquet", row_group_size=50)
    return tmp_path / "cases.parquet"


def started(
    script: str, folder: Path, *words: str, by: tuple[str, ...] = PYTHON, given: dict[str, str] | None = None
) -> subprocess.Popen[str]:
    """Start a script in a process of its own, where nothing is given but what is said."""
    file = folder / "script.py"
    file.write_text(script)
    (folder / "spark-defaults.conf").write_text("".join(f"{name} {value}\n" for name, value in CHEAP.items()))
    path = os.pathsep.join([str(Path(__file__).parents[2]), *filter(None, sys.path)])
    own = {name: value for name, value in os.environ.items() if not name.startswith(("SPARK_", "PYSPARK_", "MASTER"))}
    own |= {"JAVA_TOOL_OPTIONS": JAVA, "SPARK_CONF_DIR": str(folder)}
    environ = {**own, "PYTHONPATH": path, "PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1"}
    return subprocess.Popen(
        [*by, str(file), *words],
        env={**environ, **(given or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=folder,
    )


ANOTHER = "Another master is asked for than spark-submit was given"
NOBODY = "Nobody gave Spark a master: it runs on all processors of this machine"


@pytest.mark.parametrize(
    ("by", "given", "told"),
    [
        ((*SUBMIT, "--master", "local[3]"), {}, {"": "on local[3]", "local[2]": ANOTHER}),
        ((*SUBMIT, "--conf", "spark.master=local[3]"), {}, {"local[3]": "on local[3]"}),
        (PYTHON, {"PYSPARK_SUBMIT_ARGS": "--master local[3] pyspark-shell"}, {"": "on local[3]"}),
    ],
)
def test_a_master_that_is_given_is_kept(
    by: tuple[str, ...], given: dict[str, str], told: dict[str, str], tmp_path: Path
) -> None:
    out, err = started(ASKS, tmp_path, *told, by=by, given=given).communicate()
    # spark-submit prints warnings there too
    assert [line for line in out.splitlines() if line.startswith(("on ", ANOTHER))] == [*told.values()], err
    assert NOBODY not in err


@pytest.mark.usefixtures("data")
def test_the_environment_gives_a_master_and_it_is_said_where_nobody_does(tmp_path: Path) -> None:
    words = ["", "measured on local[2]", "nobody"]
    out, err = started(ASKS, tmp_path, *words, given={"SPARK_MASTER": "local[3]"}).communicate()
    assert out.splitlines() == ["on local[3]", "on local[2]", "on local[*]"], err
    given, _, not_given = err.partition("began on local[2]")
    assert NOBODY not in given
    assert NOBODY in not_given


def test_who_is_interrupted_ends_what_he_began_and_tells_no_trace(data: Path, tmp_path: Path) -> None:
    begun = tmp_path / "begun"
    process = started(IS_INTERRUPTED, tmp_path, str(data), str(begun))
    while not begun.exists() and process.poll() is None:
        time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate()
    assert out.strip() == "left []", err
    assert "py4j" not in err
    assert "Traceback" not in err
    assert "[Stage" not in err
