"""The Spark session that counts, on the master that was given, and its jobs: their progress, and their end."""

from __future__ import annotations

import logging
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import attrs
from pyspark import SparkConf, SparkContext
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.types import BinaryType, LongType, StringType, StructField, StructType

from casequality.engines.engine import Progress
from casequality.engines.spark.messages import Returned, Sent, Site, Work, fault_of
from casequality.errors import UsageError

COUNTED: Final = StructType(
    [StructField("share", LongType()), StructField("counted", BinaryType()), StructField("rows", StringType())]
)
ON_THIS_MACHINE: Final = {
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "OFF",
}
ANYWHERE: Final = "local[*]"
"""Where Spark runs that was told nothing."""
LOG: Final = logging.getLogger("casequality")
EVERY_SECONDS: Final = 0.2


def session_of(master: str | None = None) -> SparkSession:
    """Return the session that runs, or a new one on `master`, else on the master that Spark itself was given.

    That is by spark-submit, `SPARK_MASTER`, `PYSPARK_SUBMIT_ARGS`, spark-defaults.conf or `SPARK_REMOTE`; where nobody
    gives one, it is said that Spark runs on this machine. Raises `UsageError` where another master is asked for than
    that of the session or of spark-submit.
    """
    try:
        running = SparkSession.active()
    except PySparkException:
        return _started(master)
    own = running.conf.get("spark.master", None)
    if master not in (None, own):
        raise UsageError(
            "A Spark session runs already, on another master", got=own, allowed=master, remedy="stop it, or use it"
        )
    return running


def _started(asked: str | None) -> SparkSession:
    builder = SparkSession.Builder().appName("casequality")
    if asked is None and "SPARK_REMOTE" in os.environ:
        return builder.getOrCreate()
    SparkContext._ensure_initialized()  # what Spark was given is known once its Java runs
    given = SparkConf()
    is_submitted = "PYSPARK_GATEWAY_PORT" in os.environ
    submitted = given.get("spark.master", ANYWHERE) if is_submitted else ANYWHERE
    if asked is not None and submitted not in (asked, ANYWHERE):
        raise UsageError(
            "Another master is asked for than spark-submit was given",
            got=asked,
            allowed=submitted,
            remedy="leave out one of the two",
        )
    master = asked or (os.environ.get("SPARK_MASTER") if submitted == ANYWHERE else None)
    master = master or given.get("spark.master", ANYWHERE) or ANYWHERE
    if asked is None and master == ANYWHERE:
        LOG.warning("Nobody gave Spark a master: it runs on all processors of this machine (%s)", master)
    if master.startswith("local"):
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        for name, value in ON_THIS_MACHINE.items():
            if not is_submitted or not given.contains(name):
                builder = builder.config(name, value)
    return builder.master(master).getOrCreate()


@contextmanager
def quiet() -> Iterator[None]:
    """Keep off standard error what py4j tells the root logger of a call that was interrupted, with its whole trace."""
    root, nothing = logging.getLogger(), logging.NullHandler()
    root.addFilter(_not_of_py4j)
    root.addHandler(nothing)  # a root logger without any would be given one that writes
    try:
        yield
    finally:
        root.removeFilter(_not_of_py4j)
        root.removeHandler(nothing)


def _interrupt_behind(raised: BaseException) -> KeyboardInterrupt | None:
    """Return the interrupt that a fault hides: Spark tidies up after it over a connection that it broke."""
    while not isinstance(raised, KeyboardInterrupt):
        if raised.__context__ is None:
            return None
        raised = raised.__context__
    return raised


def _not_of_py4j(record: logging.LogRecord) -> bool:
    return "py4j" not in Path(record.pathname).parts


@attrs.frozen(eq=False, repr=False)
class SparkJob:
    """Spark jobs over one source; `done` counts the rows on the executors, None where Spark offers no such thing."""

    session: SparkSession
    progress: Progress | None
    rows: int | None
    done: Any

    @classmethod
    def of(cls, session: SparkSession, progress: Progress | None, rows: int | None) -> SparkJob:
        """Return what runs jobs in a session and tells their progress."""
        context = getattr(session, "sparkContext", None)  # a session of Spark Connect has none
        done = None if progress is None or context is None else context.accumulator(0)
        return cls(session, progress, rows, done)

    @property
    def processors(self) -> int:
        """How many tasks run side by side, as far as Spark knows before it has begun."""
        context = getattr(self.session, "sparkContext", None)
        return 8 if context is None else max(1, context.defaultParallelism)

    def numbers(self, count: int) -> DataFrame:
        """Return the numbers up to `count`, each in a partition of its own."""
        return self.session.range(0, count, 1, max(1, count))

    def counted(self, frame: DataFrame, work: Work, site: Site) -> list[Returned]:
        """Return what came of each partition of a frame, in order; raise the one error behind a failed job."""
        if self.done is not None:
            self.done.value = 0
        with self._told(), self._cancelled():
            try:
                rows = frame.mapInArrow(Sent.of(work, site).work, COUNTED).collect()
            except Exception as raised:  # py4j's errors have no base class of Spark's
                if not isinstance(raised, PySparkException) and not type(raised).__module__.startswith("py4j"):
                    raise
                raise _interrupt_behind(raised) or fault_of(raised) from None
        return [Returned.of(row) for row in sorted(rows, key=lambda row: int(row.share))]

    @contextmanager
    def _cancelled(self) -> Iterator[None]:
        """Cancel on the executors what is begun within and not ended, whatever ends it here; and nothing else."""
        tag = f"casequality-{uuid4().hex}"
        context = getattr(self.session, "sparkContext", None)
        # a tag of a session is known by the Java thread that set it, and an interrupted call has lost its own
        add, end, remove = (
            (self.session.addTag, self.session.interruptTag, self.session.removeTag)
            if context is None
            else (context.addJobTag, context.cancelJobsWithTag, context.removeJobTag)
        )
        add(tag)
        with quiet():
            try:
                yield
            except BaseException:
                with suppress(Exception):  # the fault that is on its way says more
                    end(tag)
                raise
            finally:
                with suppress(Exception):
                    remove(tag)

    @contextmanager
    def _told(self) -> Iterator[None]:
        if self.progress is None:
            yield
            return
        ended = threading.Event()
        teller = threading.Thread(target=self._tell, args=(self.progress, ended), daemon=True)
        teller.start()
        try:
            yield
        finally:
            ended.set()
            teller.join()

    def _tell(self, progress: Progress, ended: threading.Event) -> None:
        """Tell the rows counted so far; a task that Spark tries again counts its rows again, but never past the end."""
        told, over = -1, False
        while not over:
            over = ended.wait(EVERY_SECONDS)
            done = 0 if self.done is None else int(self.done.value)
            done = done if self.rows is None else min(done, self.rows)
            if done > told:
                progress(done, self.rows)
                told = done
