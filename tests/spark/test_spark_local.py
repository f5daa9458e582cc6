"""The engine on Spark answers as this process does, to the byte."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import attrs
import pytest

import casequality as cq
from casequality.engines import Engine
from casequality.errors import EngineError, InputError, PluginError, UsageError
from casequality.host import discover
from casequality.records import Records
from tests.factories.stored_tallies import KINDS, stored_tallies, write_files
from tests.shared import shared
from tests.spark.answers import IN_PROCESS, counted, reported
from tests.spark.notified import Case, Crashing, Decided, Failing, Notified, cases, notices

pa = pytest.importorskip("pyarrow")
pytest.importorskip("pyspark")
import pyarrow.parquet as pq

from casequality.engines.spark import Spark
from casequality.engines.spark.engine import session_of
from casequality.engines.spark.identity import Code
from casequality.engines.spark.messages import Sent, Site, fault_of

NONE = discover(only=[])
WORDS: dict[str, Any] = {"as_of": "2010-10-01", "by": "office", "plugins": NONE}


@pytest.fixture
def spark(local: Any) -> Engine:
    return Spark(local)


def written(rows: list[dict[str, Any]], path: Path, group: int) -> Path:
    pq.write_table(pa.Table.from_pylist(rows), path, row_group_size=group)
    return path


def test_the_example_project(spark: Engine, tmp_path: Path) -> None:
    example = pytest.importorskip("casequality_copenhagen.example")
    example.write(tmp_path)
    expected, on_spark = (reported(tmp_path / "casequality.toml", each, tmp_path) for each in (IN_PROCESS[1], spark))
    assert expected == on_spark


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: str(kind.name))
def test_every_metric_on_invented_records(kind: type[Records], spark: Engine, tmp_path: Path) -> None:
    source = write_files(tmp_path, kind, group=10)
    assert stored_tallies(kind, source, spark) == stored_tallies(kind, source, IN_PROCESS[0])


def test_real_calls(spark: Engine, tmp_path: Path) -> None:
    pytest.importorskip("casequality_contact_centre")
    shared("data/calls_february_1999/calls.csv.gz")
    pytest.importorskip("tests.real", reason="tests on real data are not here")
    from tests.real.test_real_calls import EARLY, MAPPING, prepared

    words = {name: value for name, value in MAPPING.items() if name != "where"}
    words = {**words, "by": "queue", "checks_off": [EARLY]}
    metrics = ["contact-centre.mean-wait", "contact-centre.p90-wait"]
    data = prepared(tmp_path)
    one, two, on_spark = (counted(metrics, data, each, tmp_path, **words) for each in (*IN_PROCESS, spark))
    assert one == two == on_spark


@pytest.mark.parametrize("kind", ["parquet", "csv"])
def test_rows_and_child_rows_meet_by_their_key(kind: str, spark: Engine, tmp_path: Path) -> None:
    own = cases(900, 1)
    below = notices(own, 2)
    for number in range(3):
        written(own[number * 300 : number * 300 + 300], tmp_path / f"cases-{number}.parquet", 70)
    parts = [pa.Table.from_pylist(part) for part in (below[:200], below[200:])]
    for number, part in enumerate(parts):
        if kind == "parquet":
            pq.write_table(part, tmp_path / f"notices-{number}.parquet", row_group_size=90)
        else:
            pytest.importorskip("pyarrow.csv").write_csv(part, tmp_path / f"notices-{number}.csv")
    words = {**WORDS, "children": {"notices": str(tmp_path / f"notices-*.{kind}")}}
    asked = [Notified, Decided], str(tmp_path / "cases-*.parquet")
    one, two, on_spark = (counted(*asked, each, tmp_path, **words) for each in (*IN_PROCESS, spark))
    faults = {item.fault for item in one[1].items}
    assert {"conflicting key", "repeated row", "child without a parent", "began before its parent"} <= faults
    assert one == two == on_spark


def test_frames_are_counted_where_they_lie(local: Any, spark: Engine, tmp_path: Path) -> None:
    own = cases(600, 3)
    below = notices(own, 4)
    frame, under = (local.createDataFrame(pa.Table.from_pylist(rows)).repartition(3).cache() for rows in (own, below))
    words, fetched = {**WORDS, "children": {"notices": under}}, {**WORDS, "children": {"notices": under.toArrow()}}
    expected = counted([Notified], frame.toArrow(), IN_PROCESS[0], tmp_path, **fetched)
    assert counted([Notified], frame, spark, tmp_path, **words) == expected
    expected = counted([Decided], frame.toArrow(), IN_PROCESS[0], tmp_path, **WORDS)
    assert counted([Decided], frame, spark, tmp_path, **WORDS) == expected
    assert counted([Decided], frame, IN_PROCESS[1], tmp_path, **WORDS) == expected
    nothing = frame.filter("received_on < date '2000-01-01'")
    expected = counted([Decided], nothing.toArrow(), IN_PROCESS[0], tmp_path, **WORDS)
    assert counted([Decided], nothing, spark, tmp_path, **WORDS) == expected


def test_rows_of_a_frame_are_numbered_through_its_partitions(local: Any, spark: Engine) -> None:
    rows = [{"case": number, "received_on": f"2010-01-{1 + number % 28:02}"} for number in range(1, 91)]
    for number in (3, 40, 88):
        rows[number - 1]["received_on"] = "?"
    frame = local.createDataFrame(pa.Table.from_pylist(rows)).coalesce(1).repartitionByRange(4, "case")
    columns = {"decided_on": None, "office": None}
    found = cq.measure(Decided, frame, as_of="2010-10-01", columns=columns, engine=spark).findings
    assert [(item.fault, item.rows.tolist()) for item in found.items] == [("unreadable value", [3, 40, 88])]


def test_data_in_the_driver_are_counted_there(spark: Engine, tmp_path: Path) -> None:
    own = cases(50, 5)
    expected = counted([Decided], own, IN_PROCESS[0], tmp_path, **WORDS)
    assert counted([Decided], own, spark, tmp_path, **WORDS) == expected


def test_a_metric_and_a_record_type_of_a_notebook(spark: Engine, tmp_path: Path) -> None:
    body: dict[str, Any] = {"__name__": "__main__", "cq": cq, "attrs": attrs}
    exec(  # a cell of a notebook: its classes can be imported by nobody
        "class Case(cq.Records, name='cases'):\n"
        "    case = cq.key()\n"
        "    received_on = cq.day()\n"
        "@attrs.frozen\n"
        "class Early(cq.Metric):\n"
        "    id, title, records = 'here.early', {'en': 'Early'}, Case\n"
        "    outcomes = cq.outcomes(early=cq.YES, late=cq.NO)\n"
        "    def contribute(self, records, as_of):\n"
        "        early = records.case < 40\n"
        "        return cq.Contribution(on=records.received_on, outcome=self.outcomes.pick(early=early))\n",
        body,
    )
    own = [{"case": number, "received_on": case["received_on"]} for number, case in enumerate(cases(90, 6))]
    data = written(own, tmp_path / "cases.parquet", 30)
    words = {"as_of": "2010-10-01", "plugins": NONE}
    expected = counted([body["Early"]], data, IN_PROCESS[0], tmp_path, **words)
    assert counted([body["Early"]], data, spark, tmp_path, **words) == expected


def test_progress_ends_at_the_last_row(spark: Engine, tmp_path: Path) -> None:
    own = [{**case, "case": number} for number, case in enumerate(cases(300, 7))]
    data, told = written(own, tmp_path / "cases.parquet", 50), []
    cq.measure(Decided, data, as_of="2010-10-01", engine=spark, progress=lambda done, rows: told.append((done, rows)))
    assert told[-1] == (len(own), len(own))
    assert told == sorted(told)


def test_a_truncated_file_is_one_clear_error(spark: Engine, tmp_path: Path) -> None:
    data = written(cases(300, 8), tmp_path / "cases.parquet", 50)
    source = cq.source(data, Case)
    data.write_bytes(data.read_bytes()[:600])
    with pytest.raises(InputError, match="A file cannot be read as Parquet") as raised:
        cq.measure(Decided, source, as_of="2010-10-01", engine=spark)
    assert raised.value.where == str(data)
    assert "java" not in str(raised.value)
    assert raised.value.__cause__ is None


def test_a_file_that_executors_do_not_see(spark: Engine, tmp_path: Path) -> None:
    data = written(cases(300, 8), tmp_path / "cases.parquet", 50)
    source = cq.source(data, Case)
    data.unlink()
    with pytest.raises(InputError, match="does not see a file") as raised:
        cq.measure(Decided, source, as_of="2010-10-01", engine=spark)
    assert raised.value.where == str(data)


def test_a_failing_metric_is_named_and_no_record_shown(spark: Engine, tmp_path: Path) -> None:
    data = written(cases(900, 8), tmp_path / "cases.parquet", 50)
    with pytest.raises(PluginError, match="A metric failed") as raised:
        cq.measure(Failing, data, as_of="2010-10-01", engine=spark)
    assert "Anna" not in str(raised.value)
    assert "test.failing" in str(raised.value)


def test_a_lost_worker_is_one_clear_error(spark: Engine, tmp_path: Path) -> None:
    data = written(cases(900, 8), tmp_path / "cases.parquet", 50)
    with pytest.raises(EngineError, match="A Spark job broke off") as raised:
        cq.measure(Crashing, data, as_of="2010-10-01", engine=spark)
    assert len(str(raised.value).splitlines()) <= 4


@pytest.mark.parametrize(
    ("there", "named"),
    [
        (Code({"casequality": ("casequality", "0.0.0 (code 0123456789ab)")}), "0.0.0 (code 0123456789ab)"),
        (Code({}, {"Europe/Copenhagen": "0123456789ab"}), "tzdata, the clock of Europe/Copenhagen"),
        (Code({}, {}, {"holidays": "0.0"}), "holidays"),
    ],
)
def test_other_code_on_an_executor_is_refused_and_nothing_unpacked(there: Code, named: str) -> None:
    sent = Sent(Site("cases", [], there), b"what only the other version reads")
    with pytest.raises(Exception, match="casequality-fault") as raised:
        list(sent.work(iter(())))
    assert "different versions" in str(fault_of(raised.value))
    assert named in str(fault_of(raised.value))


@pytest.mark.usefixtures("local")
def test_another_master_than_that_of_the_active_session() -> None:
    assert session_of("local[2]") is not None
    with pytest.raises(UsageError, match="another master"):
        session_of("local[7]")
