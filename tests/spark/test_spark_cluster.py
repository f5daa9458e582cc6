"""With executors in processes of their own: the same answers, also when one of them is lost."""

from __future__ import annotations

import importlib
import os
from pathlib import Path
from typing import Any

import pytest

import casequality as cq
from casequality.engines import Engine
from casequality.errors import EngineError, InputError
from casequality.host import discover
from tests.spark.answers import IN_PROCESS, counted, reported
from tests.spark.notified import Case, Crashing, Decided, Lost, Notified, cases, notices

pa = pytest.importorskip("pyarrow")
pytest.importorskip("pyspark")
import pyarrow.parquet as pq

from casequality.engines.spark import Spark

WORDS: dict[str, Any] = {"as_of": "2010-10-01", "by": "office", "plugins": discover(only=[])}


@pytest.fixture
def spark(cluster: Any) -> Engine:
    return Spark(cluster)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    path = tmp_path / "cases.parquet"
    pq.write_table(pa.Table.from_pylist(cases(600, 1)), path, row_group_size=50)
    return path


def test_the_example_project(spark: Engine, tmp_path: Path) -> None:
    example = pytest.importorskip("casequality_copenhagen.example")
    example.write(tmp_path)
    expected, on_spark = (reported(tmp_path / "casequality.toml", each, tmp_path) for each in (IN_PROCESS[1], spark))
    assert expected == on_spark


def test_rows_and_child_rows_meet_by_their_key(spark: Engine, data: Path, tmp_path: Path) -> None:
    pq.write_table(pa.Table.from_pylist(notices(cases(600, 1), 2)), tmp_path / "notices.parquet", row_group_size=90)
    words = {**WORDS, "children": {"notices": tmp_path / "notices.parquet"}}
    expected = counted([Notified, Decided], data, IN_PROCESS[0], tmp_path, **words)
    assert counted([Notified, Decided], data, spark, tmp_path, **words) == expected


PLUGIN = """
import attrs
import numpy as np
import casequality as cq
{imports}

class Case(cq.Records, name="probed"):
    case = cq.key()
    received_on = cq.day()
    decided_on = cq.day(missing="open")

@attrs.frozen
class Soon(cq.Metric):
    id, title, records = "probe.soon", {{"en": "Soon"}}, Case
    outcomes = cq.outcomes(soon=cq.YES, late=cq.NO)

    def contribute(self, records, as_of):
        soon = (records.decided_on - records.received_on).astype(np.int64) <= {days}
        return cq.Contribution(on=records.received_on, outcome=self.outcomes.pick(soon=soon))
"""


def installed(name: str, version: str, days: object, folder: Path, upon: str = "") -> None:
    """Install a plugin into a folder: its package, and what a distribution says of itself."""
    (folder / f"casequality_{name}").mkdir(parents=True)
    imports = f"from casequality_{upon} import DAYS" if upon else f"DAYS = {days}"
    (folder / f"casequality_{name}" / "__init__.py").write_text(PLUGIN.format(days="DAYS", imports=imports))
    told = folder / f"casequality_{name}-{version}.dist-info"
    told.mkdir()
    requires = f"Requires-Dist: casequality-{upon}\n" if upon else ""
    (told / "METADATA").write_text(f"Metadata-Version: 2.1\nName: casequality-{name}\nVersion: {version}\n{requires}")
    (told / "entry_points.txt").write_text(f"[casequality]\n{name} = casequality_{name}\n")


@pytest.mark.parametrize(
    ("name", "here", "there", "named", "upon"),
    [
        ("alike", ("0.1.0", 20), ("0.1.0", 20), None, False),
        ("older", ("0.2.0", 20), ("0.1.0", 30), "casequality_older", False),
        ("newer", ("0.1.0", 20), ("0.2.0", 30), "casequality_newer", False),
        ("patched", ("0.1.0", 20), ("0.1.0", 30), "casequality_patched", False),
        ("lacking", ("0.1.0", 20), None, "casequality_lacking", False),
        ("below", ("0.1.0", 20), ("0.2.0", 30), "casequality_below", True),
    ],
)
def test_another_version_of_a_plugin_on_the_executors(
    name: str,
    here: tuple[str, int],
    there: tuple[str, int] | None,
    named: str | None,
    upon: bool,
    cluster: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    executors = Path(cluster.conf.get("spark.executorEnv.PYTHONPATH").partition(os.pathsep)[0])
    installed(name, *here, tmp_path / "driver")
    if there is not None:
        installed(name, *there, executors)
    if upon:
        for folder in (tmp_path / "driver", executors):
            installed(f"{name}_upper", "0.1.0", "", folder, upon=name)
    monkeypatch.syspath_prepend(str(tmp_path / "driver"))
    plugin = importlib.import_module(f"casequality_{name}_upper" if upon else f"casequality_{name}")
    rows = [{"case": number, **case} for number, case in enumerate(cases(200, 9)) if case.pop("case") != "-"]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "cases.parquet", row_group_size=50)
    words: dict[str, Any] = {"as_of": "2010-10-01", "plugins": discover(only=[])}
    if named is None:
        expected = counted([plugin.Soon], tmp_path / "cases.parquet", IN_PROCESS[0], tmp_path, **words)
        assert counted([plugin.Soon], tmp_path / "cases.parquet", Spark(cluster), tmp_path, **words) == expected
        return
    for ask in (cq.measure, lambda metric, *rest, **more: cq.tally([metric], *rest, **more)):
        with pytest.raises(InputError, match="different versions of what counts") as raised:
            ask(plugin.Soon, tmp_path / "cases.parquet", engine=Spark(cluster), **words)
        assert raised.value.where == named
        assert here[0] in str(raised.value)
        assert (there[0] if there else "ModuleNotFoundError") in str(raised.value)


def test_a_lost_executor_changes_nothing(spark: Engine, data: Path, tmp_path: Path) -> None:
    marker = tmp_path / "lost"
    words = {**WORDS, "parameters": {"test.lost": {"file": str(marker)}}}
    on_spark = counted([Lost], data, spark, tmp_path, **words)
    assert marker.exists()
    assert counted([Lost], data, IN_PROCESS[0], tmp_path, **words) == on_spark


def test_a_part_that_crashes_each_time_is_one_clear_error(spark: Engine, data: Path, tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="A Spark job broke off") as raised:
        counted([Crashing], data, spark, tmp_path, **WORDS)
    assert "lost each time" in str(raised.value)
    assert not (tmp_path / "tallies").exists()


def test_a_truncated_file_is_one_clear_error(spark: Engine, data: Path, tmp_path: Path) -> None:
    source = cq.source(data, Case)
    data.write_bytes(data.read_bytes()[:600])
    with pytest.raises(InputError, match="A file cannot be read as Parquet"):
        counted([Decided], source, spark, tmp_path, **WORDS)
